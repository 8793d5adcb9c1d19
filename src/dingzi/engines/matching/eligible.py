"""Candidates: for each seeker the best vacancies that meet every hard condition.

A vacancy may be offered if it lies under an occupation the seeker wants, he has the education,
experience and certificates it asks, can work its shifts and hours, it pays what he asks, and it is
in his district and near enough. No list is cut by anything but its length: what ``choices``
leaves out is worth no more than its last entry.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..kernel import inlined, kernel
from .indexing import (
    GUARDS,
    HOURS_SHIFT,
    Asks,
    Heaps,
    Offers,
    Wants,
    Ways,
    asks_of,
    index_of,
    wants_of,
    ways_of,
)
from .lists import Lists
from .people import JobsProblem
from .settings import MatchingSettings

#: the gates in the order in which they are counted
GATES = ("occupation", "district", "travel", "qualification", "hours", "wage")
_QUALIFIED = (1 << 7) | (1 << 15)
_SHORT_ENOUGH = 1 << 24
_CERTIFIED = (1 << 48) - 1
_LAST = (1 << 31) - 1
#: a group with a heap in more than one of so many places is looked through from the nearest on
FEW = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """Everything a kernel reads, made once for a problem."""

    offers: Offers
    heaps: Heaps
    wants: Wants
    asks: Asks
    ways: Ways

    @property
    def arrays(self) -> tuple[Any, ...]:
        o, h, w, a, t = self.offers, self.heaps, self.wants, self.asks, self.ways
        return (
            (o.vacancy, o.occupation, o.wage_fen, o.wage_steps, o.least, o.bits),
            (h.place, h.wage_fen, h.wage_steps, h.bounds, h.at, h.most_steps),
            (w.offsets, w.code, w.level, w.group, w.begin, w.end, w.order),
            (a.wage_fen, a.wage_steps, a.most, a.bits, a.place, a.area, a.minutes),
            (t.minutes, t.area, t.nearest, t.near),
        )


def prepared(
    problem: JobsProblem, settings: MatchingSettings, open_: NDArray[np.bool_]
) -> Prepared:
    index = index_of(problem, settings, open_)
    return Prepared(
        offers=index.offers,
        heaps=index.heaps,
        wants=wants_of(problem.seekers, index),
        asks=asks_of(problem.seekers, settings),
        ways=ways_of(problem.travel, settings),
    )


def lists_of(problem: JobsProblem, settings: MatchingSettings, ready: Prepared) -> Lists:
    """Return each seeker's best ``choices`` vacancies, ties by the vacancy's number."""
    count, k = len(problem.seekers), settings.choices
    vacancy = np.full((count, k), -1, dtype=np.int32)
    score = np.zeros((count, k), dtype=np.int32)
    priority = np.zeros((count, k), dtype=np.int32)
    w, p = settings.weights, settings.points
    counted = np.array(
        [w.occupation, w.wage, w.travel, w.education, w.hours, p.education_rank, p.weekly_hour]
    )
    ranked = np.array(
        [w.fit, w.experience, w.schooling, w.nearness, p.experience_year, p.education_rank]
    )
    given, held = problem.vacancies, problem.seekers
    skills = (held.education, held.experience_years, given.education, given.experience_years)

    def some(begin: int, end: int) -> None:
        _best(begin, end, *ready.arrays, counted, vacancy, score, priority)
        _rank(ready.wants.order[begin:end], vacancy, held.place, given.place, *skills,
              ready.ways.minutes, ready.ways.near, ranked, priority)  # fmt: skip

    _in_threads(some, count, settings.stop.cores)
    return Lists(
        vacancy=vacancy,
        score=score,
        priority=priority,
        seats=given.seats,
        reserved=given.reserved,
        category=held.category,
        guaranteed=held.guaranteed,
        names=problem.names,
    )


def funnel(ready: Prepared, seekers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (len(seekers), 6): how many vacancies are left after each of ``GATES``."""
    left = np.zeros((len(seekers), len(GATES)), dtype=np.int64)
    _funnel(seekers, *ready.arrays, left)
    return left


def suited(ready: Prepared, vacancies: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (V,): how many seekers could be offered each of the ``vacancies`` marked."""
    found = np.zeros(len(vacancies), dtype=np.int64)
    if vacancies.any():
        _suited(*ready.arrays, vacancies, found)
    return found


def _in_threads(some: Any, count: int, cores: int) -> None:
    if cores == 1 or count < 1000:
        some(0, count)
        return
    cuts = np.linspace(0, count, 8 * cores + 1).astype(int)
    with ThreadPoolExecutor(cores) as pool:
        for done in [pool.submit(some, a, b) for a, b in itertools.pairwise(cuts)]:
            done.result()


@inlined
def _reach(place, only, limit, row, area):  # type: ignore[no-untyped-def]
    """Return how many gates a place passes: 1 occupation alone, 2 district too, 3 travel too."""
    if only >= 0 and area[place] != only:
        return 1
    if row[place] < 0 or row[place] > limit:
        return 2
    return 3


@inlined
def _suits(least, bits, pay, most, held, ask):  # type: ignore[no-untyped-def]
    """Return how many gates a vacancy within reach passes: 3 to 6."""
    fits = ((most | GUARDS) - least) & GUARDS
    lacks = bits & ~held
    if fits & _QUALIFIED != _QUALIFIED or lacks & _CERTIFIED != 0:
        return 3
    if fits & _SHORT_ENOUGH == 0 or lacks != 0:
        return 4
    if pay < ask:
        return 5
    return 6


@inlined
def _seen(at, first, code, level, occupation):  # type: ignore[no-untyped-def]
    """Whether a narrower want of the same seeker already has this vacancy."""
    for other in range(first, at):
        span = 1 if level[other] == 4 else 100 if level[other] == 3 else 10_000
        if level[other] == 1:
            span = 1_000_000
        if occupation // span == code[other] // span:
            return True
    return False


@kernel
def _best(  # type: ignore[no-untyped-def]
    start, stop, offered, heaps, wanted, asked, ways, counted, vacancy, score, priority
):
    o_vacancy, o_occupation, o_wage, o_steps, o_least, o_bits = offered
    h_place, h_wage, h_steps, h_bounds, h_at, h_most = heaps
    offsets, code, level, group, begin, end, order = wanted
    a_wage, a_steps, a_most, a_bits, a_place, a_area, a_minutes = asked
    minutes, area, nearest, near = ways
    w_occupation, w_wage, w_travel, w_education, w_hours, rank_points, hour_points = counted
    k = vacancy.shape[1]
    top_rank, least_hours = np.int64(0), np.int64(255)
    for least in o_least:
        top_rank = max(top_rank, least & 127)
        least_hours = min(least_hours, (least >> HOURS_SHIFT) & 255)
    places = len(area)
    # what is worth more first, then the lower number: one word each, with the want's level
    best = np.empty(k, dtype=np.int64)
    for n in range(start, stop):
        s = order[n]
        filled, floor = 0, np.int64(-1)
        most, held, ask, steps = a_most[s], a_bits[s], a_wage[s], a_steps[s]
        only, limit, row = a_area[s], a_minutes[s], minutes[a_place[s]]
        by_way = nearest[a_place[s]]
        education, hours = most & 127, (most >> HOURS_SHIFT) & 255
        # points that this seeker loses at any vacancy: what is beyond reach bounds nothing
        lost = w_education * min(100, rank_points * max(0, education - top_rank))
        lost += w_hours * max(0, 100 - hour_points * max(0, hours - least_hours))
        for at in range(offsets[s], offsets[s + 1]):
            named = w_occupation * 25 * level[at] + 100 * (w_education + w_hours)
            heaps_here = end[at] - begin[at]
            # a group of few heaps is looked through, of many the nearest first
            by_place = heaps_here * FEW > places
            at_most = w_wage * min(100, h_most[group[at]] - steps) - lost
            for turn in range(places if by_place else heaps_here):
                if by_place:
                    place = by_way[turn]
                    if row[place] < 0 or row[place] > limit:
                        break
                    # none further away can be worth enough
                    if named + w_travel * near[row[place]] + at_most < floor:
                        break
                    heap = np.int64(h_at[group[at], place])
                    if heap < 0 or (only >= 0 and area[place] != only):
                        continue
                else:
                    heap = np.int64(begin[at] + turn)
                    place = h_place[heap]
                    if _reach(place, only, limit, row, area) != 3:
                        continue
                reached = named + w_travel * near[row[place]]
                if (
                    h_wage[heap] < ask
                    or reached + w_wage * min(100, h_steps[heap] - steps) - lost < floor
                ):
                    continue
                for i in range(h_bounds[heap], h_bounds[heap + 1]):
                    paid = w_wage * min(100, o_steps[i] - steps)
                    # best paid first: none after this one pays enough, or can be worth enough
                    if o_wage[i] < ask or reached + paid - lost < floor:
                        break
                    least = o_least[i]
                    if _suits(least, o_bits[i], ask, most, held, ask) != 6:
                        continue
                    if _seen(at, offsets[s], code, level, o_occupation[i]):
                        continue
                    used = min(100, rank_points * (education - (least & 127)))
                    busy = max(0, 100 - hour_points * (hours - ((least >> HOURS_SHIFT) & 255)))
                    worth = reached + paid - w_education * used - w_hours * busy
                    key = (worth << 34) | ((_LAST - o_vacancy[i]) << 3) | level[at]
                    if filled == k and key < best[k - 1]:
                        continue
                    spot = filled if filled < k else k - 1
                    while spot > 0 and best[spot - 1] < key:
                        best[spot] = best[spot - 1]
                        spot -= 1
                    best[spot] = key
                    filled = min(filled + 1, k)
                    if filled == k:
                        floor = best[k - 1] >> 34
        for spot in range(filled):
            score[s, spot] = best[spot] >> 34
            vacancy[s, spot] = _LAST - ((best[spot] >> 3) & _LAST)
            priority[s, spot] = best[spot] & 7


@kernel
def _rank(  # type: ignore[no-untyped-def]
    seekers, vacancy, s_place, v_place, s_rank, s_years, v_rank, v_years, minutes, near, ranked,
    priority,
):  # fmt: skip
    # ``priority`` comes with the level of the want that found each vacancy, and leaves as the rank
    w_fit, w_experience, w_schooling, w_near, year_points, rank_points = ranked
    for s in seekers:
        for at in range(vacancy.shape[1]):
            v = vacancy[s, at]
            if v < 0:
                break
            years = min(100, year_points * (s_years[s] - v_years[v]))
            ranks = min(100, rank_points * (s_rank[s] - v_rank[v]))
            way = near[minutes[s_place[s], v_place[v]]]
            fit = 25 * priority[s, at]
            priority[s, at] = (
                w_fit * fit + w_experience * years + w_schooling * ranks + w_near * way
            )


@kernel
def _funnel(seekers, offered, heaps, wanted, asked, ways, left):  # type: ignore[no-untyped-def]
    _o_vacancy, o_occupation, o_wage, _o_steps, o_least, o_bits = offered
    h_place, _h_wage, _h_steps, h_bounds, _h_at, _h_most = heaps
    offsets, code, level, _group, begin, end, _order = wanted
    a_wage, _a_steps, a_most, a_bits, a_place, a_area, a_minutes = asked
    minutes, area, _nearest, _near = ways
    for n in range(len(seekers)):
        s = seekers[n]
        row = minutes[a_place[s]]
        for at in range(offsets[s], offsets[s + 1]):
            for heap in range(begin[at], end[at]):
                reached = _reach(h_place[heap], a_area[s], a_minutes[s], row, area)
                for i in range(h_bounds[heap], h_bounds[heap + 1]):
                    if _seen(at, offsets[s], code, level, o_occupation[i]):
                        continue
                    passed = reached
                    if reached == 3:
                        passed = _suits(
                            o_least[i], o_bits[i], o_wage[i], a_most[s], a_bits[s], a_wage[s]
                        )
                    for gate in range(passed):
                        left[n, gate] += 1


@kernel
def _suited(offered, heaps, wanted, asked, ways, marked, found):  # type: ignore[no-untyped-def]
    o_vacancy, o_occupation, o_wage, _o_steps, o_least, o_bits = offered
    h_place, _h_wage, _h_steps, h_bounds, _h_at, _h_most = heaps
    offsets, code, level, _group, begin, end, _order = wanted
    a_wage, _a_steps, a_most, a_bits, a_place, a_area, a_minutes = asked
    minutes, area, _nearest, _near = ways
    for s in range(len(a_place)):
        row = minutes[a_place[s]]
        for at in range(offsets[s], offsets[s + 1]):
            for heap in range(begin[at], end[at]):
                if _reach(h_place[heap], a_area[s], a_minutes[s], row, area) != 3:
                    continue
                for i in range(h_bounds[heap], h_bounds[heap + 1]):
                    if o_wage[i] < a_wage[s]:
                        break
                    v = o_vacancy[i]
                    if not marked[v] or _seen(at, offsets[s], code, level, o_occupation[i]):
                        continue
                    passed = _suits(
                        o_least[i], o_bits[i], o_wage[i], a_most[s], a_bits[s], a_wage[s]
                    )
                    if passed == 6:
                        found[v] += 1
