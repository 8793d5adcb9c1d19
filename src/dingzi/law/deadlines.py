"""Deadlines with their explanation: for every page that must say why it is this day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from .calendars import WorkCalendar
from .counting import Pause, last_days, stopped
from .explaining import Explanation
from .values import Rule
from .words import Reason


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the little calendar.

    Attributes
    ----------
    mark : str
        ``outside`` (before the start, after the end), ``start``, ``counted``, ``paused``,
        ``rest`` (a rest day that is not counted), ``last`` (the last counted day, where the end
        moves away from it), ``moved`` (a rest day between it and the end), ``due``.
    number : int
        Which counted day it is, from 1; 0 where it is not counted.
    rest : bool
        Weekend or statutory holiday.
    holiday : str
        Code of the statutory holiday (``holiday.`` + code in the words), or empty.
    makeup : bool
        A weekend day on which people work.
    """

    date: date
    mark: str
    number: int
    rest: bool
    holiday: str
    makeup: bool


@dataclass(frozen=True)
class Deadline:
    """The last day, and why.

    Attributes
    ----------
    due : date
        The last day; it is over at `ends_at`.
    provisional : bool
        The date may still change: a year without holiday data, or a pause that has not ended.
    reasons : tuple of (code, params)
        The explanation in order; `words.lines` puts it into either language.
    start, last : date
        The day that is not counted; the last counted day (``due`` may be later).
    paused : tuple of (date, date)
        Runs of paused days after the start, both ends included, in order.
    open : bool
        A pause has not ended.
    """

    due: date
    provisional: bool
    reasons: tuple[Reason, ...]
    start: date
    last: date
    rule: Rule
    paused: tuple[tuple[date, date], ...]
    open: bool
    calendar: WorkCalendar = field(repr=False, compare=False)

    @property
    def total(self) -> int:
        """How many days are counted in all."""
        return self.number_on(self.last)

    def number_on(self, day: date) -> int:
        """How many days are counted up to and including this one: "day 19 of 30"."""
        day = min(day, self.last)
        if day <= self.start:
            return 0
        number = self._countable(self.start + timedelta(days=1), day)
        for first, last in self.paused:
            if first <= day:
                number -= self._countable(first, min(last, day))
        return number

    def _countable(self, first: date, last: date) -> int:
        if self.rule.kind == "working":
            return self.calendar.workdays_between(first, last)
        return (last - first).days + 1

    def days(self) -> Iterator[Day]:
        """Whole weeks, Monday first, from the one of the start to the one of the end."""
        day = self.start - timedelta(days=self.start.weekday())
        end = self.due + timedelta(days=6 - self.due.weekday())
        number = 0
        while day <= end:
            rest = not self.calendar.is_workday(day)
            mark = self._mark(day, rest)
            counted = mark in ("counted", "last") or (mark == "due" and day == self.last)
            number += counted
            yield Day(
                date=day,
                mark=mark,
                number=number if counted else 0,
                rest=rest,
                holiday=self.calendar.holiday_name(day),
                makeup=self.calendar.is_makeup(day),
            )
            day += timedelta(days=1)

    def weeks(self) -> Iterator[tuple[Day, ...]]:
        """`days` by sevens: the rows of the little calendar."""
        days = self.days()
        return iter(list(zip(*[days] * 7, strict=True)))

    def _mark(self, day: date, rest: bool) -> str:
        if day == self.due:
            return "due"
        if day == self.start:
            return "start"
        if not self.start < day < self.due:
            return "outside"
        if day == self.last:
            return "last"
        if any(first <= day <= last for first, last in self.paused):
            return "paused"
        if day > self.last:
            return "moved"
        return "rest" if rest and self.rule.kind == "working" else "counted"


def deadline(
    start: date,
    rule: Rule,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    as_of: date | None = None,
    event: dict[str, str] | None = None,
) -> Deadline:
    """The last day of a deadline with its explanation; ``due`` is that of `due_date`.

    Parameters
    ----------
    pauses : sequence of (first, last) or (first, last, ground)
        As for `due_date`; ``ground`` says why, {"zh", "en"}, and may hold a ``cite`` list.
    as_of : date
        Today, for a pause that has not ended.
    event : {"zh", "en"}
        What started the clock, such as 受理 / Accepted.
    """
    last, due = last_days(start, rule, calendar, pauses, as_of)
    runs = tuple(
        (date.fromordinal(first), date.fromordinal(end))
        for first, end in stopped(start.toordinal(), pauses, as_of)
        if first <= due.toordinal()
    )
    is_open = any(pause[1] is None and pause[0] <= due for pause in pauses)
    explanation = Explanation(start, rule, calendar, pauses, as_of, last, due, runs, is_open)
    return Deadline(
        due=due,
        provisional=explanation.provisional,
        reasons=explanation.tell(event),
        start=start,
        last=last,
        rule=rule,
        paused=runs,
        open=is_open,
        calendar=calendar,
    )
