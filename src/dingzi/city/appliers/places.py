"""Divisions, and how many people live in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dingzi.core import blobs

from .. import directory, divisions
from ..models import Division, Residents
from .reading import (
    Field,
    by_key,
    code,
    day,
    flag,
    keep,
    missing,
    number,
    optional,
    read,
    read_rows,
    refuse,
    text,
)  # fmt: skip
from .replaying import made

#: No place has more people.
MOST_PEOPLE = 2_000_000_000
_LOADED = {"file": Field(code(64)), "since": Field(day), "count": Field(number)}
_RESIDENTS = {
    "division": Field(code(12)),
    "since": Field(day),
    "people": Field(number),
    "source": Field(text(200)),
    "simulated": optional(flag, False),
}


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
    made(rows)
    for one, successor in successors.items():
        Division.objects.filter(code=one).update(successor=successor)
    directory.changed()


def _rows(digest: str) -> list[divisions.Row]:
    with blobs.open_blob(digest) as file:
        return divisions.read(file.read())


def check_residents_loaded(facts: dict[str, Any]) -> None:
    """One count of a division and a day, or many by ``rows``; each says where it is from."""
    rows = read_rows(facts, _RESIDENTS)
    reasons = missing(Division, rows, "division", by_key(Division, "code", _codes(rows)))
    seen: set[tuple[str, date]] = set()
    for row in rows:
        if not 0 < row["people"] <= MOST_PEOPLE:
            reasons.append(("city_people", {"field": "people", "value": row["division"]}))
        if (row["division"], row["since"]) in seen:
            reasons.append(("city_twice", {"field": "division", "value": row["division"]}))
        seen.add((row["division"], row["since"]))
    refuse(reasons)


def apply_residents_loaded(facts: dict[str, Any], at: datetime) -> None:
    """Add the counts; of two for one division and day the later event holds."""
    rows = read_rows(facts, _RESIDENTS)
    fresh = [Residents(division_id=row.pop("division"), **row) for row in rows]
    keep(Residents, fresh, "division", "since")
    directory.changed()


def _codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["division"] for row in rows]
