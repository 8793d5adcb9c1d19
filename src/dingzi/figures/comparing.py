"""When two values may stand beside each other, and what comes of it."""

from __future__ import annotations

from fractions import Fraction

from dingzi.core.errors import Refusal

from . import words
from .answers import Comparison, Value
from .coverage import counted_since
from .declare import Figure
from .period import Period


def comparable(figure: Figure, period: Period, other: Period) -> None:
    """Raise the Refusal that says why two periods cannot be compared; pass where they can.

    Raises
    ------
    Refusal
        ``unequal_periods`` of different length, ``other_part_of_year``, ``period_not_over``,
        ``definition_changed`` (a break lies between), ``uncounted`` (no rows so early).
    """
    told = {"period": period.words(), "other": other.words()}
    if not period.same_part_as(other):
        equal = period.is_as_long_as(other)
        raise Refusal.of("other_part_of_year" if equal else "unequal_periods", **told)
    for one in (period, other):
        if not one.over():
            raise Refusal.of("period_not_over", period=one.words())
    early, late = sorted((period, other))
    for gap in figure.gaps:
        if early.first < gap.on <= late.last:
            raise Refusal.of("definition_changed", title=figure.title, on=gap.on)
    begin = counted_since(figure.model)
    if begin is None or early.first < begin:
        raise Refusal.of("uncounted", period=early.words(), since=begin)


def beside(figure: Figure, now: Value, then: Value) -> Comparison:
    """Return the comparison of two values that may be compared."""
    difference, relative, direction, good = None, None, "", None
    if now.number is not None and then.number is not None:
        difference = now.number - then.number
        relative = Fraction(difference) / then.number if then.number else None
        direction = "up" if difference > 0 else "down" if difference < 0 else "same"
        if figure.good and difference:
            good = direction == figure.good
    return Comparison(
        now=now,
        then=then,
        difference=difference,
        relative=relative,
        direction=direction,
        good=good,
        text=words.change(now, then, difference),
    )
