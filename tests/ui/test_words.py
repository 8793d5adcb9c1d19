from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from dingzi.ui import words
from dingzi.ui.tags.words import apart

NOW = datetime(2025, 9, 23, 2, 14, tzinfo=UTC)  # Tuesday, 10:14 in Shanghai


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    """A moment of Shanghai's clock, as UTC."""
    return datetime(2025, month, day, tzinfo=words.timezone.get_default_timezone()).replace(
        hour=hour, minute=minute
    )


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (21384, None, "21,384"),
        (0, None, "0"),
        (-1542, None, "−1,542"),
        (Decimal("96.20"), None, "96.20"),
        (Decimal("2.345"), 2, "2.35"),
        (Fraction(-1, 8), 2, "−0.13"),
        (Decimal("-0.004"), 2, "0.00"),
        (Fraction(23, 7), None, "3.3"),
        (1_000_000_000_000, None, "1,000,000,000,000"),
        (None, None, "–"),
    ],
)
def test_number_is_exact_and_grouped(value, places, text):
    """Thousands are grouped, halves rounded away from zero, nothing negative is zero."""
    assert words.number(value, places) == text


@pytest.mark.parametrize("value", [0.1, "12", True])
def test_number_refuses_what_is_not_exact(value):
    """A float, a text or a truth value is a programmer's mistake."""
    with pytest.raises(TypeError):
        words.number(value)


@pytest.mark.parametrize(
    ("unit", "said"), [("件", "件"), ("cases", " cases"), ("%", "%"), ("", "")]
)
def test_a_latin_unit_stands_apart_from_its_number(unit, said):
    """40 cases, 40件, 40%."""
    assert apart(unit) == said


def test_percent_comes_from_the_counts():
    """A share is rounded once, from its counts, never from a rounded share."""
    assert words.percent(Fraction(20571, 21384)) == "96.2%"
    assert words.percent(Fraction(1, 2000), 1) == "0.1%"
    assert words.percent(None) == "–"


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (386000, "3,860元", "¥3,860"),
        (386050, "3,860.50元", "¥3,860.50"),
        (-5, "−0.05元", "¥−0.05"),
    ],
)
def test_money_is_written_from_fen(fen, zh, en):
    """Fen are shown only where there are some."""
    assert words.money(fen) == zh
    with translation.override("en"):
        assert words.money(fen) == en


def test_money_refuses_yuan_in_decimals():
    """Money is whole fen everywhere."""
    with pytest.raises(TypeError):
        words.money(Decimal("38.60"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at(23, 10, 6), "今天 10:06", "Today 10:06"),
        (at(22, 16, 30), "昨天 16:30", "Yesterday 16:30"),
        (at(19, 16, 5), "9月19日 16:05", "19 Sep 16:05"),
        (date(2024, 12, 31), "2024年12月31日", "31 Dec 2024"),
    ],
)
def test_when_is_near_first(moment, zh, en):
    """Today and yesterday are named; the year only where it is another."""
    assert words.when(moment, NOW) == zh
    with translation.override("en"):
        assert words.when(moment, NOW) == en


@pytest.mark.parametrize(
    ("moment", "short", "sub", "sentence"),
    [
        (at(19, 18), "逾期4天", "9月19日（星期五）到期", "9月19日（星期五）18:00前答复，逾期4天"),
        (
            at(23, 18),
            "今天18:00前",
            "9月23日（星期二）",
            "9月23日（星期二）18:00前答复，今天是最后一天",
        ),
        (at(24, 18), "明天，9月24日", "星期三18:00前", "9月24日（星期三）18:00前答复，明天到期"),
        (date(2025, 9, 26), "还有3天", "9月26日（星期五）", "9月26日（星期五）前答复，还有3天"),
        (
            date(2025, 9, 23),
            "今天之内",
            "9月23日（星期二）",
            "9月23日（星期二）前答复，今天是最后一天",
        ),
        (
            date(2026, 1, 2),
            "还有101天",
            "2026年1月2日（星期五）",
            "2026年1月2日（星期五）前答复，还有101天",
        ),
    ],
)
def test_due_says_what_a_date_means(moment, short, sub, sentence):
    """A deadline says the day, what is due and how long that is."""
    said = words.due(moment, NOW, "答复")
    assert (said.short, said.sub, said.sentence) == (short, sub, sentence)


def test_due_in_english():
    """The English is written, not translated word for word."""
    with translation.override("en"):
        assert words.due(at(9, 18, month=10), NOW, "reply").sentence == (
            "Reply by 18:00 on Thursday 9 October, 16 days left"
        )
        assert words.due(date(2025, 9, 22), NOW).short == "1 day overdue"
        assert words.due(date(2025, 9, 26), NOW).sentence == "By Friday 26 September, 3 days left"


def test_midnight_belongs_to_the_day_before():
    """The last day of a deadline by law ends at 24:00."""
    said = words.due(at(27, 0), NOW)
    assert said.sub == "9月26日（星期五）"
    assert words.due(at(24, 0), NOW).short == "今天之内"
    assert words.due(at(26, 23, 59), NOW).sub == "9月26日（星期五）"


def test_a_passed_hour_of_today_is_overdue():
    """What was due this morning is overdue this noon, though its day is not over."""
    said = words.due(at(23, 9), NOW)
    assert said.overdue
    assert said.short == "今天09:00已到期"
    assert not words.due(at(23, 11), NOW).overdue
