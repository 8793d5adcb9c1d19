"""Kinds that belong to places: a number for each resident, the rank of a unit among its like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Literal

from dingzi.core.text import Text

from .declare import Change, Figure, Number, Part
from .populations import Dimension

RANK = Text("名", "in rank")


@dataclass(frozen=True)
class PerCapita(Figure):
    """Another figure for each so many residents of the place, as many as live there on the last day.

    Where the city's book does not say how many live there the value is no number.
    """

    of: Figure = field(kw_only=True)
    per: int = field(default=10_000, kw_only=True)
    places: int = field(default=2, kw_only=True)
    kind: ClassVar[str] = "per_capita"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.of.parts

    def each(self, number: Number | None, people: int | None) -> Number | None:
        return None if number is None or not people else Fraction(number) * self.per / people

    def essence(self) -> dict[str, Any]:
        return super().essence() | {"of": self.of.essence(), "per": self.per}


@dataclass(frozen=True)
class Rank(Figure):
    """The place of a unit of the city among its like by another figure, the best first.

    Only places are ranked, never people. Equal numbers share a rank; what has no number, or one
    that is withheld, has no rank and takes none from others. The whole city has no rank.
    """

    of: Figure = field(kw_only=True)
    among: Dimension = field(kw_only=True)
    unit: Text = field(default=RANK, kw_only=True)
    good: Literal["up", "down", ""] = field(default="down", kw_only=True)
    kind: ClassVar[str] = "rank"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.of.parts

    def ranks(self, numbers: Mapping[str, Number | None]) -> dict[str, int]:
        """Return the rank of every key that has a number; 1 is the best, else the largest."""
        told = {key: number for key, number in numbers.items() if number is not None}
        sign = 1 if self.of.good == "down" else -1
        order = sorted(sign * number for number in told.values())
        return {key: order.index(sign * number) + 1 for key, number in told.items()}

    def essence(self) -> dict[str, Any]:
        told = {"of": self.of.essence(), "among": self.among.column, "best": self.of.good}
        return super().essence() | told


#: Figures that are made of another one's values.
MADE_OF = (Change, PerCapita, Rank)
