"""Anybody checks a text against the public figures; nobody keeps it."""

from __future__ import annotations

import pytest
from django.test import Client

from dingzi.core import throttle
from dingzi.portal import texts
from tests.world import World

TEXT = "今年1至8月，全市办结矛盾纠纷9件。<b>群众</b>幸福感98%。"


def test_the_answer_comes_first_and_nothing_is_kept(world: World, client: Client) -> None:
    """One sentence, then the text with its marks; the page is kept by no cache."""
    answer = client.post("/check/", {"text": TEXT})
    body = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert "这段话有2处数字" in body and "&lt;b&gt;" in body and "<b>群众</b>" not in body
    assert "记住" not in body


def test_it_works_in_english_and_says_what_is_missing(world: World, client: Client) -> None:
    """An empty form is refused in words."""
    client.cookies["dingzi-language"] = "en"
    answer = client.post("/check/", {"text": ""})
    assert answer.status_code == 422 and "Paste the words" in answer.content.decode()


def test_there_is_a_brake(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading texts costs; one place may ask for so many in ten minutes."""
    monkeypatch.setattr(texts, "CHECKED", throttle.Limit("texts", 1, 600))
    assert client.post("/check/", {"text": TEXT}).status_code == 200
    assert client.post("/check/", {"text": TEXT}).status_code == 429
