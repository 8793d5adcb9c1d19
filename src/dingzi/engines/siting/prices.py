"""A proven bound for the network by Lagrangean relaxation of "each group is seated once".

With a price for seating each group in each year, every school stands alone: in each state and year
it takes the groups that pay best until its seats are full (a continuous knapsack), and the
cheapest path through its states is found year by year. What a change of school costs ties the years
together; it is relaxed too: leaving a school from one year to the next earns a price of its own, at
most what the change costs. The bound is at least that of the linear relaxation and better where
seats come in modules, since states stay whole (A. M. Geoffrion, Mathematical Programming Study 2,
1974). Prices follow deflected subgradients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dingzi.engines.contract import Watch

from .network import Bools, Floats, Ints, Network

_TINY = 1e-9
#: worse than any profit of a seat: where a row of the grid has no group
_NOBODY = -1e100


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One relaxed solution: its bound, states (S, T), shares (P, T), and what states are worth.

    ``value`` (S, T, K) is the best profit in a state in a year; ``ratio`` (S, T, K) the profit of
    the last seat there.
    """

    bound: float
    state: Ints
    share: Floats
    value: Floats
    ratio: Floats
    path: Floats


@dataclass(frozen=True, slots=True)
class Point:
    """Prices at which the relaxation is solved.

    ``seated`` (N, T) is what being seated earns; ``left`` (P, T), from 0 to the group's cost of a
    change, what a pair pays that is used in a year and earned the year before.
    """

    seated: Floats
    left: Floats


class Prices:
    """The relaxation of one network; ``at(point)`` solves it."""

    def __init__(self, net: Network) -> None:
        self.net = net
        first = net.first_pair
        self.width = int(np.diff(first).max(initial=1))
        self.place = np.arange(len(net.group)) - first[net.school]
        self.most_left = net.move[net.group]
        before = np.zeros(len(net.group))
        before[net.home[net.home >= 0]] = 1.0
        self.before = before
        self.most_left[before == 0, 0] = 0.0
        load = np.maximum(net.load[net.group], _TINY)
        self.load = np.stack([self._grid(load[:, t]) for t in range(net.years)])
        self.stays = self._grid(net.stays.astype(float)) > 0
        self.real = self._grid(np.ones(len(net.group))) > 0
        self.winding = bool((net.takes & ~net.takes_new).any())

    def cost(self, point: Point) -> Floats:
        """Return (P, T) what using a pair costs, with what it pays and earns for changes."""
        later = np.zeros_like(point.left)
        later[:, :-1] = point.left[:, 1:]
        return self.net.cost - point.left + later

    def changes(self, share: Floats) -> Floats:
        """Return (P, T) how far each pair is left from the year before to that year."""
        earlier = np.column_stack([self.before, share[:, :-1]])
        return earlier - share

    def _grid(self, values: Floats) -> Floats:
        grid = np.zeros((self.net.schools, self.width))
        grid[self.net.school, self.place] = values
        return grid

    def at(self, point: Point) -> Relaxed:
        """Solve the relaxation at these prices."""
        net, prices, cost = self.net, point.seated, self.cost(point)
        worth = np.zeros((net.schools, net.years, net.states))
        last = np.zeros_like(worth)
        amount = np.zeros_like(worth)
        kept = []
        for year in range(net.years):
            profit = self._grid(prices[net.group, year] - cost[:, year])
            ratio = profit / np.where(self.real, self.load[year], 1.0)
            ratio[~self.real] = _NOBODY
            order = np.argsort(-ratio, axis=1, kind="stable")
            sorted_ratio = np.take_along_axis(ratio, order, 1)
            load = np.take_along_axis(np.where(self.real, self.load[year], 0.0), order, 1)
            kept.append((order, load))
            for only_stay in (False, True) if self.winding else (False,):
                if only_stay:
                    load = np.where(np.take_along_axis(self.stays, order, 1), load, 0.0)
                lot = _Lot(sorted_ratio, load)
                for state in range(net.states):
                    mine = net.takes[:, state] & (net.takes_new[:, state] != only_stay)
                    if not mine.any():
                        continue
                    got = lot.fill(net.least[:, state], net.seats[:, state])
                    for table, values in zip((worth, last, amount), got, strict=True):
                        table[mine, year, state] = values[mine]
        chosen, path = self._paths(worth)
        stayed = float(point.left[:, 0] @ self.before)
        bound = float(prices.sum() + path[:, -1].min(axis=1).sum()) + stayed
        return Relaxed(bound, chosen, self._share(kept, chosen, amount), worth, last, path)

    def _paths(self, worth: Floats) -> tuple[Ints, Floats]:
        """Return the cheapest states (S, T), and (S, T, K) what reaching each costs at least."""
        net = self.net
        rows = np.arange(net.schools)
        reached = np.empty((net.schools, net.years, net.states))
        came = np.empty(reached.shape, np.int64)
        before = np.where(np.arange(net.states) == net.start[:, None], 0.0, math.inf)
        for year in range(net.years):
            ways = before[:, :, None] + net.change
            came[:, year] = ways.argmin(axis=1)
            before = ways.min(axis=1) + net.keep - worth[:, year]
            before[~net.reach[:, year]] = math.inf
            reached[:, year] = before
        state = np.empty((net.schools, net.years), np.int64)
        state[:, -1] = reached[:, -1].argmin(axis=1)
        for year in range(net.years - 1, 0, -1):
            state[:, year - 1] = came[rows, year, state[:, year]]
        return state, reached

    def _share(self, kept: list[tuple[Ints, Floats]], state: Ints, amount: Floats) -> Floats:
        net = self.net
        rows = np.arange(net.schools)
        share = np.empty((len(net.group), net.years))
        for year, (order, load) in enumerate(kept):
            now = state[:, year]
            only_stay = net.takes[rows, now] & ~net.takes_new[rows, now]
            barred = only_stay[:, None] & ~np.take_along_axis(self.stays, order, 1)
            load = np.where(barred, 0.0, load)
            before = np.cumsum(load, axis=1) - load
            taken = np.clip(amount[rows, year, now][:, None] - before, 0.0, load)
            grid = np.zeros_like(taken)
            np.put_along_axis(grid, order, taken / np.maximum(load, _TINY), 1)
            share[:, year] = grid[net.school, self.place]
        return share


class _Lot:
    """Groups that each school could take, best first: ``ratio`` (S, W) descending, and their load."""

    def __init__(self, ratio: Floats, load: Floats) -> None:
        self.ratio = ratio
        self.total = np.cumsum(load, axis=1)
        self.gain = np.cumsum(ratio * load, axis=1)
        self.paying = np.where(ratio > 0, load, 0.0).sum(axis=1)
        self.rows = np.arange(len(ratio))

    def fill(self, least: Floats, seats: Floats) -> tuple[Floats, Floats, Floats]:
        """Return profit, profit of the last seat, and load of the best filling of each school.

        Filling stops at the seats, or where nothing pays any more once ``least`` is reached; what
        cannot reach it is worth -inf.
        """
        rows, total, ratio = self.rows, self.total, self.ratio
        amount = np.minimum(np.maximum(self.paying, least), np.minimum(seats, total[:, -1]))
        place = np.minimum((total < amount[:, None] - _TINY).sum(axis=1), ratio.shape[1] - 1)
        before = np.where(place > 0, total[rows, place - 1], 0.0)
        profit = np.where(place > 0, self.gain[rows, place - 1], 0.0)
        edge = np.where(ratio[rows, place] > _NOBODY, ratio[rows, place], 0.0)
        rest = amount - before
        profit = profit + np.where(rest > _TINY, edge * rest, 0.0)
        profit = np.where(amount < least - 1e-6, -math.inf, profit)
        full = amount >= seats - 1e-6
        return profit, np.where(full, np.maximum(edge, 0.0), np.minimum(edge, 0.0)), amount


@dataclass(frozen=True, slots=True)
class Bound:
    """The best bound, its prices, and an average of late relaxed solutions."""

    bound: float
    prices: Point
    relaxed: Relaxed
    share: Floats
    states: Floats


def raise_bound(
    relaxation: Prices, start: Point, upper: float, watch: Watch, turns: int, seconds: float
) -> Bound:
    """Follow subgradients for ``turns`` or ``seconds``; ``upper`` guides the length of steps."""
    net = relaxation.net
    pace, stale, point = 1.0, 0, start
    along, apart = np.zeros_like(start.seated), np.zeros_like(start.left)
    best: Relaxed | None = None
    best_point = start
    share = np.zeros((len(net.group), net.years))
    states = np.zeros((net.schools, net.years, net.states))
    begun = watch.seconds
    for _ in range(turns):
        watch.work()
        now = relaxation.at(point)
        share = 0.95 * share + 0.05 * now.share
        states *= 0.95
        np.put_along_axis(
            states, now.state[:, :, None],
            np.take_along_axis(states, now.state[:, :, None], 2) + 0.05, 2,
        )  # fmt: skip
        if best is None or now.bound > best.bound + 1e-6 * abs(best.bound):
            stale = 0
        else:
            stale += 1
        if best is None or now.bound > best.bound:
            best, best_point = now, point
        if stale >= 15:
            pace, stale, point = pace / 2, 0, best_point
            along[:], apart[:] = 0.0, 0.0
        if pace < 5e-3 or watch.over or watch.seconds - begun > seconds:
            break
        if math.isfinite(upper) and best.bound >= upper - 1e-9 * abs(upper):
            break
        slope = np.ones_like(point.seated)
        for year in range(net.years):
            slope[:, year] -= np.bincount(net.group, now.share[:, year], net.groups)
        slope[net.load <= 0] = 0.0
        along = 0.4 * along + 0.6 * slope
        apart = 0.4 * apart + 0.6 * relaxation.changes(now.share)
        # no further where a price is at its end
        apart[(point.left <= 0) & (apart < 0)] = 0.0
        apart[(point.left >= relaxation.most_left) & (apart > 0)] = 0.0
        length = float((along * along).sum() + (apart * apart).sum())
        if length < 1e-12:
            break
        goal = upper if math.isfinite(upper) else best.bound + 0.05 * abs(best.bound) + 1.0
        step = pace * max(goal - now.bound, 1e-4 * abs(goal)) / length
        left = np.clip(point.left + step * apart, 0.0, relaxation.most_left)
        point = Point(point.seated + step * along, left)
    assert best is not None
    return Bound(best.bound, best_point, best, share, states)


def first_prices(relaxation: Prices) -> Point:
    """Return prices to start from: what the second cheapest school asks for the group.

    What a change costs is spread over the years evenly.
    """
    net = relaxation.net
    seated = np.zeros((net.groups, net.years))
    for group, pairs in enumerate(net.pairs_of_group):
        if len(pairs):
            seated[group] = np.sort(net.cost[pairs], axis=0)[min(1, len(pairs) - 1)]
    left = np.zeros((len(net.group), net.years))
    at_home = relaxation.before > 0
    each = net.move.min(axis=1)[net.group[at_home]] / net.years
    left[at_home] = each[:, None] * (net.years - np.arange(net.years))
    return Point(seated, left)


def worth_keeping(relaxation: Prices, bound: Bound, upper: float) -> tuple[Bools, Bools]:
    """Return what a solution better than ``upper`` may use: pairs (P, T), states (S, T, K).

    A state is out where the cheapest path through it already costs too much; a pair where, in
    every state that seats it, the group's price and the price of its seats do not pay enough.
    """
    net = relaxation.net
    through = _through(net, bound.relaxed)
    slack = upper - bound.bound + 1e-6 * max(1.0, abs(upper))
    base = bound.relaxed.path[:, -1].min(axis=1)
    extra = through - base[:, None, None]
    states = np.asarray(net.reach & (extra <= slack))
    profit = bound.prices.seated[net.group] - relaxation.cost(bound.prices)
    seat_price = bound.relaxed.ratio[net.school] * net.load[net.group][:, :, None]
    lost = np.maximum(seat_price - profit[:, :, None], 0.0)
    with np.errstate(invalid="ignore"):
        forced = np.where(net.pair_takes[:, None, :], extra[net.school] + lost, math.inf)
    pairs = np.asarray((np.where(states[net.school], forced, math.inf) <= slack).any(axis=2))
    return pairs, states


def _through(net: Network, relaxed: Relaxed) -> Floats:
    """Return (S, T, K) the cost of the cheapest path through each state in each year."""
    after = np.zeros((net.schools, net.years, net.states))
    for year in range(net.years - 2, -1, -1):
        later = net.keep - relaxed.value[:, year + 1] + after[:, year + 1]
        later = np.where(net.reach[:, year + 1], later, math.inf)
        after[:, year] = (net.change + later[:, None, :]).min(axis=2)
    return relaxed.path + after
