"""Facts of the book, read strictly: each field parsed, unknown ones refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import timezone

from dingzi.core.errors import Invalid, Reason

from .replaying import made

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*").fullmatch
_USERNAME = re.compile(r"[\w.@+-]+").fullmatch

Parse = Callable[[Any], Any]


class _Bad(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        self.reason: Reason = (code, params)


@dataclass(frozen=True, slots=True)
class Field:
    """How a fact is read; ``default`` stands where it is missing and not ``required``."""

    parse: Parse
    required: bool = True
    default: Any = None


def text(limit: int) -> Parse:
    def parse(value: Any) -> str:
        if not isinstance(value, str):
            raise _Bad("city_not_text")
        value = value.strip()
        if not value:
            raise _Bad("required")
        if len(value) > limit:
            raise _Bad("too_long", limit=limit, length=len(value))
        if any(ord(char) < 32 for char in value):
            raise _Bad("control_characters")
        return value

    return parse


def code(limit: int) -> Parse:
    words = text(limit)

    def parse(value: Any) -> str:
        value = words(value)
        if not _CODE(value):
            raise _Bad("city_code_form", value=value)
        return str(value)

    return parse


def username(value: Any) -> str:
    value = text(60)(value)
    if not _USERNAME(value):
        raise _Bad("city_username_form", value=value)
    return str(value)


def day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Bad("not_a_date", value=str(value)[:40]) from None


def names(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Bad("city_not_list")
    return sorted(set(value))


def number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Bad("not_a_number", value=str(value)[:40])
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Bad("city_not_flag", value=str(value)[:40])
    return value


def anything(value: Any) -> Any:
    return value


def optional(parse: Parse, default: Any = None) -> Field:
    """A field that may be left out, or be given as None or "" to mean ``default``."""
    return Field(lambda value: default if value in (None, "") else parse(value), False, default)


Facts = dict[str, Any]


def read(facts: Mapping[str, Any], fields: Mapping[str, Field]) -> Facts:
    """Return the facts parsed; raise Invalid with a reason for every field that is wrong."""
    parsed, reasons = _parse(facts, fields)
    if reasons:
        raise Invalid(*reasons)
    return parsed


def read_rows(facts: Mapping[str, Any], fields: Mapping[str, Field]) -> list[Facts]:
    """Read ``{"rows": [...]}``, or the facts of a single row.

    Raises Invalid; a reason about one of several rows names it by ``row``, counted from 1.
    """
    if "rows" not in facts:
        return [read(facts, fields)]
    rows = facts["rows"]
    if not isinstance(rows, list) or not rows or set(facts) != {"rows"}:
        raise Invalid.of("city_not_rows", field="rows")
    result, reasons = [], []
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise Invalid.of("city_not_rows", field="rows")
        parsed, wrong = _parse(row, fields)
        reasons += [(name, params | {"row": place}) for name, params in wrong]
        result.append(parsed)
    if reasons:
        raise Invalid(*reasons)
    return result


def _parse(facts: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[Facts, list[Reason]]:
    parsed: Facts = {}
    reasons: list[Reason] = [
        ("city_unknown_field", {"field": name}) for name in facts if name not in fields
    ]
    for name, field in fields.items():
        if name not in facts:
            if field.required:
                reasons.append(("required", {"field": name}))
            parsed[name] = field.default
            continue
        try:
            parsed[name] = field.parse(facts[name])
        except _Bad as bad:
            reasons.append((bad.reason[0], bad.reason[1] | {"field": name}))
    return parsed, reasons


def one(model: type[Model], key: str, value: str, field: str) -> Any:
    """Return the row that a fact names; Invalid ``city_no_unit`` ... where there is none."""
    found = model._default_manager.filter(**{key: value}).first()
    if found is None:
        raise Invalid((no_such(model), {"field": field, "value": value}))
    return found


def by_key(model: type[Model], key: str, values: Iterable[Any]) -> dict[Any, Any]:
    """Return key -> row for ``values``; one query."""
    wanted = {value for value in values if value is not None}
    rows = model._default_manager.filter(**{f"{key}__in": wanted})
    return {getattr(row, key): row for row in rows}


def no_such(model: type[Model]) -> str:
    """Return the code for a row that does not exist: ``city_no_unit``, ``city_no_post`` ..."""
    return f"city_no_{model._meta.model_name}"


def missing(
    model: type[Model], rows: Iterable[Facts], field: str, found: Container[Any]
) -> list[Reason]:
    """Return a reason for every row whose ``field`` names what does not exist."""
    return [
        (no_such(model), {"field": field, "value": row[field]})
        for row in rows
        if row[field] is not None and row[field] not in found
    ]


def refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Invalid(*reasons)


def keep(model: Any, rows: list[Any], *key: str) -> None:
    """Insert rows, or bring back to their beginning those that a rebuild meets again."""
    fields = [
        f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in key
    ]
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=key, update_fields=fields, batch_size=500
    )
    made(rows)


def point(model: Any, rows: list[Facts], field: str) -> None:
    """Set a reference to another row of the same table, now that all are there."""
    pointing = [row for row in rows if row[field] is not None]
    found = by_key(model, "code", [row[key] for row in pointing for key in ("code", field)])
    changed = []
    for row in pointing:
        setattr(found[row["code"]], field, found[row[field]])
        changed.append(found[row["code"]])
    model.objects.bulk_update(changed, [field], batch_size=500)


def taken(values: list[str], known: Container[str], field: str = "code") -> list[Reason]:
    """Return a reason for every value that is in use, or that stands twice among ``values``."""
    reasons: list[Reason] = []
    seen: set[str] = set()
    for value in values:
        if value in known:
            reasons.append(("city_taken", {"field": field, "value": value}))
        elif value in seen:
            reasons.append(("city_twice", {"field": field, "value": value}))
        seen.add(value)
    return reasons


def not_held(row: Any, on: date, field: str) -> list[Reason]:
    """Return the reason why a dated row does not hold on a day."""
    if row.until is not None and row.until <= on:
        return [("city_ended", {"field": field, "name": str(row), "until": row.until})]
    if row.since > on:
        return [("city_not_begun", {"field": field, "name": str(row), "since": row.since})]
    return []


def ahead(on: date) -> list[Reason]:
    """Return the reason against recording now what is to happen on a later day."""
    if on > timezone.localdate():
        return [("city_ahead", {"field": "on", "on": on})]
    return []
