import re

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.ui.urls"),
]


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_runs_over_the_edge(new_page, shot, width, language):
    """At 375 and 1280 px no page scrolls sideways; no policy is broken, no script fails."""
    page = new_page(width=width, language=language)
    for name in ("", "inbox", "case", "step"):
        page.goto(f"/{name}/" if name else "/")
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) <= 0, name
        shot(page, name or "public")


def test_a_list_is_walked_by_keys(new_page):
    """j and k move, x picks and the bar of bulk acts counts, / searches, ? stays quiet without help."""
    page = new_page()
    page.goto("/inbox/")
    bar = page.locator("[data-picked]")
    assert not bar.is_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-row].here")).to_have_count(1)
    expect(bar.locator("[data-n]")).to_have_text("2")
    page.keyboard.press("?")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jx")
    assert page.input_value("input[name=q]:visible") == "jx"


def test_an_act_opens_by_its_key(new_page):
    """The number beside an act opens it; opening one closes the other."""
    page = new_page()
    page.goto("/case/")
    page.keyboard.press("2")
    expect(page.locator("details.act[open]")).to_have_count(1)
    assert "催" in page.locator("details.act[open] summary").text_content()


def test_a_draft_survives_a_closed_page(new_page):
    """What was typed is there again, until it is cleared by hand."""
    page = new_page()
    page.goto("/step/")
    page.fill("textarea", "楼上漏水")
    page.wait_for_selector("[data-kept] button")
    page.goto("/inbox/")
    page.goto("/step/")
    assert page.input_value("textarea") == "楼上漏水"
    page.click("[data-kept] button")
    expect(page.locator("textarea")).to_have_value("")
    page.reload()
    assert page.input_value("textarea") == ""


def test_a_long_paste_is_counted_not_cut(new_page):
    """Too long a text stays whole and the counter says by how much."""
    page = new_page()
    page.goto("/step/")
    page.fill("textarea", "字" * 2005)
    assert len(page.input_value("textarea")) == 2005
    assert page.locator("[data-count]").text_content() == "多了5字"


def test_photos_are_shown_and_can_be_taken_out(new_page):
    """Chosen files show themselves; a file that is no picture says so by its ending."""
    page = new_page()
    page.goto("/step/")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    page.set_input_files(
        "[data-photos]",
        [
            {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": svg},
            {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"},
        ],
    )
    expect(page.locator(".shots li")).to_have_count(2)
    assert "PDF" in page.locator(".shots li").nth(1).text_content()
    page.locator(".shots button").first.click()
    expect(page.locator(".shots li")).to_have_count(1)
    assert page.evaluate("document.querySelector('[data-photos]').files.length") == 1


def test_the_menu_of_a_phone_needs_no_script(new_page):
    """The rail opens from the top bar with scripts turned off."""
    page = new_page(width="narrow", javascript=False)
    page.goto("/inbox/")
    assert not page.locator(".menu .rail").is_visible()
    page.click(".menu > summary")
    expect(page.locator(".menu .rail nav")).to_be_visible()


def test_the_language_changes_without_script(new_page):
    """A plain form changes the language and comes back to the same page."""
    page = new_page(javascript=False)
    page.goto("/step/")
    page.click(".langs button")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert re.search(r"/step/$", page.url)


def test_a_double_click_sends_once(new_page):
    """The second press of a button that is already sending does nothing."""
    page = new_page()
    sent = []

    def answer(route):
        sent.append(route.request.method)
        route.fulfill(status=204)  # the page stays as it is

    page.route("**/slow/", answer)
    page.goto("/step/")
    page.evaluate(
        "() => { const f = document.querySelector('form[data-draft]');"
        "f.action = '/slow/'; f.noValidate = true; }"
    )
    with page.expect_request("**/slow/"):
        page.click("form[data-draft] > .btn")
    page.evaluate("document.querySelector('form[data-draft]').requestSubmit()")
    page.wait_for_timeout(300)
    assert sent == ["POST"]


def test_photos_chosen_before_the_script_has_come_are_shown_too(new_page):
    """On a slow line who is quick has chosen a file before anything listens."""
    page, held = new_page(), []
    page.route("**/photos*.js", lambda route: held.append(route))
    with page.expect_request("**/photos*.js"):
        page.goto("/step/", wait_until="commit")
    pdf = {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    page.set_input_files("[data-photos]", [pdf])
    assert page.locator(".shots").count() == 0
    for route in held:
        route.continue_()
    expect(page.locator(".shots li")).to_have_count(1)
