"""What waits to be sealed, read and taken out by the shortest way.

Django's own way to a statement and its rows takes longer than all the rest of a seal.
"""

from __future__ import annotations

from typing import Any

from dingzi.core import statements
from dingzi.matters import locking, writer
from dingzi.matters.models import Event
from dingzi.matters.rebuild import SENSELESS

from . import readable

_TO_SEAL = "NOT EXISTS (SELECT 1 FROM ledger_refused r WHERE r.event_id = o.event_id)"
_IDS = f"SELECT o.event_id FROM matters_outbox o WHERE {_TO_SEAL} ORDER BY o.event_id LIMIT "  # noqa: S608
_LEAVES = 'SELECT coalesce(max("index") + 1, 0) FROM ledger_leaf'


def standing(most: int) -> tuple[int, list[Event]]:
    """Return how many places were given, and what waits (``waiting``); on PostgreSQL in one look."""
    if writer.vendor() != "postgresql":
        return _rows(_LEAVES)[0][0], waiting(most)
    one = writer.table(Event)
    columns = ", ".join(f"e.{column}" for column in one.columns)
    sql = (
        f"SELECT ({_LEAVES}), {columns} FROM (SELECT) AS log "  # noqa: S608
        f"LEFT JOIN ({_picked(one)}) e ON true ORDER BY e.id"
    )
    try:
        rows = _rows(sql, most)
        waits = [row[1:] for row in rows if row[1] is not None]
        return rows[0][0], [locking.made(Event, one, row) for row in waits]
    except SENSELESS:
        return _rows(_LEAVES)[0][0], waiting(most)


def waiting(most: int) -> list[Event]:
    """Return the events in the outbox that were not refused, in its own order.

    Those too that somebody wrote so that they cannot be read.
    """
    one = writer.table(Event)
    try:
        rows = _rows(_joined(one) if writer.vendor() == "sqlite" else _picked(one), most)
        return [locking.made(Event, one, row) for row in rows]
    except SENSELESS:
        found = [row[0] for row in _rows(_IDS + _place(), most)]
        known = readable.rows(Event, found)
        return [known[event] for event in found if event in known]


def _joined(one: writer.Table) -> str:
    columns = ", ".join(f"e.{column}" for column in one.columns)
    return (
        f"SELECT {columns} FROM matters_outbox o CROSS JOIN matters_event e ON e.id = o.event_id "  # noqa: S608
        f"WHERE {_TO_SEAL} ORDER BY o.event_id LIMIT %s"
    )


def _picked(one: writer.Table) -> str:
    """Return the statement for PostgreSQL, which would join by reading every event's key."""
    columns = ", ".join(one.columns)
    return f"SELECT {columns} FROM matters_event WHERE id = ANY(ARRAY({_IDS}$1)) ORDER BY id"  # noqa: S608


def _place() -> str:
    return "$1" if writer.vendor() == "postgresql" else "%s"


def _rows(sql: str, *given: int) -> list[Any]:
    if writer.vendor() == "postgresql":
        return statements.run(sql, given)
    return list(writer.plain(sql, given).fetchall())
