"""Whether a matching is stable, found without running deferred acceptance again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from .lists import Lists
from .lots import keys
from .settings import MatchingSettings
from .solution import Matching

#: below every key: there is a seat; above every key: there is none to be had
_FREE, _SHUT = np.int64(-1), np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Doors:
    """What a key must beat: ``open_`` (V,) for any seat, ``kept`` (V, C) for a reserved one."""

    open_: NDArray[np.int64]
    kept: NDArray[np.int64]
    too_many: NDArray[np.int64]


def overfull(lists: Lists, settings: MatchingSettings, solution: Matching) -> list[Reason]:
    """Return the vacancies that give more seats than they have, or reserved ones to others."""
    doors = _doors(lists, settings, solution)
    return [("matching_overfull", {"vacancy": int(v)}) for v in np.flatnonzero(doors.too_many > 0)]


def blocking_pairs(
    lists: Lists, settings: MatchingSettings, solution: Matching
) -> NDArray[np.int64]:
    """Return (n, 2) pairs of seeker and vacancy who would both rather have each other."""
    doors = _doors(lists, settings, solution)
    length = lists.vacancy.shape[1]
    until = np.where(solution.choice < 0, length, solution.choice)
    seeker, at = np.nonzero((np.arange(length) < until[:, None]) & (lists.vacancy >= 0))
    vacancy = lists.vacancy[seeker, at]
    key = keys(lists.priority[seeker, at], seeker, settings.seed)
    wanted = key > doors.open_[vacancy]
    category = lists.category[seeker].astype(np.int64)
    has = (category >= 0) & (category < lists.reserved.shape[1])
    if has.any():
        wanted[has] |= key[has] > doors.kept[vacancy[has], category[has]]
    return np.stack([seeker[wanted], vacancy[wanted]], axis=1)


def _doors(lists: Lists, settings: MatchingSettings, solution: Matching) -> _Doors:
    hard = settings.hard_reserve or settings.method == "assignment"
    got = solution.vacancy
    seeker = np.flatnonzero(got >= 0)
    vacancy = got[seeker].astype(np.int64)
    priority = lists.at(lists.priority, solution.choice)[seeker]
    key = keys(priority, seeker, settings.seed)
    kept = np.where(lists.reserved > 0, _FREE, _SHUT)
    in_open = np.ones(len(seeker), dtype=bool)
    room = lists.seats.astype(np.int64)
    for category in range(lists.reserved.shape[1]):
        most = lists.reserved[:, category].astype(np.int64)
        of = np.flatnonzero((lists.category[seeker] == category) & (most[vacancy] > 0))
        of = of[np.lexsort((-key[of], vacancy[of]))]
        place = _places(vacancy[of])
        inside = of[place < most[vacancy[of]]]
        in_open[inside] = False
        filled = np.bincount(vacancy[inside], minlength=len(room))
        lowest = np.full(len(room), _SHUT)
        np.minimum.at(lowest, vacancy[inside], key[inside])
        full = (filled == most) & (most > 0)
        kept[full, category] = lowest[full]
        room -= most if hard else filled
    taken = np.bincount(vacancy[in_open], minlength=len(room))
    lowest = np.full(len(room), _SHUT)
    np.minimum.at(lowest, vacancy[in_open], key[in_open])
    return _Doors(open_=np.where(taken < room, _FREE, lowest), kept=kept, too_many=taken - room)


def _places(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each element's place within its run of equal values."""
    new = np.ones(len(groups), dtype=bool)
    new[1:] = groups[1:] != groups[:-1]
    starts = np.flatnonzero(new)
    return np.arange(len(groups)) - starts[np.cumsum(new) - 1] if len(groups) else groups
