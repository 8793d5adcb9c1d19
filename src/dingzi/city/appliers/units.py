"""Units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from .. import directory
from ..models import Division, Level, Post, Unit
from .reading import (
    Field,
    ahead,
    by_key,
    code,
    day,
    keep,
    missing,
    not_held,
    one,
    optional,
    point,
    read,
    read_rows,
    refuse,
    taken,
    text,
)

_OPENED = {
    "code": Field(code(40)),
    "name": Field(text(80)),
    "name_en": optional(text(120), ""),
    "kind": Field(code(24)),
    "division": Field(code(12)),
    "parent": optional(code(40)),
    "since": Field(day),
}
_CHANGED = {"code": Field(code(40)), "name": Field(text(80)), "name_en": optional(text(120), ""), "on": Field(day)}  # fmt: skip
_MERGED = {"code": Field(code(40)), "successor": Field(code(40)), "on": Field(day)}
_CLOSED = {"code": Field(code(80)), "on": Field(day)}


def check_unit_opened(facts: dict[str, Any]) -> None:
    rows = read_rows(facts, _OPENED)
    codes = [row["code"] for row in rows]
    places = by_key(Division, "code", (row["division"] for row in rows))
    known = by_key(Unit, "code", [*codes, *(row["parent"] for row in rows)])
    reasons = missing(Division, rows, "division", places)
    reasons += taken(codes, known)
    seen: set[str] = set(known)
    for row in rows:
        if row["parent"] is not None and row["parent"] not in seen:
            reasons += missing(Unit, [row], "parent", {})
        seen.add(row["code"])
    refuse(reasons)


def apply_unit_opened(facts: dict[str, Any], at: datetime) -> None:
    """Open a unit, or several by ``rows``; a parent stands before its parts."""
    rows = read_rows(facts, _OPENED)
    levels = dict(
        Division.objects.filter(code__in={row["division"] for row in rows}).values_list(
            "code", "level"
        )
    )
    fresh = [
        Unit(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            kind=row["kind"],
            division_id=row["division"],
            level=Level(levels[row["division"]]),
            since=row["since"],
        )
        for row in rows
    ]
    keep(Unit, fresh, "code")
    point(Unit, rows, "parent")
    directory.changed()


def check_unit_changed(facts: dict[str, Any]) -> None:
    given = read(facts, _CHANGED)
    unit = one(Unit, "code", given["code"], "code")
    refuse([*not_held(unit, given["on"], "code"), *ahead(given["on"])])


def apply_unit_changed(facts: dict[str, Any], at: datetime) -> None:
    """Give a unit another name from the day ``on``; its former names stay with their last day."""
    given = read(facts, _CHANGED)
    unit = Unit.objects.get(code=given["code"])
    former = {"name": unit.name, "name_en": unit.name_en, "until": given["on"].isoformat()}
    unit.former_names = [*unit.former_names, former]
    unit.name, unit.name_en = given["name"], given["name_en"]
    unit.save(update_fields=["name", "name_en", "former_names"])
    directory.changed()


def check_unit_merged(facts: dict[str, Any]) -> None:
    given = read(facts, _MERGED)
    unit = one(Unit, "code", given["code"], "code")
    successor = one(Unit, "code", given["successor"], "successor")
    reasons = [*not_held(unit, given["on"], "code"), *not_held(successor, given["on"], "successor")]
    reasons += ahead(given["on"])
    if unit == successor:
        reasons.append(("city_own_successor", {"field": "successor"}))
    twins = set(_open_posts(unit, given["on"]).values_list("name", "since")) & set(
        Post.objects.filter(unit=successor).values_list("name", "since")
    )
    reasons += [("city_post_twice", {"field": "successor", "name": name}) for name, _ in twins]
    refuse(reasons)


def apply_unit_merged(facts: dict[str, Any], at: datetime) -> None:
    """End a unit in favour of its successor; its posts go along, with who sits on them."""
    given = read(facts, _MERGED)
    unit = Unit.objects.get(code=given["code"])
    successor = Unit.objects.get(code=given["successor"])
    _open_posts(unit, given["on"]).update(unit=successor)
    Unit.objects.filter(parent=unit, until=None).exclude(pk=successor.pk).update(parent=successor)
    Unit.objects.filter(pk=unit.pk).update(until=given["on"], successor=successor)
    directory.changed()


def check_unit_closed(facts: dict[str, Any]) -> None:
    given = read(facts, _CLOSED)
    unit = one(Unit, "code", given["code"], "code")
    reasons = [*not_held(unit, given["on"], "code"), *ahead(given["on"])]
    if posts := list(_open_posts(unit, given["on"]).values_list("name", flat=True)):
        reasons.append(("city_unit_has_posts", {"field": "code", "posts": posts}))
    refuse(reasons)


def apply_unit_closed(facts: dict[str, Any], at: datetime) -> None:
    given = read(facts, _CLOSED)
    Unit.objects.filter(code=given["code"]).update(until=given["on"])
    directory.changed()


def _open_posts(unit: Unit, on: date) -> Any:
    return Post.objects.filter(Q(until__isnull=True) | Q(until__gt=on), unit=unit)
