"""Deadlines counted by hand, and against a reader who ticks off one day after the other."""

from __future__ import annotations

import timeit
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dingzi import law
from dingzi.law import Rule

from .strategies import amounts, days, is_paused, rules, started

CALENDAR = law.calendar()
DAY = timedelta(days=1)


def due(start: str, rule: Rule, *pauses: str) -> str:
    return law.due_date(day(start), rule, CALENDAR, [pause(text) for text in pauses]).isoformat()


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(text: str) -> tuple[date, date | None]:
    first, last = text.split("/")
    return day(first), day(last) if last else None


def working(amount: int) -> Rule:
    return Rule(amount, kind="working")


def test_the_dispute_of_the_sketch():
    """30 days from 2 September 2025, 2 paused: day 30 is 4 October, in the holiday, so the 9th."""
    assert due("2025-09-02", Rule(30), "2025-09-16/2025-09-17") == "2025-10-09"


def test_the_working_days_of_the_design():
    """15 working days over National Day 2025 with its two make-up days end on 23 October."""
    assert due("2025-09-26", working(15)) == "2025-10-23"


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2025-08-29", 3, "2025-09-03"),  # Friday; Monday is day 1
        ("2025-09-27", 1, "2025-09-28"),  # a Sunday on which people work
        ("2025-09-30", 1, "2025-10-09"),  # the eve of the holiday
        ("2025-10-01", 1, "2025-10-09"),  # within it
        ("2025-10-10", 1, "2025-10-11"),  # a Saturday on which people work
        ("2025-01-24", 5, "2025-02-07"),  # Spring Festival 28 January to 4 February, 26th worked
        ("2025-01-27", 1, "2025-02-05"),
        ("2025-12-31", 1, "2026-01-04"),  # New Year to 3 January 2026, the Sunday after it worked
        ("2026-12-31", 1, "2027-01-01"),  # no data: the week alone decides
        ("2003-12-31", 1, "2004-01-02"),  # into the first year with data
        ("2003-12-26", 2, "2003-12-30"),  # before it
    ],
)
def test_working_days(start, amount, expected):
    """Weekends and holidays are left out, make-up workdays are counted."""
    assert due(start, working(amount)) == expected


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2025-09-02", 30, "2025-10-09"),  # 2 October
        ("2025-09-18", 30, "2025-10-20"),  # Saturday 18 October
        ("2025-08-29", 30, "2025-09-28"),  # a Sunday on which people work
        ("2025-09-11", 30, "2025-10-11"),  # a Saturday on which people work
        ("2025-01-01", 30, "2025-02-05"),  # 31 January, Spring Festival until 4 February
        ("2025-01-03", 2, "2025-01-06"),  # Sunday
        ("2026-12-01", 31, "2027-01-01"),  # a Friday of a year without data
        ("2026-12-01", 32, "2027-01-04"),  # a Saturday
    ],
)
def test_calendar_days(start, amount, expected):
    """Every day counts; a last day on a rest day moves to the first working day after it."""
    assert due(start, Rule(amount)) == expected


def test_a_rule_may_keep_its_last_day():
    """Where a rule says so, the last day stays on a rest day."""
    assert due("2025-09-18", Rule(30, moves_last_day=False)) == "2025-10-18"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2025-01-31", 1, "month", "2025-02-28"),
        ("2024-01-31", 1, "month", "2024-02-29"),
        ("2025-03-31", 1, "month", "2025-04-30"),
        ("2025-02-28", 1, "month", "2025-03-28"),  # the same date, not the end of the month
        ("2025-10-31", 4, "month", "2026-02-28"),
        ("2025-11-15", 13, "month", "2026-12-15"),
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-02-29", 4, "year", "2028-02-29"),
        ("2025-06-30", 6, "month", "2025-12-30"),
    ],
)
def test_months_and_years(start, amount, unit, expected):
    """The same date of the month due, or its last day where there is none."""
    rule = Rule(amount, unit=unit, moves_last_day=False)
    assert due(start, rule) == expected


def test_the_end_of_a_month_moves_too():
    """One month from 31 January 2026 ends on Saturday 28 February, a make-up workday: it stays."""
    assert CALENDAR.is_makeup(date(2026, 2, 28))
    assert due("2026-01-31", Rule(1, unit="month")) == "2026-02-28"
    assert due("2025-07-31", Rule(1, unit="month")) == "2025-09-01"  # 31 August is a Sunday


def test_a_paused_month_is_longer_by_the_paused_days():
    """One month from 3 March with ten days paused ends ten days after 3 April."""
    rule = Rule(1, unit="month", moves_last_day=False)
    assert due("2025-03-03", rule, "2025-03-10/2025-03-19") == "2025-04-13"


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        (["2025-09-16/2025-09-17", "2025-09-17/2025-09-18"], "2025-10-09"),  # 5 October
        (["2025-09-17/2025-09-18", "2025-09-16/2025-09-17"], "2025-10-09"),
        (["2025-09-01/2025-09-02"], "2025-10-09"),  # over before the first counted day
        (["2025-08-20/2025-09-04"], "2025-10-09"),  # only the 3rd and 4th matter: 4 October
        (["2025-09-10/2025-09-10"], "2025-10-09"),  # one day: 3 October
        (["2025-09-03/2025-09-13"], "2025-10-13"),  # eleven days
        (["2025-10-20/2025-10-30"], "2025-10-09"),  # after the end
        (["2025-10-09/2025-10-10"], "2025-10-11"),  # the day it moves to is paused
        (["2025-10-06/2025-10-07"], "2025-10-09"),  # within the holiday after day 30
    ],
)
def test_pauses(pauses, expected):
    """Paused days are not counted; pauses may overlap, come unordered, and lie outside."""
    assert due("2025-09-02", Rule(30), *pauses) == expected


def test_a_weekend_pause_costs_no_working_day():
    """Working days that were none anyway are not given back."""
    assert due("2025-09-08", working(5), "2025-09-13/2025-09-14") == due("2025-09-08", working(5))


def test_an_open_pause_gives_the_earliest_date():
    """Without an end it lasts through today; not knowing today, through its first day."""
    stopped = [pause("2025-09-16/")]
    first = law.due_date(day("2025-09-02"), Rule(30), CALENDAR, stopped)
    today = law.due_date(day("2025-09-02"), Rule(30), CALENDAR, stopped, as_of=day("2025-09-30"))
    assert (first, today) == (day("2025-10-09"), day("2025-10-17"))


def test_a_moment_is_not_a_day():
    """A datetime is refused, as its day depends on the time zone; day_of gives the city's."""
    moment = datetime(2025, 9, 1, 17, 0, tzinfo=UTC)  # past midnight in the city
    with pytest.raises(TypeError, match="day_of"):
        law.due_date(moment, Rule(3), CALENDAR)
    assert law.day_of(moment) == date(2025, 9, 2)
    with pytest.raises(ValueError, match="aware"):
        law.day_of(datetime(2025, 9, 1, 17, 0))  # noqa: DTZ001


def test_the_last_day_ends_at_midnight_in_the_city():
    """24:00 of the last day, or the close of business."""
    over = law.ends_at(date(2025, 10, 9))
    assert over.astimezone(UTC) == datetime(2025, 10, 9, 16, tzinfo=UTC)
    closing = law.ends_at(date(2025, 10, 9), time(17, 30))
    assert closing.astimezone(UTC) == datetime(2025, 10, 9, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule", [Rule(10**7), working(10**7), Rule(10**5, unit="year"), Rule(10**20)]
)
def test_a_deadline_after_the_year_9999(rule):
    """It is refused with a message, whatever the unit."""
    with pytest.raises(law.OutOfRange, match="9999"):
        law.due_date(date(2025, 1, 1), rule, CALENDAR)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"amount": 0}, "at least 1"),
        ({"amount": True}, "at least 1"),
        ({"amount": 2.5}, "at least 1"),
        ({"amount": 1, "unit": "week"}, "day, month, year"),
        ({"amount": 1, "kind": "business"}, "working, calendar"),
        ({"amount": 1, "kind": "working", "unit": "month"}, "days only"),
    ],
)
def test_a_rule_that_cannot_be_counted(bad, message):
    """It is refused when it is made, and told what to write."""
    with pytest.raises(ValueError, match=message):
        Rule(**bad)


# Properties ------------------------------------------------------------------------------------


def ticked_off(start: date, rule: Rule, pauses: list[tuple[date, date | None]]) -> date:
    """The last day found by walking from day to day: slow, and plain to read."""

    def rests(today: date) -> bool:
        return not CALENDAR.is_workday(today)

    left = rule.amount
    if rule.unit != "day":
        months = rule.amount * (12 if rule.unit == "year" else 1)
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        end = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
        left = (end - start).days
    today = start
    while left:
        today += DAY
        left -= not is_paused(today, pauses) and not (rule.kind == "working" and rests(today))
    if rule.kind == "calendar" and rule.moves_last_day and rests(today):
        while rests(today) or is_paused(today, pauses):
            today += DAY
    return today


@given(started(), rules)
@example((date(2025, 9, 2), [(date(2025, 10, 6), date(2025, 10, 20))]), Rule(32))
def test_it_agrees_with_walking_day_by_day(case, rule):
    """The arithmetic and the walk end on the same day."""
    start, pauses = case
    assert law.due_date(start, rule, CALENDAR, pauses) == ticked_off(start, rule, pauses)


@given(started(), rules)
def test_the_explained_date_is_the_same(case, rule):
    """deadline() explains the day that due_date() gives, and counts as many days to it."""
    start, pauses = case
    found = law.deadline(start, rule, CALENDAR, pauses)
    assert found.due == law.due_date(start, rule, CALENDAR, pauses)
    if rule.unit == "day":
        assert found.total == rule.amount


@given(started(), rules)
def test_a_later_start_never_ends_earlier(case, rule):
    """Monotone in the start, with the same pauses.

    Months are taken without pauses: the 30th and 31st of January end on one day, so a pause on
    the 31st puts off only the end of the earlier one.
    """
    start, pauses = case
    if rule.unit != "day":
        pauses = []
    assert law.due_date(start, rule, CALENDAR, pauses) <= law.due_date(
        start + DAY, rule, CALENDAR, pauses
    )


@given(started(), amounts, st.sampled_from(["working", "calendar"]))
def test_a_longer_term_never_ends_earlier(case, amount, kind):
    """Monotone in the number of days."""
    start, pauses = case
    shorter, longer = (
        law.due_date(start, Rule(n, kind=kind), CALENDAR, pauses) for n in (amount, amount + 1)
    )
    assert shorter <= longer


@given(days, amounts, st.integers(1, 60), st.integers(0, 30))
def test_a_pause_gives_back_at_least_its_days(start, amount, length, after):
    """Calendar days: k paused days before the end put it off by exactly k where it stays put."""
    rule = Rule(amount, moves_last_day=False)
    plain = law.due_date(start, rule, CALENDAR)
    first = start + timedelta(days=1 + after)
    pauses = [(first, first + timedelta(days=length - 1))]
    expected = plain + timedelta(days=length) if first <= plain else plain
    assert law.due_date(start, rule, CALENDAR, pauses) == expected


@given(started(), rules, st.integers(0, 100), st.integers(0, 30))
def test_one_more_pause_never_shortens(case, rule, after, length):
    """A pause can only put the end off."""
    start, pauses = case
    first = start + timedelta(days=after)
    more = [*pauses, (first, first + timedelta(days=length))]
    assert law.due_date(start, rule, CALENDAR, more) >= law.due_date(start, rule, CALENDAR, pauses)


@given(started(), amounts)
def test_as_many_working_days_as_promised(case, amount):
    """Between start and end lie exactly N working days that were not paused; the end is one."""
    start, pauses = case
    end = law.due_date(start, working(amount), CALENDAR, pauses)
    walk = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    counted = [d for d in walk if CALENDAR.is_workday(d) and not is_paused(d, pauses)]
    assert len(counted) == amount
    assert counted[-1] == end


@given(started(), rules)
def test_an_end_that_moves_is_a_working_day(case, rule):
    """Whoever may wait for the end to move meets an open office on it."""
    start, pauses = case
    end = law.due_date(start, rule, CALENDAR, pauses)
    if rule.moves_last_day:
        assert CALENDAR.is_workday(end)


@pytest.mark.parametrize("rule", [Rule(30), working(15), Rule(6, unit="month")])
def test_it_is_quick(rule):
    """It is asked for every act of every case: at most 15 microseconds, pauses and all."""
    start, pauses = date(2025, 9, 2), [(date(2025, 9, 16), date(2025, 9, 17))]
    best = min(
        timeit.repeat(lambda: law.due_date(start, rule, CALENDAR, pauses), number=1000, repeat=20)
    )
    assert best / 1000 < 15e-6
