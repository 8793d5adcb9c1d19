"""Posts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dingzi.core.errors import Reason

from .. import directory, roles
from ..models import Delegation, Post, Tenure, Unit
from .reading import (
    Field,
    ahead,
    by_key,
    code,
    day,
    keep,
    missing,
    names,
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
    "code": Field(code(80)),
    "unit": Field(code(40)),
    "name": Field(text(40)),
    "name_en": optional(text(60), ""),
    "roles": Field(names),
    "supervisor": optional(code(80)),
    "since": Field(day),
}
_CLOSED = {"code": Field(code(80)), "on": Field(day)}
_CHANGED = {
    "code": Field(code(80)),
    "name": optional(text(40)),
    "name_en": optional(text(60)),
    "roles": optional(names),
    "supervisor": Field(lambda value: None if value is None else code(80)(value), False),
}


def check_post_opened(facts: dict[str, Any]) -> None:
    rows = read_rows(facts, _OPENED)
    codes = [row["code"] for row in rows]
    units = by_key(Unit, "code", (row["unit"] for row in rows))
    known = by_key(Post, "code", [*codes, *(row["supervisor"] for row in rows)])
    reasons = missing(Unit, rows, "unit", units)
    reasons += taken(codes, known)
    reasons += missing(Post, rows, "supervisor", known.keys() | set(codes))
    named = {(row["unit"], row["name"], row["since"]) for row in rows}
    if len(named) < len(rows):
        reasons.append(("city_twice", {"field": "name", "value": "unit, name, since"}))
    held = Post.objects.filter(unit__in=units.values(), name__in=[row["name"] for row in rows])
    for unit, name, since in held.values_list("unit__code", "name", "since"):
        if (unit, name, since) in named:
            reasons.append(("city_post_twice", {"field": "name", "name": name}))
    for row in rows:
        reasons += _unknown_roles(row["roles"])
        if row["unit"] in units:
            reasons += not_held(units[row["unit"]], row["since"], "unit")
    refuse(reasons)


def apply_post_opened(facts: dict[str, Any], at: datetime) -> None:
    """Open a post, or several by ``rows``; supervisors may stand among them in any order."""
    rows = read_rows(facts, _OPENED)
    units = by_key(Unit, "code", (row["unit"] for row in rows))
    fresh = [
        Post(
            code=row["code"],
            unit=units[row["unit"]],
            name=row["name"],
            name_en=row["name_en"],
            roles=row["roles"],
            since=row["since"],
        )
        for row in rows
    ]
    keep(Post, fresh, "code")
    point(Post, rows, "supervisor")
    directory.changed()


def check_post_changed(facts: dict[str, Any]) -> None:
    given = read(facts, _CHANGED)
    post = one(Post, "code", given["code"], "code")
    reasons = list(not_held(post, timezone.localdate(), "code"))
    if set(facts) <= {"code"}:
        reasons.append(("required", {"field": "roles"}))
    reasons += _unknown_roles(given["roles"] or [])
    if given["supervisor"] is not None:
        above: Post | None = one(Post, "code", given["supervisor"], "supervisor")
        while above is not None:
            if above == post:
                reasons.append(("city_supervisor_circle", {"field": "supervisor"}))
                break
            above = above.supervisor
    if given["name"] and Post.objects.filter(unit=post.unit, name=given["name"], since=post.since).exclude(pk=post.pk).exists():  # fmt: skip
        reasons.append(("city_post_twice", {"field": "name", "name": given["name"]}))
    refuse(reasons)


def apply_post_changed(facts: dict[str, Any], at: datetime) -> None:
    """Change what is named of a post: ``name``, ``name_en``, ``roles``, ``supervisor``."""
    given = read(facts, _CHANGED)
    post = Post.objects.get(code=given["code"])
    for field in ("name", "name_en", "roles"):
        if facts.get(field) is not None:
            setattr(post, field, given[field])
    if "supervisor" in facts:
        code_ = given["supervisor"]
        post.supervisor = Post.objects.get(code=code_) if code_ else None
    post.save()
    directory.changed()


def check_post_closed(facts: dict[str, Any]) -> None:
    given = read(facts, _CLOSED)
    post = one(Post, "code", given["code"], "code")
    refuse([*not_held(post, given["on"], "code"), *ahead(given["on"])])


def apply_post_closed(facts: dict[str, Any], at: datetime) -> None:
    """End a post from the day ``on``, and with it who sits on it and who stands in."""
    given = read(facts, _CLOSED)
    post, on = Post.objects.get(code=given["code"]), given["on"]
    open_ = Q(until__isnull=True) | Q(until__gt=on)
    for model, mine in ((Tenure, Q(post=post)), (Delegation, Q(post=post) | Q(delegate=post))):
        model.objects.filter(mine & open_, since__lte=on).update(until=on)
        model.objects.filter(mine & open_, since__gt=on).delete()
    Post.objects.filter(pk=post.pk).update(until=on)
    directory.changed()


def _unknown_roles(wanted: list[str]) -> list[Reason]:
    known = sorted(role.name for role in roles.roles())
    return [
        ("city_unknown_role", {"field": "roles", "value": name, "known": known})
        for name in wanted
        if name not in known
    ]
