"""The workbench in a real browser: keys, bulk acts, acts in place, a phone, no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests import world
from tests.world import SINCE, TOWN, World

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.matters.models import Event, Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db: None) -> World:
    return world.build()


@pytest.fixture
def desk(city: World, sit: Callable[..., Any]) -> Callable[..., Any]:
    """``desk(viewer, width=…)``: a page whose browser is signed in on the viewer's post."""
    return lambda viewer, **kwargs: sit(f"user-{viewer.post}", viewer.post, SINCE, **kwargs)


def filed(title: str, **data: Any) -> str:
    told = {"text": f"{title}。希望尽快解决。", "place": TOWN + "001", "title": title} | data
    return matters.open_matter("dispute", "file", told, by=PUBLIC, door="web").number


def url(number: str) -> str:
    return f"/work/matters/{number}/"


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_runs_over_the_edge(
    city: World, desk: Callable[..., Any], shot: Any, width: str, language: str
) -> None:
    """Every page fits its width in both languages, without a broken policy or a failing script."""
    number = filed("楼上水管漏水，天花板和墙面受损")
    filed("装修队三人被拖欠工钱")
    matters.act(
        number,
        "accept_dispatch",
        {
            "category": "neighbours",
            "lead": city.mediation,
            "co_units": [city.housing],
            "what": "看",
        },
        by=city.window,
    )
    page = desk(city.supervisor, width=width, language=language)
    places = {
        "inbox": "/work/?whose=unit",
        "case": url(number),
        "list": "/work/disputes/",
        "handled": "/work/handled/",
        "new": "/work/new/disputes/",
        "search": "/work/search/?q=漏水",
        "handover": "/work/handover/",
        "process": "/work/processes/dispute/",
        "settings": "/work/settings/",
    }
    for name, place in places.items():
        answer = page.goto(place)
        assert answer.status == 200, name
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0, name
        shot(page, name)


def test_a_morning_by_keyboard_alone(city: World, desk: Callable[..., Any]) -> None:
    """From the inbox to the case by j and Enter, the first act by 1, sent by Ctrl+Enter, back."""
    number = filed("装修队三人被拖欠工钱")
    page = desk(city.window)
    page.goto("/work/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('*')}**")
    page.keyboard.press("1")
    assert page.locator("details.act[open] summary").first.text_content().startswith("受理")
    page.locator("select[name=accept-category]").select_option("wages")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=已记下：受理")
    assert Matter.objects.get(number=number).state == "accepted"


def test_picked_rows_offer_only_what_all_allow(city: World, desk: Callable[..., Any]) -> None:
    """Two that can be accepted offer it; with a third that cannot, only the hand-over is left."""
    numbers = [filed("甲"), filed("乙"), filed("丙")]
    matters.act(numbers[2], "accept", {"category": "family"}, by=city.window)
    page = desk(city.window)
    page.goto("/work/")
    for number in numbers[:2]:
        page.check(f"input[name=pick][value='{number}']")
    accept = page.locator("[data-offer=accept]")
    expect(accept).to_be_visible()
    page.check(f"input[name=pick][value='{numbers[2]}']")
    expect(accept).not_to_be_visible()
    expect(page.locator("[data-offer=transfer]")).to_be_visible()
    page.uncheck(f"input[name=pick][value='{numbers[2]}']")
    accept.click()
    page.select_option("select[name=all-category]", "wages")
    page.click("main form button.btn")
    page.wait_for_selector("text=办好了2件")
    assert Matter.objects.filter(state="accepted").count() == 3


def test_a_stale_page_keeps_what_was_typed(city: World, desk: Callable[..., Any]) -> None:
    """While one writes a note another is added; both end up in the record, each once."""
    number = filed("两户共用过道堆放杂物")
    page = desk(city.window)
    page.goto(f"{url(number)}?do=note")
    page.fill("textarea[name=note-text]", "我写的")
    matters.act(number, "note", {"text": "别人写的"}, by=city.window)
    page.click("details.act[open] button.btn")
    page.wait_for_selector("text=您打开以后有1处变化")
    assert page.input_value("textarea[name=note-text]") == "我写的"
    page.click("details.act[open] button.btn")
    page.wait_for_selector("text=已记下：写内部记录")
    assert Event.objects.filter(action="note").count() == 2


def test_a_double_click_is_one_act(city: World, desk: Callable[..., Any]) -> None:
    """Two presses in a row record it once."""
    number = filed("排水沟淤堵")
    page = desk(city.window)
    page.goto(f"{url(number)}?do=note")
    page.fill("textarea[name=note-text]", "记一下")
    page.dblclick("details.act[open] button.btn")
    page.wait_for_selector("text=已记下：写内部记录")
    page.wait_for_load_state("networkidle")
    assert Event.objects.filter(action="note").count() == 1


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_without_javascript_everything_can_be_done(
    city: World, desk: Callable[..., Any], width: str
) -> None:
    """Sentence, act and bulk act work as plain forms."""
    number, other = filed("甲"), filed("乙")
    page = desk(city.window, width=width, javascript=False)
    page.goto(url(number))
    page.locator("select[name=accept-category]").select_option("wages")
    page.locator("details.act[open] button.btn").click()
    page.wait_for_selector("text=已记下：受理")
    page.goto("/work/")
    if width == "wide":
        page.check(f"input[name=pick][value='{other}']")
        page.locator("[data-offer=accept]").click()
        page.select_option("select[name=all-category]", "family")
        page.locator("main form button.btn").click()
        page.wait_for_selector("text=办好了1件")
        assert Matter.objects.filter(state="accepted").count() == 2


def test_on_a_phone_the_acts_are_one_press_away(city: World, desk: Callable[..., Any]) -> None:
    """The bar at the bottom leads to what can be done, wherever one has scrolled."""
    number = filed("楼上水管漏水")
    page = desk(city.window, width="narrow")
    page.goto(url(number))
    bar = page.locator("a.to-can")
    assert bar.is_visible()
    bar.click()
    page.wait_for_url("**#can")
    expect(page.locator("#can")).to_be_in_viewport()


def test_what_may_be_the_same_is_looked_for_and_merged(
    city: World, desk: Callable[..., Any]
) -> None:
    """The case page proposes the likely duplicate; one press fills its number into the merge."""
    text = "对面修车铺夜里敲铁皮一直敲到两点钟，全楼睡不着觉，请管一管。"
    first = filed("修车铺夜里敲铁皮", text=text)
    second = filed("修车铺夜里敲铁皮", text=text)
    page = desk(city.window)
    page.goto(url(second))
    page.click(".alike a:has-text('并过去')")
    page.wait_for_url("**do=merge**")
    assert page.input_value("input[name=merge-into]") == first
    page.click("details.act[open] button.btn")
    page.wait_for_selector("text=已记下")
    assert Matter.objects.get(number=second).merged_into.number == first


def test_a_clerk_hands_over_a_receipt(city: World, desk: Callable[..., Any], shot: Any) -> None:
    """From the counter's form to number, code and QR in one page."""
    page = desk(city.window)
    page.goto("/work/new/disputes/")
    page.fill("input[name=new-name]", "住户甲")
    page.fill("textarea[name=new-text]", "楼下早餐店油烟直排，家里开不了窗。")
    page.click("aside button.btn")
    page.wait_for_url("**/receipt/")
    assert page.locator("svg.qr").is_visible()
    shot(page, "receipt")
