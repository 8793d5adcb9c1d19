"""The test database: made by the owner, used as the web's role; emptied as the owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from dingzi.project import roles
from tests.postgres import Cluster


def make(cluster: Cluster) -> None:
    """Make the PostgreSQL test database as an installation does: ``migrate`` as the owner."""
    cluster.start()
    cluster.create("dingzi")
    with _login(roles.OWNER):
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _login(role: str) -> Iterator[None]:
    settings = connection.settings_dict
    mine = settings["USER"]
    connection.close()
    settings["USER"] = role
    try:
        yield
    finally:
        connection.close()
        settings["USER"] = mine


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Do as another PostgreSQL role on the same connection; nothing changes on SQLite."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        if connection.connection and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


def let_owner_empty_tables() -> None:
    """Make Django's flush between tests pass the guards that refuse it to everybody else."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self: Any, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias):
            if self.connection.vendor == "postgresql":
                # triggers rest only for this transaction
                setting = "SET LOCAL session_replication_role = replica"
                with acting_as(roles.OWNER), self.connection.cursor() as cursor:
                    cursor.execute(setting)
                    plain(self, statements)
                    cursor.execute("SET LOCAL session_replication_role = origin")
                return
            with self.connection.cursor() as cursor:
                # those of the search index stay: they empty it together with its table
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master"
                    " WHERE type = 'trigger' AND tbl_name <> 'core_searchentry'"
                )
                triggers = cursor.fetchall()
                for name, _ in triggers:
                    cursor.execute(f'DROP TRIGGER "{name}"')
                plain(self, statements)
                for _, sql in triggers:
                    cursor.execute(sql)

    operations.execute_sql_flush = flush  # type: ignore[method-assign]
