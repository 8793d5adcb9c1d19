"""What every public page owes its reader."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dingzi.figures import today
from tests.world import World

PAGES = ["/", "/file/disputes/1/", "/track/", "/r", "/figures/", "/map/", "/search", "/data/",
         "/accessibility/", "/privacy/", "/figures/disputes.resolved_share/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_pages_speak_the_chosen_language(
    world: World, client: Client, path: str, language: str, lang: str
) -> None:
    """html lang tells it; one heading of the first rank; no Chinese left over in English words."""
    client.cookies["dingzi-language"] = language
    answer = client.get(path)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in body
    assert len(re.findall(r"<h1[ >]", body)) == 1
    assert len(answer.content) < 150_000
    assert "style=" not in body
    assert "javascript:" not in body


def test_the_language_stays(world: World, client: Client) -> None:
    """The switch leads back to the page and is remembered."""
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/privacy/"})
    assert answer.headers["Location"] == "/privacy/"
    assert "Privacy" in client.get("/privacy/").content.decode()
    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_switch_leads_to_no_other_site(world: World, client: Client) -> None:
    """An open redirect would lend our name."""
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "https://evil.example/"})
    assert "evil.example" not in answer.headers["Location"]


@pytest.mark.parametrize("demo", [True, False])
def test_simulated_data_say_so(world: World, client: Client, settings: object, demo: bool) -> None:
    """On every page, and only where it is so."""
    settings.DEMO = demo  # type: ignore[attr-defined]
    for path in PAGES:
        assert ("模拟数据" in client.get(path).content.decode()) is demo, path


def test_open_data_lead_to_the_machines_door(world: World, client: Client) -> None:
    """The files of every figure, and the interface for programs."""
    body = client.get("/data/").content.decode()
    assert "/figures/disputes.resolved_share/county.csv" in body
    assert 'href="/api/v1/openapi.json"' in body


def test_search_engines_stay_out_of_cases(world: World, client: Client) -> None:
    """robots.txt, and the pages themselves."""
    text = client.get("/robots.txt").content.decode()
    for path in ("/case/", "/receipt", "/track/", "/work/"):
        assert f"Disallow: {path}" in text
    assert "noindex" in client.get("/track/").headers["X-Robots-Tag"]


def test_the_front_page_has_its_two_doors(world: World, client: Client) -> None:
    """Tell, and follow; with the categories and a field for the number."""
    body = client.get("/").content.decode()
    assert 'href="/file/"' in body
    assert 'action="/track/"' in body
    assert "/file/disputes/?category=neighbours" in body
    assert f"例：袁纠〔{today().year}〕4172号" in body


def test_what_the_site_promises_is_what_it_does(
    world: World, client: Client, settings: object
) -> None:
    """The page on privacy reads the settings that it speaks of."""
    settings.SESSION_COOKIE_AGE = 7200  # type: ignore[attr-defined]
    assert "2小时" in client.get("/privacy/").content.decode()
