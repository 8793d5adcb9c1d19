"""Petitions, estates, debts, carried cases and rectification lists in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests import world
from tests.world import SINCE, TOWN, World

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Post
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.matters.models import Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROLES = {
    "window": ["petition", "window"], "bureau": ["handler", "estates"],
    "supervisor": ["supervisor", "inspector", "leader", "debts"],
}  # fmt: skip


@pytest.fixture
def city(transactional_db: None) -> World:
    """The small city, with the posts that these five need."""
    made = world.build()
    for name, roles in ROLES.items():
        Post.objects.filter(pk=getattr(made, name).post).update(roles=roles)
    office = Post.objects.get(pk=made.window.post)
    office.unit.kind = "petition"
    office.unit.save()
    directory.forget()
    return made


def at(city: World, name: str) -> Viewer:
    viewer: Viewer = getattr(city, name)
    return Viewer(
        kind="staff", post=viewer.post, unit=viewer.unit, roles=frozenset(ROLES[name]),
        scope=viewer.scope,
    )  # fmt: skip


@pytest.fixture
def desk(city: World, sit: Callable[..., Any]) -> Callable[..., Any]:
    """``desk("bureau", width=…)``: a page whose browser is signed in on that post."""
    return lambda name, **kwargs: sit(f"user-{name}", getattr(city, name).post, SINCE, **kwargs)


def petition(city: World) -> str:
    data = {"text": "安置房五年没有办证，请求办证。", "kind": "claim", "place": TOWN}
    return matters.open_matter("petition", "receive", data, by=PUBLIC, door="web").number


def estate(city: World) -> str:
    data = {
        "name": "锦绣花园", "place": TOWN, "category": "commodity", "developer": "某建设公司",
        "text": "规划核实没有通过。", "registry": city.housing,
    }  # fmt: skip
    lead = at(city, "bureau")
    number = matters.open_matter("estate", "file", data, by=lead).number
    told = {"obstacle": "survey", "unit": city.housing, "what": "补材料"}
    matters.act(number, "list_obstacle", told, by=lead)
    return number


def owed(city: World) -> str:
    data = {
        "category": "contract", "title": "改造工程款没有付清", "text": "前任定的", "basis": "结算书",
        "owed_to": "某建设公司", "arose_on": "2020-05-01", "owing": city.housing, "amount": 1_234_500,
    }  # fmt: skip
    return matters.open_matter("debt", "enter", data, by=at(city, "supervisor")).number


@pytest.mark.parametrize(("width", "language"), [("wide", "zh-CN"), ("narrow", "en")])
def test_every_board_and_list_fits_its_width(
    city: World, desk: Callable[..., Any], shot: Any, width: str, language: str
) -> None:
    """Boards, lists, guards, untouched and the public's progress page: whole on a phone, in both languages."""
    number = petition(city)
    told = {"leader": city.supervisor.post, "what": "查清"}
    matters.act(number, "carry", told, by=at(city, "supervisor"))
    estate(city)
    owed(city)
    data = {
        "list": "secretary",
        "title": "小区没有物业",
        "text": "三处",
        "place": TOWN,
        "how": "own",
    }
    matters.open_matter("problem", "find", data, by=at(city, "supervisor"))
    page = desk("supervisor", width=width, language=language)
    for name in ("carried", "debts", "estates", "rectification"):
        for place in (f"/work/boards/{name}/", f"/work/{name}/"):
            assert page.goto(place).status == 200, place
            assert page.evaluate(OVER) <= 0, place
        shot(page, name)
    for place in (
        "/work/guards/",
        "/work/untouched/",
        "/progress/estates/",
        "/map/status/?of=petitions",
    ):
        assert page.goto(place).status == 200, place
        assert page.evaluate(OVER) <= 0, place
    page.goto("/work/rectification/")
    page.select_option("select[name=facet]", "hotspot")
    page.wait_for_url("**facet=hotspot**")
    assert page.locator("tr[data-row]").count() == 0
    page.select_option("select[name=facet]", "secretary")
    page.wait_for_url("**facet=secretary**")
    assert page.locator("tr[data-row]").count() == 1


def test_a_petition_is_registered_routed_and_accepted_by_hand(
    city: World, desk: Callable[..., Any]
) -> None:
    """The office's two acts and the bureau's, each from the case page, sent by Ctrl+Enter."""
    number = petition(city)
    office = desk("window")
    office.goto(f"/work/matters/{number}/")
    office.keyboard.press("1")
    office.select_option("select[name=register-category]", "titles")
    office.keyboard.press("Control+Enter")
    office.wait_for_selector("text=已记下：登记")
    office.goto(f"/work/matters/{number}/")
    office.keyboard.press("1")
    office.select_option("select[name=route-lead]", str(city.housing))
    office.keyboard.press("Control+Enter")
    office.wait_for_selector("text=已记下：转送")
    bureau = desk("bureau")
    bureau.goto(f"/work/matters/{number}/")
    bureau.keyboard.press("1")
    bureau.keyboard.press("Control+Enter")
    bureau.wait_for_selector("text=已记下：受理")
    assert Matter.objects.get(number=number).state == "handling"
