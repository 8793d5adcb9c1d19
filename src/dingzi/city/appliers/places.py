"""Divisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dingzi.core import blobs

from .. import directory, divisions
from ..models import Division
from .reading import Field, code, day, number, read

_LOADED = {"file": Field(code(64)), "since": Field(day), "count": Field(number)}


def check_divisions_loaded(facts: dict[str, Any]) -> None:
    """``file`` is the digest of a CSV file in ``blobs``, ``since`` holds for lines without a date."""
    given = read(facts, _LOADED)
    divisions.judge(_rows(given["file"]), given["since"])


def apply_divisions_loaded(facts: dict[str, Any], at: datetime) -> None:
    """Add the file's divisions, or bring those that exist to what it says; no other is touched."""
    since = date.fromisoformat(facts["since"])
    rows = [
        Division(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            also=row.also,
            short=divisions.short_of(row),
            level=divisions.LEVELS[len(row.code)],
            parent_id=row.above or None,
            population=int(row.population) if row.population else None,
            since=date.fromisoformat(row.since) if row.since else since,
            until=date.fromisoformat(row.until) if row.until else None,
            successor_id=row.successor or None,
        )
        for row in _rows(facts["file"])
    ]
    # Parents before children, and successors last, so that no foreign key points ahead.
    rows.sort(key=lambda row: len(row.code))
    successors = {row.code: row.successor_id for row in rows if row.successor_id}
    for row in rows:
        row.successor_id = None
    names = [field.name for field in Division._meta.concrete_fields if not field.primary_key]
    for size in divisions.LEVELS:
        Division.objects.bulk_create(
            [row for row in rows if len(row.code) == size],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=names,
            batch_size=500,
        )
    for one, successor in successors.items():
        Division.objects.filter(code=one).update(successor=successor)
    directory.changed()


def _rows(digest: str) -> list[divisions.Row]:
    with blobs.open_blob(digest) as file:
        return divisions.read(file.read())
