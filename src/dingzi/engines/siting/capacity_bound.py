"""A proven bound for capacitated location: prices on "each customer is served once".

At given prices each site stands alone and fills its capacity with the customers that pay best: by
shares (a continuous knapsack), or whole customers (a 0-1 knapsack, exactly, where loads are whole
numbers; K. Holmberg, M. Rönnqvist, D. Yuan, EJOR 113, 1999). Of the sites the cheapest are opened
whose capacities hold all demand together (J. E. Beasley, EJOR 33, 1988).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .facility import FacilityProblem, Floats, Ints

Bools = NDArray[np.bool_]
_TINY = 1e-9
#: pairs up to this multiple of a customer's price are kept at hand
_SLACK = 1.25
#: cells of a table of a 0-1 knapsack
_LARGEST_TABLE = 2_000_000


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxed solution at some prices.

    ``rate`` (M,) says how far a site is open, ``other`` (M,) the bound if it were in its other
    state, ``slope`` (N,) by what each customer is not served once. For pairs: ``opened`` (M,) is
    the bound with a site open, by shares, and ``edge`` (M,) what its last unit of capacity earns.
    """

    bound: float
    rate: Floats
    other: Floats
    slope: Floats
    opened: Floats
    edge: Floats


class CapacityBound:
    """The relaxation of one problem."""

    def __init__(self, problem: FacilityProblem) -> None:
        self.cost, self.opening, self.demand = problem.cost, problem.opening, problem.demand
        total = float(self.demand.sum())
        self.capacity = np.minimum(problem.capacity, total)
        self.can_be_whole = not problem.split and all(
            np.array_equal(values, np.rint(values)) for values in (self.demand, self.capacity)
        )
        n, m = self.cost.shape
        most = np.cumsum(np.sort(self.capacity)[::-1])
        need = max(1, int(np.searchsorted(most, total * (1 - _TINY))) + 1)
        ones = np.ones(m)
        #: what the open sites must have together: weights, least sum, whether exactly
        self.rows: list[tuple[Floats, float, bool]] = [(ones, need, False)]
        if problem.p is not None:
            self.rows = [(ones, problem.p, True)]
        elif (self.capacity < self.capacity.max()).any():
            self.rows.append((self.capacity, total * (1 - _TINY), False))
        self.limit = np.full(n, -math.inf)
        #: capacity that may stay shut, where sites differ: all in units of what divides it
        self.spare: int | None = None
        if (
            problem.p is None
            and len(self.rows) > 1
            and np.array_equal(self.capacity, np.rint(self.capacity))
        ):
            sizes = self.capacity.astype(np.int64)
            unit = int(np.gcd.reduce(sizes)) or 1
            self.units = sizes // unit
            spare = (int(sizes.sum()) - math.ceil(total * (1 - _TINY))) // unit
            if spare >= 0 and (spare + 1) * m <= _LARGEST_TABLE:
                self.spare = spare

    def _pairs(self, prices: Floats, may: Bools) -> tuple[Ints, Ints, Floats]:
        """Return customers, sites and profits of the pairs that pay."""
        if (prices > self.limit).any():
            self.limit = np.maximum(prices, 0) * _SLACK + _TINY
            self.near = np.nonzero(self.cost < self.limit[:, None])
            self.near_cost = self.cost[self.near]
        rows, columns = self.near
        profit = prices[rows] - self.near_cost
        pays = (profit > 0) & may[columns]
        return rows[pays], columns[pays], profit[pays]

    def at(self, prices: Floats, may: Bools, must: Bools, *, whole: bool = False) -> Relaxed:
        """Solve at ``prices`` (N,) with the sites that may and must be open."""
        n, m = self.cost.shape
        rows, columns, profit = self._pairs(prices, may)
        load = self.demand[rows]
        share = np.ones(len(rows))
        edge = np.zeros(m)
        over = np.bincount(columns, load, m) > self.capacity * (1 + _TINY)
        hot = np.flatnonzero(over[columns])
        hot = hot[np.lexsort((-profit[hot] / np.maximum(load[hot], _TINY), columns[hot]))]
        if len(hot):
            share[hot] = _filled(columns[hot], load[hot], self.capacity)
            last = hot[share[hot] < 1]
            np.maximum.at(edge, columns[last], profit[last] / np.maximum(load[last], _TINY))
        gain = np.bincount(columns, profit * share, m)
        by_shares = self.opening - gain
        if whole and self.can_be_whole and len(hot):
            for some in np.split(hot, np.flatnonzero(np.diff(columns[hot])) + 1):
                room = int(self.capacity[columns[some[0]]])
                if (room + 1) * len(some) <= _LARGEST_TABLE:
                    share[some] = knapsack(profit[some], load[some].astype(np.int64), room)
            gain = np.bincount(columns, profit * share, m)
        reduced = self.opening - gain
        value, rate, penal = max(
            (_cover(reduced, may, must, *row) for row in self.rows), key=lambda found: found[0]
        )
        linear = float(prices.sum() + value)
        bound = linear
        if self.spare is not None and math.isfinite(linear):
            rate = self._opened(reduced, may, must)
            bound = max(linear, float(prices.sum() + reduced @ rate))
        served = np.asarray(np.bincount(rows, share * rate[columns], n), np.float64)
        # a site that opens beside the others adds what it costs above its due, one that is open 0
        opened = linear + np.where(must, 0.0, np.maximum(penal, 0.0)) + (by_shares - reduced)
        other: Floats = np.maximum(linear + np.abs(penal), bound)
        return Relaxed(bound, rate, other, 1.0 - served, opened, edge)

    def _opened(self, reduced: Floats, may: Bools, must: Bools) -> Floats:
        """Open the cheapest sites that hold all demand, whole sites: the others are a knapsack."""
        assert self.spare is not None
        dear = np.flatnonzero(may & ~must & (reduced > 0))
        shut = ~may
        room = self.spare - int(self.units[shut].sum())
        if room < 0:
            return may.astype(float)
        rate = may.astype(float)
        rate[dear] -= knapsack(reduced[dear], self.units[dear], room)
        return rate

    def pair_bounds(self, prices: Floats, relaxed: Relaxed) -> Floats:
        """Return (N, M) a bound on every plan that serves a customer wholly from a site."""
        loss = relaxed.edge * self.demand[:, None] - (prices[:, None] - self.cost)
        return relaxed.opened + np.maximum(loss, 0.0)


def _filled(site: Ints, load: Floats, capacity: Floats) -> Floats:
    """Return the share of each pair that is taken; pairs are in order, best first, site by site."""
    total = np.cumsum(load)
    first = np.flatnonzero(np.r_[True, np.diff(site) > 0])
    before = total - load
    before -= np.repeat(before[first], np.diff(np.r_[first, len(site)]))
    room = capacity[site] - before
    return np.clip(np.where(load > 0, room / np.maximum(load, _TINY), 1.0), 0.0, 1.0)


def knapsack(profit: Floats, load: Ints, room: int) -> Floats:
    """Return 1 for each item of the most profitable set whose loads fit into ``room``."""
    best = np.zeros(room + 1)
    taken = np.zeros((len(load), room + 1), np.bool_)
    for item, weight in enumerate(load.tolist()):
        if weight > room:
            continue
        offered = best[: room + 1 - weight] + profit[item]
        better = offered > best[weight:]
        taken[item, weight:] = better
        best[weight:] = np.where(better, offered, best[weight:])
    chosen = np.zeros(len(load))
    for item in range(len(load) - 1, -1, -1):
        if taken[item, room]:
            chosen[item] = 1.0
            room -= int(load[item])
    return chosen


def _cover(
    reduced: Floats, may: Bools, must: Bools, weight: Floats, least: float, exact: bool
) -> tuple[float, Floats, Floats]:
    """Open the cheapest sites whose weights sum to ``least`` or more, the last perhaps in part.

    Return the cost, how far each site is open, and each site's cost above what its weight is worth
    (its reduced cost in this linear problem).
    """
    free = may & ~must
    rate = must.astype(float)
    left = least - float(weight[must].sum())
    if not exact:
        rate[free & (reduced < 0)] = 1.0
        if float(weight @ rate) >= least * (1 - _TINY):
            return float(reduced @ rate), rate, reduced
        rate = must.astype(float)
    rate[free & (weight <= 0) & (reduced < 0)] = 1.0
    order = np.flatnonzero(free & (weight > 0))
    order = order[np.argsort(reduced[order] / weight[order], kind="stable")]
    held = np.cumsum(weight[order])
    if left < 0 or (left > 0 and not (len(held) and held[-1] >= left * (1 - _TINY))):
        return math.inf, rate, reduced
    if left == 0:
        worth = float(reduced[order].min()) if len(order) else 0.0
        return float(reduced @ rate), rate, reduced - worth * weight
    place = min(int(np.searchsorted(held, left * (1 - _TINY))), len(order) - 1)
    last = order[place]
    rate[order[:place]] = 1.0
    rate[last] = min(1.0, (left - (held[place - 1] if place else 0.0)) / weight[last])
    return float(reduced @ rate), rate, reduced - reduced[last] / weight[last] * weight
