"""Ways in which an administrator may tamper, each with who must find it (docs/threat-model.md)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from dingzi.ledger import keys
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Head, Leaf
from dingzi.matters import envelope
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild_one
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.tlog.checkpoints import Checkpoint
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog

from .tampering import unguarded


class Way(NamedTuple):
    """One way: what it does, and the party that finds it: audit, or witness and receipt."""

    name: str
    do: Callable[[Random], Any]
    found_by: str


_COLUMNS: dict[str, Callable[[Random], object]] = {
    "action": lambda d: d.choice(["decline", "settle", "nonsense"]),
    "door": lambda d: d.choice(["api", "import", "timer"]),
    "to_state": lambda d: d.choice(["settled", "archived", "nonsense"]),
    "from_state": lambda d: d.choice(["settled", "archived"]),
    "unit_id": lambda d: d.choice([None]),
    "version": lambda d: 7,
    "occurred_at": lambda d: f"2020-01-{d.randint(10, 28)} 00:00:00+00:00",
    "recorded_at": lambda d: f"2020-01-{d.randint(10, 28)} 00:00:00+00:00",
    "facts": lambda d: orjson.dumps({"place": str(d.randint(10**8, 10**9))}).decode(),
    "header": lambda d: orjson.dumps({"county": "360921", "month": "2020-01"}).decode(),
    "commitments": lambda d: d.randbytes(96),
    "mac": lambda d: d.randbytes(32),
    "body": lambda d: d.randbytes(32),
}


def _event(dice: Random) -> Event:
    return dice.choice(list(Event.objects.filter(leaf__isnull=False, stream__gt=1).order_by("id")))


def _change(dice: Random, event: Event, columns: list[str]) -> None:
    now = Event.objects.filter(id=event.id).values().get()
    while True:
        column = dice.choice(columns)
        value = _COLUMNS[column](dice)
        if value != now[column]:
            break
    with unguarded() as cursor:
        cursor.execute(f"UPDATE matters_event SET {column} = %s WHERE id = %s", [value, event.id])


def change_event(dice: Random) -> None:
    _change(dice, _event(dice), list(_COLUMNS))


def change_event_with_key(dice: Random) -> None:
    event = _event(dice)
    _change(dice, event, [name for name in _COLUMNS if name != "mac"])  # the MAC is made anew
    mac = envelope.mac(Event.objects.get(id=event.id))
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_event SET mac = %s WHERE id = %s", [mac, event.id])


def delete_event(dice: Random) -> None:
    event = _event(dice)
    with unguarded() as cursor:
        for table in ("matters_private", "matters_opening"):
            cursor.execute(f"DELETE FROM {table} WHERE event_id = %s", [event.id])
        if dice.random() < 0.5:
            cursor.execute("DELETE FROM ledger_leaf WHERE event_id = %s", [event.id])
        cursor.execute("DELETE FROM matters_event WHERE id = %s", [event.id])


def slip_event_in(dice: Random) -> None:
    """Copy an event to the end of its stream, with the key, and empty the outbox behind it."""
    event = _event(dice)
    last = Event.objects.of(event.stream).order_by("-seq")[0]
    event.seq = last.seq + 1
    event.id = last.id + 1
    event.key = None
    event.mac = envelope.mac(event)
    with unguarded() as cursor:
        event.save(force_insert=True)
        cursor.execute("DELETE FROM matters_outbox WHERE event_id = %s", [event.id])


def change_private(dice: Random) -> None:
    with unguarded() as cursor:
        cursor.execute("SELECT event_id FROM matters_private ORDER BY event_id")
        event = dice.choice(cursor.fetchall())[0]
        sql, value = dice.choice(
            [
                ("UPDATE matters_private SET data = %s WHERE event_id = %s", '{"text": "x"}'),
                ("UPDATE matters_private SET salt = %s WHERE event_id = %s", dice.randbytes(16)),
                ("UPDATE matters_opening SET salts = %s WHERE event_id = %s", dice.randbytes(160)),
                ("DELETE FROM matters_private WHERE event_id <> %s AND event_id = %s", 0),
                ("DELETE FROM matters_opening WHERE event_id <> %s AND event_id = %s", 0),
            ]
        )
        cursor.execute(sql, [value, event])


def change_order(dice: Random) -> None:
    one, other = dice.sample(list(Leaf.objects.values_list("index", "event_id")), 2)
    with unguarded() as cursor:
        cursor.execute('UPDATE ledger_leaf SET event_id = NULL WHERE "index" = %s', [one[0]])
        cursor.execute(
            'UPDATE ledger_leaf SET event_id = %s WHERE "index" = %s', [one[1], other[0]]
        )
        cursor.execute(
            'UPDATE ledger_leaf SET event_id = %s WHERE "index" = %s', [other[1], one[0]]
        )


def change_projection(dice: Random) -> None:
    matter = dice.choice(list(Matter.objects.filter(parent=None).order_by("id")))
    sql = dice.choice(
        [
            "UPDATE matters_matter SET title = 'x' WHERE id = %s",
            "UPDATE matters_matter SET outcome = 'settled' WHERE id = %s",
            "UPDATE matters_matter SET holder_id = NULL WHERE id = %s",
            "UPDATE disputes_dispute SET on_time = NOT COALESCE(on_time, FALSE) WHERE matter_id = %s",
            "UPDATE disputes_dispute SET closed_on = '2020-01-01' WHERE matter_id = %s",
            "UPDATE disputes_dispute SET rating = 5 WHERE matter_id = %s",
        ]
    )
    with unguarded() as cursor:
        cursor.execute(sql, [matter.id])


def slip_projection_in(dice: Random) -> None:
    """Have a case more in the figures, of which no act tells."""
    row = dice.choice(list(Dispute.objects.order_by("matter_id")))
    with unguarded():
        row.matter_id = 10**6 + dice.randrange(10**6)
        row.save(force_insert=True)


def change_files(dice: Random) -> None:
    """Turn one byte of the entries or the head."""
    files = [settings.LOG / "checkpoint", *(settings.LOG / "tile" / "entries").rglob("*")]
    path = dice.choice([f for f in sorted(files) if f.is_file() and _counts(f.name)])
    data = bytearray(path.read_bytes())
    # the head's last line is base64: its very last character may hold unused bits
    data[dice.randrange(len(data) - 8)] ^= 1
    path.write_bytes(bytes(data))


def _counts(name: str) -> bool:
    return name in ("checkpoint", str(TileLog(settings.LOG).size()))


def put_log_back(dice: Random) -> None:
    """Put an older copy of the log in the place of the newer one, head and all."""
    entries = list(TileLog(settings.LOG).read())
    _republish(entries[: dice.randrange(2, len(entries))])


def claim_place(dice: Random) -> None:
    """Erase by an act that claims a place which the log does not have, and put the matter right."""
    last = _event(dice)
    event = Event.objects.of(last.stream).order_by("-seq")[0]
    event.id, event.seq, event.key = event.id + 1, event.seq + 1, None
    event.action, event.facts = "erase", {"erased": {str(last.stream): last.seq}}
    place = dice.choice([-1 - dice.randrange(100), Leaf.objects.count() + dice.randrange(100)])
    with unguarded() as cursor:
        event.save(force_insert=True)
        cursor.execute("DELETE FROM matters_outbox WHERE event_id = %s", [event.id])
        sql = 'INSERT INTO ledger_leaf ("index", event_id, hash) VALUES (%s, %s, %s)'
        cursor.execute(sql, [place, event.id, dice.randbytes(32)])
        for table in ("matters_private", "matters_opening"):
            cursor.execute(f"DELETE FROM {table} WHERE event_id = %s", [last.id])
    rebuild_one(last.stream)


def rewrite_all(dice: Random) -> None:
    """With every key: change an event, its MAC, the leaf, the whole log and its heads."""
    _change_quietly(dice)
    rows = list(Leaf.objects.order_by("index").select_related("event"))
    entries = [leaf(row.event) for row in rows if row.event]
    with unguarded() as cursor:
        cursor.execute("DELETE FROM ledger_head")
        for row, entry in zip(rows, entries, strict=True):
            sql = 'UPDATE ledger_leaf SET hash = %s WHERE "index" = %s'
            cursor.execute(sql, [leaf_hash(entry), row.index])
    _republish(entries)
    with unguarded():
        Head.objects.create(
            size=len(entries), root=TileLog(settings.LOG).root(), at="2026-01-01T00:00Z"
        )


def _change_quietly(dice: Random) -> None:
    """Change what no other column repeats, so that nothing but the log could tell."""
    event = _event(dice)
    event.door = "api" if event.door != "api" else "desk"
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE matters_event SET door = %s, mac = %s WHERE id = %s",
            [event.door, envelope.mac(event), event.id],
        )


def _republish(entries: list[bytes]) -> None:
    named = keys.named()
    assert named
    signer = keys.signers(keys.HEADS, named.log, [])[0]
    shutil.rmtree(settings.LOG)
    fresh = TileLog(settings.LOG)
    fresh.append(entries)
    fresh.publish(Checkpoint(named.origin, len(entries), fresh.root()).sign(signer))


WAYS = (
    Way("change_event", change_event, "audit"),
    Way("change_event_with_key", change_event_with_key, "audit"),
    Way("delete_event", delete_event, "audit"),
    Way("slip_event_in", slip_event_in, "audit"),
    Way("change_private", change_private, "audit"),
    Way("change_order", change_order, "audit"),
    Way("change_projection", change_projection, "audit"),
    Way("slip_projection_in", slip_projection_in, "audit"),
    Way("claim_place", claim_place, "audit"),
    Way("change_files", change_files, "audit"),
    Way("put_log_back", put_log_back, "audit and witness"),
    Way("rewrite_all", rewrite_all, "witness and receipt"),
)
