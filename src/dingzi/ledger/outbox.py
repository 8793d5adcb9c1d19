"""What waits to be sealed, read and taken out by the shortest way.

Django's own way to a statement and its rows takes longer than all the rest of a seal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from dingzi.matters import locking, writer
from dingzi.matters.models import Event
from dingzi.matters.rebuild import SENSELESS

from . import readable

_WAITING = (
    "SELECT o.event_id FROM matters_outbox o WHERE NOT EXISTS "
    "(SELECT 1 FROM ledger_refused r WHERE r.event_id = o.event_id) ORDER BY o.event_id LIMIT "
)


def ids(most: int) -> list[int]:
    """Return the ids of events in the outbox that were not refused, in its own order."""
    return [row[0] for row in _rows(_WAITING, most)]


def waiting(most: int) -> list[Event]:
    """Return the events in the outbox that were not refused, in its own order.

    Those too that somebody wrote so that they cannot be read.
    """
    found = ids(most)
    if not found:
        return []
    one = writer.table(Event)
    where = "= ANY(" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each("
    end = ")" if connection.vendor == "postgresql" else "))"
    columns = ", ".join(one.columns)
    try:
        given: Any = found if connection.vendor == "postgresql" else str(found)
        rows = _rows(f"SELECT {columns} FROM matters_event WHERE id {where}", given, end)  # noqa: S608
        return sorted((locking.made(Event, one, row) for row in rows), key=lambda event: event.id)
    except SENSELESS:
        known = readable.rows(Event, found)
        return [known[event] for event in found if event in known]


def take_out(events: Sequence[int]) -> None:
    """Take events out of the outbox, in the caller's transaction."""
    sql = "DELETE FROM matters_outbox WHERE event_id "
    if connection.vendor == "postgresql":
        writer.run(sql + "= ANY($1)", [list(events)])
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql + "= %s", [(one,) for one in events])


def _rows(sql: str, given: Any, end: str = "") -> Sequence[Any]:
    if connection.vendor == "postgresql":
        return list(writer.run(f"{sql}$1{end}", [given]).fetchall())
    with connection.cursor() as cursor:
        cursor.execute(f"{sql}%s{end}", [given])
        return cursor.fetchall()
