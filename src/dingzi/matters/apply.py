"""The core's part of every fold: state, holder, clocks, parts, papers, outcome."""

from __future__ import annotations

from typing import Any

from . import clocks as clock
from . import registry
from .acts import Act, State
from .models import SEQ_BITS, Paper, Part, PostPart, event_id
from .process import Action, ClockOp
from .writer import blank

#: Personal columns of the core's projections: an erasure blanks them, a rebuild finds nothing.
PERSONAL = {"Matter": ("title", "spot", "people"), "Paper": ("name",)}


def fold(state: State, act: Act) -> None:
    """Fold one act into the state: the core's part, then the mechanism's."""
    apply_core(state, act)
    found = registry.handlers(state.process, act.action)
    if found is not None and hasattr(found, "apply"):
        found.apply(state, act)


def apply_core(state: State, act: Act) -> None:
    """Fold what any act may change; reads facts by their reserved names."""
    matter, facts = state.matter, act.facts
    action = registry.action(state.process, act.action)
    assert action is not None
    if action.opens:
        _open(state, act)
    was_closed = matter.closed_at is not None
    matter.seq = act.seq
    matter.state = act.to_state
    matter.changed_at = act.recorded_at
    if "holder" in facts:
        matter.holder_id = facts["holder"]
        matter.holder_unit_id = facts["holder_unit"]
    for name in ("category", "subcategory", "county", "town", "confidential"):
        if name in facts:
            setattr(matter, name, facts[name])
    if "place" in facts:
        matter.place_id = facts["place"] or None
    if "lead_unit" in facts:
        matter.lead_unit_id = facts["lead_unit"]
    if not state.bare:
        _listed(state, act, action)
    _clocks(state, act, action)
    _close(state, act, action, was_closed)


def _listed(state: State, act: Act, action: Action) -> None:
    """Fold what only lists, searches and rights are answered by."""
    matter, facts = state.matter, act.facts
    if "merged_into" in facts:
        matter.merged_into_id = facts["merged_into"]
    if "barred" in facts:
        matter.barred = facts["barred"]
    _people(state, act)
    if matter.confidential:
        _post_parts(state, facts)
    else:
        _parts(state, facts)
    _papers(state, act, action)


def _open(state: State, act: Act) -> None:
    matter, facts = state.matter, act.facts
    matter.number = facts["number"]
    matter.process, matter.version = act.process, act.version
    matter.opened_at = act.occurred_at
    matter.door = act.door
    matter.parent_id = facts.get("parent")
    matter.confidential = state.process.confidential
    matter.source = facts.get("source", "")
    matter.foreign_number = facts.get("foreign_number", "")


def _people(state: State, act: Act) -> None:
    matter, private = state.matter, act.private
    if "title" in private:
        matter.title = private["title"]
    if "spot" in private:
        matter.spot = private["spot"]
    if "parties" in private:
        matter.people = private["parties"]


def _parts(state: State, facts: dict[str, Any]) -> None:
    """Whoever once had a part keeps it: a unit that handed on must still see what became of it."""
    matter = state.matter
    wanted = [facts.get("holder_unit"), facts.get("lead_unit"), *facts.get("units", ())]
    for unit in wanted:
        if unit and unit not in matter.units:
            matter.units = [*matter.units, unit]
            row = blank(Part, unit_id=unit, matter_id=matter.id)
            row.process, row.opened_at = matter.process, matter.opened_at
            state.added.append(row)


def _post_parts(state: State, facts: dict[str, Any]) -> None:
    """Of a confidential matter each post that had it in hand keeps its part, its unit has none."""
    matter = state.matter
    barred = matter.barred.get("posts", []) if "barred" in facts else []
    for post in (matter.holder_id, *facts.get("posts", ()), *barred):
        if post and post not in matter.posts:
            row = blank(PostPart, post_id=post, matter_id=matter.id, barred=post in barred)
            row.process, row.opened_at = matter.process, matter.opened_at
            state.added.append(row)
            if not row.barred:
                matter.posts = [*matter.posts, post]


def _papers(state: State, act: Act, action: Action) -> None:
    matter = state.matter
    for one in action.papers:
        names = act.private.get(one.name, [])
        for ref in act.facts.get(one.name, names):
            matter.paper_count += 1
            state.added.append(
                Paper(
                    id=(matter.id << SEQ_BITS) | matter.paper_count,
                    matter_id=matter.id,
                    event_id=event_id(act.stream, act.seq),
                    blob_id=ref["digest"],
                    name=ref["name"],
                    media_type=ref["media_type"],
                    size=ref["size"],
                    public=action.public and one.shown,
                    at=act.occurred_at,
                )
            )


def _clocks(state: State, act: Act, action: Action) -> None:
    if not action.clocks and "fired" not in act.facts:
        return
    matter = state.matter
    due: dict[str, str | None] = act.facts.get("due", {})
    clocks = dict(matter.clocks)
    day = clock.local_day(act.occurred_at)
    for op in action.clocks:
        where, added = act.to_state, act.facts.get("added", 0)
        clock.fold(clocks, op, state.process, day, due.get(op.clock), where, added)
    if fired := act.facts.get("fired"):
        clocks[fired] = clocks[fired] | {"fired": True}
    matter.clocks = clocks
    if state.bare:
        return
    matter.due_at = clock.next_due(matter.clocks)
    matter.next_check_at = clock.next_check(matter.clocks)
    matter.overdue = any(c.get("fired") and c["state"] == "running" for c in matter.clocks.values())


def _stop_all(state: State, act: Act) -> None:
    """Nothing runs on after the end."""
    matter = state.matter
    if any(c["state"] != "done" for c in matter.clocks.values()):
        clocks = {n: dict(c) for n, c in matter.clocks.items()}
        day = clock.local_day(act.occurred_at)
        for name in clocks:
            clock.fold(clocks, ClockOp(op="stop", clock=name), state.process, day, None)
        matter.clocks = clocks
        matter.due_at = matter.next_check_at = None
        matter.overdue = False


def _close(state: State, act: Act, action: Action, was_closed: bool) -> None:
    matter = state.matter
    closed = state.process.states[act.to_state].closed
    if outcome := act.facts.get("outcome", action.outcome):
        matter.outcome = outcome
    matter.active = not state.process.states[act.to_state].end
    if not matter.active:
        _stop_all(state, act)
    if closed and not was_closed:
        matter.closed_at = act.occurred_at
    elif not closed and was_closed:
        # Reopened: the first date stands, the count grows.
        matter.closed_at = None
        matter.outcome = ""
        matter.reopened += 1
