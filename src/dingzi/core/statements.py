"""Statements to PostgreSQL by the shortest way, for those that an act cannot do without.

They go by libpq's own calls (``psycopg.pq``), prepared, and as a pipeline: a transaction's BEGIN goes
along with its first statement, and COMMIT with the last where the caller says which that is. Each would
else be a round trip and twice a change of process; and Django's and psycopg's way to a statement takes
longer than most of them do. Django notices nothing: it finds the transaction begun, or over.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result

#: A statement is prepared when it comes so often, and so many are on a connection.
OFTEN, MOST = 3, 100
_READ = {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}
_TEXT, _BINARY = pq.Format.TEXT, pq.Format.BINARY

Param = str | bytes | int | None


class _Known:
    """What is known of a connection: its statements, how often each came, which are prepared."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw
        self.rows = Transformer(raw)
        self.times: dict[str, int] = {}
        self.names: dict[str, bytes] = {}
        self.answer = select.poll()
        self.answer.register(raw.pgconn.socket, select.POLLIN)

    def name(self, sql: str) -> bytes:
        """Return the name of a prepared statement, prepared now if need be; b"" of a rare one."""
        name = self.names.get(sql)
        if name is None and len(self.names) < MOST:
            self.times[sql] = self.times.get(sql, 0) + 1
            if self.times[sql] >= OFTEN:
                name = b"dingzi_%d" % len(self.names)
                _whole(self.raw, [self.raw.pgconn.prepare(name, sql.encode())])
                self.names[sql] = name
        return name or b""


_known: WeakKeyDictionary[BaseDatabaseWrapper, _Known] = WeakKeyDictionary()


def run(sql: str, params: Sequence[Param], *, last: bool = False) -> list[Any]:
    """Run a statement with ``$1`` places and return its rows.

    ``last``: it ends the transaction that it is in, which is committed when this returns; the caller
    has to see that nothing follows. It stays open where Django would undo it, within a savepoint,
    and where somebody counts queries (``execute_wrapper``, the log of tests): it goes Django's way
    then.
    """
    now = connections[DEFAULT_DB_ALIAS]
    now.ensure_connection()
    raw = now.connection
    if now.execute_wrappers or now.queries_logged:
        return _watched(now, sql, params)
    known = _known.get(now)
    if known is None or known.raw is not raw:
        known = _known[now] = _Known(raw)
    with now.wrap_database_errors:
        name = known.name(sql)
        values, formats = _sent(params)
        begun = raw.pgconn.transaction_status != pq.TransactionStatus.IDLE
        begin = not (begun or raw.autocommit)
        last = last and (begun or begin) and not (now.needs_rollback or now.savepoint_ids)
        conn = raw.pgconn
        conn.enter_pipeline_mode()
        try:
            if begin:
                conn.send_query_params(b"BEGIN", None)
            if name:
                conn.send_query_prepared(name, values, param_formats=formats)
            else:
                conn.send_query_params(sql.encode(), values, param_formats=formats)
            if last:
                conn.send_query_params(b"COMMIT", None)
            conn.pipeline_sync()
            found = _answers(conn, known.answer)
            conn.exit_pipeline_mode()
        except BaseException:  # nobody knows what is still on its way
            conn.finish()
            raise
        _whole(raw, found)
        rows = found[begin]
        if not rows.ntuples:
            return []
        known.rows.set_pgresult(rows)
        return known.rows.load_rows(0, rows.ntuples, tuple)


def _watched(now: BaseDatabaseWrapper, sql: str, params: Sequence[Param]) -> list[Any]:
    if now.queries_logged:
        now.queries_log.append({"sql": sql, "time": "0"})
    with now.make_cursor(psycopg.RawCursor(now.connection)) as cursor:  # type: ignore[arg-type]
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def _sent(params: Sequence[Param]) -> tuple[list[bytes | None], list[pq.Format]]:
    """Return parameters as they are sent: bytes as they are, all else as text."""
    values: list[bytes | None] = []
    formats = []
    for value in params:
        if type(value) is str:
            sent = value.encode()
            if 0 in sent:  # it would end there
                raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
            values.append(sent)
            formats.append(_TEXT)
        elif value is None or isinstance(value, bytes):
            values.append(value)
            formats.append(_BINARY)
        else:
            values.append(str(value).encode())
            formats.append(_TEXT)
    return values, formats


def _answers(conn: pq.abc.PGconn, answer: select.poll) -> list[pq.abc.PGresult]:
    """Return the results up to the end of the pipeline; other threads go on meanwhile."""
    found: list[pq.abc.PGresult] = []
    while conn.flush():  # it does not fit into the socket at once
        select.select([conn.socket], [conn.socket], [])
        conn.consume_input()
    while True:
        while conn.is_busy():
            answer.poll()
            conn.consume_input()
        one = conn.get_result()
        if one is None:
            continue
        if one.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        found.append(one)


def _whole(raw: psycopg.Connection[Any], results: Sequence[pq.abc.PGresult]) -> None:
    """Raise the error that is among the results, if there is one."""
    for one in results:
        if one.status not in _READ:
            raise error_from_result(one, raw.info.encoding)


def array(values: Sequence[str]) -> str:
    """Return texts as one parameter, for a place ``$1::text[]``."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
