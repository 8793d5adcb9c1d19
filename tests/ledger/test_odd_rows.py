"""The audit names rows that hold what their columns cannot, and does not fall over them."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from dingzi.city.models import Unit
from dingzi.ledger.auditing import Difference
from dingzi.ledger.models import Refused
from dingzi.matters.models import BOOK, Event, Matter, Outbox, event_id
from dingzi.tlog import tiles
from tests.world import World

from .conftest import file
from .tampering import unguarded
from .test_auditing import audit, seal

pytestmark = pytest.mark.django_db

#: Table and column, what was put there, what names it, and whether SQLite alone takes it.
ODD = [
    ("matters_event", "facts", "[1]", "event", False),
    ("matters_event", "header", "[1]", "event", False),
    ("matters_private", "data", "[3]", "private", False),
    ("matters_event", "facts", "{cut", "event", True),
    ("matters_event", "mac", 2_000_000_000, "event", True),
    ("matters_event", "mac", 3.5, "event", True),
    ("matters_event", "occurred_at", 5, "event", True),
    ("matters_event", "recorded_at", "2020-13-45 00:00:00", "event", True),
    ("matters_opening", "salts", 3.5, "opening", True),
    ("matters_private", "salt", 2_000_000_000, "private", True),
    ("ledger_leaf", "hash", 3.5, "leaf", True),
]


@pytest.fixture
def filed(world: World) -> Event:
    """The filing of a sealed dispute."""
    file()
    seal()
    return Event.objects.get(action="file")


@pytest.mark.parametrize(("table", "column", "value", "kind", "lax"), ODD)
def test_a_value_of_another_kind_is_named(
    filed: Event, table: str, column: str, value: object, kind: str, lax: bool
) -> None:
    """JSON of another shape; on SQLite, which keeps anything in any column, whatever it may be."""
    strict = connection.vendor != "sqlite"
    with unguarded() as cursor:
        if lax and strict:
            with pytest.raises(DatabaseError), transaction.atomic():
                _put(cursor, table, column, value, filed)
            return
        if not strict:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        _put(cursor, table, column, value, filed)
        if not strict:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert Difference(filed.seq, filed.stream, kind, column) in audit()


def _put(cursor: Any, table: str, column: str, value: object, event: Event) -> None:
    key = "id" if table == "matters_event" else "event_id"
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, event.id])


def test_each_row_that_cannot_be_read_is_named_and_the_rest_is_compared(
    filed: Event, world: World
) -> None:
    """A month 13 in two matters, a unit and an event; a third matter's change is found too."""
    if connection.vendor != "sqlite":
        with unguarded() as cursor, pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE matters_matter SET due_at = '2020-13-01 00:00:00'")
        return
    numbers = [file(f"第{n}件") for n in range(3)]
    seal()
    ids = [Matter.objects.values_list("id", flat=True).get(number=n) for n in numbers]
    unit = Unit.objects.values_list("id", flat=True)[0]
    bad = "2020-13-01 00:00:00"
    with unguarded() as cursor:
        for table, column, value, key in (
            ("matters_matter", "due_at", bad, ids[0]),
            ("disputes_dispute", "accepted_on", "2020-13-01", ids[1]),
            ("matters_matter", "title", "换过的", ids[2]),
            ("city_unit", "since", "2020-13-01", unit),
        ):
            name = "matter_id" if table == "disputes_dispute" else "id"
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {name} = %s", [value, key])
        _put(cursor, "matters_event", "recorded_at", bad, filed)
    found = audit()
    for stream, field in (
        (ids[0], "matters.Matter.due_at"),
        (ids[1], "disputes.Dispute.accepted_on"),
        (ids[2], "matters.Matter.title"),
        (filed.stream, "matters.Event.replay"),
        (BOOK, "city.Unit.since"),
    ):
        assert Difference(None, stream, "projection", field) in found
    assert Difference(filed.seq, filed.stream, "event", "recorded_at") in found
    assert not {one.field for one in found} & {"unreadable"}


def test_a_book_that_names_no_key_any_more_is_named(filed: Event) -> None:
    """The head cannot be checked then; the entries are compared all the same."""
    event = Event.objects.get(action="log_keys")
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_event SET facts = '{}' WHERE id = %s", [event.id])
    found = audit()
    assert Difference(None, None, "log", "keys") in found
    assert (event.seq, BOOK, "event") in {(d.sequence, d.stream, d.kind) for d in found}


def test_an_event_made_an_erasure_of_nonsense_excuses_nothing(filed: Event) -> None:
    """It is named, and so is what was taken away beside it."""
    with unguarded() as cursor:
        sql = """UPDATE matters_event SET action = 'erase', facts = '{"erased": 3}' WHERE id = %s"""
        cursor.execute(sql, [event_id(BOOK, 1)])
        cursor.execute("DELETE FROM matters_private WHERE event_id = %s", [filed.id])
    found = audit()
    assert Difference(1, BOOK, "event", "action") in found
    assert Difference(filed.seq, filed.stream, "private", "row") in found


@pytest.mark.parametrize(("level", "named"), [(0, ("head", "root")), (None, ("log", "tiles"))])
def test_a_tile_cut_short_is_named(filed: Event, level: int | None, named: tuple[str, str]) -> None:
    """Hashes alone: the entries still make the root; entries: nothing can be compared with them."""
    size = Event.objects.count()
    path = settings.LOG / tiles.path(level, 0, size)
    path.write_bytes(path.read_bytes()[:-5])
    assert named in {(one.kind, one.field) for one in audit()}


@pytest.mark.parametrize(
    ("column", "value"), [("facts", "[1]"), ("mac", 3.5), ("recorded_at", "2020-13-45 00:00:00")]
)
def test_a_row_that_cannot_be_read_is_refused_and_holds_up_nobody(
    filed: Event, column: str, value: object
) -> None:
    """Somebody wrote it into the outbox by SQL; what was filed beside it is sealed."""
    strict = connection.vendor != "sqlite"
    file("后来的。")
    filed.id, filed.seq, filed.key = filed.id + 1, filed.seq + 1, None
    with unguarded() as cursor:
        filed.save(force_insert=True)
        if strict:
            column, value = "facts", "[1]"
        _put(cursor, "matters_event", column, value, filed)
        cursor.execute("DELETE FROM matters_outbox WHERE event_id = %s", [filed.id])
        cursor.execute("INSERT INTO matters_outbox (event_id) VALUES (%s)", [filed.id])
    seal()
    assert list(Refused.objects.values_list("event_id", "why")) == [(filed.id, "mac")]
    assert list(Outbox.objects.values_list("event_id", flat=True)) == [filed.id]
