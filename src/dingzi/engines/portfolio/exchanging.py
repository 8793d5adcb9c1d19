"""Good solutions of a multi-constraint knapsack, by exchanges of up to two items for up to two.

Iterated local search (H. R. Lourenço, O. C. Martin, T. Stützle, 2003) among the items that the
linear relaxation is least sure of (the core: J. Puchinger, G. R. Raidl, U. Pferschy, 2010): a few of
them are turned over, the rest repaired, then the best exchange is made as long as there is one.
Most pairs of exchanges are told apart by one comparison, because what is added can weigh no more
in prices of the relaxation than there is room. Compiled, as in ``evolving``.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .evolving import Bits, Ints
from .mending import mend, turn

Floats = NDArray[np.float64]
#: an exchange is tried on from a solution worth at most this share less than the last one
_WORSE = 20_000


def _pairs(core: Ints, value: Ints, weight: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """Return every item and pair of the core by falling value: first, second or -1, value, weight."""
    a, b = np.tril_indices(len(core), -1)
    first = np.concatenate([core, core[a]])
    second = np.concatenate([np.full(len(core), -1), core[b]])
    worth = value[first] + np.where(second < 0, 0, value[second])
    priced = weight[first] + np.where(second < 0, 0.0, weight[second])
    order = np.argsort(-worth, kind="stable")
    return first[order], second[order], worth[order], priced[order]


@njit(cache=True, nogil=True)
def _among(x, inside, first, second, worth, priced):  # type: ignore[no-untyped-def]
    """Return those of the pairs whose items are all in the solution, or all out of it."""
    kept = np.empty(first.size, np.int64)
    count = 0
    for at in range(first.size):
        if x[first[at]] == inside and (second[at] < 0 or x[second[at]] == inside):
            kept[count] = at
            count += 1
    kept = kept[:count]
    return first[kept], second[kept], worth[kept], priced[kept]


@njit(cache=True, nogil=True)
def _first_below(worth, high):  # type: ignore[no-untyped-def]
    low, end = 0, worth.size
    while low < end:
        middle = (low + end) // 2
        if worth[middle] > high:
            low = middle + 1
        else:
            end = middle
    return low


@njit(cache=True, nogil=True)
def _descend(x, load, use, capacity, prices, pairs):  # type: ignore[no-untyped-def]
    """Make the best exchange, again and again, until none gains."""
    m = capacity.size
    slack = np.empty(m, np.int64)
    hit = 0  # the constraint that was in the way last
    while True:
        out1, out2, out_worth, out_priced = _among(x, 1, *pairs)
        in1, in2, in_worth, in_priced = _among(x, 0, *pairs)
        room = 1e-6
        for i in range(m):
            room += prices[i] * (capacity[i] - load[i])
        dearest = 0.0  # what an addition is worth beyond its weight, at most
        for at in range(in1.size):
            dearest = max(dearest, in_worth[at] - in_priced[at])
        most, into, out = 0, -1, -1
        for r in range(-1, out1.size):
            lost = 0 if r < 0 else out_worth[r]
            free = room if r < 0 else room + out_priced[r]
            if free + dearest - lost <= most:
                continue
            ready = False
            for at in range(_first_below(in_worth, free + dearest), in1.size):
                if in_worth[at] <= lost + most:
                    break
                if in_priced[at] > free:
                    continue
                if not ready:
                    for i in range(m):
                        slack[i] = capacity[i] - load[i]
                        if r >= 0:
                            slack[i] += use[out1[r], i]
                            if out2[r] >= 0:
                                slack[i] += use[out2[r], i]
                    ready = True
                a, b = in1[at], in2[at]
                fits = use[a, hit] + (use[b, hit] if b >= 0 else 0) <= slack[hit]
                if fits:
                    for i in range(m):
                        if use[a, i] + (use[b, i] if b >= 0 else 0) > slack[i]:
                            fits = False
                            hit = i
                            break
                if fits:
                    most, into, out = in_worth[at] - lost, at, r
                    break
        if into < 0:
            return
        if out >= 0:
            turn(x, load, use, out1[out])
            turn(x, load, use, out2[out])
        turn(x, load, use, in1[into])
        turn(x, load, use, in2[into])


def exchange(
    begin: Bits, value: Ints, use: Ints, capacity: Ints, prices: Floats, orders: Ints, core: Ints,
    turns: int, seed: int,
) -> Bits:  # fmt: skip
    """Return the best solution (n,) uint8 found from ``begin`` (n,), feasible, in so many turns.

    Parameters
    ----------
    value : (n,) int64
    use : (n, m) int64, by item
    capacity : (m,) int64
    prices : (m,) float64, of the linear relaxation
    orders : (k, n) int64, as ``evolving.repair_orders`` returns them
    core : (c,) int64, items, those that are least sure first
    """
    pairs = _pairs(core, value, use @ prices)
    found: Bits = _exchange(begin, value, use, capacity, prices, orders, core, pairs, turns, seed)
    return found


@njit(cache=True, nogil=True)
def _value(x, value):  # type: ignore[no-untyped-def]
    made = 0
    for j in range(x.size):
        if x[j]:
            made += value[j]
    return made


@njit(cache=True, nogil=True)
def _fill(x, load, use):  # type: ignore[no-untyped-def]
    """Count what a solution uses into ``load``."""
    for i in range(load.size):
        load[i] = 0
        for j in range(x.size):
            if x[j]:
                load[i] += use[j, i]


@njit(cache=True, nogil=True)
def _exchange(begin, value, use, capacity, prices, orders, core, pairs, turns, seed):  # type: ignore[no-untyped-def]
    np.random.seed(seed)
    n, m = use.shape
    x = begin.copy()
    load = np.zeros(m, np.int64)
    _fill(x, load, use)
    _descend(x, load, use, capacity, prices, pairs)
    now, now_load, best = x.copy(), load.copy(), x.copy()
    worth = _value(x, value)
    reached, stale = worth, 0
    held = np.zeros(n, np.bool_)
    for _ in range(turns):
        x[:] = now
        load[:] = now_load
        held[:] = False
        for _kick in range(1 + np.random.randint(4)):
            j = core[int(core.size * np.random.random() ** 1.5)]
            if not held[j]:
                held[j] = True
                turn(x, load, use, j)
        mend(x, load, use, capacity, orders[np.random.randint(orders.shape[0])], held)
        _descend(x, load, use, capacity, prices, pairs)
        made = _value(x, value)
        stale += 1
        if made > reached:
            reached, stale = made, 0
            best[:] = x
        if made >= worth - reached // _WORSE:
            worth = made
            now[:] = x
            now_load[:] = load
        elif stale > 500:
            stale, worth = 0, reached
            now[:] = best
            _fill(now, now_load, use)
    return best
