"""PostgreSQL roles: owner, web, steward, eraser, and what each may do.

The owner makes and alters tables and runs nothing else. The web's and the steward's roles read and
write projections; in the tables of ``dingzi.matters.guards`` they may only add, and not even that to
the outbox, which a trigger of the owner's fills. The steward empties it and alone adds to the order
that was sealed (``dingzi.ledger.guards``). The eraser alone deletes what people said; the steward may
change into it (``SET ROLE``) for an erasure and inherits nothing from it. Statements are idempotent:
the rights are set anew after every ``migrate``.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from dingzi.ledger import guards as ledger
from dingzi.matters import guards

OWNER = "dingzi_owner"
WEB = "dingzi_web"
STEWARD = "dingzi_steward"
ERASER = "dingzi_eraser"
USERS = (WEB, STEWARD, ERASER)

#: Rights in a table that nothing guards.
OPEN = {
    WEB: "SELECT, INSERT, UPDATE, DELETE",
    STEWARD: "SELECT, INSERT, UPDATE, DELETE",
    ERASER: "SELECT",
}
READ_ONLY = dict.fromkeys(USERS, "SELECT")


class Right(NamedTuple):
    table: str
    role: str
    rights: str


def cluster_statements(database: str) -> list[str]:
    """Make the roles; run once by a superuser (or a role with CREATEROLE), connected anywhere.

    No password is set: use peer login, or ``\\password`` for each role.
    """
    make = [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role} LOGIN; END IF; END $$"
        for role in (OWNER, *USERS)
    ]
    quoted = '"' + database.replace('"', '""') + '"'
    return [
        *make,
        f"ALTER DATABASE {quoted} OWNER TO {OWNER}",
        f"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC",
        f"ALTER ROLE {STEWARD} NOINHERIT",
        f"GRANT {ERASER} TO {STEWARD}",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {quoted} TO {', '.join(USERS)}",
    ]


def guarded_tables() -> dict[str, dict[str, str]]:
    """Return table -> role -> rights of the tables that hold the record."""
    kept = {WEB: "SELECT", STEWARD: "SELECT, INSERT", ERASER: "SELECT"}
    sealer = kept | {STEWARD: "SELECT, INSERT, UPDATE, DELETE"}
    return {
        **dict.fromkeys(ledger.KEPT_TABLES, kept),
        **dict.fromkeys(ledger.SEALER_TABLES, sealer),
    } | {
        table: {
            WEB: "SELECT" if table in guards.SEALED_TABLES else "SELECT, INSERT",
            STEWARD: "SELECT, DELETE" if table in guards.SEALED_TABLES else "SELECT, INSERT",
            ERASER: "SELECT" + (", DELETE" if table in guards.ERASABLE_TABLES else ""),
        }
        for table in guards.GUARDED_TABLES
    }


def wanted(tables: list[str]) -> list[Right]:
    """Return what every role may do in each of ``tables``."""
    guarded = guarded_tables() | {"django_migrations": READ_ONLY}
    return [
        Right(table, role, guarded.get(table, OPEN)[role])
        for table in sorted(tables)
        for role in USERS
    ]


def grant_statements(tables: list[str]) -> list[str]:
    """Set every role's rights in ``tables``; run by the owner, in one transaction."""
    users = ", ".join(USERS)
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {users}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {users}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {users}",
        *(f'GRANT {r.rights} ON "{r.table}" TO {r.role}' for r in wanted(tables)),
    ]


def exist(connection: BaseDatabaseWrapper) -> bool:
    """Say whether this PostgreSQL has the four roles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [[OWNER, *USERS]])
        return bool(cursor.fetchone()[0] == 1 + len(USERS))


def apply(connection: BaseDatabaseWrapper) -> bool:
    """Set the rights; False where the database has no roles or is not ours to grant in."""
    if connection.vendor != "postgresql" or not exist(connection):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != OWNER:
            return False
    tables = connection.introspection.table_names()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in grant_statements(tables):
            cursor.execute(statement)
    return True


def wrong(connection: BaseDatabaseWrapper) -> list[str]:
    """Return each table and role whose rights are not those wanted, in words for an operator."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, r.rolname, a.privilege_type FROM pg_class c "
            "CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee "
            "WHERE c.relnamespace = 'public'::regnamespace AND r.rolname = ANY(%s)",
            [list(USERS)],
        )
        held: dict[tuple[str, str], set[str]] = {}
        for table, role, right in cursor.fetchall():
            held.setdefault((table, role), set()).add(right)
    return [
        f"{r.table}: {r.role} {', '.join(sorted(has)) or '-'} ≠ {r.rights}"
        for r in wanted(tables)
        if (has := held.get((r.table, r.role), set())) != set(r.rights.split(", "))
    ]
