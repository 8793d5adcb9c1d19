"""A driver's breaks: after so long a drive he rests, on the road just then or where he arrives.

Waiting where he arrives is rest as well, service is work. On each leg a driver rests as often as
he must on the road, or once more on arrival: to rest between service and leaving instead takes as
long and leaves less of the next drive. So a day is a choice of legs with that one break more; of
two beginnings of a day the one that is better by every measure is kept (A. Goel, Transportation
Science 43, 2009, on drivers' rules in vehicle routing; T. Vidal and others, Computers & Operations
Research 40, 2013, on joining timetables).
"""

from __future__ import annotations

from typing import NamedTuple

from .problem import FOREVER, NO_WAY


class Leg(NamedTuple):
    """``service`` where it begins, then ``drive``; service may begin from ``early`` to ``late``."""

    service: int
    drive: int
    early: int
    late: int


class _Day(NamedTuple):
    """The beginning of a day: ``length`` with the least waiting, which it has if begun from
    ``first`` to ``last``; ``driven`` since the last break; breaks of each leg so far."""

    length: int
    first: int
    last: int
    driven: int
    pauses: tuple[int, ...]


def chosen(legs: list[Leg], early: int, late: int, most_drive: int, rest: int) -> list[int]:
    """Return how many breaks to take on each leg for the shortest day that begins in time.

    Where no choice is in time everywhere: as few as must be.
    """
    ahead = sum(leg.drive for leg in legs)
    if most_drive >= FOREVER or ahead <= most_drive or any(leg.drive >= NO_WAY for leg in legs):
        return [0] * len(legs)
    days = [_Day(0, early, late, 0, ())]
    for number, leg in enumerate(legs, 1):
        ahead -= leg.drive
        found: list[_Day] = []
        for day in days:
            must, driven = _forced(day.driven, leg.drive, most_drive)
            found.append(_after(day, leg, must, driven, rest))
            if number < len(legs) and driven + ahead > most_drive:
                found.append(_after(day, leg, must + 1, 0, rest))
        days = _best([day for day in found if day.first <= day.last])
    if not days:
        return _fewest(legs, most_drive)
    return list(min(days, key=lambda day: (day.length, sum(day.pauses))).pauses)


def times(
    leave: int, driven: int, drive: int, pauses: int, most_drive: int, rest: int
) -> tuple[list[int], int]:
    """Return when the breaks of a leg begin, and how long is driven since the last at its end."""
    must, left = _forced(driven, drive, most_drive)
    if not pauses:
        return [], driven + drive
    on_road = [leave + most_drive - driven + n * (most_drive + rest) for n in range(must)]
    if pauses == must:
        return on_road, left
    return [*on_road, leave + drive + must * rest], 0


def _forced(driven: int, drive: int, most_drive: int) -> tuple[int, int]:
    """Return how many breaks a drive needs on the road, and what is driven since the last."""
    must = max(0, -(-(driven + drive) // most_drive) - 1)
    return must, driven + drive - must * most_drive


def _after(day: _Day, leg: Leg, pauses: int, driven: int, rest: int) -> _Day:
    """Join a leg to a day; ``first`` is after ``last`` where that is too late."""
    away = leg.service + leg.drive + pauses * rest
    arrive = day.length + away
    wait = max(0, leg.early - arrive - day.last)
    first = max(leg.early - arrive, day.first) - wait
    last = min(leg.late - arrive, day.last)
    return _Day(arrive + wait, first, last, driven, (*day.pauses, pauses))


def _best(days: list[_Day]) -> list[_Day]:
    """Keep the days that no other is at least as good as in all that follows."""
    kept: list[_Day] = []
    for day in sorted(days, key=lambda day: (day.driven, day.length, sum(day.pauses))):
        if not any(
            one.driven <= day.driven
            and one.length <= day.length
            and one.last >= day.last
            and one.first + one.length <= day.first + day.length
            for one in kept
        ):
            kept.append(day)
    return kept


def _fewest(legs: list[Leg], most_drive: int) -> list[int]:
    pauses, driven = [], 0
    for leg in legs:
        must, driven = _forced(driven, leg.drive, most_drive)
        pauses.append(must)
    return pauses
