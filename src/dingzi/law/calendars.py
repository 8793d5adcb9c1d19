"""Which days are working days: dated, versioned data and what follows where it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

_WEEKEND = 5  # date(1, 1, 1), ordinal 1, is a Monday: (ordinal - 1) % 7 counts from Monday


def _weekdays_through(ordinal: int) -> int:
    """Count Mondays to Fridays from ordinal 1 to this one."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _nth_weekday(count: int) -> int:
    weeks, rest = divmod(count - 1, 5)
    return weeks * 7 + rest + 1


@dataclass(frozen=True, slots=True)
class Holiday:
    """A run of days off around one or more statutory holidays; both ends are included.

    ``names`` are codes of ``words.yaml`` without their ``holiday.`` prefix.
    """

    names: tuple[str, ...]
    first: date
    last: date


class WorkCalendar:
    """Statutory rest days and make-up workdays of a range of whole years.

    Outside these years weekends alone are rest days and `known` says no.

    Parameters
    ----------
    holidays, makeups : mapping of date to str
        Days off and workdays on a weekend, each with the code of its holiday.
    first_year, last_year : int
        The years for which the data is complete.
    version : str
        Names the data, so that a date can be explained later.
    """

    __slots__ = (
        "_after",
        "_before",
        "_days",
        "_hi",
        "_holidays",
        "_lo",
        "_makeups",
        "_through",
        "first_year",
        "last_year",
        "version",
    )

    def __init__(
        self,
        *,
        holidays: Mapping[date, str],
        makeups: Mapping[date, str],
        first_year: int,
        last_year: int,
        version: str,
    ) -> None:
        if first_year > last_year:
            raise ValueError(f"first_year {first_year} is after last_year {last_year}")
        for day in (*holidays, *makeups):
            if not first_year <= day.year <= last_year:
                raise ValueError(f"{day} lies outside {first_year}-{last_year}")
        self.first_year = first_year
        self.last_year = last_year
        self.version = version
        self._holidays = {day.toordinal(): name for day, name in holidays.items()}
        self._makeups = {day.toordinal(): name for day, name in makeups.items()}
        self._lo = date(first_year, 1, 1).toordinal()
        self._hi = date(last_year, 12, 31).toordinal()
        # Working days are numbered from ordinal 1 on; the table covers the years with data, and
        # on both sides the week alone decides, so every look-up is a few additions.
        self._before = count = _weekdays_through(self._lo - 1)
        self._through: list[int] = []
        self._days: list[int] = []
        for ordinal in range(self._lo, self._hi + 1):
            weekend = (ordinal - 1) % 7 >= _WEEKEND
            if ordinal in self._makeups or not (weekend or ordinal in self._holidays):
                count += 1
                self._days.append(ordinal)
            self._through.append(count)
        self._after = count - _weekdays_through(self._hi)

    def __repr__(self) -> str:
        return f"WorkCalendar({self.version!r})"

    # Ordinals: what deadlines are counted with.

    def through(self, ordinal: int) -> int:
        """Number of the last working day up to and including this ordinal."""
        if ordinal < self._lo:
            return _weekdays_through(ordinal)
        if ordinal > self._hi:
            return _weekdays_through(ordinal) + self._after
        return self._through[ordinal - self._lo]

    def nth(self, number: int) -> int:
        """Ordinal of the working day with this number; the inverse of `through`."""
        index = number - self._before - 1
        if index < 0:
            return _nth_weekday(number)
        if index < len(self._days):
            return self._days[index]
        return _nth_weekday(number - self._after)

    def from_or_after(self, ordinal: int) -> int:
        """Ordinal of the first working day that is not before this one."""
        return self.nth(self.through(ordinal - 1) + 1)

    def rests(self, ordinal: int) -> bool:
        return self.through(ordinal) == self.through(ordinal - 1)

    # Dates: what pages and explanations ask.

    def is_workday(self, day: date) -> bool:
        return not self.rests(day.toordinal())

    def next_workday(self, day: date) -> date:
        """The first working day after this one."""
        return date.fromordinal(self.from_or_after(day.toordinal() + 1))

    def workdays_between(self, first: date, last: date) -> int:
        """Count working days; both ends are included."""
        return max(0, self.through(last.toordinal()) - self.through(first.toordinal() - 1))

    def known(self, day: date) -> bool:
        """Whether the data covers this day; elsewhere only weekends are known."""
        return self.first_year <= day.year <= self.last_year

    def is_makeup(self, day: date) -> bool:
        return day.toordinal() in self._makeups

    def holiday_name(self, day: date) -> str:
        """Code of the statutory holiday this day belongs to, or an empty string."""
        return self._holidays.get(day.toordinal(), "")

    def holiday(self, day: date) -> Holiday | None:
        """The whole run of rest days around this one, if a statutory holiday is part of it."""
        here = day.toordinal()
        if not self.rests(here):
            return None
        first = last = here
        while self.rests(first - 1):
            first -= 1
        while self.rests(last + 1):
            last += 1
        names: list[str] = []
        for ordinal in range(first, last + 1):
            name = self._holidays.get(ordinal)
            if name and name not in names:
                names.append(name)
        if not names:
            return None
        return Holiday(tuple(names), date.fromordinal(first), date.fromordinal(last))

    def holidays_between(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The statutory holidays that touch these days, each whole and once."""
        found: list[Holiday] = []
        for ordinal in range(max(first.toordinal(), self._lo), min(last.toordinal(), self._hi) + 1):
            if ordinal in self._holidays and not (
                found and date.fromordinal(ordinal) <= found[-1].last
            ):
                run = self.holiday(date.fromordinal(ordinal))
                if run:
                    found.append(run)
        return tuple(found)

    def makeups_between(self, first: date, last: date) -> tuple[date, ...]:
        """The weekend days on which people work, both ends included, in order."""
        low, high = first.toordinal(), last.toordinal()
        return tuple(date.fromordinal(o) for o in sorted(self._makeups) if low <= o <= high)

    def with_year(
        self, year: int, *, holidays: Mapping[date, str], makeups: Mapping[date, str], version: str
    ) -> WorkCalendar:
        """A calendar that also knows one more year: the next one, once its plan is published.

        Raises ValueError if it is not the year after ``last_year``.
        """
        if year != self.last_year + 1:
            raise ValueError(f"year {year}: the next year without data is {self.last_year + 1}")

        def merged(old: dict[int, str], new: Mapping[date, str]) -> dict[date, str]:
            return {date.fromordinal(o): name for o, name in old.items()} | dict(new)

        return WorkCalendar(
            holidays=merged(self._holidays, holidays),
            makeups=merged(self._makeups, makeups),
            first_year=self.first_year,
            last_year=year,
            version=f"{self.version} + {version}",
        )


@cache
def calendar() -> WorkCalendar:
    """The calendar of the country, from the package chinese-calendar."""
    import chinese_calendar
    from chinese_calendar import constants

    codes = {kind.value: kind.name for kind in constants.Holiday}
    first = min(constants.holidays).year
    last = max(constants.holidays).year
    return WorkCalendar(
        holidays={day: codes[name] for day, name in constants.holidays.items()},
        makeups={day: codes[name] for day, name in constants.workdays.items()},
        first_year=first,
        last_year=last,
        version=f"chinese-calendar {chinese_calendar.__version__} ({first}-{last})",
    )
