"""How many amounts lie just under a threshold, and how many would by all the others.

Amounts are counted in bins of equal ratio around the threshold. A smooth curve (a polynomial of the
logarithm, by Poisson regression) is laid through all bins but those next to the threshold, and says
what is usual just under it: the counterfactual of Chetty and others (2011). Bins that scatter more
than chance, as round amounts make them, widen the range by as much. Pure numbers, no database.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

#: A bin is one fortieth wide; so many lie on either side, of which those next to it are left out.
WIDTH, SIDE, UNDER, OVER, DEGREE = 1 / 40, 24, 2, 8, 3
#: Fewer amounts around the threshold say nothing.
LEAST = 200
ROUNDS = 5
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
    bounds = [threshold * math.exp((i - SIDE) * WIDTH) for i in range(2 * SIDE + 1)]
    bounds[SIDE] = threshold  # exactly: what reaches it is not under it
    binned = [0] * (2 * SIDE + 2)
    for amount, n in amounts.items():
        binned[bisect_right(bounds, amount)] += n
    counts = binned[1:-1]
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
    width = NormalDist().inv_cdf(1 - alarms) * error + 0.5
    seen = sum(counts[SIDE - UNDER : SIDE])
    return Under(seen, of, max(0.0, usual - width), min(of, usual + width), (seen - usual) / error)


def _levels(weights: Sequence[float], places: Sequence[float]) -> list[float]:
    """Return the curve at the places; bounded, so that a step too far does not end in infinity."""
    a, b, c, d = weights
    return [math.exp(min(a + u * (b + u * (c + u * d)), 50)) for u in places]


def _fit(counts: Sequence[float]) -> tuple[list[float], list[list[float]], float]:
    """Return the weights, their information matrix, and by how much the bins scatter more than
    chance (1 at least)."""
    size = range(DEGREE + 1)
    weights = [math.log(sum(counts) / len(counts)), *[0.0] * DEGREE]
    for _ in range(ROUNDS):
        levels = _levels(weights, POWERS[1])
        # x to the a times x to the b is x to the a + b: few sums fill the matrix
        sums = [sum(map(operator.mul, levels, column)) for column in POWERS]
        matrix = [[sums[a + b] for b in size] for a in size]
        rest = list(map(operator.sub, counts, levels))
        off = [sum(map(operator.mul, rest, POWERS[a])) for a in size]
        weights = [w + step for w, step in zip(weights, _solved(matrix, off), strict=True)]
    levels = _levels(weights, POWERS[1])
    found = sum((n - m) ** 2 / max(m, 0.5) for n, m in zip(counts, levels, strict=True))
    return weights, matrix, max(1.0, found / (len(FAR) - DEGREE - 1))


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a small positive definite system by elimination."""
    size = len(right)
    lines = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        for j in range(i + 1, size):
            share = lines[j][i] / lines[i][i]
            lines[j] = [x - share * y for x, y in zip(lines[j], lines[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        known = sum(lines[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (lines[i][size] - known) / lines[i][i]
    return found
