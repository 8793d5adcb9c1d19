"""From the house's values to the shapes of the API."""

from __future__ import annotations

from typing import Any

from dingzi.city import directory
from dingzi.core import reasons
from dingzi.core.text import Text
from dingzi.matters import selectors
from dingzi.matters.models import Matter, Paper
from dingzi.matters.process import Action, Process
from dingzi.matters.timeline import Entry


def text(value: Text) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en}


def matter(row: Matter, parents: dict[int, str] | None = None) -> dict[str, Any]:
    process = selectors.process_of(row)
    unit = directory.unit(row.holder_unit_id)
    return {
        "number": row.number,
        "process": row.process,
        "version": row.version,
        "seq": row.seq,
        "state": row.state,
        "state_label": text(process.states[row.state].label),
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


def process(one: Process) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "title": text(one.title),
        "digest": one.digest,
        "states": [
            {"name": s.name, "label": text(s.label), "closed": s.closed, "end": s.end}
            for s in one.states.values()
        ],
        "actions": [action(a) for a in one.actions.values()],
    }


def action(one: Action) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": text(one.label),
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
                "choices": {c: text(t) for c, t in f.choices.items()},
            }
            for f in one.fields
        ],
        "schema": one.model.model_json_schema(),
    }


def value(found: Any) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "period": str(found.period),
        "number": None if found.number is None else str(found.number),
        "shown": None if found.shown is None else str(found.shown),
        "unit": text(found.unit),
        "why_none": found.why_none,
        "so_far": found.so_far,
        "behind": [{"name": b.name, "label": text(b.label), "n": b.n} for b in found.behind],
        "definition": found.definition,
        "computed_at": found.computed_at,
    }


def row(one: Any) -> dict[str, Any]:
    return {"key": one.key, "label": text(one.label), "value": value(one.value)}


def table(found: Any) -> dict[str, Any]:
    return {
        "figure": found.figure,
        "by": found.by,
        "period": str(found.period),
        "rows": [row(r) for r in found.rows],
        "total": row(found.total),
        "hidden": found.hidden,
    }
