"""The vacancies in the orders in which the kernels read them, the seekers' wants as runs of these.

Wants are prefixes of the classification, so every want is one run of the vacancies ordered by
occupation. They lie in four orders, one for each level of a want. Inside a run vacancies of one
place lie together (a heap), best paid first: one look at a heap tells whether it is near enough
and whether anything in it can still be worth a line on a list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import occupations
from .people import MOST_MINUTES, JobsProblem, Seekers, Travel
from .settings import MatchingSettings

#: where in one number the least education, years and hours lie; each has a free bit above it
YEARS_SHIFT, HOURS_SHIFT, SHIFTS_SHIFT = 8, 16, 48
GUARDS = (1 << 7) | (1 << 15) | (1 << 24)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offers:
    """(4V,) what each vacancy asks and gives, ordered for wants of level 1, then 2, 3 and 4."""

    vacancy: NDArray[np.int32]
    occupation: NDArray[np.int32]
    wage_fen: NDArray[np.int32]
    wage_steps: NDArray[np.int32]
    least: NDArray[np.int64]
    bits: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heaps:
    """(H,) runs of ``Offers`` of one occupation and place; ``bounds`` (H+1,) where they begin,
    unsigned, so that the kernels read ``Offers`` without testing for an index below nought.

    ``wage_fen`` and ``wage_steps`` are those of the best paid in each. ``at`` (G, P) is the heap of
    a group and a place, -1 for none; ``most_steps`` (G,) are the best paid of a whole group.
    """

    place: NDArray[np.int32]
    wage_fen: NDArray[np.int32]
    wage_steps: NDArray[np.int32]
    bounds: NDArray[np.uint32]
    at: NDArray[np.int32]
    most_steps: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wants:
    """Runs of ``Heaps``: of seeker s those from ``offsets[s]``, narrowest first.

    ``group`` is the row of ``Heaps.at``; ``order`` (S,) has seekers of like wants beside each other.
    """

    offsets: NDArray[np.int64]
    code: NDArray[np.int32]
    level: NDArray[np.int8]
    group: NDArray[np.int32]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    order: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """``Travel`` as the kernels read it.

    ``nearest`` (P, P): the places by their way from the row's place, those without one last;
    ``near`` (minutes,): points by minutes.
    """

    minutes: NDArray[np.int16]
    area: NDArray[np.int16]
    nearest: NDArray[np.int32]
    near: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asks:
    """(S,) what each seeker can and asks, in the form of ``Offers``."""

    wage_fen: NDArray[np.int32]
    wage_steps: NDArray[np.int32]
    most: NDArray[np.int64]
    bits: NDArray[np.int64]
    place: NDArray[np.int32]
    area: NDArray[np.int16]
    minutes: NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """Offers in their heaps, and each level's groups with the heaps that are theirs."""

    offers: Offers
    heaps: Heaps
    groups: tuple[NDArray[np.int64], ...]
    first_heap: tuple[NDArray[np.int64], ...]


def index_of(problem: JobsProblem, settings: MatchingSettings, open_: NDArray[np.bool_]) -> Index:
    """Order the vacancies that are ``open_`` (V,); those shut out are in no run."""
    given = problem.vacancies
    kept = np.flatnonzero(open_)
    orders, places, bounds, groups, firsts = [], [], [], [], []
    heaps = 0
    kept = kept[np.argsort(-given.wage_fen[kept], kind="stable")]
    kept = kept[_stable(given.place[kept])]
    codes, code = np.unique(given.occupation[kept], return_inverse=True)
    for level, span in enumerate(occupations.SPANS[1:]):
        group, of_code = np.unique(codes // span, return_inverse=True)
        order = _stable(of_code[code])
        chosen, group = kept[order], group[of_code[code[order]]]
        place = given.place[chosen]
        new = np.ones(len(kept), dtype=bool)
        new[1:] = (group[1:] != group[:-1]) | (place[1:] != place[:-1])
        starts = np.flatnonzero(new)
        of_heap = group[starts]
        fresh = np.ones(len(starts), dtype=bool)
        fresh[1:] = of_heap[1:] != of_heap[:-1]
        orders.append(chosen)
        places.append(place[starts])
        bounds.append(starts + level * len(kept))
        groups.append(of_heap[fresh])
        firsts.append(np.append(np.flatnonzero(fresh), len(starts)) + heaps)
        heaps += len(starts)
    order = np.concatenate(orders)
    least = (
        given.education.astype(np.int64)
        | given.experience_years.astype(np.int64) << YEARS_SHIFT
        | given.weekly_hours.astype(np.int64) << HOURS_SHIFT
    )
    bits = given.certificates | given.shifts.astype(np.int64) << SHIFTS_SHIFT
    offers = Offers(
        vacancy=order.astype(np.int32),
        occupation=given.occupation.astype(np.int32)[order],
        wage_fen=given.wage_fen[order],
        wage_steps=(given.wage_fen // np.int32(settings.points.wage_step_fen))[order],
        least=least[order],
        bits=bits[order],
    )
    ends = np.append(np.concatenate(bounds), len(order)).astype(np.uint32)
    place, steps = np.concatenate(places), offers.wage_steps[ends[:-1]]
    counts = np.concatenate([np.diff(first) for first in firsts]) if heaps else np.zeros(0, int)
    row = np.repeat(np.arange(len(counts)), counts)
    at = np.full((len(counts), problem.travel.places), -1, dtype=np.int32)
    at[row, place] = np.arange(heaps)
    # one at least: a want without a heap points at the first
    most = np.zeros(max(1, len(counts)), dtype=np.int32)
    np.maximum.at(most, row, steps)
    made = Heaps(
        place=place.astype(np.int32),
        wage_fen=offers.wage_fen[ends[:-1]],
        wage_steps=steps,
        bounds=ends,
        at=at,
        most_steps=most,
    )
    return Index(offers=offers, heaps=made, groups=tuple(groups), first_heap=tuple(firsts))


def _stable(ranks: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the stable order of small whole numbers; numpy counts those of 16 bits."""
    small = len(ranks) == 0 or ranks.max() < 2**16
    return np.argsort(ranks.astype(np.uint16) if small else ranks, kind="stable")


def wants_of(seekers: Seekers, index: Index) -> Wants:
    """Find for each want its heaps; none where nothing is offered under it."""
    levels = occupations.level(seekers.want_codes)
    # the narrowest first: by level inside each seeker's share
    owner = np.repeat(np.arange(len(seekers), dtype=np.int64), np.diff(seekers.want_offsets))
    order = np.argsort(owner * 4 + (4 - levels), kind="stable")  # nearly in order already
    code, level = seekers.want_codes[order], levels[order]
    begin = np.zeros(len(code), dtype=np.int32)
    end = np.zeros(len(code), dtype=np.int32)
    group = np.zeros(len(code), dtype=np.int32)
    rows = np.cumsum([0, *(len(groups) for groups in index.groups)])
    for at, (groups, first) in enumerate(zip(index.groups, index.first_heap, strict=True), 1):
        of = np.flatnonzero(level == at)
        if len(of) == 0 or len(groups) == 0:
            continue
        asked = code[of] // occupations.SPANS[at]
        found = np.minimum(np.searchsorted(groups, asked), len(groups) - 1)
        there = groups[found] == asked
        begin[of] = np.where(there, first[found], 0)
        end[of] = np.where(there, first[found + 1], 0)
        group[of] = np.where(there, found + rows[at - 1], 0)
    first_want = np.minimum(seekers.want_offsets[:-1], max(len(code) - 1, 0))
    return Wants(
        offsets=seekers.want_offsets,
        code=code.astype(np.int32),
        level=level.astype(np.int8),
        group=group,
        begin=begin,
        end=end,
        order=_stable(group[first_want]) if len(code) else np.arange(len(seekers)),
    )


def asks_of(seekers: Seekers, settings: MatchingSettings) -> Asks:
    """Put what seekers can and ask into the form of ``Offers``."""
    most = (
        seekers.education.astype(np.int64)
        | seekers.experience_years.astype(np.int64) << YEARS_SHIFT
        | seekers.most_weekly_hours.astype(np.int64) << HOURS_SHIFT
    )
    return Asks(
        wage_fen=seekers.least_wage_fen,
        wage_steps=seekers.least_wage_fen // np.int32(settings.points.wage_step_fen),
        most=most,
        bits=seekers.certificates | seekers.shifts.astype(np.int64) << SHIFTS_SHIFT,
        place=seekers.place,
        area=seekers.area,
        minutes=seekers.most_minutes,
    )


def ways_of(travel: Travel, settings: MatchingSettings) -> Ways:
    """Put the places in the order of their nearness, and points on every number of minutes."""
    points = settings.points.minutes_per_point
    minutes = np.arange(MOST_MINUTES + 1, dtype=np.int32)
    far = np.where(travel.minutes < 0, np.int16(MOST_MINUTES + 1), travel.minutes)
    return Ways(
        minutes=travel.minutes,
        area=travel.area,
        nearest=np.argsort(far, axis=1, kind="stable").astype(np.int32),
        near=np.maximum(100 - minutes // points, 0).astype(np.int32),
    )
