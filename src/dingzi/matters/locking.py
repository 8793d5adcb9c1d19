"""Matters locked and read with their projections, in one statement and without the ORM's detour."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

from dingzi.core.statements import array, run

from . import registry
from .models import Matter
from .writer import Table, plain, table, vendor


def locked(numbers: Collection[str], models: Collection[type[Model]]) -> list[tuple[Matter, Any]]:
    """Lock the matters of these numbers in the order of their ids.

    Return each with its row of the projection of its process, of those in ``models``, or None.
    """
    wanted = tuple(sorted(models, key=lambda model: model._meta.label))
    matters, others = table(Matter), [table(model) for model in wanted]
    found = []
    for row in _rows(list(numbers), wanted):
        matter = _kept(Matter, matters, row[: len(matters.names)])
        own = None
        place = len(matters.names)
        for model, other in zip(wanted, others, strict=True):
            values = row[place : place + len(other.names)]
            place += len(other.names)
            if model is registry.handle(matter.process).model and values[other.at_key] is not None:
                own = _kept(model, other, values)
                own._state.fields_cache["matter"] = matter
        found.append((matter, own))
    return found


def _rows(numbers: list[str], models: tuple[type[Model], ...]) -> Any:
    if vendor() == "postgresql":
        if len(numbers) == 1:  # has one plan for all; an array is planned each time
            return run(_sql(models) + "= $1 FOR UPDATE OF m", numbers)
        sql = _sql(models) + "= ANY($1::text[]) ORDER BY m.id FOR UPDATE OF m"
        return run(sql, [array(numbers)])
    slots = ", ".join(["%s"] * len(numbers))
    return plain(_sql(models) + f"IN ({slots}) ORDER BY m.id", numbers).fetchall()


@cache
def _sql(models: tuple[type[Model], ...]) -> str:
    columns = [f"m.{column}" for column in table(Matter).columns]
    joins = ""
    for nth, model in enumerate(models):
        one = table(model)
        columns += [f"o{nth}.{column}" for column in one.columns]
        joins += f" LEFT JOIN {one.name} o{nth} ON o{nth}.{one.key} = m.id"
    return f"SELECT {', '.join(columns)} FROM {table(Matter).name} m{joins} WHERE m.number "  # noqa: S608


def _kept(model: type[Model], one: Table, values: Any) -> Any:
    """Return a row that may be written back."""
    row = made(model, one, values)
    one.remember(row, values)
    return row


def made(model: type[Model], one: Table, values: Any) -> Any:
    """Return a stored row as an instance of its model."""
    row = model.__new__(model)
    row.__dict__.update(zip(one.names, values, strict=True))
    for name, read in _reading(model, vendor()):
        if row.__dict__[name] is not None:
            row.__dict__[name] = read(row.__dict__[name])
    row._state = ModelState()
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
    return row


@cache
def _reading(model: type[Model], vendor: str) -> list[tuple[str, Callable[[Any], Any]]]:
    one = table(model)
    how = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    return [(n, how[k]) for n, k in zip(one.names, one.kinds, strict=True) if k in how]


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


_POSTGRESQL: dict[str, Callable[[Any], Any]] = {"json": orjson.loads, "moment": _utc}
_SQLITE: dict[str, Callable[[Any], Any]] = {"json": orjson.loads, "moment": _aware, "uuid": UUID}
