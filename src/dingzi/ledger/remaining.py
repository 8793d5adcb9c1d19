"""Where a value still stands in the database: what others said, or the same person elsewhere.

An erasure is of matters, not of values: a name or a telephone that stands in other matters too stays
there, for those are other people's records, or their own decision. Whoever carries it out looks
with this what is left, and decides about those matters by their own acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from dingzi.matters.models import SEQ_BITS, Matter

_TEXTS = (models.CharField, models.TextField, models.JSONField)
#: Matters named for a column.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Remains:
    """A column in which the value stands: in how many rows, and in which matters, the first few."""

    column: str
    rows: int
    matters: tuple[str, ...]


def remains(value: str) -> Iterator[Remains]:
    """Yield every column of the database in which a value stands, as a part of its text.

    Reads whole tables. Files are not opened, and the search index holds no text to look through.
    """
    inside = orjson.dumps(value).decode()[1:-1]
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, _TEXTS):
                looked = inside if isinstance(field, models.JSONField) else value
                rows = model._default_manager.annotate(
                    looked_through=Cast(field.attname, models.TextField())
                ).filter(looked_through__contains=looked)
                if count := rows.count():
                    name = f"{model._meta.label}.{field.name}"
                    yield Remains(name, count, _matters(model, rows))


def _matters(model: type[models.Model], rows: models.QuerySet[models.Model]) -> tuple[str, ...]:
    """Return the numbers of the matters to which rows belong, where they do."""
    names = {field.name for field in model._meta.concrete_fields}
    if model is Matter:
        keys = set(rows.values_list("id", flat=True)[:NAMED])
    elif "matter" in names:
        keys = set(rows.values_list("matter_id", flat=True)[:NAMED])
    elif "event" in names:
        keys = {key >> SEQ_BITS for key in rows.values_list("event_id", flat=True)[:NAMED]}
    else:
        return ()
    return tuple(Matter.objects.filter(id__in=keys).order_by("id").values_list("number", flat=True))
