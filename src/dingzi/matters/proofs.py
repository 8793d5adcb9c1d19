"""What is proven of a process before it may run."""

from __future__ import annotations

from collections.abc import Iterable

from dingzi.core.errors import LoadError

from . import tops
from .process import ANY, ANY_OPEN, Action, Process

#: Facts that core itself writes: a field of that name would let whoever answers it write them.
RESERVED = frozenset({
    "holder", "holder_unit", "lead_unit", "number", "parent", "due", "fired", "merged_into",
    "source", "foreign_number", "confidential", "version", "to_state", "backdated_days", "outcome",
    "county", "town", "erased", "reason_for_date", "added", "barred", "posts", "shown",
})  # fmt: skip


def prove(process: Process, where: str) -> None:
    """Check that every state is reachable and can reach an end, and that every name exists.

    Raises
    ------
    LoadError
        Naming the state, action or clock that is wrong.
    """
    if process.start not in process.states:
        raise LoadError(f"{where}: start {process.start!r} is no state")
    if not any(s.end for s in process.states.values()):
        raise LoadError(f"{where}: no state is an end; mark one with end: true")
    for action in process.actions.values():
        _names(process, action, where)
    for clock in process.clocks.values():
        if clock.then not in process.actions and clock.then != "escalate":
            raise LoadError(f"{where}: clock {clock.name}: then {clock.then!r} is no action")
    if process.confidential and (process.public or process.shown_columns):
        raise LoadError(f"{where}: a confidential process shows nothing; leave out what is public")
    if process.apart and not process.confides:
        raise LoadError(f"{where}: apart is for a process of which some matters are confidential")
    if (process.beside or process.follows) and not process.child:
        raise LoadError(f"{where}: beside and follows are for a child")
    for name in process.follows.values():
        if name not in process.actions or process.actions[name].by != {"system"}:
            raise LoadError(f"{where}: follows: {name!r} is no action of it by system")
    fields = (f for a in process.actions.values() for f in a.fields if f.name == "category")
    tops.prove(process.tops, (c for f in fields for c in f.choices), where)
    opening = [a for a in process.actions.values() if a.opens]
    if not opening:
        raise LoadError(f"{where}: no action opens a matter; one needs an empty from")
    asked = {f.name for a in opening for f in a.fields}
    if unasked := sorted(set(process.apart) - asked):
        raise LoadError(f"{where}: apart: no opening action asks for {unasked[0]!r}")
    edges = {(s, process.target(a, s)) for a in process.actions.values() for s in _from(process, a)}
    roots = {process.target(a, process.start) for a in opening}
    if unreached := set(process.states) - _closure(roots, edges):
        raise LoadError(f"{where}: state {sorted(unreached)[0]!r} can never be reached")
    ends = {s.name for s in process.states.values() if s.end}
    if trapped := set(process.states) - _closure(ends, {(b, a) for a, b in edges}):
        raise LoadError(f"{where}: state {sorted(trapped)[0]!r} is a trap: no end can be reached")


def _names(process: Process, action: Action, where: str) -> None:
    for state in action.sources - {ANY, ANY_OPEN}:
        if state not in process.states:
            raise LoadError(f"{where}: actions.{action.name}: from {state!r} is no state")
    if action.to != "same" and action.to not in process.states:
        raise LoadError(f"{where}: actions.{action.name}: to {action.to!r} is no state")
    if action.again != "correct" and action.again not in process.actions:
        raise LoadError(
            f"{where}: actions.{action.name}: again {action.again!r} is no action of this process"
        )
    if action.opens and action.to == "same":
        raise LoadError(f"{where}: actions.{action.name}: an opening action needs its to")
    for op in action.clocks:
        if op.clock not in process.clocks:
            raise LoadError(f"{where}: actions.{action.name}: clock {op.clock!r} is not declared")
    for one in action.fields:
        if one.name in RESERVED:
            raise LoadError(
                f"{where}: actions.{action.name}: field {one.name!r} is core's own; rename it"
            )
        if one.name in process.public and one.personal:
            raise LoadError(f"{where}: actions.{action.name}: {one.name} is personal and public")


def _from(process: Process, action: Action) -> Iterable[str]:
    return [s for s in process.states if process.allows(action, s)]


def _closure(start: set[str], edges: set[tuple[str, str]]) -> set[str]:
    reached, frontier = set(start), set(start)
    while frontier:
        frontier = {b for a, b in edges if a in frontier} - reached
        reached |= frontier
    return reached
