"""How each language writes dates, articles and lengths."""

from __future__ import annotations

from datetime import date

import pytest

from dingzi.law import phrases, words


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (33, "三十三"), (100, "一百"),
        (110, "一百一十"), (201, "二百零一"), (205, "二百零五"), (1010, "一千零一十"),
        (1005, "一千零五"), (1260, "一千二百六十"), (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_numerals(number, written):
    """Articles are numbered in Chinese as the law itself does."""
    assert phrases.numeral(number) == written


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_numerals_have_limits(number):
    """No law has such an article."""
    with pytest.raises(ValueError, match="1 to 9999"):
        phrases.numeral(number)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("33", "第三十三条", ", art. 33"),
        ("31(6)", "第三十一条第六项", ", art. 31(6)"),
        ("203.1", "第二百零三条第一款", ", art. 203, para. 1"),
        ("26.2(3)", "第二十六条第二款第三项", ", art. 26, para. 2(3)"),
        ("17, 20", "第十七条、第二十条", ", arts. 17, 20"),
        ("附件二", "附件二", ", 附件二"),
        ("", "", ""),
    ],
)
def test_articles(text, zh, en):
    """Article, paragraph, item, several of them; other forms as they are."""
    assert phrases.article(text, "zh-hans") == zh
    assert phrases.article(text, "en") == en


@pytest.mark.parametrize(
    ("template", "value", "zh", "en"),
    [
        ("{v:long}", "2025-09-26", "9月26日（星期五）", "Friday 26 September 2025"),
        ("{v:long}", date(2025, 9, 28), "9月28日（星期日）", "Sunday 28 September 2025"),
        ("{v:short}", "2025-09-26", "9月26日", "26 September"),
        ("{v:month}", "2025-02-28", "2月", "February"),
        ("{v:range}", ["2025-10-01", "2025-10-08"], "10月1日至8日", "1–8 October"),
        ("{v:range}", ["2025-10-01", "2025-10-01"], "10月1日", "1 October"),
        ("{v:range}", ["2025-01-28", "2025-02-04"], "1月28日至2月4日", "28 January to 4 February"),
        (
            "{v:range}",
            ["2025-12-31", "2026-01-02"],
            "12月31日至2026年1月2日",
            "31 December to 2 January 2026",
        ),
        ("{v:dates}", [], "", ""),
        ("{v:dates}", ["2025-09-28"], "9月28日", "28 September"),
        (
            "{v:dates}",
            ["2025-09-28", "2025-10-11", "2025-10-12"],
            "9月28日、10月11日、12日",
            "28 September, 11 and 12 October",
        ),
        ("{v:run}", ["2025-09-16", "2025-09-17"], "9月16日、17日", "16 and 17 September"),
        ("{v:run}", ["2025-09-16", "2025-09-25"], "9月16日至25日", "16–25 September"),
        ("{v:days}", 1, "1天", "1 day"),
        ("{v:days}", 30, "30天", "30 days"),
        ("{v:workdays}", 3, "3个工作日", "3 working days"),
        ("{v:length}", [6, "month", "calendar"], "6个月", "6 months"),
        ("{v:length}", [2, "year", "calendar"], "2年", "2 years"),
        ("{v:nth}", [30, "day", "calendar"], "第30天", "Day 30"),
        ("{v:nth}", [15, "day", "working"], "第15个工作日", "Working day 15"),
        ("{v:nth}", [1, "month", "calendar"], "满1个月的那天", "The end of 1 month"),
        ("{v:years}", [[2003, 2003], [2027, 2030]], "2003年、2027年至2030年", "2003 and 2027 to 2030"),
        ("{v}", {"zh": "受理", "en": "accepted"}, "受理", "Accepted"),
        ("{v}", 3, "3", "3"),
    ],
)  # fmt: skip
def test_forms(template, value, zh, en):
    """Each form that the words may use."""
    assert phrases.fill(template, {"v": value}, "zh-hans") == zh
    assert phrases.fill(template, {"v": value}, "en") == en


def test_the_year_can_be_asked_for():
    """0 is no year that is spoken of."""
    assert phrases.fill("{v:long}", {"v": "2025-09-26"}, "zh", year=0) == "2025年9月26日（星期五）"
    assert phrases.fill("{v:short}", {"v": "2025-09-26"}, "en", year=2026) == "26 September 2025"


@pytest.mark.parametrize("template", ["{other}", "{v:no_such_form}"])
def test_a_wrong_template_is_found(template):
    """A text that names what is not there fails where it is used."""
    with pytest.raises(KeyError):
        phrases.fill(template, {"v": 1}, "zh")


def test_every_code_has_both_languages_with_the_same_parameters():
    """What one language says the other can say too."""
    from string import Formatter

    for code, texts in words.load().items():
        assert set(texts) == {"zh", "en"}, code
        zh, en = (
            {name for _, name, _, _ in Formatter().parse(texts[language]) if name}
            for language in ("zh", "en")
        )
        assert zh == en or code.startswith(("nth.", "length.")), code
