"""No act is dated before what it builds on.

A late entry says when something happened. It cannot have happened before the state that it needs had
begun, before the matter came into the hands that did it, or before a clock that it stops was started:
durations would be negative, and deadlines kept that were not. What builds on nothing (a note, papers
that came in, a correction) may be dated back to the opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dingzi.core.errors import Invalid

from . import registry
from .acts import Anchor, State
from .models import Event
from .process import ANY, Action

#: Forms ask for the minute: within it, what is built on came first.
MINUTE = timedelta(minutes=1)


def builds(action: Action) -> bool:
    """Tell whether an action needs a state, or changes state or clocks."""
    return ANY not in action.sources or action.to != "same" or bool(action.clocks)


def anchors(action: Action, was: str, now: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether others build on an act: it changed state or hands, or somebody's act a clock.

    A timer that stops a clock because nobody said anything only says what was known then.
    """
    moved = bool(action.clocks) and action.by != {"system"}
    return was != now or "holder" in facts or moved


def dated(state: State, action: Action, at: datetime, slack: datetime, *, forced: bool) -> datetime:
    """Return when the act is held to have happened.

    Claims up to a minute too early, or from ``slack`` on (clocks of two machines), are taken for the
    moment of what they build on; so is what another matter's act brings with it (``forced``), for
    nobody claims that.

    Raises
    ------
    Invalid
        ``before_last_act``, with the act that had not happened yet.
    """
    if action.opens or not builds(action) or at >= state.matter.changed_at:
        return at
    if state.anchor is None:
        state.anchor = _stored(state)
    last = state.anchor
    if last is None or at >= last.at:
        return at
    if forced or at >= slack or last.at - at < MINUTE:
        return last.at
    raise Invalid.of(
        "before_last_act", field="occurred_at", action=action.label, last=last.label, at=last.at
    )


def _stored(state: State) -> Anchor | None:
    rows = Event.objects.of(state.matter.id).order_by("-seq")
    for event in rows.only("action", "from_state", "to_state", "facts", "version", "occurred_at"):
        action = registry.action(registry.process(state.process.name, event.version), event.action)
        if action and anchors(action, event.from_state, event.to_state, event.facts):
            return Anchor(event.occurred_at, action.label)
    return None
