"""Deferred acceptance: many-to-one stable matching with capacities and reserved seats.

Seekers ask at the vacancies of their lists in turn; a vacancy holds the best so far and refuses the
rest, who ask on (D. Gale, L. Shapley, Am. Math. Monthly 69, 1962). The result is the same in
whatever order they ask, no pair blocks it, and no seeker can do better in any stable matching.

Reserved seats (I. Hafalir, M. Yenmez, M. Yildirim, Theoretical Economics 8, 2013): the best of each
category take the seats kept for it, everyone else competes for the open ones. Seats kept for a
category that nobody of it asks for are open too, unless the reserve is hard.

The seats of one vacancy lie in parts: the open ones, then those of each category. A seat is known
by the key of whoever holds it (``lots.keys``), from which he is told again; a free seat has a key
below all, one that may not be given a key above all. Of each part the least key stands apart, at
its door: most who ask are refused there. The others lie below it in a heap of eight ways, eight
keys to a line of memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kernel import inlined, kernel
from .lists import Lists
from .lots import FIRST, MASK, SECOND, mask_of

#: undo FIRST and SECOND
FIRST_BACK, SECOND_BACK = (np.int64(pow(int(one), -1, 2**32)) for one in (FIRST, SECOND))
FREE, SHUT = np.int64(-1), np.iinfo(np.int64).max
WAYS = 8


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
    seats = np.column_stack([lists.seats, lists.reserved])
    if hard_reserve:
        seats[:, 0] -= lists.reserved.sum(axis=1)
    choice = np.zeros(len(lists), dtype=np.int32) if begin is None else begin.astype(np.int32)
    proposals = _hold(
        lists.vacancy, lists.priority, lists.category, seats, choice, hard_reserve,
        mask_of(seed), first_seeker,
    )  # fmt: skip
    return Held(choice=choice, proposals=int(proposals))


@inlined
def _lot(seeker, mask):  # type: ignore[no-untyped-def]
    mixed = (seeker ^ mask) & MASK
    mixed = ((mixed ^ (mixed >> 16)) * FIRST) & MASK
    mixed = ((mixed ^ (mixed >> 13)) * SECOND) & MASK
    return mixed ^ (mixed >> 16)


@inlined
def _whose(lot, mask):  # type: ignore[no-untyped-def]
    """Return the seeker who drew a lot: the mixing, backwards."""
    mixed = ((lot ^ (lot >> 16)) * SECOND_BACK) & MASK
    mixed = ((mixed ^ (mixed >> 13) ^ (mixed >> 26)) * FIRST_BACK) & MASK
    return mixed ^ (mixed >> 16) ^ mask


@kernel
def _empty(seats):  # type: ignore[no-untyped-def]
    """Return the doors of parts that nobody sits in, and which ``rows`` of the heaps are whose."""
    parts = len(seats)
    spans = np.empty((parts, 2), dtype=np.uint32)
    count = 0
    for part in range(parts):
        spans[part, 0] = count
        count += max(seats[part] + WAYS - 2, 0) // WAYS
        spans[part, 1] = count
    doors = np.full(parts, FREE)
    rows = np.full((count, WAYS), FREE)
    for part in range(parts):
        if seats[part] == 0:
            doors[part] = SHUT
        elif spans[part, 0] < spans[part, 1]:
            # what fills up the last line is no seat
            rows[spans[part, 1] - 1, (seats[part] - 2) % WAYS + 1 :] = SHUT
    return doors, spans, rows


@inlined
def _least(rows, row):  # type: ignore[no-untyped-def]
    low, where = rows[row, 0], 0
    for n in range(1, WAYS):
        less = rows[row, n] < low
        where = n if less else where
        low = rows[row, n] if less else low
    return low, where


@inlined
def _seat(doors, spans, rows, part, key):  # type: ignore[no-untyped-def]
    """Give the seat of the least key of a part to a greater one."""
    # one way out: numba counts references to arrays in functions that have several
    begin, end = spans[part, 0], spans[part, 1]
    if begin < end:
        row = begin
        low, where = _least(rows, row)
        doors[part] = min(low, key)
        key = max(low, key)
        below = begin + where + 1
        while below < end:
            low, then = _least(rows, below)
            if key < low:
                break
            rows[row, where] = low
            row, where = below, then
            below = begin + WAYS * (row - begin) + where + 1
        rows[row, where] = key
    else:
        doors[part] = key


@kernel
def _hold(  # type: ignore[no-untyped-def]
    vacancy, priority, category, seats, choice, hard, mask, first_seeker
):
    count, length = vacancy.shape
    width = seats.shape[1]
    doors, spans, rows = _empty(seats.ravel())
    asking = np.arange(count).astype(np.uint32)
    proposals = 0
    while len(asking) > 0:
        # those put out in this round ask on in the next: independent reads, one after another
        out = 0
        for s in asking:
            lot = _lot(s + first_seeker, mask)
            own = category[s] + 1 if category[s] < width - 1 else 0
            begun = choice[s]
            at = begun
            choice[s] = -1
            while at < length and vacancy[s, at] >= 0:
                key = (np.int64(priority[s, at]) << 32) | lot
                part = np.uint32(vacancy[s, at] * width)
                left = key
                if own > 0 and key > doors[part + own]:
                    left = doors[part + own]
                    _seat(doors, spans, rows, part + own, key)
                    if left == FREE and not hard:
                        # one open seat fewer: whoever holds the last one has to go
                        left = SHUT
                if left > doors[part]:
                    least = doors[part]
                    _seat(doors, spans, rows, part, left)
                    left = least
                if left != key:
                    proposals += 1
                    choice[s] = at
                    if left != FREE:
                        who = np.uint32(_whose(left & MASK, mask) - first_seeker)
                        choice[who] += 1
                        asking[out] = who
                        out += 1
                    break
                at += 1
            proposals += at - begun
        asking = asking[:out]
    return proposals
