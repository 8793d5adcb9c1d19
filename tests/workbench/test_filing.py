"""Registering for somebody, and the receipt he takes home."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest

from dingzi.matters import receipts
from dingzi.matters.models import Event, Matter
from dingzi.portal.drafts import Filed

from .conftest import PLACE, Office

NEW = "/work/new/disputes/"


def form(**data: Any) -> dict[str, Any]:
    told = {
        "text": "对面修车铺夜里敲铁皮，睡不着。",
        "place": PLACE,
        "channel": "counter",
        "name": "住户甲",
        "phone": "13800000000",
    } | data
    return {f"new-{name}": value for name, value in told.items()} | {"key": str(uuid4())}


def test_a_clerk_registers_and_prints_the_receipt(office: Office) -> None:
    """The matter waits on the clerk's own desk; the page shows number and code once."""
    client = office.client(office.world.window)
    answer = client.post(NEW, form())
    matter = Matter.objects.get()
    assert (matter.holder_id, matter.door) == (office.world.window.post, "desk")
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert matter.number in text
    assert receipts.secret_of(matter) in text
    assert page["Cache-Control"] == "private, no-store"


def test_a_clerk_s_browser_files_at_the_public_s_door_too(office: Office) -> None:
    """What was registered at the counter and what was filed as a citizen do not meet in a session."""
    client = office.client(office.world.window)
    receipt = client.post(NEW, form())["Location"]
    step, public = (
        "/file/disputes/1/",
        {"text": "对面修车铺夜里敲铁皮，睡不着。", "category": "other"},
    )
    assert client.post(step, public | {"key": str(uuid4())}).status_code in (302, 422)
    session = client.session
    session["portal-filed"] = asdict(Filed(1, "disputes", str(uuid4()), 0.0))
    session.save()
    assert client.post(NEW, form() | {"alike": "1"})["Location"] != receipt
    assert client.get(receipt).status_code == 200
    assert client.post(step, public).status_code in (302, 422)


def test_a_lost_receipt_is_replaced_and_printed_there(office: Office) -> None:
    """The act leads to the new receipt, once: the old code opens nothing from then on."""
    client = office.client(office.world.window)
    client.post(NEW, form())
    old = receipts.secret_of(Matter.objects.get())
    later = office.client(office.world.window)
    url = f"/work/matters/{Matter.objects.get().number}/acts/replace_receipt/"
    sent = {"replace_receipt-checked": "看了身份证", "key": str(uuid4())}
    page = later.post(url, sent, follow=True).content.decode()
    new = receipts.secret_of(Matter.objects.get())
    assert new != old
    assert new in page and old not in page


def test_a_receipt_is_nobody_elses(office: Office) -> None:
    """A colleague at the same desk, or the same clerk in a later session, cannot read the code."""
    client = office.client(office.world.window)
    where = client.post(NEW, form())["Location"]
    later = office.client(office.world.window).get(where)
    assert later.status_code == 403
    assert receipts.secret_of(Matter.objects.get()) not in later.content.decode()
    assert office.client(office.world.stranger).get(where).status_code == 404


def test_the_form_sent_twice_registers_once(office: Office) -> None:
    """A double click leads to the same receipt."""
    client = office.client(office.world.window)
    sent = form()
    first = client.post(NEW, sent)["Location"]
    again = client.post(NEW, sent | {"alike": "seen"})["Location"]
    assert first == again
    assert Matter.objects.count() == 1


def test_what_was_told_before_is_shown_first(office: Office, file: Callable[..., str]) -> None:
    """The clerk is shown the likely duplicate and decides; nothing is registered meanwhile."""
    text = "对面修车铺夜里敲铁皮，一直到两点，睡不着，请管一管。"
    number = file(text=text, title="修车铺夜里敲铁皮")
    client = office.client(office.world.window)
    sent = form(text=text)
    page = client.post(NEW, sent)
    told = page.content.decode()
    assert number in told
    assert "可能登记过了" in told
    assert text in told
    assert Matter.objects.count() == 1
    assert client.post(NEW, sent | {"alike": "seen"}).status_code == 302
    assert Matter.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "还没有填"),
        ({"place": "999999999"}, "没有"),
        ({"phone": "not-a-number"}, "电话"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(
    office: Office, wrong: dict[str, str], said: str
) -> None:
    """A missing text, an unknown place, a telephone that is none: named, nothing written."""
    answer = office.client(office.world.window).post(NEW, form(**wrong))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in re.sub(r"<[^>]+>", "", text)
    assert "住户甲" in text
    assert not Event.objects.filter(process="dispute").exists()


def test_the_form_costs_few_queries(office: Office, django_assert_max_num_queries: Any) -> None:
    """Places and names come from memory."""
    client = office.client(office.world.window)
    client.get(NEW)
    with django_assert_max_num_queries(8):
        client.get(NEW)
