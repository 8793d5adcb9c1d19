"""What happened, told to a viewer: events put into words, never more than he may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import Viewer

from . import registry
from .fields import FieldDef
from .models import Event, Matter, Paper, Private
from .process import Action, Process
from .visibility import reads_phones


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of an act: its field, and the value as stored."""

    field: FieldDef
    value: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of the timeline.

    Attributes
    ----------
    public : the holder of the receipt sees it too.
    who : unit (and for staff the post), "" for the citizen himself and the timer.
    actor : citizen, staff, timer, import.
    """

    event: Event
    number: str
    child: bool
    at: datetime
    title: str
    who: str
    actor: str
    public: bool
    lines: list[Line] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    backdated: bool = False
    erased: bool = False


def timeline(matter: Matter, viewer: Viewer, language: str) -> list[Entry]:
    """Return the acts of a matter and, for staff, of its child matters, newest first.

    Telephone numbers are whole for who has the matter in hand or leads; others get their end.
    At most six queries whatever the length.
    """
    staff = viewer.kind != "receipt"
    whole = staff and reads_phones(viewer, matter)
    streams = {matter.id: matter}
    if staff:
        streams |= _below(matter)
    events = list(Event.objects.of(*streams).order_by("recorded_at", "id"))
    private = Private.objects.in_bulk([e.id for e in events])
    papers: dict[int, list[Paper]] = {}
    for paper in Paper.objects.filter(matter__in=list(streams)).order_by("id"):
        if staff or paper.public:
            papers.setdefault(paper.event_id, []).append(paper)
    entries = []
    gone = erased_to(events)
    for event in events:
        of = streams[event.stream]
        process = registry.process(event.process, event.version)
        action = registry.action(process, event.action)
        if action is None or not (staff or action.public):
            continue
        own = private.get(event.id)
        entries.append(
            Entry(
                event=event,
                number=of.number,
                child=of.id != matter.id,
                at=event.occurred_at,
                title=_title(action, staff, language),
                who=_who(event, staff, language),
                actor=_actor(event, action),
                public=action.public,
                lines=_lines(
                    action,
                    _told(process, action, event.facts, language) | (own.data if own else {}),
                    staff,
                    whole,
                ),
                papers=papers.get(event.id, []),
                backdated="backdated_days" in event.facts,
                erased=own is None and bool(action.personal) and event.seq <= gone.get(of.id, 0),
            )
        )
    return entries[::-1]


def erased_to(events: Iterable[Event]) -> dict[int, int]:
    """Return up to which event each stream was erased, by what the erasures among these say."""
    found: dict[int, int] = {}
    for event in events:
        for stream, last in event.facts.get("erased", {}).items():
            found[int(stream)] = max(last, found.get(int(stream), 0))
    return found


def _below(matter: Matter) -> dict[int, Matter]:
    """Return children and their children (a ruling on a task), by id."""
    children = {c.id: c for c in Matter.objects.filter(parent=matter.id)}
    if not children:
        return {}
    return children | {c.id: c for c in Matter.objects.filter(parent__in=list(children))}


def _title(action: Action, staff: bool, language: str) -> str:
    told = action.label if staff or action.told is None else action.told
    return told.in_language(language)


def _who(event: Event, staff: bool, language: str) -> str:
    unit = directory.name_of(directory.unit(event.unit_id), language)
    if not staff or event.post_id is None:
        return unit
    gap = " " if language.startswith("en") else ""
    return f"{unit}{gap} {directory.name_of(directory.post(event.post_id), language)}".strip()


def _actor(event: Event, action: Action) -> str:
    if event.post_id is not None:
        return "staff"
    return "timer" if event.door == "timer" or action.by == {"system"} else "citizen"


def _told(process: Process, action: Action, facts: dict[str, Any], language: str) -> dict[str, Any]:
    """Return facts with names of the process put into words."""
    told = dict(facts)
    if clock := process.clocks.get(str(facts.get("clock", ""))):
        told["clock"] = clock.label.in_language(language)
    named = process.categories().get(str(facts.get("category", "")))
    if named and any(one.name == "category" and one.kind == "line" for one in action.fields):
        told["category"] = named.in_language(language)
    return told


def _lines(action: Action, data: dict[str, Any], staff: bool, whole: bool) -> list[Line]:
    return [
        Line(one, data[one.name] if whole else _masked(one, data[one.name]))
        for one in action.fields
        if one.kind != "papers"
        and (staff or one.shown)
        and data.get(one.name) not in (None, "", [])
    ]


def _masked(one: FieldDef, value: Any) -> Any:
    """Leave the last four digits of a telephone number: enough to tell people apart."""
    if one.kind == "phone":
        return _tail(value)
    if one.kind == "parties":
        return [p | {"phone": _tail(p["phone"])} if p.get("phone") else p for p in value]
    return value


def _tail(phone: str) -> str:
    return "*" * max(len(phone) - 4, 0) + phone[-4:]
