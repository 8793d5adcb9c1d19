"""The parameters that are shipped, and a city's own values over them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import dingzi
from dingzi import law
from dingzi.law import Registry, words

FOLDERS = sorted(Path(dingzi.__file__).parent.glob("**/parameters"))
TODAY = date(2025, 9, 2)

FILE = """\
park.local: {zh: 本地, en: Local, unit: day, kind: calendar, moves_last_day: true, values: [
  {since: 2020-01-01, value: 30, local: true},
  {since: 2027-01-01, value: 60, source: 公园法, article: 9}]}
park.law: {zh: 法定, en: By law, unit: day, kind: working, moves_last_day: true, values: [
  {since: 2020-01-01, value: 15, source: 公园法, article: 1}]}
park.promise: {zh: 承诺, en: Promise, unit: day, kind: working, moves_last_day: true, city_may: shorten, values: [
  {since: 2020-01-01, value: 15, source: 公园法, article: 2}]}
park.rate: {zh: 比例, en: Rate, unit: share, city_may: change, values: [
  {since: 2020-01-01, value: 0.5, source: 公园法, article: 3}]}
park.gone: {zh: 废止, en: Gone, unit: day, values: [
  {since: 2020-01-01, value: 3, source: 公园法, article: 4},
  {since: 2022-01-01, value: null, source: 公园法, article: 5}]}
"""


@pytest.fixture
def park(tmp_path) -> Registry:
    (tmp_path / "sources.yaml").write_text("公园法: Parks Act\n", "utf-8")
    (tmp_path / "park.yaml").write_text(FILE, "utf-8")
    return Registry(tmp_path)


def test_every_shipped_file_can_be_used():
    """All folders of the package load together."""
    found = Registry(*FOLDERS)
    assert {"counting", "disputes"} <= {item.name.split(".")[0] for item in found}


def test_what_the_law_does_not_say_is_a_local_setting():
    """About 30 days for a mediation is practice; 30 days for the court are law."""
    found = Registry(*FOLDERS)
    mediation = found.value("disputes.mediation_days", TODAY)
    assert (mediation.value, mediation.unit, mediation.local) == (30, "day", True)
    court = found.value("disputes.confirmation_application", TODAY)
    assert (court.value, court.source, court.article) == (30, "民事诉讼法", "205")
    before = found.value("disputes.confirmation_application", date(2015, 1, 1))
    assert (before.source, before.article) == ("人民调解法", "33")


def test_an_unknown_name_suggests_near_ones():
    """A slip of the pen, or the second half of a name."""
    found = Registry(*FOLDERS)
    with pytest.raises(
        law.UnknownParameter, match=r"did you mean disputes\.mediation_days"
    ) as slip:
        found.value("disputes.mediaton_day", TODAY)
    assert slip.value.near[0] == "disputes.mediation_days"
    with pytest.raises(law.UnknownParameter) as half:
        found.value("mediation_days", TODAY)
    assert "disputes.mediation_days" in half.value.near
    with pytest.raises(law.UnknownParameter, match="dingzi law list"):
        Registry().value("x.y", TODAY)


def test_the_module_functions_share_one_registry(tmp_path, monkeypatch):
    """A folder registered at load is known to all, by path or text."""
    (tmp_path / "lawtest.yaml").write_text(
        "lawtest.days: {zh: 天, en: Days, unit: day, kind: working, moves_last_day: true,\n"
        "  values: [{since: 2020-01-01, value: 3, local: true}]}\n",
        "utf-8",
    )
    monkeypatch.setattr(law, "PARAMETERS", Registry())
    law.register(str(tmp_path))
    assert law.parameter("lawtest.days", TODAY).value == 3
    assert law.rule("lawtest.days", TODAY).kind == "working"
    assert law.definition("lawtest.days").en == "Days"
    assert law.override_refusals("lawtest.days", TODAY, 5) == ()


def test_a_city_sets_its_own_value(park):
    """From its date on, and until its next one; what it is counted by stays."""
    own = {
        "park.local": [{"since": "2025-01-01", "value": 20}, {"since": "2026-01-01", "value": 25}]
    }
    assert park.value("park.local", date(2024, 12, 31), own).value == 30
    value = park.value("park.local", TODAY, own)
    assert (value.value, value.local, value.until) == (20, True, date(2025, 12, 31))
    rule = park.rule("park.local", TODAY, own)
    assert (rule.amount, rule.kind, rule.local, rule.since) == (
        20,
        "calendar",
        True,
        date(2025, 1, 1),
    )
    assert park.value("park.local", date(2026, 5, 1), own).until == date(2026, 12, 31)


def test_a_new_law_ends_a_local_setting(park):
    """The law of 2027 holds although the city never took its own value back."""
    own = {"park.local": [{"since": date(2025, 1, 1), "value": 20}]}
    value = park.value("park.local", date(2027, 1, 1), own)
    assert (value.value, value.source) == (60, "公园法")


def test_a_city_takes_its_value_back(park):
    """None ends it: what the file says holds again."""
    own = {
        "park.local": [{"since": "2025-01-01", "value": 20}, {"since": "2025-06-01", "value": None}]
    }
    assert park.value("park.local", date(2025, 5, 31), own).value == 20
    assert park.value("park.local", date(2025, 6, 1), own).value == 30


def test_of_two_values_on_one_day_the_later_entry_holds(park):
    """A correction is a new event; entries may come in any order of dates."""
    own = {
        "park.local": [
            {"since": "2025-06-01", "value": 10},
            {"since": "2025-01-01", "value": 20},
            {"since": "2025-01-01", "value": 21},
        ]
    }
    assert park.value("park.local", date(2025, 2, 1), own).value == 21
    assert park.value("park.local", date(2025, 7, 1), own).value == 10


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [("park.law", 10, 15), ("park.promise", 10, 10), ("park.promise", 20, 15), ("park.rate", 0.9, 0.9)],
)  # fmt: skip
def test_the_law_wins_unless_the_file_lets_the_city(park, name, value, holds):
    """A city can promise a shorter time where the file says so, and never a longer one."""
    own = {name: [{"since": "2025-01-01", "value": value}]}
    assert park.value(name, TODAY, own).value == holds
    refused = park.refusals(name, date(2025, 1, 1), value)
    assert bool(refused) is (holds != value)


def test_a_city_cannot_revive_what_the_law_ended(park):
    """Nothing holds, whatever the book says."""
    own = {"park.gone": [{"since": "2021-01-01", "value": 9}]}
    with pytest.raises(law.NotInForce):
        park.value("park.gone", TODAY, own)


def test_refusals_say_what_to_write(park):
    """Before an entry goes into the book it is asked, and answered in both languages."""
    [of_law] = park.refusals("park.law", TODAY, 10)
    assert words.say(of_law, "zh") == "法定在9月2日由法律规定（公园法第一条），本市不能这样改。"
    assert "(Parks Act, art. 1)" in words.say(of_law, "en")
    [of_value] = park.refusals("park.local", TODAY, "soon")
    assert words.say(of_value, "zh") == "本地不能是这个值，请写整数，不小于1，比如30。"
    assert words.say(of_value, "en").endswith("a whole number, at least 1, such as 30.")
    assert park.refusals("park.local", TODAY, None) == ()
    assert park.refusals("park.local", TODAY, 20) == ()


@pytest.mark.parametrize(
    "entry",
    [
        {"since": "soon", "value": 5},
        {"value": 5},
        {"since": "2025-01-01", "value": "five"},
        {"since": "2025-01-01", "value": 0},
    ],
)
def test_a_broken_entry_of_the_book(park, entry):
    """It is named, not passed on into a date."""
    with pytest.raises(law.BadOverride, match=r"park\.local"):
        park.rule("park.local", TODAY, {"park.local": [entry]})


def test_overrides_of_other_names_change_nothing(park):
    """The whole book can be passed in."""
    assert (
        park.value("park.local", TODAY, {"park.law": [{"since": "2020-01-01", "value": 1}]}).value
        == 30
    )
