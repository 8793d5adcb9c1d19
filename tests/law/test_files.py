"""Parameter files: what a good one gives, and what is said about each way to get one wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dingzi import law
from dingzi.law import BadFile, Registry

GOOD = """\
park.reply:
  zh: 答复期限
  en: Reply
  unit: day
  kind: working
  moves_last_day: true
  note: {zh: 试行, en: On trial}
  values:
    - {since: 2020-01-01, value: 10, local: true}
    - {since: 2024-05-01, value: 7, source: 公园法, article: 12}
    - {since: 2027-01-01, value: null, source: 公园法, article: "40"}
park.fine:
  zh: 罚款
  en: Fine
  unit: fen
  values:
    - {since: 2020-01-01, value: 20000, source: 公园法, article: "30(2)"}
"""
SOURCES = "公园法: Parks Act\n"

ENTRY = "{since: 2020-01-01, value: 10, local: true}"


def one(values: str = f"[{ENTRY}]", **keys: str) -> str:
    """A file with one parameter; a key given as an empty text is left out."""
    lines = {"zh": "期限", "en": "Term", "unit": "day", **keys, "values": values}
    return "park.reply:\n" + "".join(f"  {k}: {v}\n" for k, v in lines.items() if v)


def loaded(folder: Path, text: str | bytes = GOOD, name: str = "park.yaml") -> Registry:
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = Registry()
    found.register(folder)
    return found


def test_a_good_file(tmp_path):
    """Each day has the value that held on it, with its source and its first and last day."""
    found = loaded(tmp_path)
    old = found.value("park.reply", date(2024, 4, 30))
    assert (old.value, old.local, old.since, old.until) == (
        10,
        True,
        date(2020, 1, 1),
        date(2024, 4, 30),
    )
    new = found.value("park.reply", date(2024, 5, 1))
    assert (new.value, new.source, new.article, new.local) == (7, "公园法", "12", False)
    assert new.until == date(2026, 12, 31)
    assert found.law("公园法") == {"zh": "公园法", "en": "Parks Act"}
    assert found.definition("park.reply").note == {"zh": "试行", "en": "On trial"}
    assert [item.name for item in found] == ["park.fine", "park.reply"]


def test_a_value_that_ended(tmp_path):
    """null says that nothing holds any more; before the first date nothing held yet."""
    found = loaded(tmp_path)
    with pytest.raises(law.NotInForce, match="2027-06-01"):
        found.value("park.reply", date(2027, 6, 1))
    with pytest.raises(law.NotInForce, match="first value holds from 2020-01-01"):
        found.rule("park.reply", date(2019, 12, 31))
    assert found.definition("park.reply").on(date(2019, 1, 1)) is None
    assert found.definition("park.reply").on(date(2027, 1, 1)) is None


def test_a_rule_carries_how_it_is_counted(tmp_path):
    """A deadline knows its kind; a sum of money is no deadline."""
    found = loaded(tmp_path)
    rule = found.rule("park.reply", date(2025, 1, 1))
    assert (rule.amount, rule.unit, rule.kind, rule.moves_last_day) == (7, "day", "working", True)
    assert (rule.name, rule.zh, rule.en) == ("park.reply", "答复期限", "Reply")
    with pytest.raises(law.NotARule, match=r"park\.fine"):
        found.rule("park.fine", date(2025, 1, 1))


def test_registering_twice_changes_nothing(tmp_path):
    """Every app registers when it is loaded, and may be loaded twice."""
    found = loaded(tmp_path)
    found.register(tmp_path)
    assert len(list(found)) == 2


def test_a_name_is_declared_once(tmp_path):
    """Two folders cannot both say what a parameter is, and the second adds nothing at all."""
    found = loaded(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "park.yaml").write_text(
        one().replace("park.reply", "park.other") + one(), encoding="utf-8"
    )
    with pytest.raises(BadFile, match=r"other/park\.yaml:6: park\.reply: declared already in"):
        found.register(other)
    assert len(list(found)) == 2


def test_a_folder_that_is_not_there(tmp_path):
    """A wrong path is told at once."""
    with pytest.raises(BadFile, match="no such folder"):
        Registry().register(tmp_path / "nowhere")


BAD = [
    # what is wrong, text, line, field, what is said
    ("empty", "", 1, "", "declare at least one parameter"),
    ("only a comment", "# nothing\n", 1, "", "declare at least one parameter"),
    ("not YAML", "park.reply:\n  zh: [期限\n", 3, "", "not YAML: expected"),
    ("a tab", "park.reply:\n\tzh: 期限\n", 2, "", "not YAML: found character"),
    ("a control character", "# 1\npark.reply: \x07\n", 2, "", "not YAML: special characters"),
    ("two documents", one() + "---\n" + one(), 6, "", "not YAML: but found another document"),
    ("a Python object", "park.reply: !!python/name:os.system\n", 1, "", "not YAML: could not"),
    ("not UTF-8", b"park.reply:\n  zh: \xc6\xda\xcf\xde\n", 2, "", "save the file as UTF-8"),
    ("a list", "- park.reply\n", 1, "", "write NAME: with the parameter's keys"),
    ("a key twice", one() + "  unit: day\n", 6, "park.reply.unit", "the first is on line 4"),
    ("a name twice", one() + one(), 6, "park.reply", "given twice; the first is on line 1"),
    ("a bad name", "park.Reply: {}\n", 1, "park.Reply", "a name such as disputes.mediation_days"),
    ("a name without a dot", "park: {}\n", 1, "park", "a name such as"),
    ("a name of another file", "tree.age: {}\n", 1, "tree.age", "begins with 'park'"),
    ("no keys", "park.reply: 30\n", 1, "park.reply", "write zh, en, unit, values indented"),
    ("an unknown key", one(units="day"), 5, "park.reply.units", "no such key; write one of zh"),
    ("no title", one(zh=""), 1, "park.reply.zh", "zh is missing"),
    ("no English title", one(en=""), 1, "park.reply.en", "en is missing"),
    ("a title that is no text", one(zh="30"), 2, "park.reply.zh", "write a text (found 30)"),
    ("a blank title", one(en="' '"), 3, "park.reply.en", "write a text (found ' ')"),
    ("no unit", one(unit=""), 1, "park.reply.unit", "unit is missing"),
    ("an unknown unit", one(unit="days"), 4, "park.reply.unit", "write one of day, month, year"),
    ("a unit that is a list", one(unit="[day]"), 4, "park.reply.unit", "(found a list)"),
    ("no values", one(values=""), 1, "park.reply.values", "values is missing"),
    ("values that are none", one(values="[]"), 5, "park.reply.values", "one entry for each date"),
    ("one bare value", one(values="30"), 5, "park.reply.values", "write a list"),
    ("a kind without moves_last_day", one(kind="working"), 5, "park.reply.kind", "say also moves"),
    ("moves_last_day alone", one(moves_last_day="true"), 5, "park.reply.moves_last_day", "kind:"),
    ("an unknown kind", one(kind="business"), 5, "park.reply.kind", "working, calendar"),
    (
        "moves_last_day that is no flag",
        one(kind="working", moves_last_day="maybe"),
        6,
        "park.reply.moves_last_day",
        "write true or false (found 'maybe')",
    ),
    (
        "working months",
        one(unit="month", kind="working", moves_last_day="true"),
        5,
        "park.reply.kind",
        "write unit: day",
    ),
    (
        "a kind of money",
        one(unit="fen", kind="calendar", moves_last_day="true"),
        5,
        "park.reply.kind",
        "leave kind out",
    ),
    ("an unknown right", one(city_may="all"), 5, "park.reply.city_may", "nothing, shorten, change"),
    (
        "shortening what is no time",
        one(unit="fen", city_may="shorten"),
        5,
        "park.reply.city_may",
        "only a time can be shortened",
    ),
    ("half a note", one(note="{zh: 试行}"), 5, "park.reply.note.en", "en is missing"),
    ("a note in one language", one(note="试行"), 5, "park.reply.note", "write zh and en"),
]
BAD_ENTRIES = [
    # what is wrong, entry, field after values[0], what is said
    ("no mapping", "30", "", "write since and value"),
    ("an unknown key", "{since: 2020-01-01, value: 1, local: true, by: x}", ".by", "no such key"),
    ("no date", "{value: 1, local: true}", ".since", "since is missing"),
    ("no value", "{since: 2020-01-01, local: true}", ".value", "value is missing"),
    ("a year", "{since: 2020, value: 1, local: true}", ".since", "YYYY-MM-DD (found 2020)"),
    ("a date in words", "{since: today, value: 1, local: true}", ".since", "(found 'today')"),
    ("a date that is none", "{since: 2020-02-30, value: 1, local: true}", ".since", "cannot be"),
    (
        "a time of day",
        "{since: 2020-01-01 10:00:00, value: 1, local: true}",
        ".since",
        "write a date as YYYY-MM-DD",
    ),
    (
        "a number in words",
        "{since: 2020-01-01, value: thirty, local: true}",
        ".value",
        "such as 30",
    ),
    ("no days", "{since: 2020-01-01, value: 0, local: true}", ".value", "at least 1"),
    ("half a day", "{since: 2020-01-01, value: 1.5, local: true}", ".value", "(found 1.5)"),
    ("yes", "{since: 2020-01-01, value: yes, local: true}", ".value", "(found True)"),
    ("a list", "{since: 2020-01-01, value: [1], local: true}", ".value", "(found a list)"),
    ("nobody says so", "{since: 2020-01-01, value: 1}", "", "source and article, or local: true"),
    ("local: false", "{since: 2020-01-01, value: 1, local: false}", ".local", "write local: true"),
    (
        "law and local",
        "{since: 2020-01-01, value: 1, source: 公园法, article: 1, local: true}",
        ".source",
        "a local setting has no law",
    ),
    (
        "local with an article",
        "{since: 2020-01-01, value: 1, article: 1, local: true}",
        ".article",
        "a local setting has no law",
    ),
    (
        "no article",
        "{since: 2020-01-01, value: 1, source: 公园法}",
        ".source",
        "say also article",
    ),
    (
        "an article that is no text",
        "{since: 2020-01-01, value: 1, source: 公园法, article: true}",
        ".article",
        "write a text",
    ),
]
BAD_VALUES = [
    ("hour", "0", "at least 1"),
    ("fen", "19.9", "10 yuan is 1000"),
    ("share", "80", "80 % is 0.8"),
    ("share", ".nan", "from 0 to 1"),
    ("count", "-1", "such as 5"),
    ("number", ".inf", "such as 2.5"),
    ("number", "true", "such as 2.5"),
    ("metre", "-3", "metres"),
    ("gram", "heavy", "grams"),
    ("flag", "1", "true or false"),
    ("text", "''", "quotation marks"),
]


@pytest.mark.parametrize(
    ("text", "line", "field", "write"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_a_bad_file(tmp_path, text, line, field, write):
    """The error names file, line and field, and says what to write."""
    with pytest.raises(BadFile) as caught:
        loaded(tmp_path, text)
    error = caught.value
    assert (error.path.name, error.line, error.field) == ("park.yaml", line, field)
    assert write in str(error)
    assert f"park.yaml:{line}: " in str(error)


@pytest.mark.parametrize(
    ("entry", "field", "write"),
    [case[1:] for case in BAD_ENTRIES],
    ids=[case[0] for case in BAD_ENTRIES],
)
def test_a_bad_entry(tmp_path, entry, field, write):
    """The same for one dated value: it stands on line 7 of this file."""
    text = one(values=f"\n    # from the start\n    - {entry}")
    with pytest.raises(BadFile) as caught:
        loaded(tmp_path, text)
    assert caught.value.line == 7
    assert caught.value.field == f"park.reply.values[0]{field}"
    assert write in str(caught.value)


@pytest.mark.parametrize(("unit", "value", "write"), BAD_VALUES)
def test_a_value_that_does_not_fit_its_unit(tmp_path, unit, value, write):
    """Each unit says what a value of it looks like."""
    entry = f"[{{since: 2020-01-01, value: {value}, local: true}}]"
    with pytest.raises(BadFile, match="write") as caught:
        loaded(tmp_path, one(values=entry, unit=unit))
    assert caught.value.field == "park.reply.values[0].value"
    assert write in str(caught.value)


@pytest.mark.parametrize("second", ["2020-01-01", "2019-12-31"])
def test_dates_in_the_wrong_order(tmp_path, second):
    """Values stand in order, each date once."""
    values = f"\n    - {ENTRY}\n    - {{since: {second}, value: 5, local: true}}"
    with pytest.raises(BadFile, match="order by date, each date once") as caught:
        loaded(tmp_path, one(values=values))
    assert (caught.value.line, caught.value.field) == (7, "park.reply.values[1].since")


def test_a_law_without_an_english_name(tmp_path):
    """It is added to sources.yaml first."""
    values = "\n    - {since: 2020-01-01, value: 1, source: 林业法, article: 3}"
    with pytest.raises(BadFile, match=r"林业法: give its English name in sources\.yaml") as caught:
        loaded(tmp_path, one(values=values))
    assert caught.value.line == 6


@pytest.mark.parametrize(
    ("text", "write"),
    [("- 公园法\n", "one a line"), ("公园法:\n", "English name of the law (found nothing)")],
)
def test_a_bad_list_of_laws(tmp_path, text, write):
    """Names of laws are pairs of Chinese and English."""
    (tmp_path / "sources.yaml").write_text(text, "utf-8")
    with pytest.raises(BadFile) as caught:
        Registry().register(tmp_path)
    assert caught.value.path.name == "sources.yaml"
    assert write in str(caught.value)
