"""The multi-constraint knapsack: prove what is easy, evolve and exchange, join, prove.

A short branch and bound settles small problems. Else rounds of ``evolving.evolve`` from different
seeds and of ``exchanging.exchange`` from the best of them take turns; then CP-SAT searches the items
about which the best solutions disagree, with those of the smallest reduced cost (kernel search:
E. Angelelli, R. Mansini, M. G. Speranza, 2010). What time is left goes into the proof of a bound.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from ..contract import Tell, Watch
from ..interrupting import interrupted
from .evolving import Bits, evolve, repair_orders
from .exact import Limit, restricted
from .exchanging import exchange
from .problem import Ints
from .relaxation import Relaxed, prove, relax

#: one unit of ``Stop.work``
CHILDREN_PER_WORK = 1_000
TURNS_PER_WORK = 10
_ROUND = 20
#: units after which a round looks at the clock
_PIECE = 40
_STALE = 6
_KEPT = 12
#: Proofs take turns with improvement: a share of the stop for a proof, until when to improve after
#: it, and what share of the gap to the relaxation earlier proofs must have closed for this one.
_STAGES = ((0.04, 0.12, 0.0), (0.1, 0.4, 0.0), (0.2, 0.8, 0.15))
#: until what share of the stop the core is searched; CP-SAT's deterministic time for a unit of work
_CORE, _CORE_PER_WORK = 0.88, 0.005


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
        self.closest = np.argsort(np.abs(self.relaxed.reduced), kind="stable")
        self.bound = self.relaxed.bound
        self.turn = 0
        self.pace = 0.0  # seconds a unit, of the last round
        self.best = _Best(value)
        self.best.add(self._greedy()[None, :])

    def run(self) -> Packed:
        for share, until, closed in _STAGES:
            gap = self.relaxed.bound - self.best.worth
            if self.relaxed.bound - self.bound >= closed * gap:
                self._prove(share)
            self._improve(until)
        self._search_core()
        self._prove(1.0)
        return Packed(self.best.kept[0], self.bound)

    @property
    def _open(self) -> bool:
        return self.best.worth < self.bound

    def _greedy(self) -> Bits:
        """Return what fits by efficiency in prices of the relaxation."""
        made = np.zeros(len(self.value), np.uint8)
        load = np.zeros(len(self.capacity), np.int64)
        for item in repair_orders(self.value, self.use, self.relaxed.prices, 1, 0.0, 0)[0]:
            if (load + self.by_item[item] <= self.capacity).all():
                made[item] = 1
                load += self.by_item[item]
        return made

    def _used(self) -> float:
        """How much of the stop is used, as a share."""
        stop = self.watch.stop
        shares = [1.0 if interrupted() else 0.0]
        if stop.seconds is not None:
            shares.append(self.watch.seconds / stop.seconds)
        if stop.work is not None:
            shares.append(self.watch.done / stop.work)
        return max(shares)

    def _improve(self, until: float) -> None:
        """Take turns until this share of the stop is used, or they no longer help."""
        stale = 0
        workers = self.watch.stop.cores
        with ThreadPoolExecutor(workers) as pool:
            while stale < _STALE and self._open and self._used() < until:
                before = self.best.worth
                units = self._units(until)
                turns = range(self.turn * workers, (self.turn + 1) * workers)
                kept, begun = np.array(self.best.kept, np.uint8), self.watch.seconds
                made = pool.map(lambda at, k=kept, u=units: self._round(at, k, u, until), turns)
                for one in made:
                    self.best.add(one)
                self.watch.work(units * workers)
                self.pace = (self.watch.seconds - begun) / units
                self.turn += 1
                stale = 0 if self.best.worth > before else stale + 1
                self._say()

    def _units(self, until: float) -> int:
        """Return how much a round may do: more each time, within what is left."""
        units = _ROUND * (1 + self.turn // 2)
        stop, workers = self.watch.stop, self.watch.stop.cores
        if stop.work is not None:
            units = min(units, int(until * stop.work / workers) or 1)
        if stop.seconds is not None and self.pace:
            units = min(units, int((until * stop.seconds - self.watch.seconds) / self.pace) + 1)
        return max(units, 1)

    def _round(self, at: int, kept: Bits, units: int, until: float) -> Bits:
        """Evolve anew, evolve from the best, exchange from one of them, in turns.

        In pieces, so that the stop is heard within one.
        """
        kind, number = at % 3, at // 3
        seed = (self.seed * 7919 + at) % 2**31
        orders = repair_orders(
            self.value, self.use, self.relaxed.prices, 16, (0.1, 0.1, 0.3, 0.03)[number % 4],
            self.seed * 1009 + at,
        )  # fmt: skip
        core = self.closest[: (60, 60, 90, 40)[number % 4]]
        size = (60, 100, 40, 150)[number % 4]
        made = kept[number % min(4, len(kept))][None, :] if kind == 2 else kept[: len(kept) * kind]
        for begun in range(0, units, _PIECE):
            if begun and self._used() >= until:
                break
            piece = min(_PIECE, units - begun)
            if kind == 2:
                made = exchange(
                    made[0], self.value, self.by_item, self.capacity, self.relaxed.prices, orders,
                    core, piece * TURNS_PER_WORK, (seed + begun) % 2**31,
                )[None, :]  # fmt: skip
                continue
            made, worth = evolve(
                self.value, self.by_item, self.capacity, orders, self.falling,
                self.relaxed.solution, made, size, piece * CHILDREN_PER_WORK, number % 3 == 2,
                (seed + begun) % 2**31,
            )  # fmt: skip
            made = made[np.argsort(-worth, kind="stable")]
        best: Bits = made[:4]
        return best

    def _search_core(self) -> None:
        """Search exactly what the best solutions disagree about, and the items priced closest."""
        for size in (24, 32, 40, 48):
            if self._used() >= _CORE or not self._open:
                return
            kept = np.array(self.best.kept)
            free = kept.min(axis=0) != kept.max(axis=0)
            free[self.closest[:size]] = True
            stop = self.watch.stop
            seconds = 0.5 * (_CORE - self._used()) * (stop.seconds or math.inf)
            work = 2.0 if stop.work is None else min(2.0, _CORE_PER_WORK * stop.work)
            limit = Limit(seconds, deterministic=work, workers=stop.cores, seed=self.seed)
            found = restricted(self.value, self.use, self.capacity, free, self.best.kept[0], limit)
            if found is not None:
                self.best.add(found[None, :])
                self._say()

    def _prove(self, share: float) -> None:
        """Spend a share of the stop on a bound, or all that is left."""
        if not self._open:
            return
        stop = self.watch.stop
        seconds = min(self.watch.seconds_left, share * (stop.seconds or math.inf))
        nodes = None if stop.work is None else max(1, int(share * stop.work))
        proof = prove(
            self.value, self.use, self.capacity, self.relaxed, self.best.kept[0], seconds, nodes
        )
        if proof.chosen is not None:
            self.best.add(proof.chosen[None, :])
        self.bound = max(min(self.bound, proof.bound), self.best.worth)
        self._say()

    def _say(self) -> None:
        if self.tell is not None:
            self.tell(self.best.worth, self.bound)
