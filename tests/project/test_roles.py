"""PostgreSQL's roles: what each may do is tried, not read off a list."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from dingzi.matters import guards
from dingzi.project import roles

Acting = Callable[[str], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db


def _may(statement: str) -> bool:
    """Say whether the role connected may do it; nothing stays done."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        assert "permission denied" in str(error)
        return False
    return True


def test_tests_run_as_the_web_and_the_rights_are_those_wanted(db_engine: str) -> None:
    """The connection is the web's role, not one that could do more."""
    if db_engine == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == (roles.WEB, roles.WEB)
    assert roles.wrong(connection) == []


def test_the_web_may_add_to_the_record_and_never_change_it(db_engine: str) -> None:
    """UPDATE, DELETE and TRUNCATE of the record are refused to the web's role."""
    if db_engine == "sqlite":
        return
    for table in guards.GUARDED_TABLES:
        assert _may(f"SELECT 1 FROM {table}")
        key = "id" if table == "matters_event" else "event_id"
        assert not _may(f"UPDATE {table} SET {key} = {key}"), table
        assert not _may(f"DELETE FROM {table}"), table
        assert not _may(f"TRUNCATE {table}"), table
    assert not _may("INSERT INTO matters_outbox (event_id) VALUES (1)"), "a trigger's alone"
    assert not _may("CREATE TABLE more (x int)")
    assert not _may("INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())")


def test_only_the_steward_empties_the_outbox_and_only_the_eraser_deletes_words(
    acting_as: Acting, db_engine: str
) -> None:
    """Each role has its one right more, and the steward inherits nothing of the eraser's."""
    if db_engine == "sqlite":
        return
    with acting_as(roles.STEWARD):
        assert _may("DELETE FROM matters_outbox")
        assert not _may("DELETE FROM matters_private")
        assert not _may("DELETE FROM matters_event")
    with acting_as(roles.ERASER):
        assert _may("DELETE FROM matters_private")
        assert _may("DELETE FROM matters_opening")
        assert not _may("DELETE FROM matters_event")
        assert not _may("DELETE FROM matters_outbox")
        assert not _may("UPDATE matters_matter SET seq = seq")


def test_the_command_prints_what_a_superuser_runs(db_engine: str) -> None:
    """`dingzi database roles` prints; on SQLite it says that there are no roles."""
    out = StringIO()
    if db_engine == "sqlite":
        with pytest.raises(CommandError, match="no roles"):
            call_command("database", "roles", stdout=out)
        return
    call_command("database", "roles", stdout=out)
    printed = out.getvalue()
    assert printed.count("CREATE ROLE") == 4
    assert 'GRANT SELECT, INSERT ON "matters_event" TO dingzi_web;' in printed
    assert "PASSWORD" not in printed


def test_the_command_refuses_to_grant_as_anybody_but_the_owner(
    acting_as: Acting, db_engine: str
) -> None:
    """The web's role cannot set rights; the owner may do it again and again."""
    if db_engine == "sqlite":
        return
    with pytest.raises(CommandError, match="dingzi_owner"):
        call_command("database", "roles", "--execute")
    with acting_as(roles.OWNER):
        for _ in range(2):
            call_command("database", "roles", "--execute", stdout=StringIO())
    assert roles.wrong(connection) == []


def test_an_installation_gives_its_web_no_way_into_another_role() -> None:
    """Membership is granted once: the eraser's to the steward, who inherits nothing by it."""
    statements = roles.cluster_statements("dingzi")
    memberships = [s for s in statements if s.startswith("GRANT dingzi_")]
    assert memberships == [f"GRANT {roles.ERASER} TO {roles.STEWARD}"]
    assert f"ALTER ROLE {roles.STEWARD} NOINHERIT" in statements
