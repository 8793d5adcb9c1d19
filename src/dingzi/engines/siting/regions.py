"""Improving a seating region by region, each solved as a small model (POPMUSIC).

É. D. Taillard and S. Voß, in Essays and Surveys in Metaheuristics (2002). A region is a school with
those that compete for the same groups; all that happens inside it is decided anew.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from dingzi.engines.contract import Tell, Watch

from .network import (
    Bools,
    Floats,
    Ints,
    Network,
    Seating,
    infinite_penalty,
    shortfall,
    total_cost,
)
from .part import Part, PartModel

_RIVALS = 5
_NODES = 300
_SECONDS = 2.0
_FIRST_SIZE = 6
#: of a region's cost, in the first round and later
_FIRST_GAP, _GAP = 1e-3, 1e-4


@dataclass
class Improver:
    """A seating that gets better; ``run`` stops at ``until`` seconds or where nothing helps."""

    net: Network
    seating: Seating
    pairs: Bools
    states: Bools
    watch: Watch
    seed: int
    #: (S, T, K) how often relaxed solutions have a school in a state
    likely: Floats
    tell: Tell | None = None
    bound: float = -math.inf
    size: int = _FIRST_SIZE
    settled: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)
        self.unseated = infinite_penalty(self.net)
        self.lacking = self.unseated / max(1.0, float(np.median(self.net.load)))
        self.rivals = _rivals(self.net)
        self.cost = self.price(self.seating)

    @property
    def sound(self) -> bool:
        """Whether the seating breaks nothing."""
        return all((part < 1e-6).all() for part in shortfall(self.net, self.seating))

    def price(self, seating: Seating) -> float:
        """Return the objective, with a penalty for all that a seating breaks."""
        unseated, over, under = shortfall(self.net, seating)
        return (
            total_cost(self.net, seating)
            + self.unseated * float(unseated.sum())
            + self.lacking * float(over.sum() + under.sum())
        )

    def run(self, until: float) -> None:
        """Solve region after region until so many seconds, or until all are settled."""
        cores = self.watch.stop.cores
        with ThreadPoolExecutor(cores) as workers:
            while self.watch.seconds < until and not self.watch.over:
                regions = self._next_regions(cores)
                if not regions:
                    if self.size >= self.net.schools or self.size >= 16:
                        return
                    self.size = min(self.size + 2, self.net.schools)
                    continue
                solved = list(workers.map(self._solve, regions))
                for region, result in zip(regions, solved, strict=True):
                    self._take(region, result)
                if self.tell:
                    self.tell(self.cost, self.bound)

    def _next_regions(self, count: int) -> list[Ints]:
        """Return up to ``count`` regions that share no school.

        Those with faults come first, then those whose states relaxed solutions have least.
        """
        unseated, over, under = shortfall(self.net, self.seating)
        faulty = (over + under).sum(axis=1)
        for group in np.flatnonzero(unseated.sum(axis=1) > 1e-9):
            pairs = self.net.pairs_of_group[group]
            faulty[self.net.school[pairs]] += 1.0
        order = self.random.permutation(self.net.schools)
        now = self.seating.state[:, :, None]
        liked = np.take_along_axis(self.likely, now, 2).mean(axis=(1, 2))
        order = order[np.lexsort((liked[order], ~(faulty[order] > 1e-9)))]
        taken = np.zeros(self.net.schools, np.bool_)
        found: list[Ints] = []
        for school in order:
            if (int(school), self.size) in self.settled or taken[school]:
                continue
            free = self.rivals[school][~taken[self.rivals[school]]]
            region = np.sort(np.r_[school, free[: self.size - 1]])
            taken[region] = True
            self.settled.add((int(school), self.size))
            found.append(region)
            if len(found) == count:
                break
        return found

    def _solve(self, region: Ints) -> tuple[Seating, bool] | None:
        """Return the seating with this region decided anew, and whether that is proven best."""
        part = self._part(region)
        if not len(part.groups):
            return None
        model = PartModel(self.net, part)
        answer = model.solve(
            self.watch, seconds=_SECONDS if self.watch.stop.seconds else math.inf,
            nodes=_NODES, cores=1, seed=self.seed, begin=self.seating,
            gap=_GAP if self.size > _FIRST_SIZE else _FIRST_GAP,
        )  # fmt: skip
        if answer.x is None:
            return None
        return model.seating(answer.x, self.seating), answer.status == "optimal"

    def _part(self, region: Ints) -> Part:
        net = self.net
        inside = np.zeros(net.schools, np.bool_)
        inside[region] = True
        used = self.seating.share > 1e-9
        outside = np.zeros(net.groups, np.bool_)
        outside[net.group[(used & ~inside[net.school][:, None]).any(axis=1)]] = True
        touches = np.zeros(net.groups, np.bool_)
        touches[net.group[inside[net.school]]] = True
        groups = np.flatnonzero(touches & ~outside)
        fixed = used & outside[net.group][:, None]
        load = np.where(fixed, self.seating.share, 0.0) * net.load[net.group]
        barred = fixed & ~net.stays[:, None]
        by_year = [
            (
                np.bincount(net.school, load[:, year], net.schools),
                np.bincount(net.school, barred[:, year], net.schools) > 0,
            )
            for year in range(net.years)
        ]
        return Part(
            schools=region,
            groups=groups,
            pairs=self.pairs | used,
            states=self.states | _now(net, self.seating),
            used=np.stack([one for one, _ in by_year], 1),
            barred=np.stack([two for _, two in by_year], 1),
            unseated=self.unseated,
            lacking=self.lacking,
        )

    def _take(self, region: Ints, result: tuple[Seating, bool] | None) -> None:
        self.watch.work()
        if result is None:
            return
        seating = self._merged(region, result[0])
        cost = self.price(seating)
        if cost < self.cost - 1e-7 * abs(self.cost):
            self.seating, self.cost = seating, cost
            near = {int(one) for school in region for one in self.rivals[school][: self.size]}
            near |= {int(school) for school in region}
            self.settled = {key for key in self.settled if key[0] not in near}

    def _merged(self, region: Ints, other: Seating) -> Seating:
        """Return our seating with what another one changed in a region."""
        inside = np.zeros(self.net.schools, np.bool_)
        inside[region] = True
        pairs = inside[self.net.school]
        share, state = self.seating.share.copy(), self.seating.state.copy()
        share[pairs] = other.share[pairs]
        state[region] = other.state[region]
        return Seating(share, state)


def _now(net: Network, seating: Seating) -> Bools:
    return seating.state[:, :, None] == np.arange(net.states)


def _rivals(net: Network) -> list[Ints]:
    """Return for each school the others, those first that most groups weigh against it."""
    shared = np.zeros((net.schools, net.schools))
    cost = net.cost.mean(axis=1)
    for pairs in net.pairs_of_group:
        near = net.school[pairs[np.argsort(cost[pairs], kind="stable")[:_RIVALS]]]
        weight = 1.0 / (1.0 + np.arange(len(near)))
        shared[np.ix_(near, near)] += np.outer(weight, weight)
    np.fill_diagonal(shared, -1.0)
    return [np.argsort(-row, kind="stable")[:-1] for row in shared]


def promising(net: Network, seat_price: Floats, each: int) -> Bools:
    """Return (P, T) each group's ``each`` best pairs by cost and the price of seats, and its home."""
    reduced = net.cost + seat_price[net.school] * net.load[net.group]
    keep = np.zeros(reduced.shape, np.bool_)
    keep[net.home[net.home >= 0]] = True
    for pairs in net.pairs_of_group:
        best = np.argsort(reduced[pairs], axis=0, kind="stable")[:each]
        for year in range(net.years):
            keep[pairs[best[:, year]], year] = True
    return keep
