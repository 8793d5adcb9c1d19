"""A problem from being found to being looked back on, accepted by others than who rectified it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dingzi import matters
from dingzi.city.models import Account, Tenure
from dingzi.core.errors import Forbidden, Invalid, Refusal, WrongState
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.rectification.models import Problem
from tests.world import SINCE

from .conftest import PLAN, Lists


def own(number: str) -> Problem:
    return Problem.objects.select_related("matter").get(matter__number=number)


def test_it_runs_from_the_finding_to_the_look_back(city: Lists, at: Callable[..., Any]) -> None:
    """Found, given, recognised, planned, rectified, accepted, delisted, found to hold."""
    clock = at("2026-03-02T09:00+08:00")
    number = city.found()
    assert own(number).matter.holder_id == city.inspector.post
    given = {"lead": city.housing.unit, "category": "environment"}
    matters.act(number, "assign", given, by=city.inspector)
    stands = own(number)
    assert (stands.category, stands.matter.holder_unit_id) == ("environment", city.housing.unit)
    assert stands.matter.clocks["argue"]["due"] == "2026-04-01"  # 30 days (政府督查工作条例 17)
    matters.act(number, "recognise", {"cause": "没有跟上"}, by=city.housing)
    matters.act(number, "plan", PLAN, by=city.housing)
    clock.shift(10 * 86_400)
    matters.act(number, "finish", {"text": "清完了"}, by=city.housing)
    stands = own(number)
    assert (stands.days, stands.on_time) == (10, True)
    assert stands.matter.holder_unit_id == city.inspector.unit
    matters.act(number, "return_it", {"text": "还有一处"}, by=city.inspector)
    assert own(number).rectified_on is None
    matters.act(number, "finish", {"text": "都清完了"}, by=city.housing)
    matters.act(number, "accept", {"text": "看过"}, by=city.inspector)
    matters.act(number, "delist", {}, by=city.inspector)
    stands = own(number)
    assert (stands.outcome, stands.returned, stands.matter.active) == ("rectified", 1, True)
    clock.shift(100 * 86_400)
    matters.act(number, "look_back", {"result": "holds", "text": "看过"}, by=city.second)
    stands = own(number)
    assert (stands.held, stands.matter.state, stands.matter.active) == (True, "kept", False)
    assert rebuild(write=False).differences == []


def test_who_rectified_accepts_delists_and_looks_back_on_nothing(city: Lists) -> None:
    """Not the post, not its unit, not the same person on an inspector's post, nor who stands in."""
    number = city.rectified()
    before = Event.objects.count()
    person = Account.objects.create_user("who-rectified", "a-long-password")
    Tenure.objects.create(post_id=city.housing.post, account=person, since=date(2020, 1, 1))
    others = (
        city.colleague,
        replace(city.inspector, account=person.id),
        replace(city.inspector, stands_for=frozenset({city.housing.post or 0})),
    )
    for by in others:
        for action in ("accept", "return_it"):
            with pytest.raises(Refusal, match="problem_accepted_by_oneself"):
                matters.act(number, action, {"text": "看过"}, by=by)
    with pytest.raises(Forbidden):
        matters.act(number, "accept", {"text": "看过"}, by=city.housing)
    assert Event.objects.count() == before
    matters.act(number, "accept", {"text": "看过"}, by=city.above)
    with pytest.raises(Refusal, match="problem_accepted_by_oneself"):
        matters.act(number, "delist", {}, by=city.colleague)
    matters.act(number, "delist", {}, by=city.inspector)
    with pytest.raises(Refusal, match="problem_accepted_by_oneself"):
        matters.act(number, "look_back", {"result": "holds", "text": "x"}, by=city.colleague)


def test_what_comes_back_is_rectified_anew_on_its_first_date(
    city: Lists, at: Callable[..., Any]
) -> None:
    """A relapse opens it again with the unit; it leaves the list only when delisted anew."""
    at("2026-03-02T09:00+08:00")
    number = city.delisted()
    matters.act(number, "look_back", {"result": "relapsed", "text": "又有了"}, by=city.second)
    stands = own(number)
    assert (stands.matter.state, stands.matter.reopened, stands.relapses) == ("recognised", 1, 1)
    assert (stands.found_on, stands.delisted_on, stands.held) == (date(2026, 3, 2), None, False)
    assert stands.matter.holder_unit_id == city.housing.unit
    assert stands.matter.clocks["planning"]["state"] == "running"
    matters.act(number, "plan", PLAN, by=city.housing)
    assert rebuild(write=False).differences == []


def test_the_unit_may_argue_in_time_and_others_rule_on_it(
    city: Lists, at: Callable[..., Any]
) -> None:
    """An argument goes to the inspectors; upheld, it leaves the list, else the unit has it."""
    clock = at("2026-03-02T09:00+08:00")
    first, second, late = (city.found(unit=city.housing.unit) for _ in range(3))
    for number in (first, second):
        matters.act(number, "argue", {"why": "不归本单位"}, by=city.housing)
        assert own(number).matter.holder_unit_id == city.inspector.unit
    matters.act(first, "uphold_argument", {"why": "核查属实"}, by=city.inspector)
    assert (own(first).outcome, own(first).matter.active) == ("removed", False)
    matters.act(second, "reject_argument", {"why": "归它"}, by=city.inspector)
    assert own(second).matter.state == "recognised"
    assert own(second).matter.holder_unit_id == city.housing.unit
    clock.shift(31 * 86_400)
    with pytest.raises(Refusal, match="problem_argue_too_late"):
        matters.act(late, "argue", {"why": "太晚"}, by=city.housing)
    with pytest.raises(WrongState):
        matters.act(first, "argue", {"why": "再来"}, by=city.inspector)
    assert rebuild(write=False).differences == []


def test_inspectors_do_not_do_the_units_part(city: Lists) -> None:
    """Recognising and planning is the unit's; bad input writes nothing."""
    number = city.found(unit=city.housing.unit)
    matters.act(number, "transfer", {"post": city.inspector.post, "why": "错转"}, by=city.housing)
    before = Event.objects.count()
    with pytest.raises(Forbidden, match="problem_not_the_unit"):
        matters.act(number, "recognise", {"cause": "x"}, by=city.inspector)
    for data, code in (
        ({"list": "none"}, "unknown_choice"), ({"place": "999999"}, "unknown_division"),
        ({"unit": 10**9}, "unknown_unit"), ({"title": ""}, "required"),
        ({"how": "figure"}, "problem_needs_figure"),
        ({"how": "figure", "guard": "a.b", "figure": "a.c", "month": "2026-13"}, "problem_needs_figure"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            city.found(**data)
    assert Event.objects.count() == before
    planned = city.found(unit=city.housing.unit)
    matters.act(planned, "recognise", {"cause": "x"}, by=city.housing)
    with pytest.raises(Invalid, match="problem_by_when_past"):
        matters.act(planned, "plan", PLAN | {"by_when": "2020-01-01"}, by=city.housing)


def test_a_guards_month_is_listed_once(city: Lists) -> None:
    """The number of the one that is listed is told; taken off, it may be listed again."""
    born = {"how": "figure", "guard": "petitions.guard_again", "figure": "petitions.closed", "month": "2026-02"}  # fmt: skip
    number = city.found(**born)
    with pytest.raises(Refusal) as refusal:
        city.found(**born)
    assert refusal.value.reasons[0] == ("problem_listed_already", {"number": number})
    matters.act(number, "remove", {"why": "登记错了"}, by=city.inspector)
    assert city.found(**born) != number
    assert Matter.objects.filter(process="problem").count() == 2


def test_a_list_is_filtered_by_which_of_the_three(city: Lists) -> None:
    """One word of the sentence; kept in views and exports; a list that is none asks nothing."""
    account = Account.objects.create_user("looks", "dingzi-demo-2025")
    Tenure.objects.create(post_id=city.inspector.post, account=account, since=SINCE)
    desk = Client()
    desk.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    numbers = {name: city.found(list=name) for name in ("hotspot", "secretary", "achievement")}
    for name, number in numbers.items():
        page = desk.get("/work/rectification/", {"facet": name}).content.decode()
        assert {one for one in numbers.values() if one in page} == {number}
        assert f'<option value="{name}" selected>' in page
        sheet = b"".join(desk.get("/work/rectification/export.csv", {"facet": name})).decode()
        assert {one for one in numbers.values() if one in sheet} == {number}
    page = desk.get("/work/rectification/", {"facet": "nothing"}).content.decode()
    assert all(number in page for number in numbers.values())
    query = {"query": "facet=secretary"}
    assert desk.post("/work/rectification/views/", query)["Location"].endswith("?facet=secretary")
    assert "书记领衔项目" in desk.get("/work/rectification/").content.decode()
    assert 'name="facet"' not in desk.get("/work/disputes/").content.decode()
