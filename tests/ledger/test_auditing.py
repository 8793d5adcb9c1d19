"""The audit: silent where all is well, and it names each thing that was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from dingzi import matters
from dingzi.ledger.auditing import Difference, whole
from dingzi.ledger.models import Leaf
from dingzi.ledger.sealing import Sealer
from dingzi.matters import envelope
from dingzi.matters.models import BOOK, Event, Matter, event_id
from dingzi.project import roles
from dingzi.tlog import tiles
from tests.databases import acting_as
from tests.world import World

from .conftest import file
from .tampering import unguarded

pytestmark = pytest.mark.django_db


def seal() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def audit() -> list[Difference]:
    with acting_as(roles.STEWARD):
        return whole()[1]


@pytest.fixture
def sealed(world: World) -> Event:
    """A few sealed disputes; the second act of the first one."""
    first = file()
    data = {
        "category": "property",
        "lead": world.mediation,
        "co_units": [world.housing],
        "what": "看",
    }
    matters.act(first, "accept_dispatch", data, by=world.window)
    for text in ("楼道堆放杂物。", "物业不开门。"):
        file(text)
    seal()
    return Event.objects.get(action="accept_dispatch")


def test_where_all_is_well_the_audit_is_silent(sealed: Event) -> None:
    """Nothing sealed, waiting, or of the book differs; the command says so with status 0."""
    file("还没有封的。")
    assert audit() == []
    out = StringIO()
    with acting_as(roles.STEWARD):
        call_command("audit", json=True, stdout=out)
    assert json.loads(out.getvalue()) == []


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        ("action", "decline", "action"),
        ("door", "web", "door"),
        ("from_state", "accepted", "from_state"),
        ("to_state", "settled", "to_state"),
        ("unit_id", None, "unit"),
        ("post_id", None, "post"),
        ("occurred_at", "2020-01-01 00:00:00+00:00", "occurred_at"),
        ("recorded_at", "2020-01-01 00:00:00+00:00", "recorded_at"),
        ("mac", b"\1" * 32, "mac"),
        ("commitments", b"\1" * 64, "commitments"),
        ("facts", '{"category": "wages"}', "category"),
        ("header", '{"county": "360902", "category": "wages", "month": "2020-01"}', "category"),
    ],
)  # fmt: skip
def test_each_column_of_an_event_is_named(
    sealed: Event, column: str, value: object, field: str
) -> None:
    """One value changed by direct SQL, with the guards off and without the key."""
    with unguarded() as cursor:
        cursor.execute(f"UPDATE matters_event SET {column} = %s WHERE id = %s", [value, sealed.id])
    found = [d for d in audit() if d.kind == "event"]
    assert Difference(sealed.seq, sealed.stream, "event", field) in found
    assert {(d.sequence, d.stream) for d in found} == {(sealed.seq, sealed.stream)}


def test_who_holds_the_key_is_found_by_the_log(sealed: Event) -> None:
    """A row changed and given a right MAC again: the log still has the old one."""
    sealed.door = "api"
    with unguarded() as cursor:
        cursor.execute(
            "UPDATE matters_event SET door = 'api', mac = %s WHERE id = %s",
            [envelope.mac(sealed), sealed.id],
        )
    assert envelope.genuine(Event.objects.get(id=sealed.id))
    assert audit() == [Difference(sealed.seq, sealed.stream, "event", "door")]


Change = Callable[[Any, Event], None]


def _sql(text: str, *values: Callable[[Event], object]) -> Change:
    return lambda cursor, event: cursor.execute(text, [value(event) for value in values])


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        (_sql("DELETE FROM matters_private WHERE event_id = %s", lambda e: e.id - 1), "private", "row"),
        (_sql("UPDATE matters_private SET data = '{\"text\": \"x\"}' WHERE event_id = %s", lambda e: e.id - 1), "private", "data"),
        (_sql("DELETE FROM matters_opening WHERE event_id = %s", lambda e: e.id), "opening", "row"),
        (_sql("UPDATE matters_opening SET salts = %s WHERE event_id = %s", lambda e: b"x" * 160, lambda e: e.id), "opening", "unit"),
        (_sql("UPDATE ledger_leaf SET event_id = NULL WHERE event_id = %s", lambda e: e.id), "leaf", "row"),
        (_sql("DELETE FROM ledger_leaf WHERE event_id = %s", lambda e: e.id), "leaf", "row"),
        (_sql("UPDATE ledger_leaf SET hash = %s WHERE event_id = %s", lambda e: b"h" * 32, lambda e: e.id), "leaf", "hash"),
        (_sql("UPDATE matters_matter SET state = 'settled' WHERE id = %s", lambda e: e.stream), "projection", "matters.Matter.state"),
        (_sql("UPDATE matters_matter SET title = 'x' WHERE id = %s", lambda e: e.stream), "projection", "matters.Matter.title"),
        (_sql("UPDATE disputes_dispute SET accepted_on = '2020-01-01' WHERE matter_id = %s", lambda e: e.stream), "projection", "disputes.Dispute.accepted_on"),
    ],
)  # fmt: skip
def test_each_change_beside_the_events_is_named(
    sealed: Event, change: Change, kind: str, field: str
) -> None:
    """Private parts, salts, places and projections, changed, taken away or slipped in."""
    with unguarded() as cursor:
        change(cursor, sealed)
    found = [d for d in audit() if (d.kind, d.field) == (kind, field)]
    assert [d.stream for d in found] == [sealed.stream]


def test_a_private_part_slipped_in_is_named(sealed: Event) -> None:
    """An event that was written without one has it in its opening that there was none."""
    with unguarded() as cursor:
        cursor.execute(
            "INSERT INTO matters_private (event_id, data, salt) VALUES (%s, %s, %s)",
            [event_id(BOOK, 1), '{"text": "x"}', b"s" * 16],
        )
    assert audit() == [Difference(1, BOOK, "private", "data")]


@pytest.mark.django_db(transaction=True)
def test_an_event_taken_away_or_slipped_in_is_named(sealed: Event) -> None:
    """Deleted with all that hangs on it; inserted with the outbox emptied behind it."""
    with unguarded() as cursor:
        for table in ("matters_private", "matters_opening"):
            cursor.execute(f"DELETE FROM {table} WHERE event_id = %s", [sealed.id])
        cursor.execute("DELETE FROM matters_event WHERE id = %s", [sealed.id])
    assert Difference(sealed.seq, sealed.stream, "event", "row") in audit()
    number = file("偷偷放进来的")
    with unguarded() as cursor:
        cursor.execute("DELETE FROM matters_outbox")
    stream = Matter.objects.get(number=number).id
    assert Difference(1, stream, "event", "unsealed") in audit()


@pytest.mark.django_db(transaction=True)
def test_a_matter_that_no_event_opened_is_named(sealed: Event) -> None:
    """A row of a projection out of nothing."""
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_matter SET id = 999999 WHERE id = %s", [sealed.stream])
    assert Difference(None, 999999, "projection", "matters.Matter.extra") in audit()


def test_a_changed_log_is_named(sealed: Event) -> None:
    """An entry changed in the folder makes another root than the one that was signed."""
    size = Leaf.objects.count()
    path = settings.LOG / tiles.path(None, 0, size)
    path.write_bytes(path.read_bytes().replace(b"360902", b"360921", 1))
    kinds = {(d.kind, d.field) for d in audit()}
    assert ("log", "root") in kinds
    (settings.LOG / "checkpoint").write_bytes(b"nonsense")
    assert Difference(None, None, "log", "checkpoint") in audit()


def test_a_broken_audit_ends_with_status_one(sealed: Event) -> None:
    """The JSON lists sequence, stream, kind and field; the exit status is 1."""
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_event SET door = 'web' WHERE id = %s", [sealed.id])
    out = StringIO()
    with acting_as(roles.STEWARD), pytest.raises(SystemExit) as ended:
        call_command("audit", json=True, stdout=out)
    assert ended.value.code == 1
    told = {"sequence": sealed.seq, "stream": sealed.stream, "kind": "event", "field": "door"}
    assert told in json.loads(out.getvalue())


@pytest.mark.parametrize("entry", [b"", b"[]", b'{"public": 1}', b'{"mac": "zz"}', b'{"seq": "x"}'])
def test_an_entry_that_is_anything_at_all_ends_no_audit(sealed: Event, entry: bytes) -> None:
    """What stands in a tampered log need not be a leaf; the differences are told all the same."""
    size = Leaf.objects.count()
    path = settings.LOG / tiles.path(None, 0, size)
    rest = tiles.unpack(path.read_bytes(), size)[:-1]
    path.write_bytes(tiles.pack([*rest, entry]))
    found = audit()
    assert Difference(None, None, "log", "root") in found
    assert "event" in {one.kind for one in found}
    with unguarded() as cursor:
        cursor.execute("DELETE FROM ledger_leaf")
    assert ("leaf", "row") in {(one.kind, one.field) for one in audit()}


def test_a_key_of_another_installation_is_named(sealed: Event, settings: Any) -> None:
    """Every event differs then; beside the list stands what to do, which one changed row never asks for."""
    settings.EVENT_KEY = bytes(32)
    out, told = StringIO(), StringIO()
    with acting_as(roles.STEWARD), pytest.raises(SystemExit):
        call_command("audit", json=True, stdout=out, stderr=told)
    assert "event.key" in told.getvalue() and "backup" in told.getvalue()
    assert len(json.loads(out.getvalue())) >= Event.objects.count()
    assert len(envelope.foreign()) == 2
