"""A bound from cheapest walks: trips that keep to the clock or to the load, not to each stop once.

With a price on serving each stop, a trip is a walk from a depot and back that never turns straight
back to the stop before. The cheapest walk to each last stop is found by dynamic programming over
the clock (or, without one, the load), rounded down into buckets, so that no real trip is left out
(N. Christofides, A. Mingozzi, P. Toth, Networks 11, 1981; D. Houck and others, Opsearch 17, 1980).
Trips of a plan end at different stops: their cheapest walks and the prices are a bound (N. Kohl,
O. Madsen, Operations Research 45, 1997). Prices follow subgradients.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kernel import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: into so many buckets clock or load are rounded
BUCKETS = 1_000
#: so many steps one turn may take; larger problems are left to other bounds
MOST_STEPS = 400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What walks may do, for C stops.

    Parameters
    ----------
    cost : (C, C) of going from a stop to another; infinite where no trip can.
    out, back : (C,) from a depot and to one, fixed costs of a trip included.
    first, last : (C,) first and last bucket in which a stop can be served.
    length : (C, C) buckets, at least 1, by which serving a stop after another is later.
    skip : (C,) cost of leaving a stop out; infinite where it must be served.
    share : (C,) how much of a van a stop fills; only for the prices to begin with.
    least, most : how many trips a plan has.
    """

    cost: Floats
    out: Floats
    back: Floats
    first: Ints
    last: Ints
    length: Ints
    skip: Floats
    share: Floats
    least: int
    most: int

    @property
    def work(self) -> int:
        """How many steps a turn may take."""
        spans = np.maximum(self.last - self.first + 1, 0)
        return int(spans.sum()) * len(self.out)


def raise_bound(
    steps: Steps,
    upper: Callable[[], float],
    turns: int,
    seconds: float,
    tell: Callable[[float], None],
    prices: Floats | None = None,
) -> tuple[float, Floats]:
    """Return the best bound that so many turns, or seconds, find, and its prices.

    ``tell`` is told each better one. ``upper`` says what the best plan known so far costs: steps
    are as long as if the prices were to reach it (B. Polyak, USSR Computational Mathematics 9,
    1969). ``prices`` are those to begin from.
    """
    count = len(steps.out)
    prices = _first_prices(steps) if prices is None else prices
    begun, best, best_prices = time.monotonic(), -math.inf, prices
    direction, pace, stale, restarted = np.zeros(count), 1.0, 0, -math.inf
    for _ in range(turns):
        ends, visits = _cheapest(
            steps.cost - prices, steps.out - prices, steps.back, steps.first, steps.last,
            steps.length,
        )  # fmt: skip
        order = np.argsort(ends, kind="stable")
        trips = int(np.clip((ends < 0).sum(), steps.least, steps.most))
        chosen = order[:trips]
        left = prices >= steps.skip
        bound = float(np.where(left, steps.skip, prices).sum() + ends[chosen].sum())
        if math.isinf(bound):  # so many trips cannot be
            return -math.inf, prices
        if bound > best:
            stale = 0 if bound > best + 1e-3 * abs(best) else stale + 1
            best, best_prices = bound, prices
            tell(best)
        else:
            stale += 1
        known = upper()
        if time.monotonic() - begun > seconds or best >= known - 1 + 1e-6:
            break
        if pace < 5e-3:  # begin again with long steps from the best prices, as long as it pays
            if best < restarted + 1e-3 * abs(best):
                break
            pace, restarted = 0.5, best
        if stale >= 2:
            pace, stale, prices = 0.7 * pace, 0, best_prices
            direction[:] = 0.0
        slope = 1.0 - visits[chosen].sum(axis=0) - left
        direction = 0.3 * direction + 0.7 * slope
        length = float(direction @ direction)
        if length < 1e-12:
            break
        # without a plan, some way above what is proven
        goal = known if math.isfinite(known) else best + 0.1 * (abs(best) + float(prices.sum())) + 1
        wanted = max(goal - bound, 1e-4 * abs(goal))
        prices = np.minimum(prices + pace * wanted / length * direction, steps.skip)
    return best, best_prices


def _first_prices(steps: Steps) -> Floats:
    """Return for each stop its nearest leg and its share of a trip there and back."""
    near = np.where(np.isfinite(steps.cost), steps.cost, math.inf).min(axis=0, initial=math.inf)
    depot = np.where(np.isfinite(steps.out + steps.back), steps.out + steps.back, 0.0)
    return np.minimum(np.where(np.isfinite(near), near, depot) + steps.share * depot, steps.skip)


@kernel
def _cheapest(
    cost: Floats, out: Floats, back: Floats, first: Ints, last: Ints, length: Ints
) -> tuple[Floats, Floats]:  # pragma: no cover
    """Return the cheapest walk that ends at each stop (infinite: none), and how often it visits each.

    Each stop keeps in each bucket the cheapest walk and the cheapest that came another way.
    """
    count = len(out)
    buckets = last.max() + 1
    value = np.full((2, count, buckets), np.inf)
    came = np.full((2, count, buckets), -1, np.int32)  # the stop before; itself: from the depot
    when = np.zeros((2, count, buckets), np.int32)  # the bucket there
    which = np.zeros((2, count, buckets), np.int8)  # which of its two walks
    for j in range(count):
        if first[j] <= last[j]:
            value[0, j, first[j]] = out[j]
            came[0, j, first[j]] = j
    for t in range(buckets):
        for i in range(count):
            if t < first[i] or t > last[i]:
                continue
            fresh = True
            if t > first[i]:  # who was there may wait
                fresh = False
                for k in range(2):
                    v, c = value[k, i, t - 1], came[k, i, t - 1]
                    if v < np.inf and _keeps(value, came, i, t, v, c):
                        _put(
                            value,
                            came,
                            when,
                            which,
                            i,
                            t,
                            v,
                            c,
                            when[k, i, t - 1],
                            which[k, i, t - 1],
                        )
                for k in range(2):
                    if value[k, i, t] != value[k, i, t - 1] or came[k, i, t] != came[k, i, t - 1]:
                        fresh = True
            if not fresh or value[0, i, t] == np.inf:
                continue
            for j in range(count):
                if j == i or cost[i, j] == np.inf:
                    continue
                k = 1 if came[0, i, t] == j else 0
                v = value[k, i, t] + cost[i, j]
                at = max(t + length[i, j], first[j])
                if v < np.inf and at <= last[j] and _keeps(value, came, j, at, v, i):
                    _put(value, came, when, which, j, at, v, i, t, k)
    ends = np.full(count, np.inf)
    visits = np.zeros((count, count))
    for i in range(count):
        if first[i] > last[i]:
            continue
        ends[i] = value[0, i, last[i]] + back[i]
        at, t, k = i, last[i], 0
        if ends[i] == np.inf:
            continue
        while True:
            visits[i, at] += 1
            before = came[k, at, t]
            if before == at:
                break
            at, t, k = before, when[k, at, t], which[k, at, t]
    return ends, visits


@kernel
def _keeps(value: Floats, came: Ints, j: int, t: int, v: float, c: int) -> bool:  # pragma: no cover
    if came[0, j, t] == c:
        return bool(v < value[0, j, t])
    return bool(v < value[1, j, t])


@kernel
def _put(
    value: Floats, came: Ints, when: Ints, which: Ints, j: int, t: int, v: float, c: int, at: int,
    k: int,
) -> None:  # fmt: skip  # pragma: no cover
    """Keep a walk among a stop's two: the cheapest, and the cheapest that came another way."""
    place = 0
    if came[0, j, t] != c:
        if v < value[0, j, t]:
            value[1, j, t], came[1, j, t] = value[0, j, t], came[0, j, t]
            when[1, j, t], which[1, j, t] = when[0, j, t], which[0, j, t]
        else:
            place = 1
    value[place, j, t], came[place, j, t], when[place, j, t], which[place, j, t] = v, c, at, k
