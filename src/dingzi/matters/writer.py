"""Rows to the database by the shortest way.

PostgreSQL: a handful of rows of several tables go in one statement (``WITH a AS (INSERT ...), b AS
(UPDATE ...)``), many rows by COPY. SQLite: one ``executemany`` a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Model

#: Up to so many rows one statement is quicker than a COPY for each table.
FEW = 60


class Batch:
    """Rows to insert and rows to update; ``flush`` writes them, in the caller's transaction."""

    def __init__(self) -> None:
        self.inserts: dict[type[Model], list[Model]] = {}
        self.updates: dict[type[Model], dict[Any, Model]] = {}

    def insert(self, row: Model) -> None:
        self.inserts.setdefault(type(row), []).append(row)

    def update(self, row: Model) -> None:
        self.updates.setdefault(type(row), {})[row.pk] = row

    def flush(self) -> None:
        rows = sum(map(len, self.inserts.values())) + sum(map(len, self.updates.values()))
        if not rows:
            return
        if connection.vendor == "postgresql":
            _few(self) if rows <= FEW else _many(self)
        else:
            _each(self)
        self.inserts.clear()
        self.updates.clear()


@cache
def _columns(model: type[Model], auto: bool) -> tuple[tuple[models.Field, ...], tuple[str, ...]]:
    """Return the concrete fields (without an automatic key) and their quoted columns."""
    fields = tuple(
        f
        for f in model._meta.concrete_fields
        if auto or not (f.primary_key and isinstance(f, models.AutoField))
    )
    return fields, tuple(connection.ops.quote_name(str(f.column)) for f in fields)


def _values(row: Model, fields: Sequence[models.Field]) -> list[Any]:
    return [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]


@cache
def _insert_sql(model: type[Model]) -> str:
    _, columns = _columns(model, False)
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608


@cache
def _update_sql(model: type[Model]) -> str:
    """Set every column but the key: a row is rewritten whole in any case."""
    fields, columns = _columns(model, True)
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(str(model._meta.pk.column))
    sets = ", ".join(
        f"{c} = {f.get_placeholder(None, None, connection) if hasattr(f, 'get_placeholder') else '%s'}"
        for f, c in zip(fields, columns, strict=True)
        if not f.primary_key
    )
    return f"UPDATE {table} SET {sets} WHERE {key} = %s"  # noqa: S608


def _update_values(row: Model) -> list[Any]:
    fields, _ = _columns(type(row), True)
    values = _values(row, [f for f in fields if not f.primary_key])
    return [*values, row.pk]


def _few(batch: Batch) -> None:
    """One statement for all: data-modifying CTEs see one snapshot and fire the same triggers."""
    parts: list[str] = []
    params: list[Any] = []
    for model, rows in batch.inserts.items():
        fields, _ = _columns(model, False)
        slot = f"({', '.join(['%s'] * len(fields))})"
        parts.append(_insert_sql(model) + ", ".join([slot] * len(rows)))
        for row in rows:
            params += _values(row, fields)
    for model, changed in batch.updates.items():
        for row in changed.values():
            parts.append(_update_sql(model))
            params += _update_values(row)
    head = ", ".join(f"w{i} AS ({part})" for i, part in enumerate(parts[:-1]))
    sql = f"WITH {head} {parts[-1]}" if head else parts[-1]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _many(batch: Batch) -> None:
    with connection.cursor() as cursor:
        for model, rows in batch.inserts.items():
            fields, columns = _columns(model, False)
            table = connection.ops.quote_name(model._meta.db_table)
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(_values(row, fields))
    _each(batch, inserts=False)


def _each(batch: Batch, *, inserts: bool = True) -> None:
    with connection.cursor() as cursor:
        for model, rows in batch.inserts.items() if inserts else ():
            fields, _ = _columns(model, False)
            slot = f"({', '.join(['%s'] * len(fields))})"
            cursor.executemany(_insert_sql(model) + slot, [_values(r, fields) for r in rows])
        for model, changed in batch.updates.items():
            cursor.executemany(_update_sql(model), [_update_values(r) for r in changed.values()])


def insert_all(rows: Iterable[Model]) -> None:
    batch = Batch()
    for row in rows:
        batch.insert(row)
    batch.flush()
