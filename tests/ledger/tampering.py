"""What a dishonest administrator can do: direct SQL with all guards off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from dingzi.project import roles
from tests.databases import acting_as


@contextmanager
def unguarded() -> Iterator[Any]:
    """Give a cursor that changes any table: the owner's, without triggers and foreign keys."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), acting_as(roles.OWNER), connection.cursor() as cursor:
            # what waits for the end of the transaction must not wait behind switched-off triggers
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
            cursor.execute("SET LOCAL session_replication_role = origin")
        return
    outside = not connection.in_atomic_block
    if outside:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> 'core_searchentry'"
        )
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        yield cursor
        for _, sql in triggers:
            cursor.execute(sql)
    if outside:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")
