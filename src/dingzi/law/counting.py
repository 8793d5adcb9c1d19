"""On which day a deadline ends: arithmetic only, for every case that is filed.

Rules (民法典 200-204): the first day is not counted; by month or year the same date of the month
due, or its last day where there is none; a last day on a rest day moves to the first working day
after it where the rule says so; the last day ends at 24:00. Paused days are not counted.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .calendars import WorkCalendar
from .errors import OutOfRange
from .values import Rule

CITY_TIME = ZoneInfo("Asia/Shanghai")

#: First and last paused day, both included; None while nothing has resumed. Explanations also
#: read a third member, the ground: {"zh", "en"} and optionally "source", "article", "local".
Pause = tuple[date, date | None] | tuple[date, date | None, dict[str, Any]]

_MAX = date.max.toordinal() - 1  # the end of the last day must still be a datetime


def due_date(
    start: date,
    rule: Rule,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    as_of: date | None = None,
) -> date:
    """The last day of a deadline: what `deadline` explains, without the explanation.

    Parameters
    ----------
    start : date
        The day on which the clock starts, in the city's time; it is not counted.
    pauses : sequence of (first, last)
        May overlap and come in any order. A pause with ``last`` None has not ended: it is taken
        to last through ``as_of`` (at least its first day), so the date is the earliest possible.

    Raises
    ------
    TypeError
        For a datetime: use `day_of`, as its day depends on the time zone.
    OutOfRange
        If the deadline lies after the year 9999.
    """
    return last_days(start, rule, calendar, pauses, as_of)[1]


def last_days(
    start: date,
    rule: Rule,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    as_of: date | None = None,
) -> tuple[date, date]:
    """The last counted day, and the day to which it moves (the same one where it does not)."""
    if isinstance(start, datetime):
        raise TypeError("start: pass a day, made from a moment with law.day_of()")
    begin = start.toordinal()
    stops = stopped(begin, pauses, as_of) if pauses else ()
    if rule.kind == "working":
        number = calendar.through(begin) + rule.amount
        for first, last in stops:
            if calendar.nth(number) < first:
                break
            number += calendar.through(last) - calendar.through(first - 1)
        counted = due = calendar.nth(number)
    else:
        if rule.unit == "day":
            counted = begin + rule.amount
        else:
            months = rule.amount * 12 if rule.unit == "year" else rule.amount
            counted = months_later(start, months).toordinal()
        for first, last in stops:
            if counted < first:
                break
            counted += last - first + 1
        due = counted
        if rule.moves_last_day:
            due = calendar.from_or_after(due)
            for first, last in stops:  # the day it moved to may be a paused one
                if first <= due <= last:
                    due = calendar.from_or_after(last + 1)
    if due > _MAX:
        raise OutOfRange
    return date.fromordinal(counted), date.fromordinal(due)


def stopped(
    begin: int, pauses: Sequence[Pause], as_of: date | None = None
) -> list[tuple[int, int]]:
    """Paused ordinals after ``begin`` as ordered runs that neither overlap nor touch."""
    today = as_of.toordinal() if as_of else 0
    runs: list[tuple[int, int]] = []
    for pause in pauses if len(pauses) == 1 else sorted(pauses, key=lambda pause: pause[0]):
        first = pause[0].toordinal()
        last = max(first, today) if pause[1] is None else pause[1].toordinal()
        first = max(first, begin + 1)
        if last < first:
            continue
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def months_later(start: date, months: int) -> date:
    """The same date of a later month, or that month's last day where it has no such date."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > date.max.year:
        raise OutOfRange
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def ends_at(due: date, closing: time | None = None) -> datetime:
    """The moment at which the last day is over: 24:00, or ``closing`` where offices close."""
    if closing is not None:
        return datetime.combine(due, closing, CITY_TIME)
    return datetime.combine(due + timedelta(days=1), time(0), CITY_TIME)


def day_of(moment: datetime) -> date:
    """The day of an aware moment in the city's time."""
    if moment.tzinfo is None:
        raise ValueError("moment: pass an aware datetime")
    return moment.astimezone(CITY_TIME).date()
