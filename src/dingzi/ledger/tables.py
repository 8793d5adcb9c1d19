"""Tables that are not what they were made as: who owns the database can put something else there.

A view, a rule or a row policy shows one thing to whoever audits and another to everybody else; a table
without its key holds a second row under the same number, of which a reader sees either.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from dingzi.matters.models import Event, Opening, Private

_POSTGRES = """
SELECT c.relname FROM pg_class c
WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND (
  c.relkind NOT IN ('r', 'p') OR c.relrowsecurity
  OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid))
ORDER BY c.relname
"""


def replaced() -> list[str]:
    """Return the tables of ours in whose place a view stands, or which have rules or row policies."""
    ours = [one._meta.db_table for one in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES, [ours])
            return [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
        return [name for (name,) in cursor.fetchall() if name in ours]


def doubled() -> Iterator[tuple[int, str]]:
    """Yield the numbers under which more than one event, private part or opening stands."""
    for model, kind in ((Event, "event"), (Private, "private"), (Opening, "opening")):
        key = model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key} FROM {model._meta.db_table} "  # noqa: S608
                f"GROUP BY {key} HAVING count(*) > 1 ORDER BY {key}"
            )
            yield from ((number, kind) for (number,) in cursor.fetchall())
