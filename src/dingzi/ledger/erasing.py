"""Erasure of what is personal: decided by an act, carried out by the eraser's role.

The act (``erase``, common to all processes) says in its facts up to which event each stream is
erased; it is sealed like any other. The steward then deletes salts and private parts, which makes
the commitments in the log shells that nobody can guess open; makes the projections anew, which
blanks them just as a rebuild would; and deletes papers, search entries, kept imports and exports,
and finished tasks. Proofs stay valid, for the leaf holds no personal value. A kill in between
leaves the erasure undone, and it is carried out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dingzi.core import blobs, search
from dingzi.matters import registry
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.importing import runs
from dingzi.matters.importing.models import ImportRun
from dingzi.matters.models import Matter, Opening, Paper, Private, event_id
from dingzi.matters.rebuild import rebuild_one
from dingzi.matters.registry import on_common

from .models import Erasure

ACTION = "erase"
ERASER = "dingzi_eraser"
Forget = Callable[[list[int]], None]
_forgets: list[Forget] = []


def also(forget: Forget) -> Forget:
    """Have something else forget what was erased; it is given the streams, after the commit."""
    _forgets.append(forget)
    return forget


@on_common(ACTION)
class Erase:
    """Erase all that is personal in the matter and its children, up to now.

    Rule: 个人信息保护法 47. Whoever acts later writes anew; that is not erased.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        reach = {state.matter.id: state.matter.seq}
        above = [state.matter.id]
        while above:
            below = dict(Matter.objects.filter(parent__in=above).values_list("id", "seq"))
            reach |= below
            above = list(below)
        return {"erased": {str(stream): seq for stream, seq in reach.items()}}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.added.append(Erasure(event_id=event_id(act.stream, act.seq)))


def carry_out() -> int:
    """Carry out every erasure that waits; return how many there were."""
    waiting = list(Erasure.objects.filter(done_at=None).select_related("event"))
    for one in waiting:
        _carry_out(one)
    if waiting:
        search.purge()
        _truncate()
    return len(waiting)


def _carry_out(one: Erasure) -> None:
    reach = {int(stream): last for stream, last in one.event.facts["erased"].items()}
    streams = sorted(reach)
    with transaction.atomic():
        papers = Paper.objects.filter(matter__in=streams, blob__isnull=False)
        digests = set(papers.values_list("blob", flat=True))
        with _as_eraser() as cursor:
            for model in (Private, Opening):
                for stream, last in reach.items():
                    cursor.execute(
                        f"DELETE FROM {model._meta.db_table} WHERE event_id BETWEEN %s AND %s",  # noqa: S608
                        [event_id(stream, 1), event_id(stream, last)],
                    )
        for stream in streams:
            rebuild_one(stream)
        for matter in Matter.objects.filter(id__in=streams).exclude(source=""):
            for run in ImportRun.objects.filter(source=matter.source, process=matter.process):
                runs.forget(run)
        for digest in digests:
            if not Paper.objects.filter(blob=digest).exists():
                ImportRun.objects.filter(blob=digest).update(blob=None)
                blobs.delete(digest)
        DBTaskResult.objects.finished().delete()
        one.done_at = timezone.now()
        one.save(update_fields=["done_at"])
    for forget in _forgets:
        forget(streams)


@contextmanager
def _as_eraser() -> Iterator[Any]:
    """Give a cursor of the eraser's role, where the database has roles; then be oneself again."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            yield cursor
            return
        cursor.execute(
            "SELECT current_user, pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles "
            "WHERE rolname = %s",
            [ERASER],
        )
        found = cursor.fetchone()
        if found is None or not found[1]:
            yield cursor
            return
        quoted = connection.ops.quote_name
        cursor.execute(f"SET LOCAL ROLE {quoted(ERASER)}")
        yield cursor
        cursor.execute(f"SET LOCAL ROLE {quoted(found[0])}")


def _truncate() -> None:
    """Write SQLite's journal back and cut it off, so that no byte of what was deleted is left in it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite() -> list[str]:
    """Rewrite PostgreSQL's tables so that their files hold no deleted row; return their names.

    The planner's statistics hold values of the columns too: they are taken anew, and their table
    is rewritten last, which the database's owner may. Locks each table while it is copied; the
    owner does it in a quiet hour. Nothing on SQLite.
    """
    if connection.vendor != "postgresql":
        return []
    made = [one.model._meta.db_table for one in registry.handles() if one.model is not None]
    tables = [
        "matters_private", "matters_opening", "matters_matter", "matters_paper", *made,
        "core_searchentry", "core_blob", "django_tasks_database_dbtaskresult", "django_session",
        "matters_importrun", "matters_importfault", "notices_subscription",
    ]  # fmt: skip
    present = set(connection.introspection.table_names())
    done = [table for table in dict.fromkeys(tables) if table in present]
    with connection.cursor() as cursor:
        for table in done:
            cursor.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
            _forget_statistics(cursor, table)
        cursor.execute("VACUUM (FULL) pg_catalog.pg_statistic")
    return [*done, "pg_statistic"]


def _forget_statistics(cursor: Any, table: str) -> None:
    """Drop the statistics of a table that is empty now, which ANALYZE would leave as they were.

    Naming a column's own type again drops them and rewrites nothing. Columns that a figure's trigger
    looks at cannot be named so: they are counted by, and hold nobody's words.
    """
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')  # noqa: S608
    if cursor.fetchone()[0]:
        return
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND NOT EXISTS ("
        "SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass "
        "AND d.refclassid = 'pg_class'::regclass "
        "AND d.refobjid = attrelid AND d.refobjsubid = attnum)",
        [f'"{table}"'],
    )
    for column, kind in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" ALTER "{column}" TYPE {kind}')
