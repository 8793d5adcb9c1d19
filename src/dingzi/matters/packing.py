"""How a column's values go to the database: as parameters of a statement, or packed for binary COPY.

A column has one of a dozen kinds (``kind``); None is left to the caller.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import models

Prepare = Callable[[Any], Any]
Pack = Callable[[Any], bytes]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_SHORT, _KNOWN = 16, 2_000
NULL = b"\xff\xff\xff\xff"
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


def kind(field: models.Field) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, name in _KINDS:
        if isinstance(field, kind):
            return name
    raise TypeError(f"{field}: the writer knows no {type(field).__name__}")


def _microseconds(value: datetime) -> int:
    """Return the microseconds since the year 2000, as PostgreSQL counts."""
    span = value - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _json(value: Any) -> bytes:
    """JSON of a value; bytes are JSON already."""
    return value if type(value) is bytes else orjson.dumps(value)


def _json_text(value: Any) -> str:
    return "[]" if value == [] else "{}" if value == {} else _json(value).decode()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ")[:-6]


#: Every parameter goes as text (bytes apart), so that one statement has one plan.
PREPARE: dict[str, Prepare] = {
    "long": str,
    "int": str,
    "short": str,
    "flag": lambda value: "t" if value else "f",
    "moment": datetime.isoformat,
    "date": date.isoformat,
    "uuid": str,
    "json": _json_text,
}
CASTS = {
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
PREPARE_SQLITE: dict[str, Prepare] = {
    "json": _json_text,
    "moment": _moment,
    "date": date.isoformat,
    "uuid": lambda value: value.hex,
}


#: kind -> size in bytes, letter of ``struct``, and how a value becomes a number.
FIXED: dict[str, tuple[int, str, Callable[[Any], int] | None]] = {
    "long": (8, "q", None),
    "int": (4, "i", None),
    "short": (2, "h", None),
    "moment": (8, "q", _microseconds),
}


def _sized(value: bytes) -> bytes:
    return _length(len(value)) + value


#: Packed texts of few values (states, actions, codes): most of an event's columns.
_texts: dict[str, bytes] = {}


def _pack_text(value: str) -> bytes:
    found = _texts.get(value)
    if found is None:
        raw = value.encode()
        found = _length(len(raw)) + raw
        if len(raw) <= _SHORT and len(_texts) < _KNOWN:
            _texts[value] = found
    return found


def _pack_json(value: Any) -> bytes:
    raw = value if type(value) is bytes else orjson.dumps(value)
    return _length(len(raw) + 1) + b"\x01" + raw


PACK: dict[str, Pack] = {
    "long": lambda value: _long(8, value),
    "int": lambda value: _int(4, value),
    "short": lambda value: _short(2, value),
    "flag": lambda value: b"\0\0\0\1\1" if value else b"\0\0\0\1\0",
    "moment": lambda value: _long(8, _microseconds(value)),
    "date": lambda value: _int(4, value.toordinal() - _EPOCH_DAY),
    "uuid": lambda value: _sized(value.bytes),
    "json": _pack_json,
    "bytes": _sized,
    "text": _pack_text,
}
