"""The sealer: every event once, in order, under a head that verifies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from dingzi import matters
from dingzi.ledger import keys
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Head, Leaf, Refused
from dingzi.ledger.sealing import Sealer, retry
from dingzi.matters.models import Event, Outbox
from dingzi.project import roles
from dingzi.tlog.checkpoints import open_checkpoint
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Verifier
from dingzi.tlog.proofs import verify_inclusion
from tests.world import World

from .conftest import file
from .tampering import unguarded

Acting = Callable[[str], AbstractContextManager[None]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def seal(acting_as: Acting) -> Callable[..., object]:
    """Seal as the steward does, with a sealer of its own each time."""

    def run(most: int = 4096) -> object:
        with acting_as(roles.STEWARD):
            return Sealer().seal(most)

    return run


def test_every_event_is_sealed_once_under_a_head_that_verifies(
    world: World, seal: Callable[..., object]
) -> None:
    """The outbox is empty, leaves are dense, each entry is its event's, each has its proof."""
    number = file()
    matters.act(number, "accept", {"category": "property"}, by=world.window)
    seal()
    file("楼道堆放杂物。")
    seal()
    assert not Outbox.objects.exists()
    log = TileLog(settings.LOG)
    named = keys.named()
    assert named
    signed = log.published()
    assert signed
    head, _ = open_checkpoint(signed, Verifier.parse(named.log), named.origin)
    rows = list(Leaf.objects.order_by("index").select_related("event"))
    assert [row.index for row in rows] == list(range(head.size))
    assert {row.event_id for row in rows} == set(Event.objects.values_list("id", flat=True))
    assert rows[0].event and rows[0].event.action == keys.ACTION
    for row in rows:
        assert row.event
        entry = log.entry(row.index)
        assert entry == leaf(row.event)
        assert leaf_hash(entry) == bytes(row.hash)
        proof = log.inclusion(row.index)
        verify_inclusion(leaf_hash(entry), row.index, head.size, proof, head.root)
    assert [h.size for h in Head.objects.order_by("size")] == [3, 4]


def test_small_batches_make_the_same_log(world: World, seal: Callable[..., object]) -> None:
    """What waits longer than one batch is sealed in several, each under its own head."""
    for _ in range(3):
        file()
    seal(most=2)
    assert [h.size for h in Head.objects.order_by("size")] == [2, 4]
    assert not Outbox.objects.exists()


def test_a_row_without_a_valid_mac_is_refused_and_reported(
    world: World, seal: Callable[..., object], acting_as: Acting
) -> None:
    """It stays in the outbox with its reason; the others are sealed; after mending it is taken."""
    file()
    file("楼道堆放杂物。")
    bad = Event.objects.exclude(stream=1).order_by("-id").first()
    assert bad
    mac = bytes(bad.mac)
    forged = "UPDATE matters_event SET mac = %s WHERE id = %s"
    with unguarded() as cursor:
        cursor.execute(forged, [b"\0" * 32, bad.id])
    done = seal()
    assert done.refused == [(bad.id, "mac")]  # type: ignore[attr-defined]
    assert list(Outbox.objects.values_list("event_id", flat=True)) == [bad.id]
    assert Refused.objects.get().why == "mac"
    assert not Leaf.objects.filter(event=bad).exists()
    assert seal().events == 0  # type: ignore[attr-defined]
    with unguarded() as cursor:
        cursor.execute(forged, [mac, bad.id])
    with acting_as(roles.STEWARD):
        assert retry() == 1
    assert seal().events == 1  # type: ignore[attr-defined]
    assert not Outbox.objects.exists()


def test_the_order_that_was_sealed_cannot_be_changed(
    world: World, seal: Callable[..., object], acting_as: Acting
) -> None:
    """Neither the web's nor the steward's role changes or deletes a leaf or a head."""
    file()
    seal()
    for role in (roles.WEB, roles.STEWARD):
        for sql in (
            "UPDATE ledger_leaf SET event_id = NULL",
            "DELETE FROM ledger_leaf",
            "UPDATE ledger_head SET size = size + 1",
            "DELETE FROM ledger_head",
        ):
            with (
                acting_as(role),
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)
    assert Leaf.objects.count() == 2
