"""Periods: the span of days for which a figure is counted.

A period is two days of the city, both included. What it is called (a year, a quarter, some months,
single days) follows from the days, so equal spans are equal whoever wrote them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from dingzi.core.errors import Invalid
from dingzi.matters.clocks import local_day

if TYPE_CHECKING:
    from dingzi.core.text import Text


#: Years of which anything may be asked.
YEARS = range(1949, 2200)


def today() -> date:
    """Return the day that it is in the city."""
    return local_day(timezone.now())


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``first`` to ``last``. Raises Invalid ``bad_period`` where they are swapped."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last or self.first.year not in YEARS or self.last.year not in YEARS:
            raise Invalid.of("bad_period", field="period", value=f"{self.first} – {self.last}")

    # -- making --------------------------------------------------------------------------------

    @classmethod
    def year(cls, year: int) -> Period:
        return cls.months(year, 1, 12)

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        return cls.months(year, 6 * half - 5, 6 * half)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        return cls.months(year, 3 * quarter - 2, 3 * quarter)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls.months(year, month, month)

    @classmethod
    def months(cls, year: int, first: int, last: int) -> Period:
        """Whole months of one year, both included."""
        if year not in YEARS or not 1 <= first <= last <= 12:
            raise Invalid.of("bad_period", field="period", value=f"{year}-{first}..{year}-{last}")
        return cls(date(year, first, 1), month_end(year, last))

    @classmethod
    def days(cls, first: date, last: date) -> Period:
        return cls(first, last)

    @classmethod
    def day(cls, day: date) -> Period:
        return cls(day, day)

    @classmethod
    def to_date(cls, now: date | None = None) -> Period:
        """This year up to and with today."""
        now = now or today()
        return cls(date(now.year, 1, 1), now)

    @classmethod
    def whole_months(cls, now: date | None = None) -> Period:
        """This year's months that are over; in January all of last year.

        What pages show unless asked otherwise: it compares with the same months of the year before.
        """
        now = now or today()
        if now == month_end(now.year, now.month):
            return cls.months(now.year, 1, now.month)
        if now.month == 1:
            return cls.year(now.year - 1)
        return cls.months(now.year, 1, now.month - 1)

    @classmethod
    def parse(cls, text: str, now: date | None = None) -> Period:
        """Read a code (``2025-01..2025-08``) or words of either language; Invalid ``bad_period``."""
        from .periodwords import parse

        return parse(text, now or today())

    # -- what it is ----------------------------------------------------------------------------

    @property
    def length(self) -> int:
        """Days in it."""
        return (self.last - self.first).days + 1

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and self.last == month_end(self.last.year, self.last.month)

    @property
    def kind(self) -> str:
        """``year``, ``half``, ``quarter``, ``month``, ``months`` (of one year) or ``days``."""
        if not self.is_whole_months or self.first.year != self.last.year:
            return "days"
        first, count = self.first.month, self.last.month - self.first.month + 1
        for kind, months in (("year", 12), ("half", 6), ("quarter", 3), ("month", 1)):
            if count == months and (first - 1) % months == 0:
                return kind
        return "months"

    @property
    def code(self) -> str:
        """The shortest text that `parse` reads back: 2025, 2025H1, 2025Q3, 2025-08, and so on."""
        first, last = self.first, self.last
        match self.kind:
            case "year":
                return f"{first.year}"
            case "half":
                return f"{first.year}H{1 if first.month == 1 else 2}"
            case "quarter":
                return f"{first.year}Q{(first.month + 2) // 3}"
            case "month":
                return f"{first:%Y-%m}"
            case "months":
                return f"{first:%Y-%m}..{last:%Y-%m}"
        return f"{first}" if first == last else f"{first}..{last}"

    def __str__(self) -> str:
        return self.code

    def over(self, now: date | None = None) -> bool:
        """Tell whether its last day has come (today counts as come: its numbers are so far)."""
        return self.last <= (now or today())

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    # -- others beside it ----------------------------------------------------------------------

    def year_before(self, years: int = 1) -> Period:
        """The same part of an earlier year; the end of February stays its end."""
        end = self.first != self.last
        return Period(_earlier(self.first, years), _earlier(self.last, years, end=end))

    def is_as_long_as(self, other: Period) -> bool:
        """Tell whether both have as many months, or where one is not of whole months as many days."""
        if self.is_whole_months and other.is_whole_months:
            return len(list(self.each_month())) == len(list(other.each_month()))
        return self.length == other.length

    def same_part_as(self, other: Period) -> bool:
        """Tell whether both are the same part of a year, and equally many years."""
        years = self.first.year - other.first.year
        if years < 0:
            return other.same_part_as(self)
        return self.year_before(years) == other

    def each_month(self) -> Iterator[Period]:
        """Its months in order, the first and last cut where it begins or ends within one."""
        first = self.first
        while first <= self.last:
            end = month_end(first.year, first.month)
            yield Period(first, min(end, self.last))
            first = end + timedelta(days=1)

    def each(self, grain: str) -> Iterator[Period]:
        """Its days, months, quarters or years, the outer ones cut."""
        if grain == "day":
            for offset in range(self.length):
                yield Period.day(self.first + timedelta(days=offset))
        elif grain == "month":
            yield from self.each_month()
        else:
            months = {"quarter": 3, "half": 6, "year": 12}[grain]
            held: Period | None = None
            for one in self.each_month():
                held = Period(held.first if held else one.first, one.last)
                if one.last.month % months == 0 or one.last == self.last:
                    yield held
                    held = None

    # -- words ---------------------------------------------------------------------------------

    def words(self, now: date | None = None) -> Text:
        """Say it: 今年1月至8月 / January to August 2025."""
        from .periodwords import words

        return words(self, now or today())

    def dates(self) -> Text:
        """Say its days: 2025年1月1日至8月31日 / 1 January to 31 August 2025."""
        from .periodwords import dates

        return dates(self)


def _earlier(day: date, years: int, *, end: bool = False) -> date:
    year = day.year - years
    if day.month == 2 and (day.day == 29 or (end and day == month_end(day.year, 2))):
        return month_end(year, 2)
    return day.replace(year=year)
