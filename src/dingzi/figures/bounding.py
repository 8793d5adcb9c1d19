"""How far entries that show nothing can move a figure: what the public log alone says of it.

Confidential matters count in the city's totals and nowhere else, and a matter is confidential from
its opening or never. So entries of which nothing is seen can only add rows, each at least one entry,
and only to figures of projections whose processes let a matter be confidential. What lies outside
these bounds no confidential matter explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db import models

from dingzi.matters import registry as processes

from .declare import Change, Count, Figure, Median, Number, Part, Quantile, Share, Stock, Sum
from .declare_places import PerCapita, Rank
from .period import Period
from .recounting import Recount, people, tallies
from .tally import Tally


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest that a figure can be; None where it has no such end."""

    low: Number | None
    high: Number | None

    def hold(self, number: Number | None) -> bool:
        """Tell whether a number lies within; none at all is told only where there are no rows."""
        if number is None:
            return False
        return (self.low is None or self.low <= number) and (
            self.high is None or number <= self.high
        )


def may_hide(figure: Figure, dims: Mapping[str, str]) -> bool:
    """Tell whether confidential matters may count in a figure, or in the part that ``dims`` choose.

    They have no place and no category, so they count in the whole, or where neither is given.
    """
    if any(dims.values()) or isinstance(figure, Rank):
        return False
    return any(
        one.confides
        for handle in processes.handles()
        if handle.model is figure.model
        for one in handle.versions.values()
    )


def bounds(made: Recount, figure: Figure, period: Period, dims: Mapping[str, str]) -> Bounds:
    """Return between what a figure lies if any of the entries that stay closed may count in it."""
    if isinstance(figure, Change):
        now, then = (bounds(made, figure.of, one, dims) for one in (period, period.year_before()))
        return _change(figure, now, then)
    if isinstance(figure, PerCapita):
        of, living = bounds(made, figure.of, period, dims), people(made, figure, period, dims)
        return Bounds(figure.each(of.low, living), figure.each(of.high, living))
    if isinstance(figure, Rank):
        return Bounds(None, None)
    return _plain(figure, tallies(made, figure, period, dims), made.closed)


def _plain(figure: Figure, found: Mapping[Part, Tally], hidden: int) -> Bounds:
    first, *rest = found.values()
    number = figure.number(found)
    if not hidden:
        return Bounds(number, number)
    if isinstance(figure, Count):
        return Bounds(first.n, first.n + hidden)
    if isinstance(figure, Stock) and not figure.column:
        net = first.n - rest[0].n
        return Bounds(net - hidden, net + hidden)
    if isinstance(figure, Share):
        of, over = first.n, rest[0].n + hidden
        return Bounds(Fraction(of, over), Fraction(of + hidden, over))
    if isinstance(figure, Median | Quantile):
        return _middle(figure, first, hidden)
    if isinstance(figure, Sum) and _never_negative(figure):
        return Bounds(number, None)
    return Bounds(None, None)


def _middle(figure: Median | Quantile, tally: Tally, hidden: int) -> Bounds:
    """Put all hidden rows below, then above all others; an end among them is no end."""
    if not tally.n:
        return Bounds(None, None)
    part = figure.parts[0]
    least, most = min(tally.spread), max(tally.spread)
    low = figure.number({part: Tally.of({**tally.spread, least - 1: hidden})})
    high = figure.number({part: Tally.of({**tally.spread, most + 1: hidden})})
    assert low is not None and high is not None
    return Bounds(low if low >= least else None, high if high <= most else None)


def _never_negative(figure: Sum) -> bool:
    field = figure.of.model._meta.get_field(figure.column)
    kinds = models.PositiveIntegerField, models.PositiveBigIntegerField
    return isinstance(field, (*kinds, models.PositiveSmallIntegerField))


def _change(figure: Change, now: Bounds, then: Bounds) -> Bounds:
    if figure.relative and not (then.low is not None and then.low > 0):
        return Bounds(None, None)  # there may have been none
    corners = [figure.change(n, t) for n in (now.low, now.high) for t in (then.low, then.high)]
    told = [one for one in corners if one is not None]
    if len(told) < len(corners):
        return Bounds(None, None)
    return Bounds(min(told), max(told))
