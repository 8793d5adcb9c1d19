"""A real browser for tests marked ``browser``: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

SHOTS = Path(__file__).parents[1] / "var" / "screenshots"
#: Milliseconds after which what a page is bound to show has not come.
PATIENCE = 60_000
WIDTHS = {"wide": (1280, 900), "narrow": (375, 812)}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for the run; it reaches no host but the test's own."""
    program = shutil.which("chromium")
    if not program:
        pytest.skip("chromium is missing: make system")
    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop running in this thread; Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """``new_page(width="narrow", language="en", javascript=False)``: a page with its own cookies.

    Paths are relative to the live server. A script error or a refused resource (CSP) on a page
    fails the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(width: str = "wide", language: str = "zh-CN", javascript: bool = True) -> Page:
        wide, high = WIDTHS[width]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": wide, "height": high},
            locale=language,
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda line: _note(line, page, wrong))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def follow(link: Locator) -> None:
    """Press what leads to another page, and wait until that one is there with its scripts."""
    with link.page.expect_navigation():
        link.click()


def _note(line: Any, page: Page, wrong: list[str]) -> None:
    if line.type == "error" and "Failed to load resource" not in line.text:
        wrong.append(f"{page.url}: {line.text}")


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """A wide page in Chinese."""
    return new_page()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """``shot(page, "receipt")`` keeps a screenshot of the whole page in var/screenshots/."""

    def take(page: Page, name: str) -> Path:
        place = SHOTS / re.sub(r"\W+", "-", f"{request.node.name}-{name}").strip("-")
        path = place.with_suffix(".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def sit(new_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """``sit("user-1", post, since, width=…)``: a page whose browser is signed in on a post."""

    def open_at(name: str, post: int, since: date, **kwargs: Any) -> Page:
        from dingzi.city.models import Account, Tenure

        account, fresh = Account.objects.get_or_create(username=name)
        if fresh:
            Tenure.objects.create(post_id=post, account=account, since=since)
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = new_page(**kwargs)
        kept = client.cookies["dingzi"].value
        page.context.add_cookies([{"name": "dingzi", "value": kept, "url": live_server.url}])
        return page

    return open_at
