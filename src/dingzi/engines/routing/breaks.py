"""A driver's breaks and his lunch: where on a route they make his day shortest.

After so long a drive he rests, on the road just then or where he arrives. Waiting where he arrives
is rest as well, service is work. On each leg a driver rests as often as he must on the road, or
once more on arrival: to rest between service and leaving instead takes as long and leaves less of
the next drive. Lunch has its hour: it lies between two times, where he stands, on arrival or
before leaving; who begins his day late enough or ends it early enough has it at home. If it is as
long as a break it is one. So a day is a choice of legs with that one break more and of the leg with
lunch; of two beginnings of a day the one that is better by every measure is kept (A. Goel,
Transportation Science 43, 2009, on drivers' rules in vehicle routing; T. Vidal and others,
Computers & Operations Research 40, 2013, on joining timetables).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .problem import FOREVER, NO_WAY, Rules

#: where lunch is had
NOWHERE, LEAVING, ARRIVING = 0, 1, 2


class Leg(NamedTuple):
    """``service`` where it begins, then ``drive``; service may begin from ``early`` to ``late``."""

    service: int
    drive: int
    early: int
    late: int


class Pause(NamedTuple):
    """On one leg: so many breaks, lunch at its beginning or end (or not), and how long he stays."""

    breaks: int = 0
    lunch: int = NOWHERE
    stay: int = 0


class Course(NamedTuple):
    """The pauses of each leg of a day that begins no earlier and ends no later than told."""

    pauses: tuple[Pause, ...]
    begin: int
    end: int


class Step(NamedTuple):
    """``length`` goes by; what follows begins from ``early`` to ``late``."""

    length: int
    early: int
    late: int


class _Day(NamedTuple):
    """The beginning of a day: ``length`` with the least waiting, which it has if begun from
    ``first`` to ``last``; ``driven`` since the last break; whether lunch needs no more thought."""

    length: int
    first: int
    last: int
    driven: int
    eaten: bool
    begin: int
    pauses: tuple[Pause, ...]


def chosen(legs: list[Leg], early: int, late: int, rules: Rules) -> Course:
    """Return the course of the shortest day that begins from ``early`` to ``late``, in time everywhere.

    Where none is in time everywhere: the one that is least late, with as few breaks as must be.
    """
    ahead = sum(leg.drive for leg in legs)
    lost = any(leg.drive >= NO_WAY for leg in legs)
    if lost or rules.most_drive >= FOREVER or ahead <= rules.most_drive:
        rules = rules._replace(most_drive=FOREVER, rest=0)
        if lost or not rules.lunch:
            return Course((Pause(),) * len(legs), early, FOREVER)
    after, before = rules.lunch_early + rules.lunch, rules.lunch_late - rules.lunch
    days = [_Day(0, early, late, 0, not rules.lunch, early, ())]
    if rules.lunch and after <= late:  # he eats before he begins
        begin = max(early, after)
        days.append(_Day(0, begin, late, 0, True, begin, ()))
    for leg in legs:
        ahead -= leg.drive
        found = []
        for day in days:
            for pause, driven in _ways(day, leg, rules, ahead):
                one = _after(day, steps(leg, pause, rules), pause, driven)
                found += [] if one is None else [one]
        days = _best(found)
    whole = [(day, FOREVER) for day in days if day.eaten]
    for day in days:
        # he eats when he is back
        if not day.eaten and (home := _after(day, [Step(0, 0, before)], None, 0)) is not None:
            whole.append((home, before))
    if not whole:
        return _least_late(legs, early, late, rules)
    best, end = min(whole, key=lambda one: (one[0].length, sum(p.breaks for p in one[0].pauses)))
    return Course(best.pauses, best.begin, end)


def steps(leg: Leg, pause: Pause, rules: Rules) -> list[Step]:
    """Return what a driver does on a leg, one after the other, until service may begin."""
    drive = leg.drive + pause.breaks * rules.rest
    eats = [
        Step(0, 0, rules.lunch_late - rules.lunch),
        Step(pause.stay, rules.lunch_early + rules.lunch, FOREVER),
    ]
    if pause.lunch == LEAVING:
        return [Step(leg.service, 0, FOREVER), *eats, Step(drive, leg.early, leg.late)]
    if pause.lunch == ARRIVING:
        return [Step(leg.service + drive, 0, FOREVER), *eats, Step(0, leg.early, leg.late)]
    return [Step(leg.service + drive, leg.early, leg.late)]


def latest(legs: list[Leg], course: Course, late: int, rules: Rules) -> int:
    """Return how late a day may begin, and no later than ``late``, to be in time everywhere."""
    found = course.end
    for leg, pause in zip(reversed(legs), reversed(course.pauses), strict=True):
        for step in reversed(steps(leg, pause, rules)):
            found = min(found, step.late) - step.length
    return max(min(found, late), course.begin)


def times(leave: int, driven: int, drive: int, pauses: int, rules: Rules) -> tuple[list[int], int]:
    """Return when the breaks of a leg begin, and how long is driven since the last at its end."""
    if not pauses:
        return [], driven + drive
    must, left = _forced(driven, drive, rules.most_drive)
    between = rules.most_drive + rules.rest
    on_road = [leave + rules.most_drive - driven + n * between for n in range(must)]
    if pauses == must:
        return on_road, left
    return [*on_road, leave + drive + must * rules.rest], 0


def _forced(driven: int, drive: int, most_drive: int) -> tuple[int, int]:
    """Return how many breaks a drive needs on the road, and what is driven since the last."""
    must = max(0, -(-(driven + drive) // most_drive) - 1)
    return must, driven + drive - must * most_drive


def _ways(day: _Day, leg: Leg, rules: Rules, ahead: int) -> Iterator[tuple[Pause, int]]:
    """Give the pauses a leg may have, and what is driven since the last break at its end."""
    must, driven = _forced(day.driven, leg.drive, rules.most_drive)
    yield Pause(must), driven
    if driven + ahead > rules.most_drive:
        yield Pause(must + 1), 0
    if day.eaten:
        return
    for stay in rules.stays:
        rested = stay >= rules.rest
        yield Pause(must, ARRIVING, stay), 0 if rested else driven
        must_then, then = _forced(0 if rested else day.driven, leg.drive, rules.most_drive)
        yield Pause(must_then, LEAVING, stay), then
        if then + ahead > rules.most_drive:
            yield Pause(must_then + 1, LEAVING, stay), 0


def _after(day: _Day, taken: list[Step], pause: Pause | None, driven: int) -> _Day | None:
    """Join a leg to a day; None where that is too late."""
    length, first, last = day.length, day.first, day.last
    for step in taken:
        length += step.length
        wait = max(0, step.early - length - last)
        first = max(step.early - length, first) - wait
        last = min(step.late - length, last)
        length += wait
        if first > last:
            return None
    pauses = day.pauses if pause is None else (*day.pauses, pause)
    eaten = day.eaten or (pause is not None and pause.lunch != NOWHERE)
    return _Day(length, first, last, driven, eaten, day.begin, pauses)


def _best(days: list[_Day]) -> list[_Day]:
    """Keep the days that no other is at least as good as in all that follows."""
    kept: list[_Day] = []
    for day in sorted(
        days, key=lambda d: (d.driven, d.length, not d.eaten, sum(p.breaks for p in d.pauses))
    ):
        if not any(
            one.driven <= day.driven
            and one.length <= day.length
            and one.eaten >= day.eaten
            and one.last >= day.last
            and one.first + one.length <= day.first + day.length
            for one in kept
        ):
            kept.append(day)
    return kept


def _least_late(legs: list[Leg], early: int, late: int, rules: Rules) -> Course:
    """Return the course with as few breaks as must be whose lunch makes it least late."""
    breaks, driven = [], 0
    for leg in legs:
        must, driven = _forced(driven, leg.drive, rules.most_drive)
        breaks.append(Pause(must))
    if not rules.lunch:
        return Course(tuple(breaks), early, FOREVER)
    begin = max(early, rules.lunch_early + rules.lunch)
    courses = [
        Course(tuple(breaks), early, rules.lunch_late - rules.lunch),
        Course(tuple(breaks), begin, FOREVER),
    ]
    for at, pause in enumerate(breaks):
        eats = pause._replace(lunch=ARRIVING, stay=rules.lunch)
        courses.append(Course((*breaks[:at], eats, *breaks[at + 1 :]), early, FOREVER))
    return min(courses, key=lambda course: _missed(legs, course, late, rules))


def _missed(legs: list[Leg], course: Course, late: int, rules: Rules) -> int:
    now = latest(legs, course, late, rules)
    missed = max(0, now - late)
    for leg, pause in zip(legs, course.pauses, strict=True):
        for step in steps(leg, pause, rules):
            now = max(now + step.length, step.early)
            missed, now = missed + max(0, now - step.late), min(now, step.late)
    return missed + max(0, now - course.end)
