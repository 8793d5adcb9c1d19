"""Reads of matters. Every one takes the viewer; what he may not see is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import NotFound, Refusal
from dingzi.core.keyset import Branch

from . import clocks, registry
from .acts import Asked, State
from .fields import Data
from .models import SEQ_BITS, Event, Matter, Paper, Part, Private
from .process import Action, Process
from .visibility import barred, has_role, parted, scope_q, sees, stands, visible

GROUPS = ("overdue", "today", "week", "later")


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the inbox: its rows, how many there are in all."""

    name: str
    rows: list[Matter]
    count: int


def get(number: str, viewer: Viewer) -> Matter:
    """Return a matter with its projection; NotFound where the viewer may not see it."""
    # PostgreSQL takes no NUL in a text, and no number holds one.
    matter = None if "\0" in number else Matter.objects.filter(number=number).first()
    if matter is None or not sees(viewer, matter):
        raise NotFound.of("no_such_matter", number=number)
    return matter


def by_id(matter_id: int, viewer: Viewer) -> Matter:
    matter = Matter.objects.filter(id=matter_id).first()
    if matter is None or not sees(viewer, matter):
        raise NotFound.of("no_such_matter", number=str(matter_id))
    return matter


def by_numbers(numbers: Iterable[str], viewer: Viewer) -> list[Matter]:
    """Return those of the numbers that the viewer sees, with their parents; one query."""
    wanted = [number for number in numbers if "\0" not in number]
    rows = Matter.objects.filter(number__in=wanted).select_related("parent__parent")
    return [one for one in rows if sees(viewer, one)]


def process_of(matter: Matter) -> Process:
    return registry.process(matter.process, matter.version)


def state_of(matter: Matter) -> State:
    """Return the matter with its projection and parent, as checks see it (not locked)."""
    handle = registry.handle(matter.process)
    own = handle.model.objects.filter(pk=matter.pk).first() if handle.model else None  # type: ignore[attr-defined]
    state = State(matter, process_of(matter), own)
    if matter.parent_id is not None:
        parent = Matter.objects.get(id=matter.parent_id)
        state.parent = State(parent, process_of(parent))
    return state


# -- what can be done now ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Possible:
    """An action that the viewer may do here, or why a guard does not let him yet."""

    action: Action
    refusal: Refusal | None

    @property
    def name(self) -> str:
        return self.action.name


def possible(state: State, viewer: Viewer) -> list[Possible]:
    """Return what the viewer can do now, the likeliest first."""
    now = timezone.now()
    found = []
    for action in registry.actions(state.process):
        if action.opens or not state.process.allows(action, state.matter.state):
            continue
        if viewer.kind != "system" and action.by == {"system"}:
            continue
        if not (has_role(viewer, action, False) and stands(viewer, action.standing, state.matter)):
            continue
        asked = Asked(data=Data(), by=viewer, at=now, now=now, door="desk")
        refusal = None
        try:
            for guard in registry.guards(action.guards):
                guard(state, asked)
        except Refusal as why:
            refusal = why
        found.append(Possible(action, refusal))
    return sorted(found, key=lambda p: (p.refusal is not None, p.action.rank))


# -- the inbox --------------------------------------------------------------------------------


def on_desk(viewer: Viewer, *, whole_unit: bool = False) -> QuerySet[Matter]:
    """Return what waits for the viewer: on his posts, or anywhere in his unit."""
    if viewer.post is None:
        return Matter.objects.none()
    mine = Q(holder__in=viewer.posts)
    if whole_unit:
        mine = Q(holder_unit=viewer.unit) & (Q(confidential=False) | mine)
    return Matter.objects.filter(mine, active=True)


def bounds(now: datetime) -> tuple[datetime, datetime, datetime]:
    """Return now, the end of today, the end of this week (Sunday), in the city."""
    today = clocks.local_day(now)
    week = today + timedelta(days=6 - today.weekday())
    last = time(23, 59, 59, 999_999)
    return (
        now,
        datetime.combine(today, last, clocks.LOCAL),
        datetime.combine(week, last, clocks.LOCAL),
    )


def group_q(name: str, now: datetime) -> Q:
    late, today, week = bounds(now)
    if name == "overdue":
        return Q(due_at__lt=late)
    if name == "today":
        return Q(due_at__gte=late, due_at__lte=today)
    if name == "week":
        return Q(due_at__gt=today, due_at__lte=week)
    return Q(due_at__gt=week) | Q(due_at__isnull=True)


def inbox(
    viewer: Viewer,
    *,
    whole_unit: bool = False,
    process: str = "",
    limit: int = 20,
    now: datetime | None = None,
    counts: Mapping[str, int] | None = None,
) -> list[Group]:
    """Return the four groups of the inbox, each with its first rows and its true count.

    ``counts`` by group are taken as they are where the caller has them (``desk_counts``).
    """
    now = now or timezone.now()
    base = on_desk(viewer, whole_unit=whole_unit)
    if process:
        base = base.filter(process=process)
    if counts is None:
        counts = base.aggregate(**{g: Count("id", filter=group_q(g, now)) for g in GROUPS})
    first = {
        name: list(desk_order(base.filter(group_q(name, now)), name).values_list("id")[:limit])
        for name in GROUPS
        if counts[name]
    }
    # the rows of all groups, with what they belong to, in one statement
    ids = [i for found in first.values() for (i,) in found]
    rows = Matter.objects.select_related("parent__parent").in_bulk(ids)
    return [
        Group(name, [rows[i] for (i,) in first.get(name, ()) if i in rows], counts[name])
        for name in GROUPS
    ]


def desk_order(rows: QuerySet[Matter], group: str) -> QuerySet[Matter]:
    """Order one group by what is due first; what has no deadline comes last, on any database."""
    if group != "later":
        return rows.order_by("due_at", "id")
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def desk_counts(
    viewer: Viewer, *, whole_unit: bool = False, now: datetime | None = None
) -> dict[str, dict[str, int]]:
    """Return process -> group -> how many wait there, in one query."""
    now = now or timezone.now()
    rows: Any = (
        on_desk(viewer, whole_unit=whole_unit)
        .values("process")
        .annotate(**{g: Count("id", filter=group_q(g, now)) for g in GROUPS})
    )
    return {r["process"]: {g: r[g] for g in GROUPS} for r in rows}


def supervised(viewer: Viewer, limit: int = 50) -> list[Matter]:
    """Return what ran late and was reported to the viewer's post, the longest overdue first."""
    if viewer.post is None or "supervisor" not in viewer.roles:
        return []
    late = Matter.objects.filter(overdue=True, holder__supervisor__in=viewer.posts)
    if viewer.scope:
        late = late.filter(scope_q(viewer.scope))  # an index answers it
    late = late.filter(visible(viewer, parts=True))
    return list(late.select_related("parent__parent").order_by("due_at", "id")[:limit])


def counters(viewer: Viewer) -> dict[str, tuple[int, int]]:
    """Return per process (open, overdue) on the viewer's posts, in one query."""
    now = timezone.now()
    rows: Any = (
        on_desk(viewer)
        .values("process")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    )
    return {r["process"]: (r["n"], r["late"]) for r in rows}


# -- lists ------------------------------------------------------------------------------------


def listed(viewer: Viewer, process: str, **filters: Any) -> list[Branch[Matter]]:
    """Return the matters of a process that the viewer sees, as branches of a ``keyset.page``.

    Ask it for ``rows=Matter.objects.all()``: keys and filters then come out of an index.
    ``filters``: state, category, county, town, holder_unit, door, outcome, opened_from, opened_to
    (dates), overdue (bool), active (bool).
    """
    wanted = Q(process=process) & _wanted(filters, "")
    if viewer.kind == "system":
        return [Branch(Matter.objects.filter(wanted))]
    if viewer.kind == "receipt":
        return [Branch(Matter.objects.filter(wanted, pk__in=[viewer.matter]))]
    if viewer.kind == "public" or viewer.post is None:
        return []
    found = []
    if viewer.scope:
        here = scope_q(viewer.scope) & Q(confidential=False)
        found.append(Branch(Matter.objects.filter(wanted & here)))
    wanted = Q(process=process, parts__process=process) & _wanted(filters, "parts__")
    for unit, post in parted(viewer):
        held = Q(confidential=False) if post is None else Q(confidential=False, holder=post)
        # one call: each one would join the parts anew
        rows = Matter.objects.filter(wanted & held, parts__unit=unit)
        rows = rows.annotate(part_opened_at=F("parts__opened_at"), part_id=F("parts__matter"))
        found.append(Branch(rows, {"opened_at": "part_opened_at", "id": "part_id"}))
    if not registry.handle(process).latest.confides:
        return found
    return found + [_confided(viewer, process, post, filters) for post in sorted(viewer.posts)]


def _confided(
    viewer: Viewer, process: str, post: int, filters: Mapping[str, Any]
) -> Branch[Matter]:
    """Return the confidential matters in which a post of the viewer's has a part, by its own index."""
    wanted = Q(process=process, confidential=True) & _wanted(filters, "post_parts__")
    had = Q(post_parts__process=process, post_parts__post=post, post_parts__barred=False)
    rows = Matter.objects.filter(wanted & had)
    if post != viewer.post:  # he may be barred himself from what he stands in for
        rows = rows.exclude(pk__in=barred(viewer))
    rows = rows.annotate(part_opened_at=F("post_parts__opened_at"), part_id=F("post_parts__matter"))
    return Branch(rows, {"opened_at": "part_opened_at", "id": "part_id"})


def _wanted(filters: Mapping[str, Any], opened: str) -> Q:
    """Return the filters of a list; ``opened`` is the way to the table by whose dates it reads."""
    found = Q()
    for name, value in filters.items():
        if value in (None, "", []):
            continue
        if name == "opened_from":
            begin = datetime.combine(value, time(), clocks.LOCAL)
            found &= Q(**{f"{opened}opened_at__gte": begin})
        elif name == "opened_to":
            end = datetime.combine(value + timedelta(days=1), time(), clocks.LOCAL)
            found &= Q(**{f"{opened}opened_at__lt": end})
        elif name == "overdue":
            found &= Q(active=True, due_at__lt=timezone.now())
        else:
            found &= Q(**{name: value})
    return found


def handled(viewer: Viewer) -> list[Branch[Any]]:
    """Return the streams in which the viewer's posts did something, by post and by unit.

    Page them by ``-id`` with ``rows=Matter.objects.all()`` and take the matters by ``found``. Read
    from the index of what a post did; a stream is his only as far as his unit has a part in it.
    """
    if viewer.post is None:
        return []
    units = {viewer.unit} | {p.unit for i in viewer.stands_for if (p := directory.post(i))}
    held = Exists(Matter.objects.filter(id=OuterRef("stream"), holder__in=viewer.posts))
    parts = Part.objects.filter(matter=OuterRef("stream"))
    return [
        Branch(
            Event.objects.filter(
                Exists(parts.filter(unit=unit)),
                # of other units' matters he sees no more than what he has in hand
                Q() if unit == viewer.unit else held,
                post=post,
            ).distinct(),
            {"id": "stream"},
        )
        for post in sorted(viewer.posts)
        for unit in sorted(u for u in units if u is not None)
    ]


def children(matter: Matter, viewer: Viewer) -> list[Matter]:
    """Return the parts of a matter that the viewer sees: all of them, to staff."""
    if viewer.post is None and viewer.kind != "system":
        return []
    return list(Matter.objects.filter(parent=matter.id).order_by("id"))


def merged(matter: Matter, viewer: Viewer) -> list[Matter]:
    """Return the matters that were merged into this one, as far as the viewer sees them."""
    rows = Matter.objects.filter(merged_into=matter.id).order_by("id")
    return [one for one in rows if sees(viewer, one)]


def papers(matter: Matter, viewer: Viewer) -> list[Paper]:
    """Return the papers of a matter: for a receipt's holder only those meant for him."""
    rows = Paper.objects.filter(matter=matter.id).order_by("id")
    return list(rows.filter(public=True) if viewer.kind == "receipt" else rows)


def paper(paper_id: int, viewer: Viewer) -> Paper:
    """Return one paper; NotFound where the viewer may not have it."""
    found = Paper.objects.select_related("matter").filter(id=paper_id).first()
    if (
        found is None
        or not sees(viewer, found.matter)
        or (viewer.kind == "receipt" and not found.public)
    ):
        raise NotFound.of("not_found")
    return found


def found(ids: Iterable[int], viewer: Viewer) -> list[Matter]:
    """Return the matters of a search's hits that the viewer sees, in the order of the hits."""
    wanted = list(ids)
    known = Matter.objects.filter(id__in=wanted).select_related("parent__parent")
    rows = {m.id: m for m in known if sees(viewer, m)}
    return [rows[i] for i in wanted if i in rows]


def stories(matters: Iterable[Matter]) -> dict[int, str]:
    """Return what was told when each matter was opened, by id; one query.

    The caller has asked whether the viewer sees them.
    """
    firsts = [(m.id << SEQ_BITS) | 1 for m in matters]
    rows = Private.objects.filter(event__in=firsts).values_list("event_id", "data")
    return {event >> SEQ_BITS: str(data.get("text", "")) for event, data in rows}


def asks(matter: Matter, language: str) -> str:
    """Say what the matter waits for, in a few words."""
    state = process_of(matter).states[matter.state]
    if matter.parent_id is not None and matter.title:
        return matter.title
    return (state.asks or state.label).in_language(language)


def holder_name(matter: Matter, language: str) -> tuple[str, str]:
    """Return the unit and the post that have the matter in hand."""
    return (
        directory.name_of(directory.unit(matter.holder_unit_id), language),
        directory.name_of(directory.post(matter.holder_id), language),
    )
