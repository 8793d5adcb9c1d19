"""Rows to the database by the shortest way.

PostgreSQL: a handful of rows of several tables go in one prepared statement (``WITH a AS (INSERT
...), b AS (UPDATE ...)``), many rows by binary COPY. SQLite: one ``executemany`` a table. Rows are
tuples in the order of ``Table.names``; Django's own preparation of values costs more than the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import count
from operator import itemgetter
from typing import Any

import orjson
import psycopg
from django.db import connection, models
from django.db.models import Model
from django.db.models.base import ModelState

#: Up to so many rows one statement is quicker than a COPY for each table.
FEW = 60
#: Bytes of a COPY that are sent at once, so that the server reads while we go on writing.
CHUNK = 256 * 1024

Prepare = Callable[[Any], Any]
Pack = Callable[[Any], bytes]


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
        self.kinds = [_kind(f) for f in fields]
        name, columns = quote(model._meta.db_table), [quote(str(f.column)) for f in fields]
        self.head = f"INSERT INTO {name} ({', '.join(columns)}) VALUES "  # noqa: S608
        self.slots = ", ".join(["%s"] * len(fields))
        self.casts = [_CASTS[k] for k in self.kinds]
        # Every column but the key is set: a row is rewritten whole in any case.
        self.changed = [i for i, f in enumerate(fields) if not f.primary_key]
        self.sets = [columns[i] for i in self.changed]
        self.name, self.key, self.columns = name, quote(str(key.column)), columns
        self.at_key = next((i for i, f in enumerate(fields) if f.primary_key), -1)
        self.key_cast = _CASTS[_kind(key)]
        self.copy_sql = f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        prepare = _PREPARE_SQLITE if connection.vendor == "sqlite" else _PREPARE
        self._prepare = [(i, prepare[k]) for i, k in enumerate(self.kinds) if k in prepare]
        self._head = struct.pack("!h", len(fields))
        self._pack = [_PACK[k] for k in self.kinds]

    def prepared(self, row: Sequence[Any]) -> list[Any]:
        """Return a row's values as parameters of a statement."""
        values = list(row)
        for i, prepare in self._prepare:
            if values[i] is not None:
                values[i] = prepare(values[i])
        return values

    def update(self, row: Model) -> list[Any]:
        """Return the parameters of an update: the values, and the key."""
        values = self.prepared(self.values(row.__dict__))
        return [
            *(values[i] for i in self.changed),
            row.pk if connection.vendor == "sqlite" else str(row.pk),
        ]

    def packed(self, row: Sequence[Any]) -> bytes:
        """Return a row as binary COPY takes it."""
        return self._head + b"".join(
            [pack(v) if v is not None else _NULL for pack, v in zip(self._pack, row, strict=True)]
        )


@cache
def _table(model: type[Model], vendor: str) -> Table:
    return Table(model)


def table(model: type[Model]) -> Table:
    return _table(model, connection.vendor)


class Batch:
    """Rows to insert and rows to update; ``flush`` writes them, in the caller's transaction.

    Tables are written in the order in which they first came: what others refer to comes first.
    """

    def __init__(self) -> None:
        self.inserts: dict[type[Model], list[Sequence[Any]]] = {}
        self.updates: dict[type[Model], dict[Any, Model]] = {}

    def add(self, model: type[Model], row: Sequence[Any]) -> None:
        """Insert a row given as its values, in the order of ``Table.names``."""
        self.inserts.setdefault(model, []).append(row)

    def insert(self, row: Model) -> None:
        self.add(type(row), table(type(row)).values(row.__dict__))

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


def run(sql: str, params: Sequence[Any]) -> Any:
    """Run a statement with ``$1`` places on PostgreSQL, prepared from its third time on.

    Django's own cursor puts the values into the text, which the server then reads each time. Query
    counters (``execute_wrapper``, the log of tests) see this one too.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 2
    cursor: Any = connection.make_cursor(psycopg.RawCursor(raw))  # type: ignore[arg-type]
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0"})
    cursor.execute(sql, params)
    return cursor


def _few(batch: Batch) -> None:
    """One statement for all: data-modifying CTEs see one snapshot and fire the same triggers."""
    inserts = tuple((model, len(rows)) for model, rows in batch.inserts.items())
    updates = tuple((model, len(rows)) for model, rows in batch.updates.items())
    params: list[Any] = []
    for model, rows in batch.inserts.items():
        one = table(model)
        for row in rows:
            params += one.prepared(row)
    for model, changed in batch.updates.items():
        one = table(model)
        for changed_row in changed.values():
            params += one.update(changed_row)
    run(_statement(inserts, updates), params)


_Shape = tuple[tuple[type[Model], int], ...]


@lru_cache(512)
def _statement(inserts: _Shape, updates: _Shape) -> str:
    """Write the statement that inserts and updates so many rows of each table."""
    place = count(1)
    parts: list[str] = []
    for model, n in inserts:
        one = table(model)
        slots = ["(" + ", ".join(f"${next(place)}{c}" for c in one.casts) + ")" for _ in range(n)]
        parts.append(one.head + ", ".join(slots))
    for model, n in updates:
        one = table(model)
        casts = [one.casts[i] for i in one.changed]
        for _ in range(n):
            sets = ", ".join(
                f"{column} = ${next(place)}{cast}"
                for column, cast in zip(one.sets, casts, strict=True)
            )
            key = f"{one.key} = ${next(place)}{one.key_cast}"
            parts.append(f"UPDATE {one.name} SET {sets} WHERE {key}")  # noqa: S608
    head = ", ".join(f"w{i} AS ({part})" for i, part in enumerate(parts[:-1]))
    return f"WITH {head} {parts[-1]}" if head else parts[-1]


def _many(batch: Batch) -> None:
    with connection.cursor() as cursor:
        for model, rows in batch.inserts.items():
            one = table(model)
            with cursor.copy(one.copy_sql) as copy:
                for chunk in _chunks(map(one.packed, rows)):
                    copy.write(chunk)
        _update(cursor, batch)


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
    with connection.cursor() as cursor:
        for model, rows in batch.inserts.items():
            one = table(model)
            cursor.executemany(f"{one.head}({one.slots})", [one.prepared(row) for row in rows])
        _update(cursor, batch)


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
def _template(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
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
    defaults, made = _template(model)
    row.__dict__.update(defaults)
    for name, make in made:
        row.__dict__[name] = make()
    row.__dict__.update(values)
    row._state = ModelState()
    return row


# -- values --------------------------------------------------------------------------------------

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_NULL = b"\xff\xff\xff\xff"
_length = struct.Struct("!i").pack
_long = struct.Struct("!iq").pack
_int = struct.Struct("!ii").pack
_short = struct.Struct("!ih").pack
_KINDS: list[tuple[type[models.Field], str]] = [
    (models.PositiveBigIntegerField, "long"),
    (models.BigIntegerField, "long"),
    (models.PositiveSmallIntegerField, "short"),
    (models.SmallIntegerField, "short"),
    (models.IntegerField, "int"),
    (models.BooleanField, "flag"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.UUIDField, "uuid"),
    (models.JSONField, "json"),
    (models.BinaryField, "bytes"),
    (models.CharField, "text"),
    (models.TextField, "text"),
]


def _kind(field: models.Field) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, name in _KINDS:
        if isinstance(field, kind):
            return name
    raise TypeError(f"{field}: the writer knows no {type(field).__name__}")


def _json(value: Any) -> bytes:
    """JSON of a value; bytes are JSON already."""
    return value if type(value) is bytes else orjson.dumps(value)


def _json_text(value: Any) -> str:
    return _json(value).decode()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


#: Every parameter goes as text (bytes apart), so that one statement has one plan.
_PREPARE: dict[str, Prepare] = {
    "long": str,
    "int": str,
    "short": str,
    "flag": lambda value: "t" if value else "f",
    "moment": datetime.isoformat,
    "date": date.isoformat,
    "uuid": str,
    "json": _json_text,
}
_CASTS = {
    "long": "::bigint",
    "int": "::integer",
    "short": "::smallint",
    "flag": "::boolean",
    "moment": "::timestamptz",
    "date": "::date",
    "uuid": "::uuid",
    "json": "::jsonb",
    "bytes": "::bytea",
    "text": "::text",
}
_PREPARE_SQLITE: dict[str, Prepare] = {
    "json": _json_text,
    "moment": _moment,
    "date": date.isoformat,
    "uuid": lambda value: value.hex,
}


def _sized(value: bytes) -> bytes:
    return _length(len(value)) + value


def _pack_text(value: str) -> bytes:
    raw = value.encode()
    return _length(len(raw)) + raw


def _pack_json(value: Any) -> bytes:
    raw = value if type(value) is bytes else orjson.dumps(value)
    return _length(len(raw) + 1) + b"\x01" + raw


_PACK: dict[str, Pack] = {
    "long": lambda value: _long(8, value),
    "int": lambda value: _int(4, value),
    "short": lambda value: _short(2, value),
    "flag": lambda value: b"\0\0\0\1\1" if value else b"\0\0\0\1\0",
    "moment": lambda value: _long(8, (value - _EPOCH) // _MICROSECOND),
    "date": lambda value: _int(4, value.toordinal() - _EPOCH_DAY),
    "uuid": lambda value: _sized(value.bytes),
    "json": _pack_json,
    "bytes": _sized,
    "text": _pack_text,
}
