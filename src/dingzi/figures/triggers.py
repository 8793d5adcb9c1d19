"""Triggers that note each change of a projection's counted columns beside the change itself.

They hold for whoever writes, by whatever way (acts, imports by COPY, a rebuild), and commit or roll
back with it. They are put up after every ``migrate``, by the owner of the tables; their names end
in the layout's digest, so one sees whether those that stand are the right ones.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from .layout import Layout
from .models import Pending

EVENTS = ("insert", "update", "delete")
#: Stands in the names: triggers of an earlier form are put up anew.
FORM = 2
#: Columns in one object: a function of PostgreSQL takes a hundred arguments.
_PAIRS = 48


def stand(layout: Layout, connection: BaseDatabaseWrapper) -> bool:
    """Tell whether all triggers of this very layout are there."""
    return {_name(layout, event) for event in EVENTS} <= set(_found(layout, connection))


def put_up(layout: Layout, connection: BaseDatabaseWrapper) -> None:
    """Put up a projection's triggers in place of older ones; nothing where they stand."""
    if stand(layout, connection):
        return
    postgres = connection.vendor == "postgresql"
    quoted = connection.ops.quote_name(layout.model._meta.db_table)
    with connection.cursor() as cursor:
        for name in _found(layout, connection):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {quoted}" if postgres else ""))
        for sql in (_postgres if postgres else _sqlite)(layout, connection):
            cursor.execute(sql)


def _prefix(layout: Layout) -> str:
    return f"figures_{layout.model._meta.db_table}_"


def _name(layout: Layout, event: str) -> str:
    return f"{_prefix(layout)}{event}_{layout.name[:8]}_{FORM}"


def _found(layout: Layout, connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [str(name) for (name,) in cursor.fetchall() if name.startswith(_prefix(layout))]


def _columns(layout: Layout, connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    columns = {field.name: str(field.column) for field in layout.model._meta.concrete_fields}
    return [(name, connection.ops.quote_name(columns[name])) for name in layout.columns]


def _differs(layout: Layout, distinct: str, connection: BaseDatabaseWrapper) -> str:
    columns = _columns(layout, connection)
    return " OR ".join(f"OLD.{column} {distinct} NEW.{column}" for _, column in columns)


def _postgres(layout: Layout, connection: BaseDatabaseWrapper) -> list[str]:
    def built(row: str) -> str:
        pairs = [f"'{name}', {row}.{column}" for name, column in _columns(layout, connection)]
        chunks = [pairs[i : i + _PAIRS] for i in range(0, len(pairs), _PAIRS)]
        return " || ".join(f"jsonb_build_object({', '.join(chunk)})" for chunk in chunks)

    table = connection.ops.quote_name(layout.model._meta.db_table)
    into = f"INSERT INTO {Pending._meta.db_table} (rows, old, new)"
    rows = f"'{layout.rows}'"
    bodies = {  # what an import adds is noted at once for all of a statement's rows
        "added": f"  {into} SELECT {rows}, NULL, {built('fresh')} FROM fresh;\n",  # noqa: S608
        "changed": (
            f"  IF TG_OP = 'DELETE' THEN {into} VALUES ({rows}, {built('OLD')}, NULL);\n"
            f"  ELSE {into} VALUES ({rows}, {built('OLD')}, {built('NEW')});\n"
            "  END IF;\n"
        ),
    }
    made = [
        f"CREATE OR REPLACE FUNCTION {_prefix(layout)}{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$\nBEGIN\n{body}  RETURN NULL;\nEND $$"
        for name, body in bodies.items()
    ]
    each = {
        "insert": "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "update": f"FOR EACH ROW WHEN ({_differs(layout, 'IS DISTINCT FROM', connection)})",
        "delete": "FOR EACH ROW",
    }
    for event, rest in each.items():
        function = f"{_prefix(layout)}{'added' if event == 'insert' else 'changed'}"
        made.append(
            f"CREATE TRIGGER {_name(layout, event)} AFTER {event.upper()} ON {table} {rest} "
            f"EXECUTE FUNCTION {function}()"
        )
    return made


def _sqlite(layout: Layout, connection: BaseDatabaseWrapper) -> list[str]:
    def built(row: str) -> str:
        pairs = [f"'{name}', {row}.{column}" for name, column in _columns(layout, connection)]
        return f"json_object({', '.join(pairs)})"

    into = f"INSERT INTO {Pending._meta.db_table} (rows, old, new) VALUES ('{layout.rows}', "  # noqa: S608
    values = {
        "insert": f"NULL, {built('NEW')}",
        "delete": f"{built('OLD')}, NULL",
        "update": f"{built('OLD')}, {built('NEW')}",
    }
    when = f" WHEN {_differs(layout, 'IS NOT', connection)}"
    table = connection.ops.quote_name(layout.model._meta.db_table)
    return [
        f"CREATE TRIGGER {_name(layout, event)} AFTER {event.upper()} ON {table} FOR EACH ROW"
        f"{when if event == 'update' else ''} BEGIN {into}{values[event]}); END"
        for event in EVENTS
    ]
