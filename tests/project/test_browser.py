"""Error pages in a real browser: readable on a phone, in both languages, with a way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize(("language", "words"), [("zh-CN", "没有这一页"), ("en", "no such page")])
def test_a_missing_page_leads_back(
    new_page: Callable[..., Page],
    shot: Callable[..., Path],
    width: str,
    language: str,
    words: str,
) -> None:
    """404: the words, nothing over the edge, a link to the start."""
    page = new_page(width=width, language=language)
    answer = page.goto("/no/such/page")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "404")
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))
