"""One byte form for a value, and commitments over it.

The bytes equal RFC 8785 (JSON Canonicalization Scheme) for the values an event may hold:
``str``, ``int`` up to 53 bits, ``bool``, ``None``, lists, tuples, dicts with ``str`` keys, dates
and aware datetimes (as ISO 8601 text, in UTC with ``Z``). Floats are refused: a share is two
integers, money is fen.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_STRICT_INTEGER
_SORTED = _OPTIONS | orjson.OPT_SORT_KEYS
_PLAIN = frozenset({str, int, bool, type(None)})
_ASTRAL = re.compile(rb"[\xf0-\xf4]").search
_TAG = b"dingzi commitment 1\n"
_MIN_SALT = 16
_MAX_DEPTH = 64
_length = struct.Struct(">I").pack
_dumps = orjson.dumps
_SALTED = _TAG + _length(_MIN_SALT)


class NotCanonical(TypeError):
    """A value without a canonical form; the message names its place and what to write instead."""


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of ``value`` in UTF-8 (RFC 8785).

    Raises NotCanonical for floats, integers beyond 53 bits, naive datetimes, lone surrogates,
    keys that are no text and every other type.
    """
    if type(value) not in _PLAIN and not _fits(value, 0):
        _check(value, ())
    try:
        out = orjson.dumps(value, _text, _SORTED)
        # orjson sorts by code point, RFC 8785 by UTF-16 unit: they differ only beyond the BMP.
        if not out.isascii() and _ASTRAL(out):
            out = orjson.dumps(_by_utf16(value), _text, _OPTIONS)
    except TypeError as error:
        raise NotCanonical(str(error)) from error
    return out


def plain(value: Any) -> Any:
    """Return ``value`` as it reads back from its canonical form (dates as text, tuples as lists)."""
    return orjson.loads(canonical(value))


def digest(salt: bytes, field: str, value: Any) -> bytes:
    """Commit to one field of an event: 32 bytes that show nothing without the salt.

    SHA-256 over the ASCII line ``dingzi commitment 1`` with its newline; the length of the salt as
    four bytes, big-endian, and the salt; the length of the field's name in UTF-8 likewise, and the
    name; and the canonical JSON of the value. The lengths leave one way to read the bytes.

    Raises ValueError for a salt shorter than 16 bytes, NotCanonical for a value without a form.
    """
    return commit(salt, field, canonical(value))


def commit(salt: bytes, field: str, value: bytes) -> bytes:
    """Commit to a field whose value is canonical bytes already; see ``digest``."""
    if len(salt) < _MIN_SALT:
        raise ValueError(f"a salt of {len(salt)} bytes; at least {_MIN_SALT} are needed")
    return sha256(b"".join((_TAG, _length(len(salt)), salt, _named(field), value))).digest()


def commit_all(fields: Mapping[str, Any], names: Iterable[str], salts: bytes) -> bytes:
    """Commit to the fields named, each under its 16 bytes of ``salts``; joined in that order.

    The same as ``digest`` for each, at the speed that every act of a city needs.
    """
    parts = []
    place = 0
    try:
        for name in names:
            value = fields[name]
            raw = _dumps(value, None, _SORTED) if type(value) in _PLAIN else canonical(value)
            salt = salts[place : place + _MIN_SALT]
            parts.append(sha256(b"".join((_SALTED, salt, _named(name), raw))).digest())
            place += _MIN_SALT
    except TypeError as error:
        raise NotCanonical(str(error)) from error
    if place > len(salts):
        raise ValueError(f"{len(salts)} bytes of salts for {len(parts)} fields")
    return b"".join(parts)


@lru_cache(1024)
def _named(field: str) -> bytes:
    name = field.encode()
    return _length(len(name)) + name


def _fits(value: Any, depth: int) -> bool:
    """Tell quickly whether all parts of a value are of the simple kinds; ``_check`` has the rest."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return kind is datetime and value.tzinfo is UTC
    for item in value.values() if kind is dict else value:
        if type(item) not in _PLAIN and (depth == _MAX_DEPTH or not _fits(item, depth + 1)):
            return False
    return True


def _check(value: Any, path: tuple[Any, ...]) -> None:
    """Refuse what orjson would write in its own way (floats, dataclasses, UUIDs, ...)."""
    if len(path) > _MAX_DEPTH:
        raise NotCanonical(f"{_where(path[:3])}...: nested deeper than {_MAX_DEPTH}")
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(item) not in _PLAIN:
                _check(item, (*path, key))
    elif kind is list or kind is tuple:
        for place, item in enumerate(value):
            if type(item) not in _PLAIN:
                _check(item, (*path, place))
    elif kind is datetime:
        if value.utcoffset() is None:
            raise NotCanonical(f"{_where(path)}: a datetime without a zone; make it aware")
    elif kind is date or isinstance(value, str):
        return
    elif isinstance(value, float):
        raise NotCanonical(
            f"{_where(path)}: a float ({value!r}); write an integer of the smallest unit or a text"
        )
    else:
        raise NotCanonical(f"{_where(path)}: {kind.__name__} has no canonical form")


def _where(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path)) or "the value"


def _text(value: Any) -> str:
    """ISO text of what orjson passes on: datetimes in UTC with Z, dates."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise NotCanonical(f"{type(value).__name__} has no canonical form")


def moment(value: datetime) -> str:
    """Return the text of an aware datetime: ISO 8601 in UTC with ``Z``."""
    return value.astimezone(UTC).isoformat()[:-6] + "Z"


def _by_utf16(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _by_utf16(value[key]) for key in keys}
    if isinstance(value, list | tuple):
        return [_by_utf16(item) for item in value]
    return value
