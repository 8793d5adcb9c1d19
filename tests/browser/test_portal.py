"""The public's door in a real browser: both languages, both widths, with scripts and without."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browsing import follow
from tests.portal.conftest import moved
from tests.world import World, build

from dingzi import matters
from dingzi.city import directory
from dingzi.matters import receipts
from dingzi.matters.models import Event, Matter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOTH = [
    (width, language) for width in ("wide", "narrow") for language in ("zh-CN", "en")
]  # fmt: skip
TEXT = "8月25日晚上，楼上卫生间漏水，我家客厅天花板鼓起一片，一直没人修。"
Shot = Callable[[Page, str], Path]
NewPage = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    cache.clear()
    yield build()
    cache.clear()
    directory.forget()


def photo(name: str = "IMG_2031.jpg") -> Any:
    out = io.BytesIO()
    Image.new("RGB", (120, 90), (90, 120, 150)).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    page.wait_for_load_state()  # a page on its way to the next has no document for a moment
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0, page.url


SEND = "main form[method=post] button.btn.wide"


def send(page: Page) -> None:
    follow(page.locator(SEND).first)


@pytest.mark.parametrize(("width", "language"), BOTH)
def test_from_the_phone_to_the_citizens_word(
    world: World, new_page: NewPage, shot: Shot, width: str, language: str
) -> None:
    """File with a photo, keep the receipt, track by number and code, confirm the result."""
    page = new_page(width=width, language=language)
    page.goto("/")
    fits(page)
    follow(page.locator(".door.solid h2 a"))
    follow(page.locator(".links a").first)
    page.fill("#id_text", TEXT)
    page.set_input_files("#id_papers", [photo()])
    expect(page.locator(".shots img")).to_have_count(1)
    shot(page, "1")
    send(page)
    follow(page.locator(".places a").first)
    fits(page)
    follow(page.locator(".places a").first)
    shot(page, "2")
    page.fill("#id_spot", "秀江花园3栋2单元501")
    send(page)
    expect(page.locator("main")).to_contain_text("IMG_2031.jpg")
    fits(page)
    page.fill("#id_name", "王女士")
    page.fill("#id_phone", "138 0000 6620")
    shot(page, "3")
    send(page)
    page.wait_for_url("**/receipt/")
    fits(page)
    shot(page, "receipt")
    number = page.locator(".no-line").inner_text()
    code = page.locator(".code").inner_text()
    assert page.evaluate("localStorage.length") == 0

    matter = Matter.objects.get(number=number)
    moved(world, number, "accept", "session", "settle", "visit")

    other = new_page(width=width, language=language)
    other.goto("/track/")
    other.fill("#id_number", number.replace("〔", "[").replace("〕", "]"))
    other.fill("#id_code", code.lower())
    send(other)
    other.wait_for_url("**/case/")
    fits(other)
    shot(other, "case")
    other.locator(".why > summary").first.click()
    fits(other)
    other.check("input[name=answer-rating][value='5']")
    other.fill("#id_answer-text", "说到做到，谢谢。")
    other.locator("button[value=confirm]").click()
    expect(other.locator(".ask")).to_have_count(0)
    shot(other, "confirmed")
    matter.refresh_from_db()
    assert matter.state == "spoken"
    assert matter.dispute.rating == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_all_of_it_works_without_scripts(world: World, new_page: NewPage, language: str) -> None:
    """The same way, on a browser that runs none."""
    page = new_page(width="narrow", language=language, javascript=False)
    page.goto("/file/")
    follow(page.locator(".links a").first)
    page.fill("#id_text", TEXT)
    page.set_input_files("#id_papers", [photo()])
    send(page)
    page.fill("#id_q", "秀江")
    follow(page.locator(".find-place button"))
    follow(page.locator("main .links a").first)
    send(page)
    send(page)
    page.wait_for_url("**/receipt/")
    number = page.locator(".no-line").inner_text()
    code = page.locator(".code").inner_text()
    page.locator("main a.btn[href='/case/']").click()
    page.locator("button:has-text('离开'), button:has-text('Leave')").click()
    page.goto("/case/")
    page.wait_for_url("**/track/")
    page.fill("#id_number", number)
    page.fill("#id_code", code)
    send(page)
    page.locator("details.act > summary").last.click()
    follow(page.locator("details.act[open] button"))
    page.wait_for_url("**/case/")
    assert Matter.objects.get(number=number).state == "withdrawn"


def test_the_qr_opens_the_case_and_leaves_no_trace(
    world: World, new_page: NewPage, live_server: Any
) -> None:
    """The reference is in no request line, in no address afterwards, in no history entry."""
    data = {"text": TEXT, "place": "360902001"}
    from dingzi.city.viewer import PUBLIC

    done = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web")
    reference = receipts.reference(Matter.objects.get(number=done.number))
    page = new_page(width="narrow")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/r#{reference}")
    page.wait_for_url("**/case/")
    expect(page.locator("main")).to_contain_text(done.number)
    assert not [url for url in asked if reference in url.partition("#")[0]]
    page.go_back()
    assert reference not in page.url


def test_what_was_typed_survives_a_closed_browser(world: World, new_page: NewPage) -> None:
    """The device keeps it though the session is gone, says so, and forgets it when asked."""
    page = new_page(width="narrow")
    page.goto("/file/disputes/1/")
    page.fill("#id_text", TEXT)
    expect(page.locator("[data-kept]")).to_contain_text("已存在这台设备上")
    page.context.clear_cookies()
    page.goto("/file/disputes/1/")
    expect(page.locator("#id_text")).to_have_value(TEXT)
    page.locator("[data-kept] button").click()
    page.goto("/file/disputes/1/")
    expect(page.locator("#id_text")).to_have_value("")


def test_a_failed_send_loses_nothing(world: World, new_page: NewPage) -> None:
    """No network at the last step: send again, one matter."""
    page = new_page(width="narrow")
    page.goto("/file/disputes/1/")
    page.fill("#id_text", TEXT)
    send(page)
    page.goto("/file/disputes/2/?at=360902001")
    send(page)
    page.fill("#id_phone", "13800006620")
    page.route("**/file/disputes/3/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator(SEND).first.click()
    page.unroute("**/file/disputes/3/")
    page.goto("/file/disputes/3/")
    expect(page.locator("#id_phone")).to_have_value("13800006620")
    send(page)
    page.wait_for_url("**/receipt/")
    assert Matter.objects.count() == 1


def test_a_double_click_files_once(world: World, new_page: NewPage) -> None:
    """Both sends are let go; one matter is there."""
    page = new_page(width="narrow")
    page.goto("/file/disputes/1/")
    page.fill("#id_text", TEXT)
    send(page)
    page.goto("/file/disputes/2/?at=360902001")
    send(page)
    page.evaluate(
        """async () => {
          const form = document.querySelector("main form[method=post]");
          const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
          await Promise.all([send(), send()]);
        }"""
    )
    assert Matter.objects.count() == 1
    page.goto("/receipt/")
    expect(page.locator(".no-line")).to_contain_text("号")


def test_errors_take_the_focus_and_lead_to_their_field(world: World, new_page: NewPage) -> None:
    """Keyboard alone: the summary is focused, its link goes to the field."""
    page = new_page(width="narrow")
    page.goto("/file/disputes/1/")
    page.fill("#id_text", "登记的是362201195001010417。")
    send(page)
    expect(page.locator("[data-errors]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#id_text")


@pytest.mark.parametrize(("width", "language"), BOTH)
def test_no_public_page_runs_over_the_edge(
    world: World, new_page: NewPage, shot: Shot, width: str, language: str
) -> None:
    """At 375 and 1280 px, also with text of twice the size; every page is light."""
    page = new_page(width=width, language=language)
    for name, path in (
        ("home", "/"),
        ("figures", "/figures/"),
        ("figure", "/figures/disputes.resolved_share/"),
        ("map", "/map/"),
        ("search", "/search?q=x"),
        ("track", "/track/"),
        ("data", "/data/"),
        ("accessibility", "/accessibility/"),
        ("privacy", "/privacy/"),
    ):
        sizes: list[int] = []
        page.on("response", lambda answer, sizes=sizes: sizes.append(_size(answer)))
        page.goto(path)
        fits(page)
        shot(page, name)
        assert sum(sizes) < 150_000, (path, sum(sizes))


def _size(answer: Any) -> int:
    try:
        return int(answer.request.sizes()["responseBodySize"])
    except Exception:  # a response that the page left behind
        return 0


def test_every_act_of_the_citizen_is_recorded_as_his(world: World, new_page: NewPage) -> None:
    """No post, no unit, through the web."""
    page = new_page(width="narrow")
    page.goto("/file/disputes/1/")
    page.fill("#id_text", TEXT)
    send(page)
    page.goto("/file/disputes/2/?at=360902001")
    send(page)
    send(page)
    page.wait_for_url("**/receipt/")
    assert re.match("1:web", f"{Event.objects.count()}:{Event.objects.get().door}")
    assert Event.objects.get().post_id is None
