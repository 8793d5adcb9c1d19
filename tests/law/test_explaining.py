"""Explanations: the sentences a citizen reads, and the little calendar beside them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given

from dingzi import law
from dingzi.law import Rule, words

from .strategies import rules, started

CALENDAR = law.calendar()

MEDIATION = Rule(30, name="disputes.mediation_days", zh="调解期限", en="Mediation", local=True)
PAUSE = (
    date(2025, 9, 16),
    date(2025, 9, 17),
    {"zh": "等您补报价单", "en": "waiting for your quotation", "cite": [{"local": True}]},
)


def said(found: law.Deadline, language: str = "zh") -> list[str]:
    return [words.say(reason, language) for reason in found.reasons]


def explained(start: str, rule: Rule, pauses=(), language: str = "zh", **more) -> list[str]:
    return said(law.deadline(date.fromisoformat(start), rule, CALENDAR, pauses, **more), language)


def test_the_sketch_word_for_word():
    """The page of the sketch: accepted, 30 days, two paused, moved behind the holiday."""
    event = {"zh": "受理", "en": "Accepted"}
    assert explained("2025-09-02", MEDIATION, [PAUSE], event=event) == [
        "9月2日（星期二）受理，当天不算，从9月3日数起。民法典第二百零一条",
        "调解期限30天，周末也算。本市设置，不是法律规定",
        "9月16日、17日等您补报价单，这2天不算。本市设置，不是法律规定",
        "第30天是10月4日，在假期里（10月1日至8日），顺延到假期后第一天，10月9日（星期四）。"
        "民法典第二百零三条；2025年放假安排",
    ]
    assert explained("2025-09-02", MEDIATION, [PAUSE], "en", event=event) == [
        "Accepted on Tuesday 2 September 2025; that day is not counted, counting begins on "
        "3 September. (Civil Code, art. 201)",
        "Mediation: 30 days, weekends included. (set by the city, not by law)",
        "16 and 17 September: waiting for your quotation, 2 days not counted. "
        "(set by the city, not by law)",
        "Day 30 is 4 October, within a public holiday (1–8 October), so it moves to the first day "
        "after it, Thursday 9 October 2025. (Civil Code, art. 203; holiday plan for 2025)",
    ]


def test_working_days_name_holidays_and_makeup_days():
    """The example of the design, in both languages."""
    assert explained("2025-09-26", Rule(15, kind="working"))[1:] == [
        "期限15个工作日，周末和节假日不算。",
        "国庆节和中秋节（10月1日至8日）放假，不算。2025年放假安排",
        "9月28日、10月11日调休上班，算进去。2025年放假安排",
        "第15个工作日是10月23日（星期四），就是最后一天。",
    ]
    assert explained("2025-09-26", Rule(15, kind="working"), language="en")[2:] == [
        "National Day and Mid-Autumn Festival (1–8 October): public holiday, not counted. "
        "(holiday plan for 2025)",
        "28 September and 11 October: make-up workday, counted. (holiday plan for 2025)",
        "Working day 15 is Thursday 23 October 2025, the last day.",
    ]


@pytest.mark.parametrize(
    ("start", "rule", "pauses", "last"),
    [
        ("2025-09-18", Rule(30), [], "第30天是10月18日（星期六），顺延到下一个工作日，10月20日（星期一）。民法典第二百零三条"),
        ("2025-09-18", Rule(30, moves_last_day=False), [], "第30天是10月18日（星期六），虽是休息日，但这个期限不顺延，就是最后一天。"),
        ("2025-09-02", Rule(30), [(date(2025, 10, 9), date(2025, 10, 10))], "第30天是10月2日，是休息日，应当顺延；10月9日、10日停着，最后一天是恢复后第一个工作日，10月11日（星期六）。民法典第二百零三条"),
        ("2025-01-31", Rule(1, unit="month"), [], "满1个月的那天是2月28日（星期五），就是最后一天。"),
        ("2025-06-30", Rule(2, unit="year"), [], "没有2027年的放假安排，只按周末算，日期以后可能会变。"),
        ("2025-12-30", Rule(9), [], "第9天是1月8日（星期四），就是最后一天。"),
    ],
)  # fmt: skip
def test_how_the_last_day_is_told(start, rule, pauses, last):
    """Each way in which a deadline can end has its sentence."""
    assert explained(start, rule, pauses)[-1] == last


def test_a_month_without_that_date_says_so():
    """31 January and one month: February has no 31st."""
    assert explained("2025-01-31", Rule(1, unit="month"))[1:3] == [
        "期限1个月，到期那个月的同一天是最后一天。",
        "2月没有31日，算到这个月的最后一天。民法典第二百零二条",
    ]


def test_overlapping_pauses_tell_each_day_once():
    """The second pause tells only the days that the first had not told."""
    pauses = [
        (date(2025, 9, 17), date(2025, 9, 19)),
        (date(2025, 9, 16), date(2025, 9, 18)),
        (date(2025, 9, 16), date(2025, 9, 17)),
    ]
    lines = explained("2025-09-02", Rule(30), pauses)
    assert [line for line in lines if "停下" in line] == [
        "9月16日、17日、18日停下，这3天不算。",
        "9月19日停下，这1天不算。",
    ]


def test_a_pause_of_working_days_counts_only_these():
    """Of the twelve days around National Day two were working days."""
    pauses = [(date(2025, 9, 29), date(2025, 10, 8))]
    assert "9月29日至10月8日停下，其中2个工作日不算。" in explained(
        "2025-09-26", Rule(15, kind="working"), pauses
    )


def test_a_holiday_within_a_pause_is_not_told_twice():
    """What was paused anyway needs no second reason."""
    pauses = [(date(2025, 9, 29), date(2025, 10, 12))]
    lines = explained("2025-09-26", Rule(15, kind="working"), pauses)
    assert not any("国庆节" in line or "10月11日" in line for line in lines)


def test_a_pause_after_the_end_is_not_told():
    """It changed nothing."""
    pauses = [(date(2025, 11, 1), date(2025, 11, 5))]
    assert explained("2025-09-02", Rule(30), pauses) == explained("2025-09-02", Rule(30))


def test_an_open_pause_is_provisional():
    """While nothing resumes the date is the earliest possible, and says so."""
    found = law.deadline(date(2025, 9, 2), Rule(30), CALENDAR, [(date(2025, 9, 16), None)])
    assert found.provisional
    assert found.open
    assert any("还没有恢复" in line for line in said(found))
    assert any("not yet resumed" in line for line in said(found, "en"))


@pytest.mark.parametrize(
    ("start", "rule", "provisional"),
    [
        ("2026-12-01", Rule(30), False),  # 31 December 2026 is known
        ("2026-12-02", Rule(30), True),  # 1 January 2027 is not
        ("2026-12-02", Rule(30, moves_last_day=False), False),  # rest days do not matter
        ("2026-12-30", Rule(1, kind="working"), False),
        ("2026-12-31", Rule(1, kind="working"), True),
        ("2003-12-31", Rule(1, kind="working"), False),
        ("2003-12-30", Rule(1, kind="working"), True),
        ("2030-01-01", Rule(30), True),
    ],
)
def test_what_is_provisional(start, rule, provisional):
    """Only a year without data whose rest days matter makes a date provisional."""
    found = law.deadline(date.fromisoformat(start), rule, CALENDAR)
    assert found.provisional is provisional
    assert ("deadline.provisional" in dict(found.reasons)) is provisional


def test_years_are_named_as_runs():
    """A deadline of five unknown years names their first and last."""
    assert "2027年至2031年" in explained("2026-06-01", Rule(1200, kind="working"))[-1]


def test_before_the_civil_code_the_rules_of_counting_are_no_law_we_read():
    """Where no source is on file, none is claimed."""
    assert explained("2019-03-01", Rule(5))[0].endswith("本市设置，不是法律规定")
    assert explained("1980-03-03", Rule(1))[0].endswith("从3月4日数起。")


def test_the_year_is_said_where_it_is_not_the_one_spoken_of():
    """A page of 2026 names 2025 once; a page of 2025 names only 2026."""
    found = law.deadline(date(2025, 12, 20), Rule(15), CALENDAR)
    assert words.lines(found.reasons, "zh", year=2025)[-1][0].startswith("第15天是2026年1月4日")
    of_2026 = words.lines(found.reasons, "zh", year=2026)
    assert of_2026[0][0].startswith("2025年12月20日")
    assert of_2026[0][0].endswith("从12月21日数起。")


def test_the_little_calendar_of_the_sketch():
    """Six weeks from 1 September: start, counted, paused, day 30, holiday, end."""
    found = law.deadline(date(2025, 9, 2), MEDIATION, CALENDAR, [PAUSE])
    weeks = list(found.weeks())
    assert [len(week) for week in weeks] == [7] * 6
    marks = {day.date: day for week in weeks for day in week}
    assert weeks[0][0].date == date(2025, 9, 1)
    assert weeks[-1][-1].date == date(2025, 10, 12)

    def mark(month: int, day: int) -> str:
        return marks[date(2025, month, day)].mark

    assert mark(9, 1) == "outside"
    assert mark(9, 2) == "start"
    assert [mark(9, day) for day in (3, 13, 15, 16, 17, 18, 30)] == [
        *("counted",) * 3,
        *("paused",) * 2,
        *("counted",) * 2,
    ]
    assert mark(10, 4) == "last"
    assert [mark(10, day) for day in range(5, 9)] == ["moved"] * 4
    assert [mark(10, day) for day in (9, 10)] == ["due", "outside"]
    assert marks[date(2025, 10, 4)].number == 30
    assert marks[date(2025, 10, 1)].holiday == "national_day"
    assert marks[date(2025, 9, 28)].makeup
    assert not marks[date(2025, 9, 28)].rest


def test_day_19_of_30():
    """The staff's page says how far the clock has come on 23 September."""
    found = law.deadline(date(2025, 9, 2), MEDIATION, CALENDAR, [PAUSE])
    assert (found.number_on(date(2025, 9, 23)), found.total) == (19, 30)
    assert found.number_on(date(2025, 9, 2)) == 0
    assert found.number_on(date(2025, 9, 17)) == found.number_on(date(2025, 9, 15)) == 13
    assert found.number_on(date(2026, 1, 1)) == 30


def test_rest_days_of_working_time_are_marked():
    """A weekend is drawn as not counted where only working days count."""
    found = law.deadline(date(2025, 9, 5), Rule(3, kind="working"), CALENDAR)
    assert [day.mark for day in found.days()][4:10] == [
        "start",
        "rest",
        "rest",
        "counted",
        "counted",
        "due",
    ]


@given(started(), rules)
def test_every_explanation_can_be_said_and_kept(case, rule):
    """Both languages have words for whatever happens; reasons survive JSON unchanged."""
    start, pauses = case
    found = law.deadline(start, rule, CALENDAR, pauses)
    assert json.loads(json.dumps(found.reasons)) == [list(reason) for reason in found.reasons]
    for language in ("zh-hans", "en"):
        assert all(text and "{" not in text for text, _ in words.lines(found.reasons, language))
    assert found.reasons == law.deadline(start, rule, CALENDAR, pauses).reasons


@given(started(), rules)
def test_the_little_calendar_counts_what_was_counted(case, rule):
    """Its last number is the number of days, and no paused day bears one."""
    start, pauses = case
    found = law.deadline(start, rule, CALENDAR, pauses)
    drawn = list(found.days())
    assert max(day.number for day in drawn) == found.total
    assert [day.date for day in drawn if day.mark == "due"] == [found.due]
    assert all(day.number == 0 for day in drawn if day.mark in ("paused", "rest", "moved"))
