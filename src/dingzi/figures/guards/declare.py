"""The kinds of guards, as mechanisms declare them beside their figures.

    reopened = Rate(
        "disputes.guard_reopened", zh="重新办理的比例", en="Share taken up again",
        means=Text(...), harmless=Text(...), beside=(resolved_share,),
        some=reopened, over=(closed, reopened),
    )
    watch("disputes", reopened, ...)

A guard turns the tallies of a month into so many of so many; whether that is usual is told by the
months before it (``usual``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from dingzi import law
from dingzi.core.text import Text

from ..declare import Figure, Part
from ..places import caller
from ..populations import Population
from ..tally import Tally


@dataclass(frozen=True)
class Guard:
    """What all guards share.

    Attributes
    ----------
    name : ``mechanism.guard_what``. zh, en : title.
    means : what is looked at, in words.
    harmless : what may make it unusual without anything being wrong.
    beside : the figures beside which it stands.
    """

    name: str
    zh: str = field(kw_only=True)
    en: str = field(kw_only=True)
    means: Text = field(kw_only=True)
    harmless: Text = field(kw_only=True)
    beside: tuple[Figure, ...] = field(kw_only=True)
    place: str = field(default_factory=caller, kw_only=True, compare=False, repr=False)

    #: ``share``: so many of so many; ``change``: against the same month of the year before.
    kind: ClassVar[str] = "share"

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def parts(self) -> tuple[Part, ...]:
        raise NotImplementedError

    @property
    def model(self) -> Any:
        return self.parts[0].population.model

    def month(self, tallies: Mapping[Part, Tally]) -> tuple[int, int]:
        """Return how many there were in a month, and of how many."""
        raise NotImplementedError


@dataclass(frozen=True)
class Rate(Guard):
    """The share of ``some`` among all of ``over`` together; ``some`` is one of them or a part of
    one."""

    some: Population = field(kw_only=True)
    over: tuple[Population, ...] = field(kw_only=True)
    __hash__ = Guard.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(dict.fromkeys(Part(one) for one in (self.some, *self.over)))

    def month(self, tallies: Mapping[Part, Tally]) -> tuple[int, int]:
        return tallies[Part(self.some)].n, sum(tallies[Part(one)].n for one in self.over)


@dataclass(frozen=True)
class Spread(Guard):
    """The share of rows whose whole number in ``column`` lies in ``counted``, among those in
    ``among``: days left before a deadline, days that a matter took."""

    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    counted: range = field(kw_only=True)
    among: range = field(kw_only=True)
    __hash__ = Guard.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "spread", self.column),)

    def month(self, tallies: Mapping[Part, Tally]) -> tuple[int, int]:
        spread = tallies[self.parts[0]].spread
        return (
            sum(n for value, n in spread.items() if value in self.counted),
            sum(n for value, n in spread.items() if value in self.among),
        )


@dataclass(frozen=True)
class Drift(Guard):
    """Whether the number by which a figure divides changes, a working day, against the same month
    of the year before."""

    of: Population = field(kw_only=True)
    kind: ClassVar[str] = "change"
    __hash__ = Guard.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of),)

    def month(self, tallies: Mapping[Part, Tally]) -> tuple[int, int]:
        n = tallies[self.parts[0]].n
        return n, n


@dataclass(frozen=True)
class Bunched(Guard):
    """How many of the amounts in ``column`` lie just under a threshold, in a year up to the month.

    ``threshold`` names the parameter that sets it, in the column's unit.
    """

    of: Population = field(kw_only=True)
    column: str = field(kw_only=True)
    threshold: str = field(kw_only=True)
    __hash__ = Guard.__hash__

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.of, "spread", self.column),)

    def month(self, tallies: Mapping[Part, Tally]) -> tuple[int, int]:
        n = tallies[self.parts[0]].n
        return n, n


def fault(guard: Guard) -> str | None:
    """Say in one sentence why the guard cannot work beyond what its parts tell; None if it can."""
    for text in (guard.title, guard.means, guard.harmless):
        if not text.zh.strip() or not text.en.strip():
            return "title, means and harmless need words in both languages"
    if not guard.beside:
        return "it stands beside no figure"
    if len({part.population.model for part in guard.parts}) > 1:
        return "its populations must be rows of one model"
    if isinstance(guard, Rate) and not any(guard.some.is_within(one) for one in guard.over):
        return f"{guard.some.name} must be one of its populations or a part of one"
    if isinstance(guard, Bunched):
        try:
            law.definition(guard.threshold)
        except law.UnknownParameter:
            return f"no parameter is called {guard.threshold!r}"
    if isinstance(guard, Spread) and not set(guard.counted) < set(guard.among):
        return "counted must be a part of among"
    return None
