"""Working days of the country, with data and without."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi import law
from dingzi.law import Holiday, WorkCalendar

CALENDAR = law.calendar()


def test_the_data_and_its_version_are_named():
    """A date can be explained later by the data it was computed with."""
    assert (CALENDAR.first_year, CALENDAR.last_year) == (2004, 2026)
    assert CALENDAR.version.startswith("chinese-calendar 1.")
    assert "chinese-calendar" in repr(CALENDAR)


def test_it_agrees_with_its_source_on_every_day():
    """All days of 23 years, one by one."""
    from chinese_calendar import is_workday

    first = date(2004, 1, 1)
    for offset in range((date(2026, 12, 31) - first).days + 1):
        day = first + timedelta(days=offset)
        assert CALENDAR.is_workday(day) == is_workday(day), day


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 1, 1), date(2027, 10, 1), date.max])
def test_years_without_data_know_weekends_only(day):
    """They never fail, and say that they do not know."""
    assert CALENDAR.is_workday(day) == (day.weekday() < 5)
    assert not CALENDAR.known(day)


def test_a_holiday_is_told_whole():
    """National Day and Mid-Autumn Festival 2025 are one run of eight days."""
    whole = Holiday(("national_day", "mid_autumn_festival"), date(2025, 10, 1), date(2025, 10, 8))
    assert CALENDAR.holiday(date(2025, 10, 6)) == whole
    assert CALENDAR.holidays_between(date(2025, 9, 20), date(2025, 10, 2)) == (whole,)


def test_a_weekend_is_no_holiday():
    """Neither is a working day."""
    assert CALENDAR.holiday(date(2025, 9, 20)) is None
    assert CALENDAR.holiday(date(2025, 9, 22)) is None
    assert CALENDAR.holiday_name(date(2025, 9, 20)) == ""


def test_makeup_days_are_listed_in_order():
    """The two weekends of National Day 2025 on which people worked."""
    found = CALENDAR.makeups_between(date(2025, 9, 1), date(2025, 10, 31))
    assert found == (date(2025, 9, 28), date(2025, 10, 11))


def test_counting_backwards_gives_nothing():
    """An empty stretch has no working days."""
    assert CALENDAR.workdays_between(date(2025, 9, 3), date(2025, 9, 1)) == 0


@given(st.integers(1, 1_000_000))
def test_numbers_and_days_are_inverse(number):
    """The n-th working day has the number n, and is one."""
    ordinal = CALENDAR.nth(number)
    assert CALENDAR.through(ordinal) == number
    assert not CALENDAR.rests(ordinal)


def test_the_next_year_can_be_added_when_it_is_published():
    """A plan announced in November is used before the package has it."""
    newer = CALENDAR.with_year(
        2027,
        holidays={date(2027, 1, 1): "new_years_day"},
        makeups={date(2027, 1, 2): "new_years_day"},
        version="2027 plan",
    )
    assert newer.known(date(2027, 6, 1))
    assert not newer.is_workday(date(2027, 1, 1))
    assert newer.is_workday(date(2027, 1, 2))
    assert newer.version.endswith("+ 2027 plan")
    assert CALENDAR.is_workday(date(2027, 1, 1))  # the older version stays what it was
    assert newer.is_workday(date(2025, 9, 28))


def test_a_year_cannot_be_left_out():
    """After 2026 comes 2027."""
    with pytest.raises(ValueError, match="2027"):
        CALENDAR.with_year(2028, holidays={}, makeups={}, version="2028 plan")


@pytest.mark.parametrize(
    ("first", "last", "day", "message"),
    [(2025, 2024, None, "after"), (2025, 2025, date(2026, 1, 1), "outside")],
)
def test_data_that_contradicts_itself(first, last, day, message):
    """Years in the wrong order, or a holiday outside them, are refused."""
    with pytest.raises(ValueError, match=message):
        WorkCalendar(
            holidays={day: "national_day"} if day else {},
            makeups={},
            first_year=first,
            last_year=last,
            version="test",
        )
