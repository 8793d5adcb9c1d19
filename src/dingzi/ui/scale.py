"""Round steps for axes and maps, from exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .words import Exact, exact, number


def nice(step: Fraction) -> Fraction:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below ``step``."""
    power = Fraction(1)
    while power * 10 <= step:
        power *= 10
    while power > step:
        power /= 10
    for factor in (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10)):
        if power * factor >= step:
            return power * factor
    raise AssertionError("unreachable: the power is within a factor of ten")


def ticks(values: Sequence[Exact], *, zero: bool = False, about: int = 5) -> list[Fraction]:
    """Return the gridlines of an axis that holds all values, ascending, at least two."""
    numbers = [exact(v) for v in values] or [Fraction(0)]
    low, high = min(numbers), max(numbers)
    if zero:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        low, high = low - (0 if zero and low == 0 else 1), high + 1
    step = nice((high - low) / about)
    first = low // step * step
    if first == low and not zero:
        first -= step  # the lowest value does not lie on the axis itself
    if not zero and low >= 0 and first < 0:
        first = Fraction(0)
    lines = [first]
    while lines[-1] < high:
        lines.append(lines[-1] + step)
    return lines


def five_steps(values: Sequence[Exact], places: int = 1) -> tuple[Decimal, ...]:
    """Return up to four ascending limits that cut the values into up to five even groups.

    The limits are rounded to ``places`` so that the legend can be read; equal ones fall away.
    """
    unit = Fraction(1, 10**places)
    numbers = sorted(exact(v) for v in values)
    if len(numbers) < 2:
        return ()
    low, high = numbers[0], numbers[-1]
    width = (high - low) / 5
    if width == 0:
        return ()
    step = max(nice(width * Fraction(4, 5)), unit)
    middle = (low + high) / 2 / step
    first = (round(middle * 2) / Fraction(2) - Fraction(3, 2)) * step
    first = first // unit * unit
    limits = [first + step * i for i in range(4)]
    kept = sorted({limit for limit in limits if low < limit <= high})
    return tuple(Decimal(int(limit / unit)).scaleb(-places) for limit in kept)


@dataclass(frozen=True, slots=True)
class Step:
    """One colour of a map's legend: from ``above`` to ``last``; "" where it is open."""

    step: int
    above: str
    last: str
    below: str


def step_of(value: Exact, limits: Sequence[Decimal]) -> int:
    """Return the colour of a value, 1 (lightest) to 5; with fewer limits the darker ones serve."""
    return 1 + (4 - max(len(limits), 3)) + sum(exact(value) >= exact(limit) for limit in limits)


def legend(limits: Sequence[Decimal], places: int) -> list[Step]:
    """Return the legend of the groups that ``five_steps`` made; empty without limits."""
    if not limits:
        return []
    unit = Decimal(1).scaleb(-places)
    lows: list[Decimal | None] = [None, *limits]
    highs: list[Decimal | None] = [*limits, None]
    return [
        Step(
            step_of(limits[0] - unit if low is None else low, limits),
            "" if low is None else number(low, places),
            "" if high is None else number(high - unit, places),
            "" if high is None else number(high, places),
        )
        for low, high in zip(lows, highs, strict=True)
    ]
