"""Capacitated location: the bound of ``capacity_bound``, plans from its sites, then the proof.

Where customers may be split, what the bound does not settle is branched over; with all sites fixed
the rest is a transport problem. Otherwise the pairs and sites that a better plan could use are left
to HiGHS, each pair tied to its site.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from dingzi.engines.contract import Status, Tell, Watch
from dingzi.engines.highs import Answer, Model

from .capacity_bound import Bools, CapacityBound, Relaxed
from .capacity_seating import seated
from .facility import FacilityProblem, Floats, Ints, Plan

_TURNS = 1500
_NODE_TURNS = 60
_EXACT_TURNS = 300
#: relative to the cost: below this two costs are the same
_SAME = 1e-10
#: shares of the stop for the first bound and for the core
_FIRST, _CORE, _IMPROVE = 0.15, 0.2, 0.25
#: pairs of a customer in the core, and on average in what is settled at once
_NEAR, _FEW = 8, 6
#: a site that so small a share of the relaxed solutions opens is left out of the core
_RARE = 1e-3
#: so many open sites, and as many closed ones, are decided again at once
_REGION = 3


@dataclass(frozen=True, slots=True)
class Located:
    """What is known when the watch is over; ``plan`` None where there is none."""

    status: Status
    plan: Plan | None
    cost: float
    bound: float


@dataclass(slots=True)
class _Node:
    may: Bools
    must: Bools
    prices: Floats
    bound: float


@dataclass(slots=True)
class _Climb:
    """The best bound of a node, its prices and relaxed solution, and how far sites were open."""

    relaxed: Relaxed | None
    prices: Floats
    bound: float
    rate: Floats


def locate_capacitated(
    problem: FacilityProblem, watch: Watch, *, seed: int, tell: Tell | None
) -> Located:
    """Find the cheapest plan for capacitated sites and prove it, or say how far it may be."""
    search = _Search(problem, watch, seed, tell)
    search.run()
    return search.outcome()


class _Search:
    def __init__(
        self, problem: FacilityProblem, watch: Watch, seed: int, tell: Tell | None
    ) -> None:
        self.problem, self.watch, self.seed, self.tell = problem, watch, seed, tell
        self.relaxation = CapacityBound(problem)
        #: without capacities in question the nearest open site serves a customer whole
        self.split = problem.split or not problem.capacitated
        self.total = watch.stop.seconds or math.inf
        self.upper, self.lower = math.inf, -math.inf
        self.plan: Plan | None = None
        self.tried: set[bytes] = set()
        self.exhausted = False
        m = len(problem.opening)
        self.may = np.ones(m, np.bool_)
        self.must = np.zeros(m, np.bool_)

    @property
    def goal(self) -> float:
        """A bound above this leaves nothing better than ``upper``."""
        if self.plan is None:
            return math.inf
        if self.problem.whole:
            return self.upper - 1.0 + 1e-6
        return self.upper - _SAME * abs(self.upper)

    def beaten(self, bound: float) -> bool:
        """Whether nothing with this bound can be better than what is known, or even hold."""
        return bound > self.goal or bound == math.inf

    def run(self) -> None:
        cost = self.problem.cost
        near = np.sort(cost, axis=1)[:, : min(2, cost.shape[1])]
        prices = np.where(np.isfinite(near), near, near[:, :1]).max(axis=1)
        root = self.climb(_Node(self.may, self.must, prices, -math.inf), _TURNS, _FIRST)
        self.lower = root.bound
        node = _Node(self.may, self.must, root.prices, root.bound)
        if not self.split:
            self.whole_customers(root, node)
        self.branch(node, whole=not self.split)

    # ---- bounds --------------------------------------------------------------------------------

    def climb(self, node: _Node, turns: int, share: float = 1.0, whole: bool = False) -> _Climb:
        """Raise a node's bound by deflected subgradients; its masks are narrowed in place."""
        prices = node.prices
        best = _Climb(None, prices, node.bound, np.zeros(len(node.may)))
        highest = -math.inf
        direction, stale = np.zeros(len(prices)), 0
        begun = self.watch.seconds
        patience, pace, least_pace = (20, 1.0, 1e-3) if turns > _NODE_TURNS else (6, 0.6, 1e-2)
        for turn in range(turns):
            self.watch.work()
            now = self.relaxation.at(prices, node.may, node.must, whole=whole)
            best.rate = 0.95 * best.rate + 0.05 * now.rate
            if now.bound > highest:
                stale = 0 if now.bound > highest + 1e-6 * abs(highest) else stale + 1
                highest, best.prices, best.relaxed = now.bound, prices, now
                best.bound = max(best.bound, highest)
                self.fix(node, now)
            else:
                stale += 1
            if self.beaten(best.bound) or not (node.may & ~node.must).any():
                break
            if turn % 25 == 24 or turn == turns - 1:
                self.try_sites(now.rate > 0)
                if self.tell and turns > _NODE_TURNS:
                    self.tell(self.upper if self.plan else None, max(self.lower, best.bound))
            if self.watch.over or self.watch.seconds - begun > share * self.total:
                break
            if stale >= patience:
                pace, stale, prices = pace / 2, 0, best.prices
                direction[:] = 0.0
                if pace < least_pace:
                    break
            direction = 0.3 * direction + 0.7 * now.slope
            length = float(direction @ direction)
            if length < 1e-12:
                break
            wanted = self.upper if self.plan else highest + 0.05 * abs(highest) + 1.0
            prices = (
                prices + pace * max(wanted - now.bound, 1e-5 * abs(wanted)) / length * direction
            )
        if best.relaxed is not None and not self.beaten(best.bound):
            self.try_sites(best.relaxed.rate > 0)
        return best

    def fix(self, node: _Node, now: Relaxed) -> None:
        """Close or open for good what in its other state cannot be better than ``upper``."""
        hopeless = now.other > self.goal
        is_open = now.rate >= 1
        node.must |= hopeless & is_open & node.may
        node.may &= ~(hopeless & (now.rate <= 0) & ~node.must)
        if self.problem.p is not None and node.must.sum() == self.problem.p:
            node.may &= node.must

    # ---- plans ---------------------------------------------------------------------------------

    def try_sites(self, is_open: Bools) -> None:
        """Serve everybody from these sites as cheaply as can be found at once."""
        key = np.packbits(is_open).tobytes()
        if key in self.tried or self.watch.over:
            return
        self.tried.add(key)
        sites = np.flatnonzero(is_open)
        found = self.transported(sites) if self.split else seated(self.problem, sites)
        if found is not None:
            self.take(found)

    def take(self, plan: Plan) -> None:
        cost = self.problem.cost_of(plan)
        if cost < self.upper:
            self.upper, self.plan = cost, plan

    def transported(self, sites: Ints) -> Plan | None:
        """Return the cheapest plan that opens ``sites``, customers split; None where none holds."""
        problem = self.problem
        cost = problem.cost[:, sites]
        nearest = Plan.whole(sites, sites[cost.argmin(axis=1)])
        used = np.bincount(nearest.site, problem.demand, len(problem.opening))
        if np.isfinite(cost.min(axis=1)).all() and (used <= problem.capacity).all():
            return nearest
        model = Model()
        customer, place = np.nonzero(np.isfinite(cost))
        x = model.add_columns(cost[customer, place]) + np.arange(len(customer))
        model.add_entries(model.add_rows(len(cost), 1.0, 1.0) + customer, x, 1.0)
        room = np.minimum(problem.capacity[sites], problem.demand.sum())
        fits = model.add_rows(len(sites), -math.inf, room)
        model.add_entries(fits + place, x, problem.demand[customer])
        seconds = self.watch.seconds_left
        answer = model.solve(seconds=seconds, cores=self.watch.stop.cores, relaxed=True)
        if answer.x is None:
            return None
        share = np.clip(answer.x, 0.0, 1.0)
        share[share < _SAME] = 0.0
        share /= np.bincount(customer, share, len(cost))[customer]
        used_pairs = share > 0
        return Plan(
            open=sites,
            customer=customer[used_pairs],
            site=sites[place[used_pairs]],
            share=share[used_pairs],
        )

    # ---- proofs --------------------------------------------------------------------------------

    def branch(self, root: _Node, *, whole: bool = False) -> None:
        """Branch over the sites, the node with the lowest bound first."""
        waiting = [(root.bound, 0, root)]
        number = 0
        while waiting:
            self.lower = max(self.lower, min(waiting[0][0], self.upper))
            if self.beaten(waiting[0][0]):
                break
            if self.watch.over:
                return
            _, _, node = heapq.heappop(waiting)
            found = self.climb(node, _NODE_TURNS, whole=whole)
            if self.tell and number % 10 == 0:
                self.tell(self.upper if self.plan else None, self.lower)
            node.bound, node.prices = found.bound, found.prices
            free = node.may & ~node.must
            if self.beaten(found.bound) or self.settled(node, found, free):
                continue
            if self.watch.over or not free.any():
                heapq.heappush(waiting, (node.bound, -1, node))
                continue
            site = int(np.argmin(np.where(free, np.abs(found.rate - 0.5), math.inf)))
            for is_open in (True, False):
                may, must = node.may.copy(), node.must.copy()
                (must if is_open else may)[site] = is_open
                number += 1
                heapq.heappush(
                    waiting, (node.bound, number, _Node(may, must, node.prices, node.bound))
                )
        self.lower, self.exhausted = self.upper, True

    def settled(self, node: _Node, found: _Climb, free: Bools) -> bool:
        """Try to find the best of a node at once; False where it is still open."""
        if self.split:
            if not free.any():
                self.try_sites(node.must)
            return not free.any() and not self.watch.over
        if found.relaxed is None:
            return not math.isfinite(found.bound)
        bounds = self.relaxation.pair_bounds(found.prices, found.relaxed)
        pairs = np.isfinite(bounds) & (bounds <= self.goal) & node.may
        if free.any() and pairs.sum() > _FEW * len(pairs):
            return False
        share = 0.25 if free.any() else 1.0
        answer = self.solve(node, pairs, share * self.watch.seconds_left)
        node.bound = max(node.bound, min(answer.bound, self.upper))
        return answer.status != "open"

    def whole_customers(self, root: _Climb, node: _Node) -> None:
        """Raise the root's bound by exact knapsacks, and look for a plan in a core."""
        if self.beaten(root.bound) or root.relaxed is None:
            return
        best = root
        if self.relaxation.can_be_whole:
            exact = self.climb(node, _EXACT_TURNS, _FIRST, whole=True)
            if exact.relaxed is not None and exact.bound > root.bound:
                best, self.lower = exact, exact.bound
                node.prices, node.bound = exact.prices, exact.bound
        if self.beaten(self.lower) or self.watch.over:
            return
        assert best.relaxed is not None
        pairs = self.relaxation.pair_bounds(best.prices, best.relaxed)
        sites = (best.rate > _RARE) | (root.rate > _RARE) | node.must
        rank = np.argsort(np.argsort(np.where(sites, pairs, math.inf), axis=1), axis=1)
        core = _Node(node.may & sites, node.must, best.prices, self.lower)
        some = core.may & (rank < _NEAR) & np.isfinite(self.problem.cost)
        self.solve(core, some, _CORE * self.total, gap=1e-4)
        self.improve(node, pairs, _IMPROVE * self.total)

    def improve(self, node: _Node, bounds: Floats, seconds: float) -> None:
        """Decide again about a few sites near each other and their customers, as long as it pays."""
        cost = np.where(np.isfinite(self.problem.cost), self.problem.cost, 1e300)
        random = np.random.default_rng(self.seed)
        until, size, waiting = self.watch.seconds + seconds, _REGION, np.empty(0, np.int64)
        while self.plan and size <= 2 * _REGION and not self.watch.over:
            plan, before = self.plan, self.upper
            if not len(waiting):
                waiting = random.permutation(plan.open)
            first, waiting = waiting[0], waiting[1:]
            near = np.argsort(cost[plan.customer[plan.site == first]].sum(axis=0), kind="stable")
            is_open = np.isin(np.arange(len(node.may)), plan.open)
            region = np.zeros(len(node.may), np.bool_)
            region[near[is_open[near]][:size]] = True
            region[near[~is_open[near] & node.may[near]][:size]] = True
            pairs = region & (bounds <= self.goal) & region[plan.site][:, None]
            pairs[plan.customer, plan.site] = True
            part = _Node(is_open | region, is_open & ~region, node.prices, self.lower)
            self.watch.work()
            self.solve(part, pairs, until - self.watch.seconds, gap=1e-4)
            if self.upper < before:
                waiting = np.empty(0, np.int64)
            elif not len(waiting):
                size += 1
            if self.watch.seconds >= until:
                return

    def solve(self, node: _Node, pairs: Bools, seconds: float, gap: float = 0.0) -> Answer:
        """Let HiGHS find what is better among these pairs, each tied to its site."""
        problem, model = self.problem, Model()
        n, m = problem.cost.shape
        low, high = node.must.astype(float), node.may.astype(float)
        y = model.add_columns(problem.opening, low, high, whole=True) + np.arange(m)
        customer, site = np.nonzero(pairs)
        count = np.arange(len(customer))
        x = model.add_columns(problem.cost[customer, site], whole=True) + count
        served = model.add_rows(n, 1.0, 1.0) + np.arange(n)
        model.add_entries(served[customer], x, 1.0)
        fits = model.add_rows(m, -math.inf, 0.0) + np.arange(m)
        model.add_entries(fits[site], x, problem.demand[customer])
        model.add_entries(fits, y, -self.relaxation.capacity)
        ties = model.add_rows(len(customer), -math.inf, 0.0) + count
        model.add_entries(ties, x, 1.0)
        model.add_entries(ties, y[site], -1.0)
        cover = []
        for weight, least, exact in self.relaxation.rows:
            row = model.add_rows(1, least, least if exact else math.inf)
            model.add_entries(row, y, weight)
            cover.append((row, max(least - float(weight @ low), 0.0)))
        start = None
        if self.plan is not None:  # serving nobody costs what is known: only better plans count
            known = self.upper - float(problem.opening @ low)
            none = model.add_columns(known, whole=True)
            model.add_entries(served, none, 1.0)
            for row, lacking in cover:
                model.add_entries(row, none, lacking)
            start = np.zeros(model.columns)
            start[y], start[-1] = low, 1.0
        answer = model.solve(
            seconds=min(seconds, self.watch.seconds_left), nodes=self.watch.work_left,
            cores=self.watch.stop.cores, seed=self.seed, gap=gap, start=start,
            absolute_gap=1.0 - 1e-6 if problem.whole else 0.0, tell=self._tell,
        )  # fmt: skip
        if answer.x is not None and (self.plan is None or answer.x[-1] < 0.5):
            chosen = answer.x[x] > 0.5
            opened = np.flatnonzero(answer.x[y] > 0.5)
            assigned = np.full(n, -1)
            assigned[customer[chosen]] = site[chosen]
            self.take(Plan.whole(opened, assigned))
        return answer

    def _tell(self, objective: float, bound: float) -> None:
        if self.tell:
            self.tell(min(objective, self.upper), max(bound, self.lower))

    def outcome(self) -> Located:
        if self.plan is None:
            status: Status = "infeasible" if self.exhausted else "unknown"
            return Located(status, None, math.inf, self.lower)
        lower = min(math.ceil(self.lower - 1e-6) if self.problem.whole else self.lower, self.upper)
        if self.upper - lower <= 1e-9 * abs(self.upper):
            return Located("optimal", self.plan, self.upper, self.upper)
        return Located("feasible", self.plan, self.upper, lower)
