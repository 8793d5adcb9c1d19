"""What waits to be sealed, read and taken out by the shortest way.

Django's own way to a statement and its rows takes longer than all the rest of a seal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.utils import OperationalError

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


@contextmanager
def at_once() -> Iterator[None]:
    """Begin a transaction without queueing behind busy writers.

    SQLite lets a writer that waits sleep up to a tenth of a second between two tries, and among
    many the sealer would fall seconds behind; it tries every half millisecond instead.
    """
    with ExitStack() as held:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            connection.ensure_connection()
            raw = connection.connection
            (before,) = raw.execute("PRAGMA busy_timeout").fetchone()
            raw.execute("PRAGMA busy_timeout = 0")
            held.callback(raw.execute, f"PRAGMA busy_timeout = {int(before)}")
            end = time.monotonic() + before / 1000
            while True:
                try:
                    held.enter_context(transaction.atomic())
                    break
                except OperationalError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.0005)
        else:
            held.enter_context(transaction.atomic())
        yield
