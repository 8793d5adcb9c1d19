"""Branch and bound over the sites that are still in question, with the Lagrangean bound.

Each node has sites that must and sites that may be open, and starts from its parent's prices, so
a few subgradients are enough to prove it, or to fix more sites.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.contract import Tell, Watch

from .facility import Floats, Ints

Bools = NDArray[np.bool_]
_TURNS = 60


@dataclass(frozen=True, slots=True)
class Node:
    """Sites that may and must be open, prices to start from, a bound that holds for them."""

    may_open: Bools
    must_open: Bools
    prices: Floats
    bound: float


@dataclass(slots=True)
class _Seen:
    bound: float
    prices: Floats
    may_open: Bools
    must_open: Bools
    chosen_often: Floats


class Branching:
    """Search a node's solutions for one that is better than ``upper`` by at least ``step``."""

    def __init__(
        self, cost: Floats, opening: Floats, p: int | None, *, upper: float, step: float,
        watch: Watch, tell: Tell | None,
    ) -> None:  # fmt: skip
        self.cost, self.opening, self.p = cost, opening, p
        self.upper, self.step, self.watch, self.tell = upper, step, watch, tell
        self.best: Ints | None = None
        self.lower = -math.inf

    @property
    def goal(self) -> float:
        """A bound above this leaves nothing better than ``upper``."""
        return self.upper - self.step + 1e-6 * min(1.0, self.step)

    def run(self, root: Node) -> None:
        """Search until all is proven or the watch is over; ``lower`` then is what is proven."""
        waiting = [(root.bound, 0, root)]
        number = 0
        while waiting:
            self.lower = min(waiting[0][0], self.upper)
            if self.lower > self.goal or self.watch.over:
                break
            _, _, node = heapq.heappop(waiting)
            seen = self._bound(node)
            if self.tell and number % 20 == 0:
                self.tell(self.upper, self.lower)
            if seen.bound > self.goal:
                continue
            free = seen.may_open & ~seen.must_open
            if not free.any():
                continue
            site = int(np.argmin(np.where(free, np.abs(seen.chosen_often - 0.5), math.inf)))
            for is_open in (True, False):
                may, must = seen.may_open.copy(), seen.must_open.copy()
                (must if is_open else may)[site] = is_open
                number += 1
                child = Node(may, must, seen.prices, seen.bound)
                heapq.heappush(waiting, (seen.bound, number, child))
        else:
            self.lower = self.upper

    def _bound(self, node: Node) -> _Seen:
        """Raise the node's bound by subgradients, fixing what it proves and trying what it shows."""
        columns = np.flatnonzero(node.may_open)
        must = node.must_open[columns]
        opening = self.opening[columns]
        cost = self.cost[:, columns]
        prices, best_prices, best = node.prices, node.prices, -math.inf
        often = np.zeros(len(columns))
        may = np.ones(len(columns), np.bool_)
        direction, pace, stale = np.zeros(len(prices)), 0.6, 0
        turn = 0
        for turn in range(1, _TURNS + 1):
            self.watch.work()
            gains = np.minimum(cost - prices[:, None], 0.0)
            reduced = opening + gains.sum(axis=0)
            chosen = self._choose(np.where(must, -math.inf, np.where(may, reduced, math.inf)))
            if chosen is None:
                best = math.inf
                break
            often[chosen] += 1
            bound = float(prices.sum() + reduced[chosen].sum())
            if turn % 15 == 1 and len(chosen):
                self._try(columns[chosen])
            if bound > best:
                best, best_prices, stale = bound, prices, 0
                self._fix(bound, reduced, chosen, may, must)
            else:
                stale += 1
            if best > self.goal or self.watch.over or not (may & ~must).any():
                break
            if stale >= 6:
                pace, stale, prices = pace / 2, 0, best_prices
            slope = 1.0 - (gains[:, chosen] < 0).sum(axis=1)
            direction = 0.3 * direction + 0.7 * slope
            length = float(direction @ direction)
            if length < 1e-12:
                break
            prices = prices + pace * max(self.upper - bound, self.step) / length * direction
        if not (may & ~must).any() and best <= self.goal:
            self._try(columns[may])
        seen_may, seen_must = np.zeros_like(node.may_open), np.zeros_like(node.must_open)
        seen_often = np.zeros(len(seen_may))
        seen_may[columns[may]] = True
        seen_must[columns[must]] = True
        seen_often[columns] = often / max(turn, 1)
        return _Seen(max(best, node.bound), best_prices, seen_may, seen_must, seen_often)

    def _choose(self, keep: Floats) -> Ints | None:
        """Return the best places by reduced cost; None where there are too few or too many."""
        if self.p is None:
            return np.flatnonzero(keep < 0)
        if np.isinf(keep).sum() and not self.p <= (keep < math.inf).sum():
            return None
        if (keep == -math.inf).sum() > self.p:
            return None
        return np.argpartition(keep, self.p - 1)[: self.p]

    def _fix(self, bound: float, reduced: Floats, chosen: Ints, may: Bools, must: Bools) -> None:
        is_open = np.zeros(len(reduced), np.bool_)
        is_open[chosen] = True
        if self.p is None:
            other = bound + np.abs(reduced)
        else:
            free = is_open & ~must
            out = may & ~is_open
            worst_in = reduced[free].max() if free.any() else -math.inf
            best_out = reduced[out].min() if out.any() else math.inf
            other = np.where(is_open, bound - reduced + best_out, bound + reduced - worst_in)
        hopeless = other > self.goal
        may &= ~(hopeless & ~is_open & ~must)
        must |= hopeless & is_open & may

    def _try(self, sites: Ints) -> None:
        found = float(self.cost[:, sites].min(axis=1).sum() + self.opening[sites].sum())
        if found < self.upper - 1e-9 * max(1.0, abs(self.upper)):
            self.upper, self.best = found, np.sort(sites)
