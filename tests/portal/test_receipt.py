"""The receipt: its code is written out once, its QR opens the case, it prints."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from dingzi.matters import receipts, slips
from dingzi.matters.models import Matter
from dingzi.portal import drafts
from tests.portal.conftest import moved
from tests.world import World


def test_the_code_is_written_out_to_who_has_just_filed(
    world: World, client: Client, fill: Any
) -> None:
    """And half an hour later no longer; the QR stays for who holds the receipt."""
    for number in (1, 2, 3):
        fill(number)
    code = receipts.secret_of(Matter.objects.get())
    assert code in client.get("/receipt/").content.decode()
    with time_machine.travel(drafts.time.time() + drafts.SHOWN + 1, tick=False):
        body = client.get("/receipt/").content.decode()
    assert code not in body
    assert 'class="qr"' in body


def test_who_opens_it_later_sees_no_code(holder: Client, matter: Matter) -> None:
    """He has it already."""
    assert receipts.secret_of(matter) not in holder.get("/receipt/").content.decode()


def test_what_comes_next_has_its_day(world: World, client: Client, fill: Any) -> None:
    """The first step by date, the second by its length, each with what it rests on."""
    for number in (1, 2, 3):
        fill(number)
    body = client.get("/receipt/").content.decode()
    assert "前告诉您收不收" in body
    assert "3个工作日，本市设置，不是法律规定" in body
    assert "收了以后，30天内调解" in body
    assert "人民调解法第三条、第二十六条" in body


def test_what_has_come_is_not_announced_again(world: World, holder: Client, matter: Matter) -> None:
    """Once the city has acted, the case page tells what is next, not the receipt."""
    moved(world, matter.number, "accept")
    assert "接下来" not in holder.get("/receipt/").content.decode()


def test_the_device_is_told_to_forget_the_draft(world: World, client: Client, fill: Any) -> None:
    """What was kept there is cleared by the receipt."""
    for number in (1, 2, 3):
        fill(number)
    body = client.get("/receipt/").content.decode()
    assert [f'data-draft-done="file-disputes-{n}"' in body for n in (1, 2, 3)] == [True] * 3


def test_the_qr_is_drawn_in_the_page(matter: Matter) -> None:
    """One SVG, black on white, of the address with the reference behind #."""
    drawn = slips.qr(receipts.url(matter))
    assert drawn.startswith("<svg")
    assert 'class="qr"' in drawn
    assert "style=" not in drawn


def test_it_is_saved_as_pdf(pango: None, holder: Client) -> None:
    """A download, kept by nobody."""
    answer = holder.get("/receipt.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_the_libraries_the_link_says_what_is_missing(
    holder: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the page works."""

    def none() -> Any:
        raise slips.NoPrinter.of("no_pdf_library")

    monkeypatch.setattr(slips, "printer", none)
    assert "为什么现在不行" in holder.get("/receipt/").content.decode()
    answer = holder.get("/receipt.pdf")
    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.content.decode()
