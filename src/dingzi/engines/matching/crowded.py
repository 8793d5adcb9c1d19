"""Guaranteed seats that cannot all be given: an irreducible set of seekers too many for their seats.

From a seeker who stays out when as many guaranteed ones as possible are seated, follow every seat
he could have to its holder, every seat that one could have, and so on (D. König 1931, P. Hall
1935). All seats met are full, and those who hold them and he are one more than the seats. Leave
out any one of them and the rest can sit: each moves up along the way to the one left out. Reserved
seats lie with the seekers of their category only.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .assignment import assign
from .lists import Lists


def too_many(lists: Lists) -> tuple[list[int], int]:
    """Return the seekers of such a set and the number of seats they share."""
    must = np.flatnonzero(lists.guaranteed)
    ones = np.where(lists.vacancy[must] >= 0, 1, 0)
    some = replace(
        lists,
        vacancy=lists.vacancy[must],
        score=ones,
        priority=np.zeros_like(ones),
        category=lists.category[must],
        guaranteed=np.zeros(len(must), dtype=bool),
        names=None,
    )
    choice = assign(some).choice
    if choice is None:  # everyone may pass by: there is always a flow
        raise RuntimeError("a flow without guarantees was refused")
    vacancy = some.at(some.vacancy, choice)
    first = int(np.flatnonzero(choice < 0)[0])
    held: dict[int, list[int]] = {}
    for one in np.flatnonzero(choice >= 0):
        held.setdefault(int(vacancy[one]), []).append(int(one))
    met, reached, ask = {first}, set(), [first]
    while ask:
        seeker = ask.pop()
        for v in (int(v) for v in some.vacancy[seeker] if v >= 0):
            open_to = _displaceable(some, held.get(v, []), v, int(some.category[seeker]))
            for other in open_to:
                if other not in met:
                    met.add(other)
                    ask.append(other)
            reached.add(v)
    return sorted(int(must[one]) for one in met), len(met) - 1


def _displaceable(lists: Lists, held: list[int], v: int, category: int) -> list[int]:
    """Return the holders at ``v`` who would leave a seat to one of ``category``.

    Where some hold seats of their own category's reserve, a seeker of another can only have one of
    the open seats: those of which the category holds more than are kept for it.
    """
    kept = lists.reserved[v]
    own: dict[int, list[int]] = {}
    for one in held:
        own.setdefault(int(lists.category[one]), []).append(one)
    out: list[int] = []
    for other, ones in own.items():
        least = int(kept[other]) if 0 <= other < len(kept) else 0
        if other == category or len(ones) > least:
            out += ones
    return out
