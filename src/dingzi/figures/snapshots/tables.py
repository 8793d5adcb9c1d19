"""What a snapshot keeps of each projection: the counted columns, one row a version.

A version is what a matter's projection was from one leaf on until another: it holds in every tree
of more than ``leaf`` and at most ``until`` leaves. ``sign`` -1 takes away, from ``leaf`` on, the
version that an earlier file still shows as open.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from dingzi.core.errors import LoadError

from ..layout import all_layouts, layout

#: Changes with how files are written, so that older ones are not read.
FORM = 1
#: ``until`` of a version that nothing has followed yet.
OPEN = 2**62
#: Columns of every table, before those of the projection.
PLACE = (("leaf", "BIGINT"), ("until", "BIGINT"), ("sign", "TINYINT"), ("matter", "BIGINT"))
_TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (models.DateTimeField, "TIMESTAMP"),
    (models.DateField, "DATE"),
    (models.BooleanField, "BOOLEAN"),
    (models.IntegerField, "BIGINT"),
    (models.CharField, "VARCHAR"),
    (models.TextField, "VARCHAR"),
    (models.ForeignKey, "BIGINT"),
)


@dataclass(frozen=True)
class Table:
    """A projection in the snapshot.

    Attributes
    ----------
    name : of the table, as in the database. columns : name and DuckDB type of each counted column.
    read : gets their values from a row of the projection, in this order.
    """

    model: type[models.Model]
    name: str
    columns: tuple[tuple[str, str], ...]
    read: Any

    @property
    def all_columns(self) -> tuple[tuple[str, str], ...]:
        return (*PLACE, *self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.all_columns)


def tables() -> tuple[Table, ...]:
    """Return the tables of all projections that have figures, in the order of their names.

    Raises LoadError for a counted column that no file can hold.
    """
    made = (of(plan.model) for plan in all_layouts())
    return tuple(sorted(made, key=lambda one: one.name))


@cache
def of(model: type[models.Model]) -> Table:
    """Return the table of a projection."""
    fields: list[Any] = [model._meta.get_field(name) for name in layout(model).columns]
    columns = tuple((one.name, _type(model, one)) for one in fields)
    names = [one.attname for one in fields]
    read = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    return Table(model, model._meta.db_table, columns, read)


@cache
def codes(model: type[models.Model]) -> frozenset[str]:
    """Return the counted columns that have few values: texts, yes and no."""
    return frozenset(name for name, kind in of(model).columns if kind in ("VARCHAR", "BOOLEAN"))


def _type(model: type[models.Model], field: Any) -> str:
    for kind, name in _TYPES:
        if isinstance(field, kind):
            if name == "VARCHAR" and field.null:
                break
            return name
    raise LoadError(
        f"{model.__name__}.{field.name}: no snapshot can hold this kind of column"
        " (a text must not be null: leave it empty)"
    )


def form(made: tuple[Table, ...]) -> str:
    """Return a digest of what the files look like: those of another form are made anew."""
    told = [FORM, [[one.name, one.columns] for one in made]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
