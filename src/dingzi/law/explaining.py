"""Why a deadline ends on this day: its reasons, in the order in which one would count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from .calendars import WorkCalendar
from .counting import Pause, last_days, months_later, stopped
from .errors import NotInForce
from .registry import PARAMETERS
from .values import Rule
from .words import Reason, load

_ONE_DAY = timedelta(days=1)


@dataclass
class Explanation:
    """Collects the reasons of one deadline that has been computed.

    ``last`` is the last counted day, ``due`` the day to which it moves, ``provisional`` whether
    a day that mattered lies in a year without holiday data or a pause has not ended.
    """

    start: date
    rule: Rule
    calendar: WorkCalendar
    pauses: Sequence[Pause]
    as_of: date | None
    last: date
    due: date
    runs: tuple[tuple[date, date], ...]
    open: bool
    reasons: list[Reason] = field(default_factory=list)

    def tell(self, event: dict[str, str] | None) -> tuple[Reason, ...]:
        self._began(event or dict(load()["deadline.event"]))
        self._lasts()
        if self.rule.kind == "working":
            self._days_off()
        self._stood_still()
        self._ended()
        if years := self._years_without_data():
            self._say("deadline.provisional", years=years)
        return tuple(self.reasons)

    @property
    def provisional(self) -> bool:
        return self.open or bool(self._years_without_data())

    def _say(self, code: str, **params: Any) -> None:
        self.reasons.append((code, {key: _plain(value) for key, value in params.items()}))

    def _began(self, event: dict[str, str]) -> None:
        one = replace(self.rule, amount=1, unit="day", moves_last_day=False)
        first, _ = last_days(self.start, one, self.calendar, self.pauses, self.as_of)
        self._say(
            "deadline.start",
            start=self.start,
            event=event,
            first=first,
            cite=self._counting("counting.first_day_not_counted"),
        )

    def _lasts(self) -> None:
        rule = self.rule
        code = "deadline.length"
        if rule.kind == "working":
            code = "deadline.length_working"
        elif rule.unit != "day":
            code = "deadline.length_months"
        title = {"zh": rule.zh, "en": rule.en} if rule.zh else dict(load()["deadline.title"])
        length = (rule.amount - rule.added, rule.unit, rule.kind)
        self._say(code, title=title, length=length, cite=self._rule_cite())
        if rule.added:
            added = (rule.added, rule.unit, rule.kind)
            self._say("deadline.prolonged", added=added, length=self._length())
        if rule.unit == "day":
            return
        end = months_later(self.start, rule.amount * 12 if rule.unit == "year" else rule.amount)
        if end.day != self.start.day:
            self._say(
                "deadline.month_end",
                last=end,
                day=self.start.day,
                cite=self._counting("counting.month_end"),
            )

    def _length(self) -> tuple[Any, ...]:
        return (self.rule.amount, self.rule.unit, self.rule.kind)

    def _days_off(self) -> None:
        first = self.start + _ONE_DAY
        holidays = [
            holiday
            for holiday in self.calendar.holidays_between(first, self.due)
            if not self._in_pause(max(holiday.first, first), holiday.last)
        ]
        if holidays:
            self._say(
                "deadline.holidays",
                holidays=[
                    {
                        "names": list(h.names),
                        "first": h.first.isoformat(),
                        "last": h.last.isoformat(),
                    }
                    for h in holidays
                ],
                cite=_plans(h.last.year for h in holidays),
            )
        makeups = [
            day
            for day in self.calendar.makeups_between(first, self.due)
            if not self._in_pause(day, day)
        ]
        if makeups:
            self._say("deadline.makeups", days=makeups, cite=_plans(day.year for day in makeups))

    def _in_pause(self, first: date, last: date) -> bool:
        return any(low <= first and last <= high for low, high in self.runs)

    def _stood_still(self) -> None:
        """One reason for each pause that made a difference; a day is told with its first pause."""
        told = self.start
        for pause in sorted(self.pauses, key=lambda pause: pause[0]):
            ground: dict[str, Any] = dict(pause[2] if len(pause) > 2 else load()["deadline.ground"])
            cite = ground.pop("cite", [])
            if pause[1] is None and pause[0] <= self.due:
                self._say("deadline.pause_open", first=pause[0], ground=ground, cite=cite)
                told = max(told, pause[0], self.as_of or pause[0])
                continue
            for low, high in stopped(told.toordinal(), [pause], self.as_of):
                first, last = date.fromordinal(low), date.fromordinal(high)
                told = max(told, last)
                if first > self.last:  # told with the last day, if it matters
                    continue
                working = self.rule.kind == "working"
                number = high - low + 1
                if working:
                    number = self.calendar.workdays_between(first, last)
                if number:
                    self._say(
                        "deadline.pause_working" if working else "deadline.pause",
                        pause=(first, last),
                        ground=ground,
                        number=number,
                        cite=cite,
                    )

    def _ended(self) -> None:
        length = self._length()
        if self.due == self.last:
            stays = not self.calendar.is_workday(self.due)
            code = "deadline.not_moved" if stays else "deadline.last_day"
            self._say(code, length=length, due=self.due)
            return
        moves = self._counting("counting.last_day_moves")
        landing = self.calendar.next_workday(self.last)
        if landing != self.due:
            touched = [run for run in self.runs if run[1] >= landing and run[0] <= self.due]
            pause = (touched[0][0], touched[-1][1])
            self._say(
                "deadline.moved_past_pause",
                length=length,
                last=self.last,
                pause=pause,
                due=self.due,
                cite=moves,
            )
            return
        holiday = self.calendar.holiday(self.last)
        if holiday is None:
            self._say(
                "deadline.moved_from_weekend",
                length=length,
                last=self.last,
                due=self.due,
                cite=moves,
            )
            return
        self._say(
            "deadline.moved_from_holiday",
            length=length,
            last=self.last,
            holiday=(holiday.first, holiday.last),
            due=self.due,
            cite=[*moves, *_plans([holiday.last.year])],
        )

    def _years_without_data(self) -> list[list[int]]:
        """Runs of years whose holidays would have mattered and are not known."""
        if self.rule.kind == "working":
            first = self.start + _ONE_DAY
        elif self.rule.moves_last_day:
            first = self.last
        else:
            return []
        runs: list[list[int]] = []
        for year in range(first.year, self.due.year + 1):
            if self.calendar.first_year <= year <= self.calendar.last_year:
                continue
            if runs and runs[-1][1] == year - 1:
                runs[-1][1] = year
            else:
                runs.append([year, year])
        return runs

    def _counting(self, name: str) -> list[dict[str, Any]]:
        try:
            value = PARAMETERS.value(name, self.start)
        except NotInForce:
            return []
        return _cite(value.local, value.source, value.article)

    def _rule_cite(self) -> list[dict[str, Any]]:
        return _cite(self.rule.local, self.rule.source, self.rule.article)


def _cite(local: bool, source: str, article: str) -> list[dict[str, Any]]:
    if local:
        return [{"local": True}]
    if source:
        return [{"law": PARAMETERS.law(source), "article": article}]
    return []


def _plans(years: Iterable[int]) -> list[dict[str, Any]]:
    return [{"plan": year} for year in sorted(set(years))]


def _plain(value: Any) -> Any:
    """Built-in values only, as JSON would keep them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
