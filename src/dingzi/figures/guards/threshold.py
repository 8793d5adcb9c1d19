"""How many amounts lie just under a threshold, and how many would by all the others.

Amounts are counted in bins of equal ratio around the threshold. A smooth curve (a polynomial of the
logarithm, by Poisson regression) is laid through all bins but those next to the threshold, and says
what is usual just under it: the counterfactual of Chetty and others (2011). Bins that scatter more
than chance, as round amounts make them, widen the range by as much. Pure numbers, no database.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist

#: A bin is one fortieth wide; so many lie on either side, of which those next to it are left out.
WIDTH, SIDE, UNDER, OVER, DEGREE = 1 / 40, 24, 2, 8, 3
#: Fewer amounts around the threshold say nothing.
LEAST = 200
#: Newton's steps, at most; each squares the error, so a step below `CLOSE` is the last.
ROUNDS, CLOSE = 12, 1e-3
#: The middles of the bins, from -1 to 1; the bins that the curve goes by; their powers.
PLACES = [(i + 0.5 - SIDE) / SIDE for i in range(2 * SIDE)]
FAR = [i for i in range(2 * SIDE) if not SIDE - UNDER <= i < SIDE + OVER]
POWERS = [[PLACES[i] ** d for i in FAR] for d in range(2 * DEGREE + 1)]


@dataclass(frozen=True, slots=True)
class Under:
    """``seen`` of ``of`` amounts around the threshold lie just under it; ``low`` to ``high`` would
    be usual; ``excess`` counts standard errors."""

    seen: int
    of: int
    low: float
    high: float
    excess: float


def under(amounts: Mapping[int, int], threshold: int, alarms: float) -> Under | None:
    """Compare the amounts just under ``threshold`` with all the others.

    Parameters
    ----------
    amounts : amount -> how often, whole numbers above nought.
    alarms : the chance that honest amounts exceed the upper bound.
    """
    counts = _binned(amounts, threshold)
    of = sum(counts)
    if sum(counts[i] for i in FAR) < LEAST:
        return None
    # half an amount more in each bin, so that empty ones do not decide
    weights, matrix, scatter = _fit([counts[i] + 0.5 for i in FAR])
    near = _levels(weights, PLACES[SIDE - UNDER : SIDE])
    usual = sum(near)
    at = PLACES[SIDE - UNDER : SIDE]
    slope = [sum(m * u**d for m, u in zip(near, at, strict=True)) for d in range(DEGREE + 1)]
    unsure = sum(a * b for a, b in zip(slope, _solved(matrix, slope), strict=True))
    error = math.sqrt(scatter * (usual + unsure))
    width = _deviations(alarms) * error + 0.5
    seen = sum(counts[SIDE - UNDER : SIDE])
    return Under(seen, of, max(0.0, usual - width), min(of, usual + width), (seen - usual) / error)


@lru_cache(64)
def _deviations(alarms: float) -> float:
    return NormalDist().inv_cdf(1 - alarms)


def _binned(amounts: Mapping[int, int], threshold: int) -> list[int]:
    """Count the amounts in the bins around the threshold.

    Sorted once, few bounds are looked for among many amounts instead of each amount among bounds.
    """
    bounds = _bounds(threshold)
    first, last = bounds[0], bounds[-1]
    order = sorted([amount for amount in amounts if first <= amount < last])
    up_to = list(accumulate(map(amounts.__getitem__, order), initial=0))
    reached = [up_to[bisect_left(order, bound)] for bound in bounds]
    return list(map(operator.sub, reached[1:], reached))


@lru_cache(64)
def _bounds(threshold: int) -> tuple[int, ...]:
    """Return the least whole amount of each bin, and of what lies beyond the last."""
    found = [math.ceil(threshold * math.exp((i - SIDE) * WIDTH)) for i in range(2 * SIDE + 1)]
    found[SIDE] = threshold  # exactly: what reaches it is not under it
    return tuple(found)


def _levels(weights: Sequence[float], places: Sequence[float]) -> list[float]:
    """Return the curve at the places; bounded, so that a step too far does not end in infinity."""
    a, b, c, d = weights
    exp = math.exp
    return [exp(x if (x := a + u * (b + u * (c + u * d))) < 50 else 50) for u in places]


def _fit(counts: Sequence[float]) -> tuple[list[float], list[list[float]], float]:
    """Return the weights, their information matrix, and by how much the bins scatter more than
    chance (1 at least)."""
    size = range(DEGREE + 1)
    logs = list(map(math.log, counts))
    weights = [sum(map(operator.mul, logs, row)) for row in BEGIN]
    for _ in range(ROUNDS):
        levels = _levels(weights, POWERS[1])
        # x to the a times x to the b is x to the a + b: few sums fill the matrix
        sums = [sum(map(operator.mul, levels, column)) for column in POWERS]
        matrix = [[sums[a + b] for b in size] for a in size]
        rest = list(map(operator.sub, counts, levels))
        off = [sum(map(operator.mul, rest, POWERS[a])) for a in size]
        steps = _solved(matrix, off)
        weights = list(map(operator.add, weights, steps))
        if max(map(abs, steps)) < CLOSE:
            break
    levels = _levels(weights, POWERS[1])
    found = sum((n - m) ** 2 / max(m, 0.5) for n, m in zip(counts, levels, strict=True))
    return weights, matrix, max(1.0, found / (len(FAR) - DEGREE - 1))


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a small positive definite system by elimination."""
    size = len(right)
    lines = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, top in enumerate(lines):
        for line in lines[i + 1 :]:
            share = line[i] / top[i]
            for k in range(i + 1, size + 1):
                line[k] -= share * top[k]
    for i in range(size - 1, -1, -1):
        top = lines[i]
        found = top[size] = top[size] / top[i]
        for line in lines[:i]:
            line[size] -= line[i] * found
    return [line[size] for line in lines]


def _beginnings() -> list[list[float]]:
    """Return the rows that make of the logarithms of counts the weights to begin with: those of
    the plain least squares."""
    size = range(DEGREE + 1)
    matrix = [[sum(POWERS[a + b]) for b in size] for a in size]
    columns = [_solved(matrix, [POWERS[a][i] for a in size]) for i in range(len(FAR))]
    return [[column[a] for column in columns] for a in size]


BEGIN = _beginnings()
