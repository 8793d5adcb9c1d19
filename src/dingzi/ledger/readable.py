"""Rows as they lie there, whatever somebody put into them.

An audit must name what was tampered with, not fall over it: JSON of another shape stands in any
database, and SQLite keeps a text or a number in a column of bytes, or a moment that is none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from dingzi.matters.rebuild import SENSELESS

M = TypeVar("M", bound=models.Model)

_KINDS: tuple[tuple[type[models.Field[Any, Any]], tuple[type, ...]], ...] = (
    (models.BinaryField, (bytes, memoryview)),
    (models.JSONField, (dict,)),
    (models.DateTimeField, (datetime,)),
    (models.CharField, (str,)),
    (models.IntegerField, (int,)),
)


def rows(model: type[M], keys: list[Any]) -> dict[Any, M]:
    """Return the rows of these keys, leaving empty those columns that cannot be read."""
    try:
        return model._default_manager.in_bulk(keys)
    except SENSELESS:
        found: dict[Any, M] = {}
        for key in model._default_manager.filter(pk__in=keys).values_list("pk", flat=True):
            try:
                found |= model._default_manager.in_bulk([key])
            except SENSELESS:
                found[key] = _bare(model, key)
        return found


def _bare(model: type[M], key: Any) -> M:
    """Read a row column by column."""
    one = model(pk=key)
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            setattr(one, field.attname, _read(model, key, field.attname)[0])
    return one


def _read(model: type[models.Model], key: Any, name: str) -> tuple[Any, bool]:
    """Return a column's value, None for one that cannot be read, and whether it could."""
    try:
        return model._default_manager.values_list(name, flat=True).get(pk=key), True
    except SENSELESS:
        return None, False


def unreadable(model: type[models.Model], key: Any) -> list[str]:
    """Return the columns of a row that hold what cannot even be read."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if not _read(model, key, name)[1]]


def odd(row: models.Model | None) -> list[str]:
    """Return the columns that hold something of another kind than theirs."""
    return [field.name for field in row._meta.concrete_fields if _odd(row, field)] if row else []


def _odd(row: models.Model, field: models.Field[Any, Any]) -> bool:
    value = getattr(row, field.attname)
    if value is None:
        return not field.null
    return any(isinstance(field, kind) and not isinstance(value, of) for kind, of in _KINDS)
