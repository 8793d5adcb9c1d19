"""From the house's values to the shapes of the API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.text import Text
from dingzi.ledger import receipts, references
from dingzi.matters import registry, selectors
from dingzi.matters.acts import Done
from dingzi.matters.models import Event, Matter, Paper, event_id
from dingzi.matters.process import Action, Process
from dingzi.matters.timeline import Entry


def text(value: Text) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en}


def address(number: str) -> str:
    return f"/api/v1/matters/{quote(number)}"


def done(one: Done) -> dict[str, Any]:
    return {"number": one.number, "seq": one.seq, "state": one.state, "action": one.action}


def evidence(one: Done, row: Matter) -> dict[str, Any]:
    """Return what whoever holds the matter's receipt can keep of an act of his."""
    event = Event.objects.get(id=event_id(one.stream, one.seq))
    return {"url": references.url(row, event), "promise": receipts.promised(event)}


def matter(row: Matter, viewer: Viewer | None = None) -> dict[str, Any]:
    """Shape a matter; its receipt's holder reads the state in the words meant for him."""
    state = selectors.process_of(row).states[row.state]
    unit = directory.unit(row.holder_unit_id)
    holder = viewer is not None and viewer.kind == "receipt"
    return {
        "number": row.number,
        "process": row.process,
        "version": row.version,
        "seq": row.seq,
        "state": row.state,
        "state_label": text(state.public if holder else state.label),
        "title": row.title,
        "category": row.category,
        "place": row.place_id or "",
        "place_name": directory.place_name(row.place_id),
        "unit": unit.name if unit else "",
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "closed_at": row.closed_at,
        "outcome": row.outcome,
        "reopened": row.reopened,
        "parent": row.number.rpartition("-")[0] if row.parent_id else None,
    }


def paper(row: Paper) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "media_type": row.media_type, "size": row.size}


def entry(one: Entry) -> dict[str, Any]:
    return {
        "number": one.number,
        "seq": one.event.seq,
        "action": one.event.action,
        "title": one.title,
        "at": one.at,
        "who": one.who,
        "actor": one.actor,
        "public": one.public,
        "data": {line.field.name: line.value for line in one.lines},
        "papers": [paper(p) for p in one.papers],
    }


def possible(one: selectors.Possible) -> dict[str, Any]:
    why = one.refusal.reasons if one.refusal else ()
    return {
        "action": one.action.name,
        "label": text(one.action.label),
        "ready": one.refusal is None,
        "reasons": [
            {"code": c, "text": reasons.say((c, p)), "field": str(p.get("field", ""))}
            for c, p in why
        ],
    }


def brief(handle: registry.Handle) -> dict[str, Any]:
    return _brief(handle, handle.latest)


def _brief(handle: registry.Handle, one: Process) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "versions": sorted(handle.versions),
        "title": text(one.title),
        "digest": one.digest,
    }


def process(handle: registry.Handle, one: Process) -> dict[str, Any]:
    return _brief(handle, one) | {
        "states": [
            {"name": s.name, "label": text(s.label), "closed": s.closed, "end": s.end}
            for s in one.states.values()
        ],
        "actions": [action(a) for a in registry.actions(one)],
    }


def action(one: Action) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": text(one.label),
        "opens": one.opens,
        "sources": sorted(one.sources),
        "to": one.to,
        "by": sorted(one.by),
        "fields": [
            {
                "name": f.name,
                "kind": f.kind,
                "label": text(f.label),
                "required": f.required,
                "personal": f.personal,
                "shown": f.shown,
                "choices": {c: text(t) for c, t in f.choices.items()},
            }
            for f in one.fields
        ],
        "schema": one.model.model_json_schema(),
    }


def division(one: directory.DivisionCard) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "level": one.level,
        "parent": one.parent,
    }


def figure(one: Any, mechanism: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": text(one.title),
        "unit": text(one.unit),
        "definition": text(one.means),
        "mechanism": mechanism,
        "kind": one.kind,
        "also": list(one.also),
        "dimensions": [d.name for d in one.by if d.public],
        "grain": one.grain,
        "since": one.since,
        "version": one.version,
        "good": one.good,
    }


def value(found: Any) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "period": found.period.code,
        "number": _exact(found.number),
        "shown": _exact(found.shown),
        "unit": text(found.unit),
        "why_none": found.why_none,
        "so_far": found.so_far,
        "behind": [{"name": b.name, "label": text(b.label), "n": b.n} for b in found.behind],
        "definition": found.definition,
        "version": found.version,
        "computed_at": found.computed_at,
    }


def frozen(one: Any) -> dict[str, Any]:
    return {
        "period": one.period.code,
        "number": _exact(one.then),
        "now": _exact(one.now.number),
        "difference": _exact(one.difference),
        "why": [
            {"zh": reasons.say(reason, "zh-hans"), "en": reasons.say(reason, "en")}
            for reason in one.why
        ],
        "definition": one.frozen.definition,
        "version": one.frozen.version,
        "tree_size": one.frozen.size,
        "root": one.frozen.root,
        "frozen_at": one.frozen.at,
    }


def guard(found: Any) -> dict[str, Any]:
    one = found.guard
    return {
        "name": one.name,
        "title": text(one.title),
        "means": text(one.means),
        "harmless": text(one.harmless),
        "period": found.period.code,
        "kind": one.kind,
        "says": found.says,
        "value": _exact(found.value),
        "low": _exact(found.low),
        "high": _exact(found.high),
        "n": found.n,
        "of": found.of,
        "false_alarms": found.alarms,
    }


def _exact(number: Any) -> str | None:
    return None if number is None else str(number)


def comparison(found: Any) -> dict[str, Any]:
    return {
        "now": value(found.now),
        "then": value(found.then),
        "difference": _exact(found.difference),
        "relative": _exact(found.relative),
        "direction": found.direction,
        "good": found.good,
        "text": text(found.text),
    }


def row(one: Any) -> dict[str, Any]:
    return {"key": one.key, "label": text(one.label), "value": value(one.value)}


def table(found: Any) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "by": found.by,
        "period": found.period.code,
        "rows": [row(r) for r in found.rows],
        "total": row(found.total),
        "hidden": found.hidden,
    }
