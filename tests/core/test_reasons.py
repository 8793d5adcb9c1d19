"""Reasons in words: both languages, forms, and what happens when words are missing."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from dingzi.core import reasons
from dingzi.core.errors import Invalid, LoadError
from dingzi.core.text import Text


@pytest.fixture(autouse=True)
def own_words(monkeypatch):
    """Words registered by a test stay in it; it is 2026."""
    monkeypatch.setattr(reasons, "_words", dict(reasons._words))
    monkeypatch.setattr(reasons.timezone, "now", lambda: datetime(2026, 2, 1, tzinfo=UTC))


def say(zh, en, language, **params):
    reasons._words["sample"] = Text(zh, en)
    return reasons.say(("sample", params), language)


def test_the_active_language_is_spoken():
    """Without a language named, the reader's is used."""
    with override("en"):
        assert reasons.say(("required", {})) == "This must be filled in."
    with override("zh-hans"):
        assert reasons.say(("required", {})) == "这一项必须填写。"


@pytest.mark.parametrize(
    ("form", "value", "zh", "en"),
    [
        ("date", date(2025, 9, 26), "2025年9月26日（星期五）", "Friday 26 September 2025"),
        ("date", "2025-09-26", "2025年9月26日（星期五）", "Friday 26 September 2025"),
        ("date", "2025-09-25T17:00:00Z", "2025年9月26日（星期五）", "Friday 26 September 2025"),
        ("moment", datetime(2025, 9, 25, 16, 5, tzinfo=UTC), "2025年9月26日（星期五）00:05", "Friday 26 September 2025, 00:05"),
        ("moment", "2025-09-25T16:05:00Z", "2025年9月26日（星期五）00:05", "Friday 26 September 2025, 00:05"),
        ("money", 123456789, "1,234,567.89元", "1,234,567.89 yuan"),
        ("money", -500, "-5元", "-5 yuan"),
        ("money", -50, "-0.50元", "-0.50 yuan"),
        ("number", 102000, "102,000", "102,000"),
        ("size", 20 * 1024 * 1024, "20 MB", "20 MB"),
        ("size", 12, "12字节", "12 bytes"),
        ("list", ["袁州区"], "袁州区", "袁州区"),
        ("list", ["a", "b", Text("丙", "c")], "a、b和丙", "A, b and c"),
        ("list", [], "", ""),
        ("count day days", 1, "1", "1 day"),
        ("count day days", 1200, "1,200", "1,200 days"),
        ("", Text("甲", "A"), "甲", "A"),
        ("", ("a", "b"), "a和b", "A and b"),
        ("", {"zh": "甲", "en": "A"}, "甲", "A"),
        ("", 7, "7", "7"),
    ],
)  # fmt: skip
def test_forms(form, value, zh, en):
    """Each form reads as a person would say it, in both languages."""
    template = f"{{x:{form}}}" if form else "{x}"
    assert say(template, template, "zh-hans", x=value) == zh
    assert say(template, template, "en", x=value) == en


def test_this_year_needs_no_year(monkeypatch):
    """A date of the current year is said without it."""
    now = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    monkeypatch.setattr(reasons.timezone, "now", lambda: now)
    assert say("{x:date}", "{x:date}", "zh-hans", x=date(2025, 9, 26)) == "9月26日（星期五）"
    assert say("{x:date}", "{x:date}", "en", x=date(2025, 9, 26)) == "Friday 26 September"
    assert say("{x:date}", "{x:date}", "en", x=date(2026, 1, 1)) == "Thursday 1 January 2026"


@pytest.mark.parametrize(
    "reason", [("no_such_code", {}), ("too_long", {}), ("too_long", {"limit": "x", "length": None})]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_fault_in_words_never_breaks_a_page(reason, language, caplog):
    """Unknown codes and wrong parameters give a general sentence and a line in the log."""
    general = reasons.say(("unknown_reason", {}), language)
    assert reasons.say(reason, language) == general
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_values_are_not_templates():
    """Braces and attribute paths in a value are shown as they are."""
    assert say("{x}", "{x}", "en", x="{x.__class__}") == "{x.__class__}"


def test_reasons_by_field():
    """A form shows each reason beside its field."""
    refusal = Invalid(("required", {"field": "title"}), ("stale", {}))
    with override("en"):
        assert reasons.by_field(refusal.reasons)["title"] == ["This must be filled in."]
        assert list(reasons.by_field(refusal.reasons)) == ["title", ""]
        assert reasons.say_all(refusal)[0] == "This must be filled in."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "a mapping"),
        ("a: {zh: 甲}", "a: exactly zh and en"),
        ("a: {zh: 甲, en: A, fr: B}", "a: exactly zh and en"),
        ("a: {zh: 甲, en: 1}", "a: zh and en must be text"),
        ("a: {zh: ' ', en: A}", "a: words in both"),
        ("a: {zh: '{x}', en: '{y}'}", "a: zh and en name different parameters"),
        ("a: {zh: '{x:colour}', en: '{x}'}", "no such form"),
        ("a: {zh: '{x.y}', en: '{x.y}'}", "a plain parameter name"),
        ("a: {zh: '{x!r}', en: '{x}'}", "a plain parameter name"),
        ("a: {zh: '{x', en: '{x}'}", "a: "),
        ("required: {zh: 甲, en: A}", "required: another file"),
        ("a: [", "while parsing"),
    ],
)
def test_bad_word_files(content, says, tmp_path):
    """Each fault in a word file is named with file and code."""
    path = tmp_path / "words.yaml"
    path.write_text(content, "utf-8")
    before = reasons.known()
    with pytest.raises(LoadError) as caught:
        reasons.load(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)
    assert reasons.known() == before


def test_missing_words_are_found(tmp_path):
    """The house test sees codes in refusals and in reason tuples."""
    (tmp_path / "a.py").write_text(
        'raise Invalid.of("odd_one", field="x")\nraise Forbidden(("odd_two", {}), ("required", {}))\n'
        'name, data = "odd_three", {}\n'
    )
    assert reasons.missing([tmp_path]) == {"odd_one", "odd_two"}


def test_the_source_follows():
    """A reason that rests on law says on which."""
    cite = [{"law": {"zh": "人民调解法", "en": "People's Mediation Law"}, "article": "33"}]
    assert say("已过期。", "Too late.", "zh-hans", cite=cite).startswith(
        "已过期。人民调解法第三十三条"
    )
    assert say("已过期。", "Too late.", "en", cite=cite) == (
        "Too late. (People's Mediation Law, art. 33)"
    )
