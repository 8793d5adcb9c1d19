"""Deferred acceptance: many-to-one stable matching with capacities and reserved seats.

Seekers ask at the vacancies of their lists in turn; a vacancy holds the best so far and refuses the
rest, who ask on (D. Gale, L. Shapley, Am. Math. Monthly 69, 1962). The result is the same in
whatever order they ask, no pair blocks it, and no seeker can do better in any stable matching.

Reserved seats (I. Hafalir, M. Yenmez, M. Yildirim, Theoretical Economics 8, 2013): the best of each
category take the seats kept for it, everyone else competes for the open ones. Seats kept for a
category that nobody of it asks for are open too, unless the reserve is hard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kernel import inlined, kernel
from .lists import Lists
from .lots import FIRST, MASK, SECOND, mask_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """Who is held where.

    Parameters
    ----------
    choice : (S,) int32, place on his list at which each seeker is held; -1 for nowhere.
    proposals : how often a seeker asked.
    """

    choice: NDArray[np.int32]
    proposals: int


def hold(
    lists: Lists,
    *,
    seed: int,
    hard_reserve: bool,
    begin: NDArray[np.int32] | None = None,
    first_seeker: int = 0,
) -> Held:
    """Run deferred acceptance.

    Parameters
    ----------
    begin : (S,) int32, from which place of his list each seeker asks; None for the first.
    first_seeker : number of the first of these seekers, where they are a share of all.
    """
    categories = lists.reserved.shape[1]
    width = categories + 1
    seats = np.empty((len(lists.seats), width), dtype=np.int64)
    seats[:, 0] = lists.seats
    seats[:, 1:] = lists.reserved
    offsets = np.cumsum(seats.ravel()) - seats.ravel()
    # for each part of a vacancy (open, then each category): where its heap lies, how many it
    # holds and may hold
    parts = np.zeros((len(lists.seats) * width, 4), dtype=np.int32)
    parts[:, 0] = offsets
    parts[:, 2] = seats.ravel()
    if hard_reserve:
        parts[::width, 2] -= lists.reserved.sum(axis=1)
    heap = np.empty((int(seats.sum()), 2), dtype=np.int64)
    choice = np.zeros(len(lists), dtype=np.int32) if begin is None else begin.astype(np.int32)
    proposals = _hold(
        lists.vacancy, lists.priority, lists.category, parts, heap, choice, width, hard_reserve,
        np.int64(mask_of(seed)), np.int64(first_seeker),
    )  # fmt: skip
    return Held(choice=choice, proposals=int(proposals))


@inlined
def _lot(seeker, mask):  # type: ignore[no-untyped-def]
    mixed = (seeker ^ mask) & MASK
    mixed = ((mixed ^ (mixed >> 16)) * FIRST) & MASK
    mixed = ((mixed ^ (mixed >> 13)) * SECOND) & MASK
    return mixed ^ (mixed >> 16)


@inlined
def _push(heap, start, count, key, who):  # type: ignore[no-untyped-def]
    """Add to a heap whose root is the lowest key."""
    at = count
    while at > 0:
        up = (at - 1) >> 1
        if heap[start + up, 0] < key:
            break
        heap[start + at, 0], heap[start + at, 1] = heap[start + up, 0], heap[start + up, 1]
        at = up
    heap[start + at, 0], heap[start + at, 1] = key, who


@inlined
def _sink(heap, start, count, key, who):  # type: ignore[no-untyped-def]
    """Put in place of the root and let it sink."""
    at = 0
    while True:
        down = 2 * at + 1
        if down >= count:
            break
        if down + 1 < count and heap[start + down + 1, 0] < heap[start + down, 0]:
            down += 1
        if heap[start + down, 0] > key:
            break
        heap[start + at, 0], heap[start + at, 1] = heap[start + down, 0], heap[start + down, 1]
        at = down
    heap[start + at, 0], heap[start + at, 1] = key, who


@kernel
def _hold(  # type: ignore[no-untyped-def]
    vacancy, priority, category, parts, heap, choice, width, hard, mask, first
):
    count, length = vacancy.shape
    # vacancy and priority side by side: one look into memory for each time a seeker asks
    lines = np.empty((count, length, 2), dtype=np.int32)
    for s in range(count):
        for at in range(length):
            lines[s, at, 0], lines[s, at, 1] = vacancy[s, at], priority[s, at]
    asking = np.empty(count, dtype=np.int32)
    for s in range(count):
        asking[s] = s
    proposals = 0
    while len(asking) > 0:
        # those refused in this round ask again in the next: independent reads, one after another
        refused = 0
        for n in range(len(asking)):
            s = asking[n]
            at = choice[s]
            v = lines[s, at, 0] if at < length else -1
            if v < 0:
                choice[s] = -1
                continue
            proposals += 1
            key = (np.int64(lines[s, at, 1]) << 32) | _lot(np.int64(s) + first, mask)
            who = np.int64(s)
            part = v * width
            if width > 1 and category[s] >= 0 and category[s] < width - 1:
                kept = part + 1 + category[s]
                start, held, most = parts[kept, 0], parts[kept, 1], parts[kept, 2]
                if held < most:
                    _push(heap, start, held, key, who)
                    parts[kept, 1] += 1
                    if hard:
                        continue
                    # one open seat fewer: whoever holds the last one has to go
                    parts[part, 2] -= 1
                    if parts[part, 1] <= parts[part, 2]:
                        continue
                    start, held = parts[part, 0], parts[part, 1]
                    who = heap[start, 1]
                    last = start + held - 1
                    _sink(heap, start, held - 1, heap[last, 0], heap[last, 1])
                    parts[part, 1] -= 1
                    asking[refused] = who
                    choice[who] += 1
                    refused += 1
                    continue
                if most > 0 and key > heap[start, 0]:
                    lower, out = heap[start, 0], heap[start, 1]
                    _sink(heap, start, held, key, who)
                    key, who = lower, out
            start, held, most = parts[part, 0], parts[part, 1], parts[part, 2]
            if held < most:
                _push(heap, start, held, key, who)
                parts[part, 1] += 1
                continue
            if most > 0 and key > heap[start, 0]:
                out = heap[start, 1]
                _sink(heap, start, held, key, who)
                who = out
            asking[refused] = who
            choice[who] += 1
            refused += 1
        asking = asking[:refused]
    return proposals
