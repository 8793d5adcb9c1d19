"""The kinds of figures, as mechanisms declare them in their ``figures.py``.

    resolved_share = Share(
        "disputes.resolved_share", zh="矛盾纠纷化解成功率", en="...", also=["化解率"],
        means=Text("办结的矛盾纠纷里，...占多少。", "..."), of=resolved, over=closed,
        by=[county, category], grain="day", since=date(2025, 1, 1), good="up",
    )
    register("disputes", resolved_share, ...)

A kind says which parts must be tallied (``parts``) and how a value comes of them (``number``).
Whoever tallies (the row store, the cells, later columns) knows only parts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Literal

from dingzi.core.text import Text

from .places import caller
from .populations import Dimension, Population, plain
from .tally import Tally

Number = int | Fraction
CASES = Text("件", "cases")
DAYS = Text("天", "days")
YUAN = Text("元", "yuan")
PERCENT = Text("%", "%")
GRAINS = ("day", "month", "quarter", "half", "year")


@dataclass(frozen=True, slots=True)
class Part:
    """What is tallied: a population, and for ``sum`` and ``spread`` a column of whole numbers.

    ``until``: all days up to the end of the period count, not only those in it.
    """

    population: Population
    keep: Literal["count", "sum", "spread"] = "count"
    column: str = ""
    until: bool = False

    @property
    def name(self) -> str:
        return f"{self.population.name}:{self.column}" if self.column else self.population.name


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which a figure is counted so differently that it compares with nothing before."""

    on: date
    zh: str
    en: str

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Figure:
    """What all kinds share.

    Attributes
    ----------
    name : ``mechanism.what``; what the API and addresses use.
    zh, en : title. also : other names, in either language.
    means : the definition in words. note : what else a reader should know.
    by : dimensions by which it may be divided (all of the projection's columns).
    grain : the finest period for which it is told. since : first day of this definition; what lies
        before is counted by it too. version : of the definition, from 1; the city's book keeps each.
    breaks : days over which no comparison reaches.
    good : ``up``, ``down`` or "" for neither.
    places : decimals that are shown. home : its place among the figures of the home page; 0 none.
    listed : whether the pages list it.
    """

    name: str
    zh: str = field(kw_only=True)
    en: str = field(kw_only=True)
    means: Text = field(kw_only=True)
    also: Sequence[str] = field(default=(), kw_only=True)
    note: Text | None = field(default=None, kw_only=True)
    unit: Text = field(default=CASES, kw_only=True)
    by: Sequence[Dimension] = field(default=(), kw_only=True)
    grain: str = field(default="day", kw_only=True)
    since: date = field(kw_only=True)
    version: int = field(default=1, kw_only=True)
    breaks: Sequence[Break] = field(default=(), kw_only=True)
    good: Literal["up", "down", ""] = field(default="", kw_only=True)
    places: int = field(default=0, kw_only=True)
    home: int = field(default=0, kw_only=True)
    listed: bool = field(default=True, kw_only=True)
    place: str = field(default_factory=caller, kw_only=True, compare=False, repr=False)

    kind: ClassVar[str] = ""
    #: A value is shown as so many times itself: 100 for shares.
    scale: ClassVar[int] = 1

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def parts(self) -> tuple[Part, ...]:
        raise NotImplementedError

    @property
    def behind(self) -> tuple[Part, ...]:
        """The parts whose counts stand beside the value."""
        return self.parts

    def number(self, tallies: Mapping[Part, Tally]) -> Number | None:
        """Return the exact value; None where there is nothing to divide or to order."""
        raise NotImplementedError

    @property
    def gaps(self) -> tuple[Break, ...]:
        """Its breaks, and those of the figure that it is made of."""
        of = getattr(self, "of", None)
        return (*self.breaks, *(of.gaps if isinstance(of, Figure) else ()))

    @property
    def is_stock(self) -> bool:
        """Whether it is a state on the period's last day, not what happened in the period."""
        return any(part.until for part in self.parts)

    @property
    def model(self) -> Any:
        return self.parts[0].population.model

    @property
    def dimensions(self) -> dict[str, Dimension]:
        return {one.name: one for one in self.by}

    def essence(self) -> dict[str, Any]:
        """Return all that the value depends on, as built-in values."""
        found: dict[str, Any] = {
            "kind": self.kind,
            "parts": [_essence(part) for part in self.parts],
            "breaks": [one.on.isoformat() for one in self.breaks],
        }
        per = getattr(self, "per", 1)
        return found | ({"per": per} if per != 1 else {})

    @property
    def definition(self) -> str:
        """The definition's id: equal ids count alike. 16 hexadecimal digits."""
        text = json.dumps(self.essence(), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _essence(part: Part) -> dict[str, Any]:
    of = part.population
    return {
        "rows": of.model._meta.label,
        "on": of.on,
        "where": plain(of.where),
        "keep": part.keep,
        "column": part.column,
        "until": part.until,
    }


@dataclass(frozen=True)
class Count(Figure):
    """How many rows."""

    of: Population = field(kw_only=True)
    kind: ClassVar[str] = "count"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of),)

    def number(self, tallies: Mapping[Part, Tally]) -> Number:
        return tallies[self.parts[0]].n


@dataclass(frozen=True)
class Stock(Figure):
    """How many there are on the last day: begun until then, less those ended until then.

    With ``column`` its sum over them is told, ``per`` as in ``Sum``.
    """

    begun: Population = field(kw_only=True)
    ended: Population = field(kw_only=True)
    column: str = field(default="", kw_only=True)
    per: int = field(default=1, kw_only=True)
    kind: ClassVar[str] = "stock"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        keep: Literal["sum", "count"] = "sum" if self.column else "count"
        return tuple(Part(one, keep, self.column, until=True) for one in (self.begun, self.ended))

    @property
    def behind(self) -> tuple[Part, ...]:
        return ()

    def number(self, tallies: Mapping[Part, Tally]) -> Number:
        begun, ended = (tallies[part] for part in self.parts)
        if self.column:
            return Fraction(begun.total - ended.total, self.per)
        return begun.n - ended.n


@dataclass(frozen=True)
class Sum(Figure):
    """The sum of a column of whole numbers (fen, days, people).

    ``per`` : how many of the column's units make one of the figure's: 100 for fen told in yuan.
    """

    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    per: int = field(default=1, kw_only=True)
    kind: ClassVar[str] = "sum"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "sum", self.column),)

    def number(self, tallies: Mapping[Part, Tally]) -> Number:
        total = tallies[self.parts[0]].total
        return total if self.per == 1 else Fraction(total, self.per)


@dataclass(frozen=True)
class Share(Figure):
    """What part of ``over`` is ``of``; ``of`` is made by ``over.only(...)``."""

    of: Population = field(kw_only=True)
    over: Population = field(kw_only=True)
    unit: Text = field(default=PERCENT, kw_only=True)
    places: int = field(default=1, kw_only=True)
    kind: ClassVar[str] = "share"
    scale: ClassVar[int] = 100
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of), Part(self.over))

    def number(self, tallies: Mapping[Part, Tally]) -> Number | None:
        of, over = (tallies[part].n for part in self.parts)
        return Fraction(of, over) if over else None


@dataclass(frozen=True)
class Mean(Figure):
    """The mean of a column of whole numbers, over the rows that have one."""

    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    unit: Text = field(default=DAYS, kw_only=True)
    places: int = field(default=1, kw_only=True)
    kind: ClassVar[str] = "mean"
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "sum", self.column),)

    def number(self, tallies: Mapping[Part, Tally]) -> Number | None:
        tally = tallies[self.parts[0]]
        return Fraction(tally.total, tally.n) if tally.n else None


@dataclass(frozen=True)
class Quantile(Figure):
    """The least value that at least the share ``q`` of the rows do not exceed."""

    q: Fraction = field(kw_only=True)
    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    unit: Text = field(default=DAYS, kw_only=True)
    kind: ClassVar[str] = "quantile"
    __hash__ = Figure.__hash__

    def __post_init__(self) -> None:
        # 0.9 means nine tenths, not the binary number nearest to it
        object.__setattr__(self, "q", Fraction(str(self.q)))

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "spread", self.column),)

    def number(self, tallies: Mapping[Part, Tally]) -> Number | None:
        return tallies[self.parts[0]].quantile(self.q)

    def essence(self) -> dict[str, Any]:
        return super().essence() | {"q": str(self.q)}


@dataclass(frozen=True)
class Median(Figure):
    """The middle value; between two middle ones, their mean."""

    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    unit: Text = field(default=DAYS, kw_only=True)
    kind: ClassVar[str] = "median"
    places: int = field(default=1, kw_only=True)
    __hash__ = Figure.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "spread", self.column),)

    def number(self, tallies: Mapping[Part, Tally]) -> Number | None:
        return tallies[self.parts[0]].median()


@dataclass(frozen=True)
class Change(Figure):
    """By how much another figure differs from the same part of the year before.

    Of counts and sums the relative change, of shares percentage points, of days days.
    """

    of: Figure = field(kw_only=True)
    unit: Text = field(default=PERCENT, kw_only=True)
    places: int = field(default=1, kw_only=True)
    kind: ClassVar[str] = "change"
    scale: ClassVar[int] = 100
    __hash__ = Figure.__hash__

    @property
    def relative(self) -> bool:
        return self.of.kind in ("count", "sum", "stock", "per_capita")

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.of.parts

    def change(self, now: Number | None, then: Number | None) -> Number | None:
        if now is None or then is None:
            return None
        if not self.relative:
            return now - then
        return Fraction(now - then) / then if then else None

    def essence(self) -> dict[str, Any]:
        return super().essence() | {"of": self.of.essence()}
