"""Rows to the database by the shortest way.

PostgreSQL: a handful of rows of several tables go in one prepared statement (``WITH a AS (INSERT
...), b AS (UPDATE ...)``), many rows by binary COPY. SQLite: hundreds in a statement of one table.
Rows are tuples in the order of ``Table.names``; Django's own preparation of values costs more than
the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import count
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.base import ModelState

from dingzi.core import inserting, turns
from dingzi.core.statements import array, run

from .packing import CASTS, FIXED, NULL, PACK, PREPARE, PREPARE_SQLITE, kind

#: Up to so many rows one statement is quicker than a COPY for each table.
FEW = 60
#: Bytes of a COPY that are sent at once, so that the server reads while we go on writing.
CHUNK = 256 * 1024


class Table:
    """A model as its rows are written: columns without an automatic key, and how values go.

    Attributes
    ----------
    names : attribute names, in the order of a row's values.
    """

    def __init__(self, model: type[Model]) -> None:
        fields = [
            f
            for f in model._meta.concrete_fields
            if not (f.primary_key and isinstance(f, models.AutoField))
        ]
        quote = connection.ops.quote_name
        key = model._meta.pk
        assert key is not None
        self.names = tuple(f.attname for f in fields)
        self.values: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*self.names)
        self.kinds = [kind(f) for f in fields]
        name, columns = quote(model._meta.db_table), [quote(str(f.column)) for f in fields]
        self.head = f"INSERT INTO {name} ({', '.join(columns)}) VALUES "  # noqa: S608
        self.casts = [CASTS[k] for k in self.kinds]
        # Every column but the key is set: a row is rewritten whole in any case.
        self.changed = [i for i, f in enumerate(fields) if not f.primary_key]
        self.sets = [columns[i] for i in self.changed]
        self.name, self.key, self.columns = name, quote(str(key.column)), columns
        self.at_key = next((i for i, f in enumerate(fields) if f.primary_key), -1)
        self.key_cast = CASTS[kind(key)]
        self.jsons = [i for i, k in enumerate(self.kinds) if k == "json"]
        prepare = PREPARE_SQLITE if vendor() == "sqlite" else PREPARE
        self._prepare = [(i, prepare[k]) for i, k in enumerate(self.kinds) if k in prepare]
        # Binary COPY may take columns in any order: those of one size and never null come first and
        # are packed at once.
        fixed = [i for i, f in enumerate(fields) if self.kinds[i] in FIXED and not f.null]
        rest = [i for i in range(len(fields)) if i not in fixed]
        ordered = ", ".join(columns[i] for i in fixed + rest)
        self.copy_sql = f"COPY {name} ({ordered}) FROM STDIN (FORMAT BINARY)"
        self._fixed = [(i, FIXED[self.kinds[i]]) for i in fixed]
        self._count = len(fields)
        self._start = struct.Struct(
            "!h" + "".join("i" + FIXED[self.kinds[i]][1] for i in fixed)
        ).pack
        self._rest = [(i, PACK[self.kinds[i]]) for i in rest]

    def prepared(self, row: Sequence[Any]) -> list[Any]:
        """Return a row's values as parameters of a statement."""
        values = list(row)
        for i, prepare in self._prepare:
            if values[i] is not None:
                values[i] = prepare(values[i])
        return values

    def update(self, row: Model) -> list[Any]:
        """Return the parameters of an update of all columns: the values, and the key."""
        values = self.prepared(self.values(row.__dict__))
        return [*(values[i] for i in self.changed), str(row.pk)]

    def remember(self, row: Model, stored: Sequence[Any]) -> None:
        """Note what the database holds of a row that was read from it, JSON as its text.

        PostgreSQL gives JSON back in a text of its own.
        """
        was = list(self.values(row.__dict__))
        texts = stored if vendor() == "sqlite" else self.prepared(was)
        for i in self.jsons:
            was[i] = texts[i]
        row._state.was = was  # type: ignore[attr-defined]

    def update_changed(self, row: Model) -> tuple[tuple[int, ...], list[Any]]:
        """Return which columns were changed since the row was read, and what they are set to.

        SQLite writes every index anew that has a column in the statement; PostgreSQL reads each
        parameter, and looks at each trigger's columns. Nothing changed: ``()``.
        """
        values = self.values(row.__dict__)
        was = getattr(row._state, "was", None)
        prepared = self.prepared(values)
        if was is None:
            which = tuple(self.changed)
        else:
            which = tuple(
                i
                for i in self.changed
                if (prepared[i] if self.kinds[i] == "json" else values[i]) != was[i]
            )
        return which, [prepared[i] for i in which]

    def packed(self, row: Sequence[Any]) -> bytes:
        """Return a row as binary COPY takes it."""
        fixed: list[int] = [self._count]
        for i, (size, _, number) in self._fixed:
            fixed += (size, number(row[i]) if number else row[i])
        parts = [self._start(*fixed)]
        for i, pack in self._rest:
            value = row[i]
            parts.append(NULL if value is None else pack(value))
        return b"".join(parts)


@lru_cache(512)
def _setting(one: Table, which: tuple[int, ...]) -> str:
    sets = ", ".join(f"{one.columns[i]} = %s" for i in which)
    return f"UPDATE {one.name} SET {sets} WHERE {one.key} = %s"  # noqa: S608


@cache
def _table(model: type[Model], vendor: str) -> Table:
    return Table(model)


def table(model: type[Model]) -> Table:
    return _table(model, vendor())


@cache
def vendor() -> str:
    """Return the database's kind; asking the connection takes longer than a row's values."""
    return connection.vendor


class Batch:
    """Rows to insert and rows to update; ``flush`` writes them, in the caller's transaction.

    Tables are written in the order in which they first came: what others refer to comes first.
    """

    def __init__(self) -> None:
        self.inserts: dict[type[Model], list[Sequence[Any]]] = {}
        self.updates: dict[type[Model], dict[Any, Model]] = {}
        self._values: dict[type[Model], Callable[[dict[str, Any]], tuple[Any, ...]]] = {}
        self.removals: dict[type[Model], list[int]] = {}

    def add(self, model: type[Model], row: Sequence[Any]) -> None:
        """Insert a row given as its values, in the order of ``Table.names``."""
        self.inserts.setdefault(model, []).append(row)

    def insert(self, row: Model) -> None:
        model = type(row)
        if model not in self._values:
            self._values[model] = table(model).values
        self.add(model, self._values[model](row.__dict__))

    def update(self, row: Model) -> None:
        self.updates.setdefault(type(row), {})[row.pk] = row

    def remove(self, model: type[Model], key: int) -> None:
        """Delete the row of this key."""
        self.removals.setdefault(model, []).append(key)

    def _count(self) -> int:
        return sum(map(len, self.inserts.values())) + sum(map(len, self.updates.values()))

    def one_statement(self) -> bool:
        """Tell whether ``flush`` runs one statement, so that it needs no transaction around it."""
        return vendor() == "postgresql" and self._count() <= FEW

    def flush(self, *, last: bool = False) -> None:
        """Write the rows; ``last`` says that nothing else is written in the transaction after them."""
        if not self._count() and not self.removals:
            return
        if vendor() == "sqlite":
            _each(self)
        elif self._count() <= FEW:
            _few(self, last=last and turns.ends())
        else:
            _many(self)
        self.inserts.clear()
        self.updates.clear()
        self.removals.clear()


def _few(batch: Batch, *, last: bool) -> None:
    """One statement for all: data-modifying CTEs see one snapshot and fire the same triggers."""
    inserts = tuple((model, len(rows)) for model, rows in batch.inserts.items())
    updates: list[tuple[type[Model], tuple[int, ...]]] = []
    params: list[Any] = []
    for model, rows in batch.inserts.items():
        one = table(model)
        for row in rows:
            params += one.prepared(row)
    for model, changed in batch.updates.items():
        one = table(model)
        for changed_row in changed.values():
            which, given = one.update_changed(changed_row)
            if which:
                updates.append((model, which))
                params += (*given, str(changed_row.pk))
    params += [array(list(map(str, keys))) for keys in batch.removals.values()]
    if inserts or updates or batch.removals:
        sql = _statement(inserts, tuple(updates), tuple(batch.removals), hurried=turns.hurry())
        run(sql, params, last=last)


@lru_cache(512)
def _statement(
    inserts: tuple[tuple[type[Model], int], ...],
    updates: tuple[tuple[type[Model], tuple[int, ...]], ...],
    removals: tuple[type[Model], ...],
    *,
    hurried: bool,
) -> str:
    """Write the statement that inserts so many rows of each table, sets columns of rows, and deletes.

    ``hurried``: and has the transaction's commit not wait for the disk.
    """
    place = count(1)
    parts: list[str] = []
    for model, n in inserts:
        one = table(model)
        slots = ["(" + ", ".join(f"${next(place)}{c}" for c in one.casts) + ")" for _ in range(n)]
        parts.append(one.head + ", ".join(slots))
    for model, which in updates:
        one = table(model)
        sets = ", ".join(f"{one.columns[i]} = ${next(place)}{one.casts[i]}" for i in which)
        key = f"{one.key} = ${next(place)}{one.key_cast}"
        parts.append(f"UPDATE {one.name} SET {sets} WHERE {key}")  # noqa: S608
    parts += [_removing(model) + f"= ANY(${next(place)}::bigint[])" for model in removals]
    if hurried:
        parts.append("SELECT set_config('synchronous_commit', 'off', true)")
    head = ", ".join(f"w{i} AS ({part})" for i, part in enumerate(parts[:-1]))
    return f"WITH {head} {parts[-1]}" if head else parts[-1]


def _removing(model: type[Model]) -> str:
    one = table(model)
    return f"DELETE FROM {one.name} WHERE {one.key} "  # noqa: S608


def _many(batch: Batch) -> None:
    with connection.cursor() as cursor:
        for model, rows in batch.inserts.items():
            one = table(model)
            # by itself Django leaves the errors of a COPY as they are
            with connection.wrap_database_errors, cursor.copy(one.copy_sql) as copy:
                for chunk in _chunks(map(one.packed, rows)):
                    copy.write(chunk)
        _update(cursor, batch)
        for model, keys in batch.removals.items():
            cursor.execute(_removing(model) + "= ANY(%s)", [keys])


def _chunks(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Join packed rows to a binary COPY's stream, in pieces."""
    waiting, size = [b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"], 0
    for row in rows:
        waiting.append(row)
        size += len(row)
        if size > CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting) + b"\xff\xff"


def _each(batch: Batch) -> None:
    now = connections[DEFAULT_DB_ALIAS]  # each look takes as long as a row
    for model, rows in batch.inserts.items():
        one = table(model)
        prepared = [one.prepared(row) for row in rows]
        inserting.insert(one.head, len(one.names), prepared, now=now)
    for model, changed in batch.updates.items():
        one = table(model)
        for row in changed.values():
            which, given = one.update_changed(row)
            if which:
                plain(_setting(one, which), [*given, row.pk], now=now)
    for model, keys in batch.removals.items():
        many(_removing(model) + "= %s", [(key,) for key in keys], now=now)


def plain(sql: str, params: Sequence[Any] = (), *, now: BaseDatabaseWrapper | None = None) -> Any:
    """Run a statement with ``%s`` places on SQLite and return its rows' cursor.

    Django's own way costs several times the statement's; query counters see this one too.
    """
    now = now or connections[DEFAULT_DB_ALIAS]
    if _watched(now):
        cursor = now.cursor()
        cursor.execute(sql, params)
        return cursor
    with now.wrap_database_errors:
        return now.connection.execute(_places(sql), params)


def many(
    sql: str, rows: Sequence[Sequence[Any]], *, now: BaseDatabaseWrapper | None = None
) -> None:  # fmt: skip
    """Run a statement with ``%s`` places on SQLite for each of the rows."""
    now = now or connections[DEFAULT_DB_ALIAS]
    if _watched(now):
        with now.cursor() as cursor:
            cursor.executemany(sql, rows)
        return
    with now.wrap_database_errors:
        now.connection.executemany(_places(sql), rows)


def _watched(now: BaseDatabaseWrapper) -> bool:
    """Tell whether a statement must go Django's way: it is counted, or the first of a connection."""
    return bool(now.execute_wrappers) or now.queries_logged or now.connection is None


@lru_cache(512)
def _places(sql: str) -> str:
    return sql.replace("%s", "?")


def _update(cursor: Any, batch: Batch) -> None:
    for model, changed in batch.updates.items():
        one = table(model)
        sets = ", ".join(f"{column} = %s" for column in one.sets)
        sql = f"UPDATE {one.name} SET {sets} WHERE {one.key} = %s"  # noqa: S608
        cursor.executemany(sql, [one.update(row) for row in changed.values()])


def insert_all(rows: Iterable[Model]) -> None:
    batch = Batch()
    for row in rows:
        batch.insert(row)
    batch.flush()


# -- rows in memory ------------------------------------------------------------------------------


@cache
def template(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Return a row's defaults by attribute, and what makes those that no two rows may share."""
    values = {k: v for k, v in model().__dict__.items() if k != "_state"}
    made: list[tuple[str, Callable[[], Any]]] = [
        (f.attname, type(values[f.attname]))
        for f in model._meta.concrete_fields
        if isinstance(values[f.attname], list | dict)
    ]
    return values, made


def blank(model: type[Model], **values: Any) -> Any:
    """Return an unsaved row with its defaults, as ``model(**values)`` does, in a tenth of the time.

    ``values`` are named by attribute (``matter_id``, not ``matter``).
    """
    row = model.__new__(model)
    defaults, made = template(model)
    row.__dict__.update(defaults)
    for name, make in made:
        row.__dict__[name] = make()
    row.__dict__.update(values)
    row._state = ModelState()
    return row
