"""Many rows into a table of SQLite, hundreds by a statement.

Each statement makes a segment of a full-text index that a trigger fills, and a thread waits for
Python's lock after each: both are paid once for hundreds of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: Rows of one statement, and the most parameters that it may have.
TOGETHER, PARAMETERS = 500, 32_000


def insert(
    head: str, width: int, rows: Sequence[Sequence[Any]], tail: str = "",
    *, now: BaseDatabaseWrapper | None = None,
) -> None:  # fmt: skip
    """Insert rows of ``width`` values; ``head`` ends in VALUES, ``tail`` follows the rows.

    Django's cursor would look through the whole text of a statement for its places each time.
    """
    now = now or connections[DEFAULT_DB_ALIAS]
    now.ensure_connection()
    raw = now.connection
    together = min(TOGETHER, PARAMETERS // width)
    whole = len(rows) - len(rows) % together
    with now.wrap_database_errors:
        if whole:
            sql = _statement(head, width, tail, together)
            for at in range(0, whole, together):
                _noted(now, sql)
                raw.execute(sql, list(chain.from_iterable(rows[at : at + together])))
        if whole < len(rows):
            sql = _statement(head, width, tail, 1)
            _noted(now, sql)
            raw.executemany(sql, rows[whole:])


@lru_cache(64)
def _statement(head: str, width: int, tail: str, rows: int) -> str:
    one = "(" + ", ".join("?" * width) + ")"
    return head + ", ".join([one] * rows) + tail


def _noted(now: BaseDatabaseWrapper, sql: str) -> None:
    """Let the log of tests see a statement, as Django's cursor does."""
    if now.queries_logged:
        now.queries_log.append({"sql": sql[:200], "time": "0"})
