"""Keys made anew: an event of the book, old receipts that still verify, and a key that is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from dingzi.ledger import keys, receipts, references
from dingzi.ledger.auditing import whole
from dingzi.ledger.checking import check
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import BOOK, Event, Matter
from dingzi.project import roles
from dingzi.tlog.checkpoints import open_checkpoint
from dingzi.tlog.errors import NotVerified
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Verifier
from tests.databases import acting_as
from tests.world import World

from .conftest import file

pytestmark = pytest.mark.django_db


def seal() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def rotate(**how: Any) -> keys.Named:
    with acting_as(roles.STEWARD):
        call_command("keys", rotate=True, **how)
    found = keys.named()
    assert found
    return found


@pytest.fixture
def old(world: World) -> keys.Named:
    """The keys under which a dispute was sealed."""
    file("楼上水管漏水")
    seal()
    found = keys.named()
    assert found
    return found


def proof() -> bytes:
    matter = Matter.objects.order_by("id")[0]
    return receipts.full(matter, Event.objects.of(matter.id).order_by("id"))


def verdict(text: bytes) -> str:
    known = keys.accepted()
    logs, promises = [one.log for one in known], [one.promise for one in known]
    return check(text, logs, promises, timezone.now()).verdict


def head_verifies(vkey: str) -> bool:
    signed = TileLog(settings.LOG).published()
    assert signed
    try:
        open_checkpoint(signed, Verifier.parse(vkey))
    except NotVerified:
        return False
    return True


def test_a_rotation_is_an_event_of_the_book_and_both_keys_sign(old: keys.Named) -> None:
    """The new key stands in the clear in the log; from its sealing on it signs, the old one beside."""
    new = rotate()
    assert new.log != old.log and new.promise != old.promise and new.origin == old.origin
    event = Event.objects.of(BOOK).filter(action=keys.ACTION).order_by("-id")[0]
    assert event.header["facts"]["log"] == new.log
    file("又一件")
    seal()
    assert head_verifies(new.log) and head_verifies(old.log)
    with acting_as(roles.STEWARD):
        assert whole()[1] == []


def test_receipts_of_the_old_key_still_verify(old: keys.Named, client: Client) -> None:
    """Full proofs, promises and the reference of a QR, as they were handed out before."""
    matter = Matter.objects.get()
    before, scanned = proof(), references.url_of_filing(matter)
    file("还没有封的")
    waits = Matter.objects.order_by("-id")[0]
    promised = receipts.full(waits, Event.objects.of(waits.id))
    rotate()
    file("又一件")
    seal()
    assert verdict(before) == "sealed"
    assert verdict(scanned.encode()) == "signed"
    assert verdict(promised) in ("promised", "sealed")
    assert verdict(proof()) == "sealed"
    page = client.post("/check/receipt/", {"text": before.decode()}).content.decode()
    assert "是真的" in page


def test_a_lost_key_stops_the_sealer_until_it_is_dropped(old: keys.Named) -> None:
    """Nothing is signed by a key made up on the spot; what to do is said; then only the new one signs."""
    before = proof()
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink()
    file("又一件")
    head = TileLog(settings.LOG).published()
    with (
        acting_as(roles.STEWARD),
        pytest.raises(keys.KeyTrouble, match="dingzi keys --rotate --drop"),
    ):
        Sealer().seal()
    assert TileLog(settings.LOG).published() == head
    new = rotate(drop=True)
    seal()
    assert head_verifies(new.log) and not head_verifies(old.log)
    assert [one.log for one in keys.accepted()] == [new.log]
    assert verdict(before) == "differs"  # whoever found or stole the old key could sign as well
    assert verdict(proof()) == "sealed"  # its holder downloads it anew
    assert json.loads(proof())["log"] == new.log
    with acting_as(roles.STEWARD):
        assert whole()[1] == []
