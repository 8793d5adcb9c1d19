"""Periods, their words, and what compares with what."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.core.errors import Invalid
from dingzi.figures.period import Period

NOW = date(2025, 9, 23)
days = st.dates(date(2019, 1, 1), date(2029, 12, 31))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


@pytest.mark.parametrize(
    ("period", "zh", "en", "code"),
    [
        (Period.year(2025), "今年", "2025", "2025"),
        (Period.year(2023), "2023年", "2023", "2023"),
        (Period.half(2025, 1), "今年上半年", "First half of 2025", "2025H1"),
        (Period.quarter(2024, 3), "去年第三季度", "Third quarter of 2024", "2024Q3"),
        (Period.month(2025, 8), "今年8月", "August 2025", "2025-08"),
        (Period.months(2025, 1, 8), "今年1月至8月", "January to August 2025", "2025-01..2025-08"),
        (Period.to_date(NOW), "今年1月1日至9月23日", "1 January to 23 September 2025",
         "2025-01-01..2025-09-23"),
        (Period(date(2025, 8, 3), date(2025, 8, 9)), "今年8月3日至9日", "3 to 9 August 2025",
         "2025-08-03..2025-08-09"),
        (Period(date(2024, 12, 30), date(2025, 1, 2)), "去年12月30日至今年1月2日",
         "30 December 2024 to 2 January 2025", "2024-12-30..2025-01-02"),
        (Period(date(2023, 1, 1), date(2024, 12, 31)), "2023年至2024年", "2023 to 2024",
         "2023-01-01..2024-12-31"),
    ],
)  # fmt: skip
def test_a_period_is_said_in_both_languages(period: Period, zh: str, en: str, code: str) -> None:
    """What a clerk would call it, the English, and the code for addresses."""
    words = period.words(NOW)
    assert (words.zh, words.en, period.code) == (zh, en, code)


@given(periods)
def test_every_period_reads_back(period: Period) -> None:
    """The code and the words of both languages name the same days again."""
    words = period.words(NOW)
    for text in (period.code, words.zh, words.en):
        assert Period.parse(text, NOW) == period, text


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("今年以来", Period.to_date(NOW)),
        ("this year to date", Period.to_date(NOW)),
        ("今年1-8月", Period.months(2025, 1, 8)),
        ("2025年1月至8月", Period.months(2025, 1, 8)),
        ("上个月", Period.month(2025, 8)),
        ("去年上半年", Period.half(2024, 1)),
        ("2025年三季度", Period.quarter(2025, 3)),
        ("Q3 2025", Period.quarter(2025, 3)),
        ("second half of 2024", Period.half(2024, 2)),
        ("2025-08-17", Period.day(date(2025, 8, 17))),
        ("前年", Period.year(2023)),
    ],
)
def test_people_write_periods_in_many_ways(text: str, period: Period) -> None:
    """Usual ways of writing are read."""
    assert Period.parse(text, NOW) == period


@pytest.mark.parametrize(
    "text", ["", "昨天前", "2025-13", "2025-02-30", "2025Q5", "2025-08..2025-07", "5", "0001",
             "9999", "99999-01", "今年13月", "31 February 2025", "1900", "x" * 4000]
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    """A text that names no days is refused with what to write."""
    with pytest.raises(Invalid) as refused:
        Period.parse(text, NOW)
    assert refused.value.codes == ("bad_period",)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period.months(2025, 1, 8), Period.months(2024, 1, 8)),
        (Period.month(2024, 2), Period.month(2023, 2)),
        (Period.month(2025, 2), Period.month(2024, 2)),
        (Period.to_date(NOW), Period(date(2024, 1, 1), date(2024, 9, 23))),
        (Period.day(date(2024, 2, 29)), Period.day(date(2023, 2, 28))),
        (Period(date(2024, 2, 29), date(2024, 3, 5)), Period(date(2023, 2, 28), date(2023, 3, 5))),
    ],
)
def test_the_same_part_of_the_year_before(period: Period, before: Period) -> None:
    """A leap day does not make a February unequal."""
    assert period.year_before() == before
    assert period.same_part_as(before) and before.same_part_as(period)


def test_pages_show_the_months_that_are_over() -> None:
    """In September the months to August, in January the year that ended."""
    assert Period.whole_months(NOW) == Period.months(2025, 1, 8)
    assert Period.whole_months(date(2025, 9, 30)) == Period.months(2025, 1, 9)
    assert Period.whole_months(date(2026, 1, 4)) == Period.year(2025)


@given(periods, st.sampled_from(["day", "month", "quarter", "half", "year"]))
def test_a_period_falls_apart_without_gaps(period: Period, grain: str) -> None:
    """Its days, months, quarters or years follow each other from its first day to its last."""
    if grain == "day" and period.length > 800:
        return
    parts = list(period.each(grain))
    assert parts[0].first == period.first and parts[-1].last == period.last
    assert sum(p.length for p in parts) == period.length
    assert all(a.last < b.first for a, b in pairwise(parts))
