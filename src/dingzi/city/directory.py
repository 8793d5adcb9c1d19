"""What is asked of units, posts and divisions on every act: kept in memory, read again when the
city's book has changed them, here or in another process."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from .models import Division, LocalParameter, Post, Residents, Stamp, Unit

#: Seconds after which this process looks whether another has changed something.
FRESH = 5.0


@dataclass(frozen=True, slots=True)
class PostCard:
    id: int
    unit: int
    name: str
    name_en: str
    roles: frozenset[str]
    supervisor: int | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class UnitCard:
    id: int
    code: str
    name: str
    name_en: str
    kind: str
    division: str
    level: str
    parent: int | None
    since: date
    until: date | None
    successor: int | None


@dataclass(frozen=True, slots=True)
class DivisionCard:
    code: str
    name: str
    short: str
    level: str
    parent: str | None
    name_en: str = ""
    also: str = ""
    population: int | None = None


@dataclass(frozen=True, slots=True)
class PeopleCard:
    """How many people live somewhere from a day on, and who says so."""

    since: date
    people: int
    source: str
    simulated: bool


class _Directory:
    def __init__(self) -> None:
        self.units = {
            u["id"]: UnitCard(
                u["id"], u["code"], u["name"], u["name_en"], u["kind"], u["division_id"],
                u["level"], u["parent_id"], u["since"], u["until"], u["successor_id"],
            )
            for u in Unit.objects.order_by("pk").values()
        }  # fmt: skip
        self.posts = {
            p["id"]: PostCard(
                p["id"], p["unit_id"], p["name"], p["name_en"], frozenset(p["roles"]),
                p["supervisor_id"], p["since"], p["until"],
            )
            for p in Post.objects.order_by("pk").values()
        }  # fmt: skip
        self.divisions = {
            d["code"]: DivisionCard(
                d["code"], d["name"], d["short"], d["level"], d["parent_id"], d["name_en"],
                d["also"], d["population"],
            )
            for d in Division.objects.filter(until=None).order_by("code").values()
        }  # fmt: skip
        self.below: dict[str, list[DivisionCard]] = defaultdict(list)
        for one in self.divisions.values():
            self.below[one.parent or ""].append(one)
        self.own: dict[str, list[dict[str, Any]]] = {}
        for name, since, value in LocalParameter.objects.order_by("since", "id").values_list(
            "name", "since", "value"
        ):
            self.own.setdefault(name, []).append({"since": since, "value": value})
        self.people: dict[str, list[PeopleCard]] = defaultdict(list)
        counted = ("division_id", "since", "people", "source", "simulated")
        for code, *told in Residents.objects.order_by("since").values_list(*counted):
            self.people[code].append(PeopleCard(*told))
        self.before: dict[int, list[int]] = defaultdict(list)
        self.by_kind: dict[tuple[str, str], list[int]] = defaultdict(list)
        for unit in self.units.values():
            self.by_kind[unit.division, unit.kind].append(unit.id)
            if unit.successor is not None:
                self.before[unit.successor].append(unit.id)
        self.of_unit: dict[int, list[int]] = defaultdict(list)
        for post in self.posts.values():
            self.of_unit[post.unit].append(post.id)


class _Nothing(_Directory):
    """A city of which nothing is known; nothing is read."""

    def __init__(self) -> None:
        self.units, self.posts, self.divisions, self.own = {}, {}, {}, {}
        self.below, self.people, self.before = (
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
        )
        self.by_kind, self.of_unit = defaultdict(list), defaultdict(list)


@dataclass(slots=True)
class _Kept:
    looked: float
    stamp: int
    directory: _Directory


_kept: dict[str, _Kept] = {}
_HERE = "here"  # a process has one database
_thread = threading.local()


def _now() -> _Directory:
    held: _Directory | None = getattr(_thread, "held", None)
    if held is not None:
        return held
    found = _kept.get(_HERE)
    now = time.monotonic()
    if found is not None and now - found.looked <= FRESH:
        return found.directory
    stamp = Stamp.objects.values_list("count", flat=True).first() or 0  # before what it stands for
    if found is None or found.stamp != stamp:
        found = _kept[_HERE] = _Kept(now, stamp, _Directory())
    found.looked = now
    return found.directory


def held() -> AbstractContextManager[None]:
    """Have this thread answer from one reading: it does not look for changes of others within."""
    return _answered_by(_now())


def unknown() -> AbstractContextManager[None]:
    """Have this thread know of no unit, post or place: what it reads within is of another city."""
    return _answered_by(_Nothing())


@contextmanager
def _answered_by(directory: _Directory) -> Iterator[None]:
    before = getattr(_thread, "held", None)
    _thread.held = directory
    try:
        yield
    finally:
        _thread.held = before


def forget() -> None:
    """Drop what this process keeps."""
    _kept.clear()


def changed() -> None:
    """Say that units, posts, divisions or settings change: every process reads them again."""
    if not Stamp.objects.filter(pk=1).update(count=F("count") + 1):
        Stamp.objects.create(pk=1, count=1)
    forget()


def unit(unit_id: int | None) -> UnitCard | None:
    return _now().units.get(unit_id) if unit_id is not None else None


def post(post_id: int | None) -> PostCard | None:
    return _now().posts.get(post_id) if post_id is not None else None


def division(code: str | None) -> DivisionCard | None:
    return _now().divisions.get(code) if code else None


def divisions(level: str) -> list[DivisionCard]:
    return [d for d in _now().divisions.values() if d.level == level]


def people(code: str, on: date) -> PeopleCard | None:
    """Return how many people lived in a division on a day; None where nobody has said."""
    held = [one for one in _now().people.get(code, ()) if one.since <= on]
    return held[-1] if held else None


def children(code: str) -> list[DivisionCard]:
    """Return the divisions right below ``code``, in the order of their codes; "" for the city."""
    return list(_now().below.get(code, ()))


def below(code: str) -> list[DivisionCard]:
    """Return all divisions under ``code`` (and itself), by code; every one where it is ""."""
    return [d for d in _now().divisions.values() if d.code.startswith(code)]


def search_text(card: DivisionCard) -> str:
    return f"{card.name} {card.name_en} {card.also} ".casefold()


def city() -> DivisionCard | None:
    return next((d for d in _now().divisions.values() if d.level == "city"), None)


def path(code: str | None) -> list[DivisionCard]:
    """Return the divisions from the county down to ``code``."""
    found: list[DivisionCard] = []
    one = division(code)
    while one is not None and one.level != "city":
        found.insert(0, one)
        one = division(one.parent)
    return found


def place_name(code: str | None) -> str:
    return "".join(d.name for d in path(code))


def short(code: str) -> str:
    """Return the character that stands for a place's county in numbers; the city's own above."""
    one = division(code[:6]) or division(code[:4])
    return one.short if one else ""


def units_of(kind: str, code: str) -> list[UnitCard]:
    """Return open units of ``kind`` in the smallest division around ``code`` that has one."""
    here = _now()
    for size in (12, 9, 6, 4):
        if len(code) >= size and (found := here.by_kind.get((code[:size], kind))):
            return [here.units[u] for u in found if here.units[u].until is None]
    return []


def predecessors(unit_id: int) -> list[int]:
    """Return the ids of the units that have ended in favour of this one, those before them too."""
    before, found = _now().before, []
    waiting = list(before.get(unit_id, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.append(one)
            waiting += before.get(one, ())
    return found


def units() -> list[UnitCard]:
    return list(_now().units.values())


def posts_of(unit_id: int) -> list[PostCard]:
    here = _now()
    return [here.posts[p] for p in here.of_unit.get(unit_id, ()) if here.posts[p].until is None]


def desk(unit_id: int, role: str = "") -> PostCard | None:
    """Return the post of a unit that takes things in: one with ``role``, else its first."""
    posts = posts_of(unit_id)
    return next((p for p in posts if role in p.roles), posts[0] if posts else None)


def name_of(card: Any, language: str = "zh-hans") -> str:
    if card is None:
        return ""
    english = getattr(card, "name_en", "")
    return english if language.startswith("en") and english else str(card.name)


def parameters() -> dict[str, list[dict[str, Any]]]:
    """Return the city's own values by parameter, oldest first."""
    return _now().own
