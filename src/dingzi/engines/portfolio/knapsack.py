"""The multi-constraint knapsack: evolve, join what the best disagree about, prove.

Rounds of ``evolving.evolve`` from different seeds; every other one begins from the best of the
earlier ones. Between rounds CP-SAT searches the items about which the best solutions disagree,
with those of the smallest reduced cost (kernel search: E. Angelelli, R. Mansini, M. G. Speranza,
2010). What time is left goes into the proof of a bound.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from ..contract import Tell, Watch
from .evolving import Bits, evolve, repair_orders
from .exact import Limit, restricted
from .problem import Ints
from .relaxation import Relaxed, prove, relax

#: one unit of ``Stop.work``
CHILDREN_PER_WORK = 1_000
_ROUND = 20
_STALE = 5
_KEPT = 12
#: shares of the stop: until when to evolve, and to search the core
_EVOLVE, _CORE = 0.6, 0.75


@dataclass
class _Best:
    """The solutions found so far, best first, all different."""

    value: Ints
    kept: list[Bits] = field(default_factory=list)

    def add(self, made: Bits) -> None:
        for one in made:
            if not any(np.array_equal(one, known) for known in self.kept):
                self.kept.append(one.copy())
        self.kept.sort(key=lambda one: (-int(self.value @ one), one.tobytes()))
        del self.kept[_KEPT:]

    @property
    def worth(self) -> int:
        return int(self.value @ self.kept[0])


@dataclass(frozen=True, slots=True)
class Packed:
    chosen: Bits
    bound: int


def pack(
    value: Ints, use: Ints, capacity: Ints, watch: Watch, seed: int, tell: Tell | None
) -> Packed:
    """Return a solution and a proven bound. ``use`` is (m, n); everything whole and not negative."""
    fits = (use <= capacity[:, None]).all(axis=0) & (value > 0)
    places = np.flatnonzero(fits)
    chosen = np.zeros(len(value), np.uint8)
    if not len(places):
        return Packed(chosen, 0)
    inner = _Packing(value[places], use[:, places], capacity, watch, seed, tell).run()
    chosen[places] = inner.chosen
    return Packed(chosen, inner.bound)


class _Packing:
    def __init__(
        self, value: Ints, use: Ints, capacity: Ints, watch: Watch, seed: int, tell: Tell | None
    ) -> None:
        self.value, self.use, self.capacity = value, use, capacity
        self.by_item = np.ascontiguousarray(use.T)
        self.falling = np.argsort(-value, kind="stable")
        self.watch, self.seed, self.tell = watch, seed, tell
        self.relaxed: Relaxed = relax(value, use, capacity)
        self.best = _Best(value)

    def run(self) -> Packed:
        self._evolve()
        self._search_core()
        return self._prove()

    def _used(self) -> float:
        """How much of the stop is used, as a share."""
        stop = self.watch.stop
        shares = [0.0]
        if stop.seconds is not None:
            shares.append(self.watch.seconds / stop.seconds)
        if stop.work is not None:
            shares.append(self.watch.done / stop.work)
        return max(shares)

    def _evolve(self) -> None:
        stale, turn = 0, 0
        workers = self.watch.stop.cores
        with ThreadPoolExecutor(workers) as pool:
            while stale < _STALE and (self._used() < _EVOLVE or not self.best.kept):
                before = self.best.worth if self.best.kept else -1
                began = np.array(self.best.kept if turn % 2 else [], np.uint8)
                units = self._units(turn, workers)
                turns = [turn * workers + k for k in range(workers)]
                made = pool.map(lambda at, b=began, u=units: self._round(at, b, u), turns)
                for one in made:
                    self.best.add(one)
                self.watch.work(units * workers)
                turn += 1
                stale = 0 if self.best.worth > before else stale + 1
                self._say()

    def _units(self, turn: int, workers: int) -> int:
        """Return how much a round may do: more each time, within what is left."""
        units = _ROUND * (1 + turn // 2)
        stop = self.watch.stop
        if stop.work is not None:
            units = min(units, int(_EVOLVE * stop.work / workers) or 1)
        if stop.seconds is not None and self.watch.done:
            pace = self.watch.done / workers / max(self.watch.seconds, 1e-3)
            units = min(units, int(pace * (_EVOLVE * stop.seconds - self.watch.seconds)) + 1)
        return max(units, 1)

    def _round(self, at: int, began: Bits, units: int) -> Bits:
        noise = (0.1, 0.1, 0.3, 0.03)[at % 4]
        orders = repair_orders(
            self.value, self.use, self.relaxed.prices, 16, noise, self.seed * 1009 + at
        )
        size = (60, 100, 40, 150)[at % 4]
        population, worth = evolve(
            self.value, self.by_item, self.capacity, orders, self.falling, self.relaxed.solution,
            began.reshape(-1, len(self.value)), size, units * CHILDREN_PER_WORK, at % 3 == 2,
            (self.seed * 7919 + at) % 2**31,
        )  # fmt: skip
        made: Bits = population[np.argsort(-worth, kind="stable")[:4]]
        return made

    def _search_core(self) -> None:
        """Search exactly what the best solutions disagree about, and the items priced closest."""
        closest = np.argsort(np.abs(self.relaxed.reduced), kind="stable")
        for size in (24, 32, 40, 48):
            if self._used() >= _CORE or self.best.worth >= int(self.relaxed.value):
                return
            kept = np.array(self.best.kept)
            free = kept.min(axis=0) != kept.max(axis=0)
            free[closest[:size]] = True
            stop = self.watch.stop
            seconds = 0.5 * (_CORE - self._used()) * (stop.seconds or math.inf)
            limit = Limit(seconds, deterministic=2.0, workers=stop.cores, seed=self.seed)
            found = restricted(self.value, self.use, self.capacity, free, self.best.kept[0], limit)
            if found is not None:
                self.best.add(found[None, :])
                self._say()

    def _prove(self) -> Packed:
        seconds, nodes = self.watch.seconds_left, self.watch.stop.work
        proof = prove(
            self.value, self.use, self.capacity, self.relaxed, self.best.kept[0], seconds, nodes
        )
        if proof.chosen is not None:
            self.best.add(proof.chosen[None, :])
        return Packed(self.best.kept[0], max(proof.bound, self.best.worth))

    def _say(self) -> None:
        if self.tell is not None:
            self.tell(self.best.worth, int(self.relaxed.value))
