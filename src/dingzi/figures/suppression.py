"""Small cells are not shown to everybody, and are not to be had by subtracting either.

What the public may ask is the whole city by any period, and one dimension by whole months. For each
key of a dimension and each year the months are joined, from January on, into groups of nought or of
at least the smallest cell; a number is told only for unions of groups. Where a boundary between two
months is closed for one key alone, it is closed for a second one too: else the city's number less
the others would give what is withheld. docs/adr has the proof that nothing smaller than a group can
then be computed from all that is told of a figure, whatever periods are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dingzi import law
from dingzi.city.parameters import overrides

from .declare import Figure, Stock
from .fetching import Query, fetch
from .period import Period, today
from .populations import Dimension

#: Counts of one year by key: twelve numbers each, the months to come nought.
Months = Mapping[str, Sequence[int]]
#: Pseudo-boundaries of a year: all of it is withheld; what this month brought so far is.
ALL, NOW = 0, 13


def smallest_cell() -> int:
    """Return the smallest count that is shown."""
    return int(law.parameter("figures.smallest_cell", today(), overrides()).value)


@dataclass(slots=True)
class Year:
    """What is closed in a year: for each key the boundaries (1 is that after January), and `ALL`
    or `NOW`."""

    closed: dict[str, set[int]]

    def hides(self, key: str, first: int, last: int, *, now: bool) -> bool:
        """Tell whether the months ``first`` to ``last`` (1 to 12) are withheld for ``key``.

        ``now``: the last one is this month, so far as it has gone.
        """
        closed = self.closed.get(key, set())
        if ALL in closed or (now and NOW in closed):
            return True
        return first - 1 in closed - {ALL} or (last < 12 and not now and last in closed)


def close(counts: Months, smallest: int, this_month: int = 13) -> Year:
    """Decide what of a year is withheld.

    Parameters
    ----------
    counts : key -> twelve counts. this_month : the month that is not over, 13 where all are.
    """
    closed = {key: _closed(months, smallest, this_month) for key, months in counts.items()}
    totals = {key: sum(months) for key, months in counts.items()}
    for boundary in range(14):
        # who withholds the whole year withholds every part of it
        found = [k for k, c in closed.items() if boundary in c or ALL in c]
        if len(found) == 1 and len(closed) > 1 and any(boundary in c for c in closed.values()):
            others = [k for k in closed if k != found[0]]
            closed[min(others, key=lambda k: _cost(totals[k], smallest, k))].add(boundary)
    return Year(closed)


def _closed(months: Sequence[int], smallest: int, this_month: int) -> set[int]:
    """Return the closed boundaries of one key: those within its groups of months."""
    if 0 < sum(months) < smallest:
        return {ALL}
    closed: set[int] = set()
    begin, held, last_full = 1, 0, 0
    over = min(this_month - 1, 12)
    for month in range(1, over + 1):
        if held == 0:
            begin = month
        held += months[month - 1]
        if held >= smallest:
            closed |= set(range(begin, month))
            held, last_full = 0, month
    if held and over == 12:
        closed |= set(range(last_full or 1, 12))  # the year's end joins what came before
    elif held:
        # what is left waits for the months to come: no period may end in it
        closed |= set(range(begin, over + 1))
    if this_month <= 12 and 0 < held + months[this_month - 1] < smallest:
        closed.add(NOW)
    return closed


def _cost(total: int, smallest: int, key: str) -> tuple[int, int, str]:
    """Whom to withhold beside a small one: the least that is not small itself, rather than nought."""
    return (0 if total >= smallest else 1 if total else 2, total, key)


@dataclass(slots=True)
class Withheld:
    """What of a figure is withheld, by key and period."""

    years: dict[int, list[Year]] = field(default_factory=dict)
    stock: dict[Period, set[str]] = field(default_factory=dict)

    def __call__(self, key: str, period: Period) -> bool:
        if period in self.stock:
            return key in self.stock[period]
        return any(
            year.hides(key, first, last, now=now)
            for number, first, last, now in _by_year(period)
            for year in self.years.get(number, ())
        )

    def keys(self, period: Period) -> set[str]:
        """Return the keys that are withheld for a period."""
        known = {k for years in self.years.values() for year in years for k in year.closed}
        known |= self.stock.get(period, set())
        return {key for key in known if self(key, period)}


def withheld(figure: Figure, one: Dimension, periods: Iterable[Period]) -> Withheld:
    """Decide what of a figure divided by ``one`` is withheld in the periods."""
    smallest = smallest_cell()
    periods = [p for p in periods if p.first <= today()]
    if isinstance(figure, Stock):
        return Withheld(stock={p: _stock(figure, one, p, smallest) for p in periods})
    years = sorted({n for p in periods for n in range(p.first.year, p.last.year + 1)})
    if not years:
        return Withheld()
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    found = fetch(Query(figure.parts, first, last, (one,), "month"))
    made = Withheld()
    now = today()
    for number in years:
        this_month = now.month if number == now.year else 13
        for part in figure.parts:
            counts = {key: [0] * 12 for key in one.labels()}
            for (key, month), tally in found.tallies[part].items():
                assert isinstance(month, date)
                if month.year == number:
                    counts.setdefault(str(key), [0] * 12)[month.month - 1] += tally.n
            made.years.setdefault(number, []).append(close(counts, smallest, this_month))
    return made


def _stock(figure: Stock, one: Dimension, period: Period, smallest: int) -> set[str]:
    """Return the keys whose number at the end of the period is withheld."""
    counts: dict[str, int] = dict.fromkeys(one.labels(), 0)
    found = fetch(Query(figure.parts, None, period.last, (one,)))
    for part, sign in zip(figure.parts, (1, -1), strict=True):
        for key, tally in found.tallies[part].items():
            counts[str(key[0])] = counts.get(str(key[0]), 0) + sign * tally.n
    small = {key for key, n in counts.items() if 0 < n < smallest}
    if len(small) == 1 and len(counts) > 1:
        small.add(min(counts.keys() - small, key=lambda k: _cost(counts[k], smallest, k)))
    return small


def _by_year(period: Period) -> Iterable[tuple[int, int, int, bool]]:
    """Split a period of whole months: year, first and last month, whether it ends now."""
    now = today()
    for year in range(period.first.year, period.last.year + 1):
        first = period.first.month if year == period.first.year else 1
        last = period.last.month if year == period.last.year else 12
        running = year == now.year and first <= now.month <= last
        yield year, first, min(last, now.month) if year == now.year else last, running
