"""Households: listed, imported by Excel, told once, issued; figures and the public page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dingzi import figures, matters
from dingzi.core.errors import Invalid, Refusal
from dingzi.core.spreadsheet import Row
from dingzi.figures import Period
from dingzi.matters.importing import running
from dingzi.matters.importing.columns import guess
from dingzi.matters.importing.reading import Plan
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.estates import selectors
from dingzi.mechanisms.estates.models import Household
from dingzi.mechanisms.estates.process import household

from .conftest import Estates
from .test_estates import DAY, START, refused, stands

HEADER = ["编号", "楼盘编号", "楼栋", "房号", "户主", "联系电话", "发证日期", "不动产权证号"]


def rows(*lines: list[Any]) -> list[Row]:
    return [
        Row(number=n, cells=dict(zip(HEADER, line, strict=True)), reasons=())
        for n, line in enumerate(lines, 2)
    ]


def plan() -> Plan:
    action = household.latest.actions["record"]
    return Plan(process="household", action=action, columns=guess(HEADER, action), source="名单")


def brought_in(city: Estates, *lines: list[Any], good_only: bool = True) -> running.Outcome:
    return running.run(rows(*lines), plan(), city.registry, good_only=good_only)


def test_the_columns_of_a_list_are_understood() -> None:
    """Each column of a registry's list is guessed."""
    assert guess(HEADER, household.latest.actions["record"]) == {
        "编号": "@number", "楼盘编号": "estate", "楼栋": "building", "房号": "room",
        "户主": "owner", "联系电话": "phone", "发证日期": "issued_on", "不动产权证号": "certificate",
    }  # fmt: skip


def test_an_imported_list_reports_its_bad_rows_and_keeps_the_good(city: Estates) -> None:
    """Unknown estate, unknown building, no home, a day to come: named by row and column."""
    number = city.filed()
    found = brought_in(
        city,
        ["1", number, "1栋", "101", "甲某", "13800000001", None, None],
        ["2", "袁楼〔2026〕99号", "1栋", "102", "", "", None, None],
        ["3", number, "9栋", "102", "", "", None, None],
        ["4", number, "1栋", None, "", "", None, None],
        ["5", number, "1栋", "105", "", "", date(2090, 1, 1), None],
        ["6", number, "1栋", "106", "", "12", None, None],
    )
    assert (found.opened, found.bad_count) == (1, 5)
    told = {row: [code for code, _ in reasons] for row, reasons in found.bad}
    assert told == {
        3: ["no_such_matter"], 4: ["estates_unknown_building"], 5: ["required"],
        6: ["estates_day_to_come"], 7: ["bad_phone"],
    }  # fmt: skip
    places = {reasons[0][1].get("column") for _, reasons in found.bad}
    assert places == {"楼盘编号", "楼栋", "房号", "发证日期", "联系电话"}
    one = Household.objects.get()
    assert (one.imported, one.stage, one.building) == (True, "waiting", "1栋")
    assert Matter.objects.get(pk=one.pk).holder_unit_id == city.registry.unit


def test_all_or_nothing_writes_nothing_of_a_bad_list(city: Estates) -> None:
    """With the other choice one bad row keeps all of them out."""
    number = city.filed()
    good = ["1", number, "1栋", "101", "", "", None, None]
    found = brought_in(city, good, ["2", number, "9栋", "102", "", "", None, None], good_only=False)
    assert (found.opened, found.bad_count) == (0, 1)
    assert not Household.objects.exists()


def test_importing_again_changes_only_what_changed(city: Estates, at: Callable[..., Any]) -> None:
    """A certificate that has come brings its household up; the others leave no event."""
    at(START)
    number, _ = city.issuing()
    lines = [[str(n), number, "1栋", f"10{n}", "甲某", "13800000001", None, None] for n in (1, 2)]
    assert brought_in(city, *lines).opened == 2
    before = Event.objects.count()
    again = brought_in(city, *lines)
    assert (again.same, again.opened, Event.objects.count()) == (2, 0, before)
    lines[0][6:] = [date(2026, 3, 1), "赣(2026)001"]
    lines[1][1] = "袁楼〔2026〕99号"
    third = brought_in(city, *lines)
    assert (third.corrected, third.bad_count) == (1, 1)
    one = Household.objects.get(stage="issued")
    assert (one.issued_on, one.on_time) == (date(2026, 3, 1), None)
    matter = Matter.objects.get(pk=one.pk)
    assert (matter.active, matter.people[0]["phone"]) == (False, "13800000001")
    assert Event.objects.count() == before + 1
    assert rebuild(write=False).differences == []


def test_no_certificate_before_the_way_is_free(city: Estates, at: Callable[..., Any]) -> None:
    """Nobody is accepted before issuing begins; an older certificate may be taken down."""
    at(START)
    number = city.filed()
    one = city.household(number)
    refused("estates_not_issuing", one, "apply", {}, city.registry)
    with pytest.raises(Invalid, match="estates_not_issuing"):
        city.household(number, "102", issued_on="2026-03-02")
    old = city.household(number, "102", issued_on="2019-05-06")
    assert stands(old).household.stage == "issued"


def test_registration_has_thirty_working_days_and_one_notice(
    city: Estates, at: Callable[..., Any]
) -> None:
    """The clock stands still while papers are missing, and they are told once."""
    clock = at(START)
    number, _ = city.issuing()
    one = city.household(number)
    matters.act(one, "apply", {}, by=city.registry)
    assert stands(one).clocks["registration"]["due"] == "2026-04-14"
    matters.act(one, "tell_missing", {"text": "缺契税凭证"}, by=city.registry)
    clock.shift(7 * DAY)
    matters.act(one, "papers_in", {}, by=city.registry)
    assert stands(one).clocks["registration"]["due"] == "2026-04-20"  # 3 to 6 March stood still
    refused("estates_told_once", one, "tell_missing", {"text": "还缺"}, city.registry)
    matters.act(one, "issue", {}, by=city.registry)
    own = stands(one).household
    assert (own.on_time, own.days, own.told_on) == (True, 7, date(2026, 3, 2))


def test_figures_count_estates_and_households(city: Estates, at: Callable[..., Any]) -> None:
    """One estate open, half of its households with a certificate, one promise made."""
    at(START)
    number, _ = city.issuing()
    one, _other = city.household(number, "101"), city.household(number, "102")
    matters.act(one, "apply", {}, by=city.registry)
    matters.act(one, "issue", {}, by=city.registry)
    figures.refresh()

    def value(name: str) -> Any:
        return figures.value(name, Period.month(2026, 3), public=False).number

    assert (value("estates.open"), value("estates.filed"), value("estates.cleared")) == (1, 1, 0)
    assert value("households.certified_share") * 2 == 1
    assert (value("households.issued"), value("households.waiting")) == (1, 1)
    assert (value("estates.promised"), value("estates.broken_share")) == (1, 0)
    assert value("households.on_time_share") == 1


def test_the_public_page_tells_progress_and_nobody(city: Estates, at: Callable[..., Any]) -> None:
    """How many, what is in the way and who clears it; no owner, no home, no small building."""
    at(START)
    number, part = city.issuing()
    matters.act(number, "add_building", {"building": "2栋", "households": 5}, by=city.lead)
    city.household(number, "10471", owner="张三丰", phone="13812345678")
    seen = selectors.standing(number, "zh-hans")
    assert seen is not None
    assert [(b.label, b.done, b.of) for b in seen.bars] == [("全部", 0, 7), ("2栋", 0, 5)]
    assert [(line.what, line.who) for line in seen.lines] == [("测绘成果不全", "区自然资源局")]
    client = Client()
    for path in ("/progress/", "/progress/estates/", f"/progress/estates/{number}/"):
        for tongue in ("zh-hans", "en"):
            answer = client.get(path, headers={"Accept-Language": tongue})
            page = answer.content.decode()
            assert answer.status_code == 200
            assert not any(word in page for word in ("张三丰", "10471", "13812345678", part, "1栋"))
    assert client.get("/progress/estates/袁楼〔2026〕77号/").status_code == 404
    assert client.get("/progress/nothing/").status_code == 404


def test_a_household_of_no_estate_is_refused(city: Estates) -> None:
    """A number of another kind of matter, or of an ended estate, opens nothing."""
    number = city.filed()
    one = city.household(number)
    with pytest.raises(Refusal, match="estates_no_estate"):
        city.household(one)
    matters.act(number, "take_off", {"why": "不是"}, by=city.lead)
    with pytest.raises(Refusal, match="estates_estate_ended"):
        city.household(number, "102")
    with pytest.raises(Refusal, match="nothing_to_correct"):
        matters.act(one, "bring_up", {}, by=city.registry)
