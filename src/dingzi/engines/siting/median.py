"""p-median and uncapacitated location: proven optimal by Lagrangean bound, interchange and fixing.

The bound relaxes that each customer is served once (Cornuejols, Fisher and Nemhauser, Management
Science 23, 1977), its multipliers found by subgradients. Solutions come from the relaxed ones,
improved by interchange (Teitz and Bart 1968; all swaps at once as Resende and Werneck 2007). What
the bound proves to be open or closed is fixed, and the rest is branched over (``branching``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.contract import Tell, Watch

from .branching import Branching, Node
from .facility import Floats, Ints
from .interchange import Interchange, serving_cost

Bools = NDArray[np.bool_]
_ITERATIONS = 1500
#: entries up to this multiple of a customer's multiplier are kept at hand
_SLACK = 1.25


@dataclass(frozen=True, slots=True)
class Found:
    """The best sites (ascending), their cost, and a proven bound."""

    open: Ints
    cost: float
    bound: float


def locate(
    cost: Floats, opening: Floats, p: int | None, watch: Watch, *, seed: int, whole: bool,
    tell: Tell | None = None,
) -> Found:  # fmt: skip
    """Open ``p`` sites (or as many as pay) so that opening and serving cost least.

    Parameters
    ----------
    cost
        (N, M) float64, finite.
    opening
        (M,) float64.
    whole
        Whether every objective is a whole number, so that a bound is rounded up.
    """
    search = _Search(cost, opening, p, watch, seed, whole, tell)
    search.begin()
    search.descend()
    if not search.proven and not watch.over:
        search.finish()
    lower = search.rounded(search.lower)
    return Found(np.sort(search.best), search.upper, min(lower, search.upper))


class _Search:
    def __init__(
        self, cost: Floats, opening: Floats, p: int | None, watch: Watch, seed: int, whole: bool,
        tell: Tell | None,
    ) -> None:  # fmt: skip
        self.cost, self.opening, self.p = cost, opening, p
        self.watch, self.seed, self.whole, self.tell = watch, seed, whole, tell
        self.random = np.random.default_rng(seed)
        self.interchange = Interchange(cost, opening, p)
        self.upper, self.lower = math.inf, -math.inf
        self.best: Ints = np.empty(0, np.int64)
        self.may_open = np.ones(len(opening), np.bool_)
        self.must_open = np.zeros(len(opening), np.bool_)
        self.prices = np.full(len(cost), math.inf)

    @property
    def proven(self) -> bool:
        """Whether nothing better than ``upper`` can exist."""
        return self.rounded(self.lower) >= self.upper - 1e-9 * max(1.0, abs(self.upper))

    def rounded(self, bound: float) -> float:
        return math.ceil(bound - 1e-6) if self.whole and math.isfinite(bound) else bound

    def begin(self) -> None:
        """Find a first solution: greedy by total cost, then interchange."""
        count = self.p or max(1, round(math.sqrt(len(self.opening))))
        chosen: list[int] = []
        near = np.full(len(self.cost), math.inf)
        if len(self.cost) * len(self.opening) * count < 3e8:
            near = self.cost.max(axis=1) + 1.0
            for _ in range(count):
                gain = np.maximum(near[:, None] - self.cost, 0).sum(axis=0) - self.opening
                gain[chosen] = -math.inf
                chosen.append(int(np.argmax(gain)))
                near = np.minimum(near, self.cost[:, chosen[-1]])
        else:
            chosen = list(self.random.choice(len(self.opening), count, replace=False))
        self.try_sites(np.array(chosen, np.int64))

    def try_sites(self, sites: Ints) -> None:
        sites = self.interchange.improve(sites, self.watch)
        found = serving_cost(self.cost, self.opening, sites)
        if found < self.upper - 1e-9:
            self.upper, self.best = found, sites

    def descend(self) -> None:
        """Raise the bound by deflected subgradients, fix what it proves, try what it shows."""
        near = np.partition(self.cost[:, self.best], min(1, len(self.best) - 1), axis=1)
        prices = near[:, :2].mean(axis=1)
        direction, step, stale = np.zeros(len(prices)), 1.0, 0
        rows, columns, values, limit = self._entries(prices)
        tried: set[bytes] = set()
        for turn in range(_ITERATIONS):
            if self.watch.over or self.proven:
                return
            self.watch.work()
            if (prices > limit).any():
                rows, columns, values, limit = self._entries(prices)
            gains = np.minimum(values - prices[rows], 0.0)
            reduced = self.opening + np.bincount(columns, gains, len(self.opening))
            chosen = self._choose(reduced)
            bound = float(prices.sum() + reduced[chosen].sum())
            if bound > self.lower:
                stale = 0 if bound > self.lower + 1e-6 * abs(bound) else stale + 1
                self.lower, self.prices = bound, prices
                self._fix(bound, reduced, chosen)
            else:
                stale += 1
            if len(chosen) and turn % 10 == 0 and (key := chosen.tobytes()) not in tried:
                tried.add(key)
                self.try_sites(chosen)
            if self.tell and turn % 25 == 0:
                self.tell(self.upper, self.rounded(self.lower))
            if stale >= 20:
                step, stale, prices = step / 2, 0, self.prices
                direction[:] = 0.0
            if step < 1e-3:
                return
            is_open = np.zeros(len(self.opening), np.bool_)
            is_open[chosen] = True
            taken = is_open[columns] & (gains < 0)
            slope = 1.0 - np.bincount(rows[taken], minlength=len(prices))
            direction = 0.3 * direction + 0.7 * slope
            length = float(direction @ direction)
            if length < 1e-12:
                return
            target = max(self.upper - bound, 1e-4 * abs(self.upper))
            prices = prices + step * 1.05 * target / length * direction

    def _entries(self, prices: Floats) -> tuple[Ints, Ints, Floats, Floats]:
        """Return the entries of cost that can matter while prices stay below ``limit``."""
        limit = np.maximum(prices, 0) * _SLACK + 1e-9
        rows, columns = np.nonzero((self.cost < limit[:, None]) & self.may_open)
        return rows, columns, self.cost[rows, columns], limit

    def _choose(self, reduced: Floats) -> Ints:
        keep = np.where(self.may_open, reduced, math.inf)
        keep = np.where(self.must_open, -math.inf, keep)
        if self.p is not None:
            return np.sort(np.argpartition(keep, self.p - 1)[: self.p])
        return np.flatnonzero(keep < 0)

    def _fix(self, bound: float, reduced: Floats, chosen: Ints) -> None:
        """Close or open for good each site whose other state proves to cost more than ``upper``."""
        if self.upper - bound > 0.2 * abs(self.upper):
            return
        is_open = np.zeros(len(reduced), np.bool_)
        is_open[chosen] = True
        if self.p is None:
            other = bound + np.abs(reduced)
        else:
            out = self.may_open & ~is_open
            free = is_open & ~self.must_open
            worst_in = reduced[free].max() if free.any() else -math.inf
            best_out = reduced[out].min() if out.any() else math.inf
            other = np.where(is_open, bound - reduced + best_out, bound + reduced - worst_in)
        hopeless = self._rounded_all(other) > self.upper - (1.0 if self.whole else 0.0) + 1e-6
        self.may_open &= ~(hopeless & ~is_open & ~self.must_open)
        self.must_open |= hopeless & is_open

    def _rounded_all(self, bounds: Floats) -> Floats:
        return np.ceil(bounds - 1e-6) if self.whole else bounds

    def finish(self) -> None:
        """Branch over what is not fixed."""
        search = Branching(
            self.cost, self.opening, self.p, upper=self.upper,
            step=1.0 if self.whole else 1e-10 * max(1.0, abs(self.upper)),
            watch=self.watch, tell=self.tell,
        )  # fmt: skip
        search.run(Node(self.may_open, self.must_open, self.prices, self.lower))
        if search.best is not None:
            self.upper, self.best = search.upper, search.best
        # what was fixed cannot be better than upper, so the rest's bound holds for all
        self.lower = max(self.lower, search.lower)
