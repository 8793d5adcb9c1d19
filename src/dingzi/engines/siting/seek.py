"""Deciding a network: bound by prices, then regions or a core, then the whole where it is small."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dingzi.engines.contract import Status, Tell, Watch
from dingzi.engines.highs import Answer

from .network import Bools, Network, Seating
from .part import Part, PartModel, all_of
from .prices import Bound, Point, Prices, first_prices, raise_bound, worth_keeping
from .regions import Improver, promising
from .repair import repaired

#: pairs times years up to which the whole is left to HiGHS at the end
_SMALL = 40_000
_EACH = 5
_TURNS = 400
#: a state that so small a share of the relaxed solutions uses is left out of the core
_RARE = 0.005


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a network when the watch is over."""

    status: Status
    seating: Seating | None
    cost: float
    bound: float


def seek(net: Network, watch: Watch, *, seed: int, tell: Tell | None, gap: float) -> Outcome:
    """Find the cheapest seating, or one proven within ``gap`` of it."""
    search = _Seek(net, watch, seed, tell, gap)
    search.first_bound()
    # where every school is within everybody's reach, there are no regions
    if len(net.group) > 0.5 * net.groups * net.schools or net.schools <= 16:
        search.core()
        search.second_bound()
        search.whole()
    else:
        search.regions(0.7)
        search.second_bound()
        if search.small or search.seating is None:
            search.whole()
        else:
            search.regions(1.0)
    return search.outcome()


class _Seek:
    def __init__(
        self, net: Network, watch: Watch, seed: int, tell: Tell | None, gap: float
    ) -> None:
        self.net, self.watch, self.seed, self.tell, self.gap = net, watch, seed, tell, gap
        self.total = watch.stop.seconds or math.inf
        self.small = net.cost.size <= _SMALL
        self.relaxation = Prices(net)
        self.seating: Seating | None = None
        self.upper, self.lower = math.inf, -math.inf
        self.impossible = False

    @property
    def done(self) -> bool:
        if self.seating is None:
            return False
        return self.upper - self.lower <= max(self.gap, 1e-9) * abs(self.upper)

    def first_bound(self) -> None:
        self._raise(first_prices(self.relaxation), 0.2)
        first = repaired(self.net, self.bound.relaxed, self.watch)
        self.improver = Improver(
            self.net, first, self._promising(_EACH), self.net.reach, self.watch, self.seed,
            self.bound.states, self.tell, self.lower,
        )  # fmt: skip

    def second_bound(self) -> None:
        """With a solution at hand the steps are of the right length."""
        if not self.done and not self.watch.over:
            self._raise(self.bound.prices, 0.15)
            self.improver.bound = self.lower

    def _raise(self, prices: Point, share: float) -> None:
        bound = raise_bound(
            self.relaxation, prices, self.upper, self.watch, _TURNS, share * self.total
        )
        if bound.bound > self.lower:
            self.bound: Bound = bound
            self.lower = bound.bound
        if self.tell:
            self.tell(self.upper if self.seating else None, self.lower)

    def _promising(self, each: int) -> Bools:
        rows = np.arange(self.net.schools)[:, None]
        relaxed = self.bound.relaxed
        price = relaxed.ratio[rows, np.arange(self.net.years), relaxed.state]
        return promising(self.net, price, each)

    def regions(self, until: float) -> None:
        self.improver.run(until * self.total)
        if self.improver.sound and self.improver.cost < self.upper:
            self.upper, self.seating = self.improver.cost, self.improver.seating

    def core(self) -> None:
        """Decide among what the relaxed solutions use."""
        used = self.net.reach & (self.bound.states >= _RARE)
        part = all_of(self.net, self._promising(2 * _EACH), used)
        self._take(*self._solve(part, 0.35 * self.total, max(self.gap, 1e-4)))

    def whole(self) -> None:
        """Leave to HiGHS all that can still be better than what is known."""
        if self.done or self.watch.over:
            return
        part = all_of(self.net)
        if self.seating is not None:
            pairs, states = worth_keeping(self.relaxation, self.bound, self.upper)
            part = all_of(self.net, pairs, states)
        model, answer = self._solve(part, math.inf, max(self.gap, 1e-9))
        self.impossible = answer.status == "infeasible" and self.seating is None
        self._take(model, answer)
        # what was left out cannot be better than upper
        self.lower = max(self.lower, min(answer.bound, self.upper))

    def _solve(self, part: Part, seconds: float, gap: float) -> tuple[PartModel, Answer]:
        model = PartModel(self.net, part)
        answer = model.solve(
            self.watch, seconds=seconds, nodes=self.watch.work_left, cores=self.watch.stop.cores,
            seed=self.seed, gap=gap, begin=self.seating, tell=self._tell,
        )  # fmt: skip
        return model, answer

    def _tell(self, objective: float, bound: float) -> None:
        if self.tell:
            self.tell(min(objective, self.upper), max(bound, self.lower))

    def _take(self, model: PartModel, answer: Answer) -> None:
        if answer.x is None:
            return
        found = model.seating(answer.x, self.improver.seating)
        cost = self.improver.price(found)
        if cost < self.upper:
            self.upper, self.seating = cost, found

    def outcome(self) -> Outcome:
        if self.seating is None:
            status: Status = "infeasible" if self.impossible else "unknown"
            return Outcome(status, None, math.inf, self.lower)
        lower = min(self.lower, self.upper)
        status = "optimal" if self.upper - lower <= 1e-9 * abs(self.upper) else "feasible"
        return Outcome(status, self.seating, self.upper, lower)
