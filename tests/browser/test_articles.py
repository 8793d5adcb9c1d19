"""Articles in a real browser: the editor under our policy, the code that follows the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect
from tests import world
from tests.figures.rows import closed
from tests.world import SINCE

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Account, Post, Tenure
from dingzi.city.viewer import Viewer
from dingzi.figures import Period
from dingzi.mechanisms.articles.models import Article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editors(transactional_db: None) -> tuple[Viewer, Viewer]:
    """Two editors at one unit, and a city in which something was closed."""
    built = world.build()
    found = []
    for name in ("bj", "hg"):
        post = Post.objects.create(
            code=name, unit_id=built.centre, name=name, roles=["editor"], since=SINCE
        )
        account = Account.objects.create_user(f"user-{name}", "dingzi-demo-2025")
        Tenure.objects.create(post=post, account=account, since=SINCE)
        found.append(
            Viewer(kind="staff", post=post.pk, unit=post.unit_id, roles=frozenset(["editor"]))
        )
    directory.forget()
    year = Period.whole_months().first.year
    for month in range(1, 7):
        closed(date(year - 1, month, 5), registered_on=date(year - 1, 1, 2))
    return found[0], found[1]


def test_the_editor_works_and_the_form_works_without_it(
    editors: tuple[Viewer, Viewer], new_page: Callable[..., Any], live_server: Any
) -> None:
    """What is typed into the editor is what is sent; a live figure is put in by its button."""
    client = Client()
    client.force_login(
        Account.objects.get(username="user-bj"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    page = new_page(width="wide")
    page.context.add_cookies(
        [{"name": "dingzi", "value": client.cookies["dingzi"].value, "url": live_server.url}]
    )
    page.goto("/work/articles/write/")
    page.fill("#id_page-headline", "办得怎么样")
    page.locator(".TinyMDE").click()
    page.keyboard.type("## 一年\n\n办结了")
    page.locator("[data-live]").select_option(index=0)
    page.locator("[data-insert]").click()
    page.locator(".paper-form button.wide").click()
    page.wait_for_url("**/preview/")
    text = Article.objects.get().text
    assert text.startswith("## 一年") and "[[" in text
    assert page.locator(".text h2").inner_text() == "一年"


def test_the_code_follows_the_reader_and_a_number_opens_its_card(
    editors: tuple[Viewer, Viewer], new_page: Callable[..., Any]
) -> None:
    """Scrolled to the tenth paragraph, the code leads there; a number pressed shows its card."""
    year = Period.whole_months().first.year - 1
    lines = "\n\n".join(f"第{n}段说的是别的事。" * 6 for n in ("甲", "乙", "丙", "丁") * 5)
    text = f"{year}年，全市办结矛盾纠纷6件。\n\n{lines}"
    page_of = {"headline": "长文章", "text": text, "category": "results", "byline": "unit"}
    number = matters.open_matter("article", "write", page_of, by=editors[0]).number
    matters.act(number, "check", {}, by=editors[1])
    matters.act(number, "publish", {}, by=editors[0])
    page = new_page(width="wide")
    page.goto(f"/articles/{Article.objects.get().pk}/")
    code = page.locator("[data-go-on]")
    assert code.get_attribute("src").endswith("qr-0.svg")
    page.locator("#p12").evaluate("e => e.scrollIntoView({behavior: 'instant', block: 'start'})")
    expect(code).to_have_attribute("src", re.compile(r"qr-1\d\.svg"))
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    assert not page.locator("#c1").is_visible()
    page.locator("#m1").click()
    expect(page.locator("#c1")).to_be_visible()
    assert "6" in page.locator("#c1").inner_text()
    page.locator("#c1 .shut").click()
    expect(page.locator("#c1")).not_to_be_visible()
