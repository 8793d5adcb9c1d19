"""What an act of a matter brings with it below: its open parts are dropped where it ends, and what
goes along with it follows its acts."""

from __future__ import annotations

from . import registry
from .acts import Intent, State
from .models import Matter
from .process import Action

#: The action by which a part of a matter is dropped, where its process has one.
DROP = "drop"


def drops(state: State, action: Action, intent: Intent, was: tuple[bool, bool]) -> list[Intent]:
    """Return the acts that drop a matter's open parts, where an act has just ended it.

    ``was`` tells whether it was closed and whether it was active before the act. Parts that a
    guard of ``action`` has found closed already are not asked for again.
    """
    matter = state.matter
    closed, active = matter.closed_at is not None, matter.active
    if was == (closed, active) or not closed or "no_open_children" in action.guards:
        return []
    left = [s.matter for s in state.below if s.matter.closed_at is None]
    if not state.fresh:
        known = [s.matter.id for s in state.below]
        rows = Matter.objects.filter(parent=matter.id, closed_at=None).exclude(id__in=known)
        left += rows.order_by("id").only("number", "process", "version")
    numbers = [one.number for one in left if _can_drop(one)]
    return [
        Intent(
            action=DROP, number=number, data={}, by=intent.by, door=intent.door, forced=True
        )
        for number in numbers
    ]  # fmt: skip


def _can_drop(part: Matter) -> bool:
    """Tell whether a part ends with its matter: not what goes along beside it."""
    process = registry.process(part.process, part.version)
    return DROP in process.actions and not process.beside


def follows(state: State, action: Action, intent: Intent) -> list[Intent]:
    """Return what the children beside a matter do because of an act of it, by the same actor."""
    wanted = registry.followers(action.name)
    if not wanted or state.matter.parent_id is not None:
        return []
    found = [s.matter for s in state.below if s.matter.active]
    if not state.fresh:
        known = [one.id for one in found]
        rows = Matter.objects.filter(parent=state.matter.id, active=True, process__in=wanted)
        found += rows.exclude(id__in=known).order_by("id")
    intents = []
    for one in found:
        process = registry.process(one.process, one.version)
        act = process.actions.get(wanted.get(one.process, ""))
        if act is not None and process.allows(act, one.state):
            intents.append(
                Intent(
                    action=act.name, number=one.number, data={}, by=intent.by, door=intent.door,
                    forced=True, occurred_at=intent.occurred_at,
                )
            )  # fmt: skip
    return intents
