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


@contextmanager
def bending(action: str) -> Iterator[None]:
    """Have the database write another action (an expression) than it is given, as its owner can."""
    with _as_owner() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION bend() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN NEW.action := {action}; RETURN NEW; END $$; "
                "CREATE TRIGGER bend BEFORE INSERT ON matters_event FOR EACH ROW EXECUTE FUNCTION bend()"
            )
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'event_kept_u'")
            (guard,) = cursor.fetchone()
            cursor.execute("DROP TRIGGER event_kept_u")
            cursor.execute(
                "CREATE TRIGGER bend AFTER INSERT ON matters_event BEGIN "
                f"UPDATE matters_event SET action = {action} WHERE id = NEW.id; END"
            )
    try:
        yield
    finally:
        with _as_owner() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("DROP TRIGGER bend ON matters_event; DROP FUNCTION bend()")
            else:
                cursor.execute("DROP TRIGGER bend")
                cursor.execute(guard)


@contextmanager
def _as_owner() -> Iterator[Any]:
    with transaction.atomic(), acting_as(roles.OWNER), connection.cursor() as cursor:
        yield cursor
