"""One act on many matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dingzi import matters
from dingzi.core.errors import NotFound
from dingzi.matters.models import Event, Matter

from .conftest import Office


def sent(numbers: list[str], action: str, **data: str) -> dict[str, object]:
    return {"pick": numbers, "action": action, "key": str(uuid4())} | data


def states(numbers: list[str]) -> list[str]:
    return [Matter.objects.get(number=n).state for n in numbers]


def test_the_page_says_which_of_the_picked_can_be_done(
    office: Office, file: Callable[..., str]
) -> None:
    """One that was accepted already is named with its state; nothing is done yet."""
    numbers = [file(title="甲"), file(title="乙")]
    matters.act(numbers[1], "accept", {"category": "family"}, by=office.world.window)
    client = office.client(office.world.window)
    text = client.post("/work/bulk/", sent(numbers, "accept")).content.decode()
    assert "现在是“已受理”，不能做这一步。" in text
    assert 'name="all-category"' in text
    assert states(numbers) == ["registered", "accepted"]


def test_more_than_are_done_at_once_are_named_not_lost(
    office: Office, file: Callable[..., str]
) -> None:
    """Thousands of boxes are no bad request: the page says how many wait for the next time."""
    number = file(title="甲")
    picks = [number, *(f"袁纠〔2026〕{n}号" for n in range(10_000, 11_500))]
    answer = office.client(office.world.window).post("/work/bulk/", sent(picks, "accept"))
    assert answer.status_code == 200
    assert "选了1,501件，一次最多一起办200件" in answer.content.decode()


def test_each_is_done_by_itself(office: Office, file: Callable[..., str]) -> None:
    """Those that can are done; the result names every number."""
    numbers = [file(title="甲"), file(title="乙"), file(title="丙")]
    matters.act(numbers[2], "accept", {"category": "family"}, by=office.world.window)
    client = office.client(office.world.window)
    form = sent(numbers, "accept", step="do", **{"all-category": "wages"})
    text = client.post("/work/bulk/", form).content.decode()
    assert "办好了2件" in text
    assert states(numbers) == ["accepted"] * 3
    assert [Matter.objects.get(number=n).category for n in numbers] == ["wages", "wages", "family"]


def test_a_refusal_of_one_is_named_and_the_rest_is_done(
    office: Office, file: Callable[..., str]
) -> None:
    """Handing over to the post that has one of them already refuses that one alone."""
    numbers = [file(title="甲"), file(title="乙")]
    world = office.world
    matters.act(
        numbers[1], "transfer", {"post": world.supervisor.post, "why": "县里办"}, by=world.window
    )
    client = office.client(world.supervisor)
    form = sent(
        numbers, "transfer", step="do",
        **{"all-post": str(world.window.post), "all-why": "退回"},
    )  # fmt: skip
    text = client.post("/work/bulk/", form).content.decode()
    assert numbers[0] in text
    assert Matter.objects.get(number=numbers[0]).seq == 1


def test_sent_twice_it_is_done_once(office: Office, file: Callable[..., str]) -> None:
    """A double click gives each matter one event."""
    numbers = [file(title="甲"), file(title="乙")]
    client = office.client(office.world.window)
    form = sent(numbers, "accept", step="do", **{"all-category": "wages"})
    client.post("/work/bulk/", form)
    client.post("/work/bulk/", form)
    assert Event.objects.filter(action="accept").count() == 2


def test_wrong_answers_stand_at_their_field(office: Office, file: Callable[..., str]) -> None:
    """Without a category nothing is done, and the page says what is missing."""
    numbers = [file(title="甲")]
    client = office.client(office.world.window)
    answer = client.post("/work/bulk/", sent(numbers, "accept", step="do"))
    assert answer.status_code == 422
    assert states(numbers) == ["registered"]


def test_what_is_not_his_is_left_out(office: Office, file: Callable[..., str]) -> None:
    """A stranger's picked numbers are as if he had picked none."""
    numbers = [file(title="甲")]
    client: Client = office.client(office.world.stranger)
    answer = client.post("/work/bulk/", sent(numbers, "accept", step="do"))
    assert answer.status_code == 302
    assert states(numbers) == ["registered"]


def test_an_action_that_is_not_for_many_is_none(office: Office, file: Callable[..., str]) -> None:
    """Declining asks for words of its own for each, so it is not offered for many."""
    numbers = [file(title="甲")]
    client = office.client(office.world.window)
    answer = client.post("/work/bulk/", sent(numbers, "decline", step="do"))
    assert answer.status_code == 409
    assert states(numbers) == ["registered"]
    offers = re.findall(r'data-offer="(\w+)"', client.get("/work/").content.decode())
    assert "decline" not in offers


def test_one_that_is_gone_meanwhile_is_named_and_the_rest_stays_told(
    office: Office, file: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It left the clerk's sight between page and act: what was done before it is not hidden."""
    numbers = [file(title="甲"), file(title="乙")]
    act = matters.act

    def gone(number: str, *arguments: Any, **named: Any) -> Any:
        if number == numbers[1]:
            raise NotFound.of("not_found")
        return act(number, *arguments, **named)

    monkeypatch.setattr("dingzi.matters.act", gone)
    form = sent(numbers, "accept", step="do", **{"all-category": "wages"})
    answer = office.client(office.world.window).post("/work/bulk/", form)
    assert answer.status_code == 200
    assert "办好了1件" in answer.content.decode()
    assert states(numbers) == ["accepted", "registered"]
