"""Good solutions of a multi-constraint knapsack, by evolution.

The scheme of P. C. Chu and J. E. Beasley (Journal of Heuristics 4, 1998): parents by tournament,
uniform crossover, two flips, a repair that drops and adds by efficiency, no twins. Efficiencies
come from the duals of the linear relaxation (as in G. R. Raidl and J. Gottlieb, 2005), in several
slightly disturbed orders, so that the repair does not always fall into the same hollow. Compiled,
because a child costs a few microseconds this way and nothing else of ours is so often repeated.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .mending import mend

Bits = NDArray[np.uint8]
Ints = NDArray[np.int64]


def repair_orders(
    value: Ints, use: Ints, duals: NDArray[np.float64], count: int, noise: float, seed: int
) -> Ints:
    """Return (count, n) orders of the items by falling efficiency; the first undisturbed.

    ``use`` is (m, n); ``duals`` (m,) are the prices of the linear relaxation, not negative.
    """
    random = np.random.default_rng(seed)
    factors = np.exp(noise * random.standard_normal((count, len(duals))))
    factors[0] = 1.0
    efficiency = value / ((factors * duals) @ use + 1e-9)
    return np.argsort(-efficiency, axis=1, kind="stable").astype(np.int64)


@njit(cache=True, nogil=True)
def _least(worth):  # type: ignore[no-untyped-def]
    """Where the least stands; a loop, because it compiles in a tenth of the time."""
    place = 0
    for q in range(worth.size):
        if worth[q] < worth[place]:
            place = q
    return place


@njit(cache=True, nogil=True)
def _swap(x, value, use, capacity, falling, load):  # type: ignore[no-untyped-def]
    """Exchange one item for a dearer one, the best such pair each time, until there is none."""
    n, m = value.size, capacity.size
    while True:
        most, into, out = 0, -1, -1
        for a in range(n):
            j = falling[a]
            if x[j]:
                continue
            for c in range(n - 1, a, -1):
                k = falling[c]
                if not x[k]:
                    continue
                gain = value[j] - value[k]
                if gain <= most:
                    break
                fits = True
                for i in range(m):
                    if load[i] + use[j, i] - use[k, i] > capacity[i]:
                        fits = False
                        break
                if fits:
                    most, into, out = gain, j, k
                    break
        if into < 0:
            return
        x[into] = 1
        x[out] = 0
        for i in range(m):
            load[i] += use[into, i] - use[out, i]


@njit(cache=True, nogil=True)
def evolve(value, use, capacity, orders, falling, likely, began, size, children, swap, seed):  # type: ignore[no-untyped-def]
    """Return a population and its values after so many children.

    Parameters
    ----------
    value : (n,) int64
    use : (n, m) int64, by item
    capacity : (m,) int64
    orders : (k, n) int64, as ``repair_orders`` returns them
    falling : (n,) int64, items by falling value
    likely : (n,) float64, the linear relaxation's solution: how the first ones are drawn
    began : (e, n) uint8, feasible solutions to begin with, at most ``size``
    size, children, swap, seed
        ``swap``: better each child that stays by exchanges.

    Returns ``population`` (size, n) uint8, all feasible, and ``worth`` (size,) int64.
    """
    np.random.seed(seed)
    n, m = value.size, capacity.size
    population = np.zeros((size, n), np.uint8)
    worth = np.zeros(size, np.int64)
    x = np.zeros(n, np.uint8)
    held = np.zeros(n, np.bool_)  # nothing is
    load = np.zeros(m, np.int64)
    for q in range(size):
        for i in range(m):
            load[i] = 0
        for j in range(n):
            x[j] = began[q, j] if q < began.shape[0] else 0
        if q >= began.shape[0]:
            for j in range(n):
                if np.random.random() < likely[j] * 0.96 + 0.02:
                    x[j] = 1
        for j in range(n):
            if x[j]:
                for i in range(m):
                    load[i] += use[j, i]
        mend(x, load, use, capacity, orders[np.random.randint(orders.shape[0])], held)
        for j in range(n):
            population[q, j] = x[j]
        for j in range(n):
            if x[j]:
                worth[q] += value[j]
    worst = _least(worth)
    for _ in range(children):
        a, rival = np.random.randint(size), np.random.randint(size)
        if worth[rival] > worth[a]:
            a = rival
        e, rival = np.random.randint(size), np.random.randint(size)
        if worth[rival] > worth[e]:
            e = rival
        for j in range(n):
            x[j] = population[a, j]
            if population[e, j] != x[j] and np.random.random() < 0.5:
                x[j] = population[e, j]
        for _flip in range(2):
            j = np.random.randint(n)
            x[j] = 1 - x[j]
        for i in range(m):
            load[i] = 0
        for j in range(n):
            if x[j]:
                for i in range(m):
                    load[i] += use[j, i]
        mend(x, load, use, capacity, orders[np.random.randint(orders.shape[0])], held)
        made = 0
        for j in range(n):
            if x[j]:
                made += value[j]
        if made <= worth[worst]:
            continue
        if swap:
            _swap(x, value, use, capacity, falling, load)
            made = 0
            for j in range(n):
                if x[j]:
                    made += value[j]
        twin = False
        for q in range(size):
            if worth[q] == made:
                twin = True
                for j in range(n):
                    if population[q, j] != x[j]:
                        twin = False
                        break
                if twin:
                    break
        if twin:
            continue
        for j in range(n):
            population[worst, j] = x[j]
        worth[worst] = made
        worst = _least(worth)
    return population, worth
