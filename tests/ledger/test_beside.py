"""What an owner of the database puts beside the log: claimed places, replayed heads, tables of his own."""

from __future__ import annotations

import orjson
import pytest
from django.conf import settings
from django.db import connection

from dingzi import matters
from dingzi.city.viewer import Viewer
from dingzi.ledger import auditing, keys, outside
from dingzi.ledger.auditing import Difference
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Erasure, Head, Leaf
from dingzi.ledger.sealing import Sealer, SealingStopped
from dingzi.matters import envelope
from dingzi.matters.models import BOOK, Event, Matter, event_id
from dingzi.project import roles
from dingzi.tlog.checkpoints import Checkpoint
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog
from tests.databases import acting_as
from tests.world import World

from .conftest import file
from .tampering import unguarded
from .test_auditing import audit, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(world: World) -> Event:
    """The first act of a sealed dispute."""
    number = file()
    seal()
    return Event.objects.of(Matter.objects.get(number=number).id)[0]


def slip_in(event: Event, index: int) -> Event:
    """Copy an event behind its stream's last, with a place in the log that is a claim."""
    event.id, event.seq, event.key = event.id + 1, event.seq + 1, None
    with unguarded() as cursor:
        event.save(force_insert=True)
        cursor.execute("DELETE FROM matters_outbox WHERE event_id = %s", [event.id])
        cursor.execute(
            'INSERT INTO ledger_leaf ("index", event_id, hash) VALUES (%s, %s, %s)',
            [index, event.id, b"h" * 32],
        )
    return event


def take_away(last: Event) -> None:
    with unguarded() as cursor:
        for table in ("matters_private", "matters_opening"):
            sql = f"DELETE FROM {table} WHERE event_id BETWEEN %s AND %s"
            cursor.execute(sql, [event_id(last.stream, 1), last.id])


@pytest.mark.parametrize("beyond", [-1, 0, 1_000, (1 << 62)])
def test_a_place_that_the_log_does_not_have_excuses_nothing(filed: Event, beyond: int) -> None:
    """An erasure slipped in with a place of its own invention: it is named, and so is the gap."""
    first = Event.objects.get(id=filed.id)
    filed.action, filed.facts = "erase", {"erased": {str(filed.stream): filed.seq}}
    slipped = slip_in(filed, beyond if beyond < 0 else Leaf.objects.count() + beyond)
    take_away(first)
    found = audit()
    assert Difference(slipped.seq, slipped.stream, "leaf", "beyond") in found
    assert Difference(first.seq, first.stream, "opening", "row") in found


def test_an_act_made_an_erasure_excuses_nothing(filed: Event) -> None:
    """Its place in the log is right, but the log has another act there."""
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE matters_event SET action = 'erase', facts = %s WHERE id = %s",
            [orjson.dumps({"erased": {str(filed.stream): 1}}).decode(), event_id(BOOK, 1)],
        )
    take_away(filed)
    found = audit()
    assert Difference(1, BOOK, "event", "action") in found
    assert Difference(filed.seq, filed.stream, "opening", "row") in found


@pytest.mark.django_db(transaction=True)
def test_an_erasure_of_nobody_or_kept_back_is_named(filed: Event, steward: Viewer) -> None:
    """Noted as carried out while all still stands, pointed at another act, or not noted at all."""
    matters.act(
        Matter.objects.get(id=filed.stream).number, "erase", {"ground": "asked"}, by=steward
    )
    seal()
    act = Event.objects.get(action="erase")
    assert audit() == []
    with unguarded() as cursor:
        cursor.execute("UPDATE ledger_erasure SET done_at = '2026-01-01 00:00:00+00:00'")
    assert Difference(filed.seq, filed.stream, "opening", "erased") in audit()
    with unguarded() as cursor:
        cursor.execute("UPDATE ledger_erasure SET done_at = NULL, event_id = %s", [filed.id])
    assert audit() == [
        Difference(act.seq, act.stream, "projection", "ledger.Erasure.row"),
        Difference(filed.seq, filed.stream, "projection", "ledger.Erasure.extra"),
    ]
    with unguarded():
        Erasure.objects.all().delete()
    assert audit() == [Difference(act.seq, act.stream, "projection", "ledger.Erasure.row")]


def test_an_older_head_put_back_hides_nothing(filed: Event) -> None:
    """The log's own note of its size agrees with it: what was sealed since is named all the same."""
    older = TileLog(settings.LOG).published()
    assert older
    number = file("后来的。")
    seal()
    later = Event.objects.of(Matter.objects.get(number=number).id)[0]
    size = Leaf.objects.count()
    (settings.LOG / "checkpoint").write_bytes(older)
    (settings.LOG / ".state" / "size").write_text(f"{size}\n")
    assert set(audit()) == {
        Difference(later.seq, later.stream, "leaf", "beyond"),
        Difference(size, None, "head", "beyond"),
    }


def test_what_is_sealed_during_an_audit_is_no_difference(
    filed: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Places and heads that are given after it looked how far the log goes are no claims."""

    def looked(log: TileLog, size: int) -> range:
        found = outside.unpublished(log, size)
        file("后来的。")
        seal()
        return found

    monkeypatch.setattr(auditing, "unpublished", looked)
    before = Leaf.objects.count()
    assert audit() == []
    assert Leaf.objects.count() > before


def test_a_signed_head_that_nobody_noted_is_named(filed: Event) -> None:
    """Who takes the note away could have another head of that size signed."""
    size = Leaf.objects.count()
    with unguarded():
        Head.objects.all().delete()
    assert audit() == [Difference(size, None, "head", "row")]


def test_a_row_that_waits_for_nobody_is_named(filed: Event) -> None:
    """A row of the outbox whose event is not there."""
    with unguarded() as cursor:
        cursor.execute("INSERT INTO matters_outbox (event_id) VALUES (%s)", [event_id(99_999, 1)])
    assert audit() == [Difference(1, 99_999, "outbox", "extra")]
    with unguarded() as cursor:
        cursor.execute("DELETE FROM matters_outbox")


@pytest.mark.parametrize("level", ["0", "entries"])
def test_every_file_of_the_log_is_compared(filed: Event, level: str) -> None:
    """The tiles of earlier sizes too, which no head that counts now stands on."""
    file("后来的。")
    seal()
    size = Leaf.objects.count()
    older = settings.LOG / "tile" / level / "000.p" / str(size - 1)
    data = bytearray(older.read_bytes())
    data[len(data) // 2] ^= 1
    older.write_bytes(bytes(data))
    assert audit() == [Difference(None, None, "log", f"tile/{level}/000.p/{size - 1}")]


def test_a_full_tile_is_compared_hash_by_hash(filed: Event) -> None:
    """Above it stands the tile of the next level, from which its root would be read."""
    log = TileLog(settings.LOG)
    log.append([b"%d" % number for number in range(600)])
    path = settings.LOG / "tile" / "0" / "001"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(bytes(data))
    named = keys.named()
    assert named
    signer = keys.signers(keys.HEADS, named.log, [])[0]
    head = Checkpoint(named.origin, log.size(), log.root()).sign(signer)
    (settings.LOG / "checkpoint").write_bytes(head)
    assert Difference(None, None, "log", "tile/0/001") in audit()


def test_what_is_begun_is_not_finished_without_a_right_mac(filed: Event) -> None:
    """A place and a head written by hand are no way around the check of the outbox."""
    size = Leaf.objects.count()
    slipped = slip_in(filed, size)
    entry = leaf(Event.objects.get(id=slipped.id))
    assert not envelope.genuine(slipped)
    with unguarded() as cursor:
        cursor.execute(
            'UPDATE ledger_leaf SET hash = %s WHERE "index" = %s', [leaf_hash(entry), size]
        )
    with acting_as(roles.STEWARD), pytest.raises(SealingStopped):
        Sealer().seal()
    assert TileLog(settings.LOG).size() == size


def test_a_view_a_rule_or_a_row_policy_in_a_tables_place_is_named(filed: Event) -> None:
    """It shows the same rows today, and to whom it likes."""
    done = ["ALTER TABLE ledger_cosignature RENAME TO kept"]
    done += ["CREATE VIEW ledger_cosignature AS SELECT * FROM kept"]
    named = ["ledger_cosignature"]
    if connection.vendor == "postgresql":
        done += ["ALTER TABLE core_blob ENABLE ROW LEVEL SECURITY"]
        done += ["CREATE RULE none AS ON UPDATE TO matters_paper DO INSTEAD NOTHING"]
        named = ["core_blob", "ledger_cosignature", "matters_paper"]
    with unguarded() as cursor:
        for sql in done:
            cursor.execute(sql)
    assert audit() == [Difference(None, None, "table", name) for name in named]


def test_a_second_row_under_one_number_is_named(filed: Event) -> None:
    """Without its key a table takes it; whoever reads sees either."""
    with unguarded() as cursor:
        cursor.execute("ALTER TABLE matters_opening RENAME TO kept")
        cursor.execute("CREATE TABLE matters_opening AS SELECT * FROM kept")
        cursor.execute(
            "INSERT INTO matters_opening SELECT * FROM kept WHERE event_id = %s", [filed.id]
        )
        if connection.vendor == "postgresql":
            cursor.execute(f"GRANT SELECT ON matters_opening TO {roles.STEWARD}")
    assert audit() == [Difference(filed.seq, filed.stream, "opening", "double")]
