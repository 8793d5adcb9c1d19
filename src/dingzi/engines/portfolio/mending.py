"""Solutions of a knapsack with many limits, changed item by item and mended until they fit.

``x`` (n,) uint8 and ``load`` (m,) int64 are changed in place; ``use`` (n, m), ``capacity`` (m,) and
``order`` (n,), items by falling efficiency, are read.
"""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def turn(x, load, use, item):  # type: ignore[no-untyped-def]
    """Put an item in or take it out; nothing where ``item`` is below zero."""
    if item < 0:
        return
    sign = -1 if x[item] else 1
    x[item] = 1 - x[item]
    for i in range(load.size):
        load[i] += sign * use[item, i]


@njit(cache=True, nogil=True)
def mend(x, load, use, capacity, order, held):  # type: ignore[no-untyped-def]
    """Drop the least efficient until it fits, add what fits; ``held`` items stay as they are."""
    n, m = use.shape
    last = n - 1
    while True:
        fits = True
        for i in range(m):
            if load[i] > capacity[i]:
                fits = False
                break
        if fits:
            break
        while last >= 0 and (not x[order[last]] or held[order[last]]):
            last -= 1
        if last < 0:  # what is held does not fit: nothing is
            held[:] = False
            last = n - 1
        else:
            turn(x, load, use, order[last])
    for place in range(n):
        j = order[place]
        if x[j] or held[j]:
            continue
        fits = True
        for i in range(m):
            if load[i] + use[j, i] > capacity[i]:
                fits = False
                break
        if fits:
            turn(x, load, use, j)
