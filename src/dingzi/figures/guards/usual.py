"""What is usual, by the months before: ranges that an honest month leaves so and so seldom.

Shares follow a beta-binomial law whose spread comes from the months themselves, so that weekdays,
holidays and the habits of offices that work to deadlines are in the range. Changes against the
year before follow Student's law on logarithms. Pure numbers, no database.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

#: Fewer months, or fewer rows in the month or before it, say nothing.
MONTHS, ROWS, ROWS_BEFORE = 12, 20, 120
#: A range of changes wider than from a part of this to so many times itself says nothing.
WIDEST = 4.0
#: From so many rows on the normal law is as good.
MANY = 5_000


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds, both usual still: counts of a share, ratios of a change."""

    low: float
    high: float


def share(history: Sequence[tuple[int, int]], n: int, alarms: float) -> Range | None:
    """Return how many of ``n`` are usual.

    Parameters
    ----------
    history : of each month before, how many of how many.
    alarms : the chance that an honest month exceeds the upper bound, and as much the lower one.

    Returns
    -------
    Range of counts from 0 to ``n``; None where there is too little to say.
    """
    months = [(k, of) for k, of in history if of > 0]
    total = sum(of for _, of in months)
    if len(months) < MONTHS or n < ROWS or total < ROWS_BEFORE:
        return None
    p = (sum(k for k, _ in months) + 0.5) / (total + 1)
    spread = max(1.0, _dispersion(months, p))
    typical = (total - sum(of * of for _, of in months) / total) / (len(months) - 1)
    within = min((spread - 1) / max(typical - 1, 1), 0.5) if spread > 1 else 0.0
    # the month's own scatter, and that the mean of the months before is not known exactly
    together = within + spread / total
    return _beta_binomial(n, p, 1 / together - 1, alarms)


def _dispersion(months: Sequence[tuple[int, int]], p: float) -> float:
    """Return Pearson's dispersion, widened as it is itself known from few months only."""
    free = len(months) - 1
    found = sum((k - of * p) ** 2 / (of * p * (1 - p)) for k, of in months)
    return found / (free - 2)


def _beta_binomial(n: int, p: float, strength: float, alarms: float) -> Range:
    if n > MANY:
        width = math.sqrt(n * p * (1 - p) * (1 + (n - 1) / (strength + 1)))
        z = NormalDist().inv_cdf(1 - alarms)
        return Range(max(0, math.floor(n * p - z * width)), min(n, math.ceil(n * p + z * width)))
    a, b = p * strength, (1 - p) * strength
    at = math.lgamma(n + b) - math.lgamma(b) + math.lgamma(a + b) - math.lgamma(n + a + b)
    logs = [at]
    for k in range(n):
        at += math.log((n - k) * (a + k) / ((k + 1) * (b + n - k - 1)))
        logs.append(at)
    low, below = 0, math.exp(logs[0])
    while below <= alarms:
        low += 1
        below += math.exp(logs[low])
    high, above = n, math.exp(logs[n])
    while above <= alarms:
        high -= 1
        above += math.exp(logs[high])
    return Range(low, high)


def change(
    ratios: Sequence[float], now: tuple[int, int], alarms: float, least: int = 6
) -> Range | None:
    """Return the usual ratio of a month to the same month of the year before.

    Parameters
    ----------
    ratios : those of the months before, a working day. now : the two counts that are compared.
    alarms : the chance that an honest month lies outside, half on either side.

    Returns
    -------
    Range of ratios; None where there is too little to say, or the months before say nothing.
    """
    if len(ratios) < least or min(now) < ROWS:
        return None
    logs = [math.log(ratio) for ratio in ratios]
    mean = sum(logs) / len(logs)
    own = sum((x - mean) ** 2 for x in logs) / (len(logs) - 1)
    spread = max(own, 1 / now[0] + 1 / now[1]) * (1 + 1 / len(logs))
    width = student(1 - alarms / 2, len(logs) - 1) * math.sqrt(spread)
    if width > math.log(WIDEST):
        return None
    return Range(math.exp(mean - width), math.exp(mean + width))


def student(p: float, free: int) -> float:
    """Return the quantile of Student's law with ``free`` degrees of freedom, ``p`` above one half.

    Halves the angle until the area fits; the area by its finite sum (Abramowitz, Stegun 26.7.3-4).
    """
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _area(middle, free) < 2 * p - 1 else (low, middle)
    return math.tan(low) * math.sqrt(free)


def _area(angle: float, free: int) -> float:
    sin, cos = math.sin(angle), math.cos(angle)
    odd = free % 2
    term, found = (cos, cos if free > 1 else 0.0) if odd else (1.0, 1.0)
    for i in range(3 if odd else 2, free - 1, 2):
        term *= cos * cos * (i - 1) / i
        found += term
    return 2 / math.pi * (angle + sin * found) if odd else sin * found
