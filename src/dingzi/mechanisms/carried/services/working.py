"""What the leader does: read, receive, visit, decide, report; each on its day."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import kept, left, local_day
from dingzi.matters.registry import guard

from ..process import carry


def day_of(state: State, asked: Asked) -> dict[str, Any]:
    """Return the day on which it was done: today's where none is given.

    Raises Invalid ``carry_day_outside`` for one before the assignment or after today.
    """
    today = local_day(asked.at)
    on = asked.data.day or today  # type: ignore[attr-defined]
    if not state.own.assigned_on <= on <= today:
        raise Invalid.of("carry_day_outside", field="day", first=state.own.assigned_on)
    return {"day": on.isoformat()}


@carry.on("read_file", "receive", "visit", "decide")
class Work:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        facts = day_of(state, asked)
        if hasattr(data, "heard") and not [name for name in data.heard if name.strip()]:
            raise Invalid.of("required", field="heard")
        if hasattr(data, "units") and not data.units:
            raise Invalid.of("required", field="units")
        return facts

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, day = state.own, local_day(act.occurred_at).fromisoformat(act.facts["day"])
        if act.action == "read_file":
            own.read_on = own.read_on or day
        elif act.action == "decide":
            own.decided_on = day
        else:
            own.met_on = min(own.met_on or day, day)
            own.received += act.action == "receive"
            own.visited += act.action == "visit"


@guard("carry_worked")
def carry_worked(state: State, asked: Asked) -> None:
    """Who reports it as settled has read, met the people and decided; the refusal says what lacks."""
    own = state.own
    lacks = [
        code
        for day, code in (
            (own.read_on, "carry_not_read"),
            (own.met_on, "carry_nobody_met"),
            (own.decided_on, "carry_not_decided"),
        )
        if day is None
    ]
    if lacks:
        raise Refusal(*((code, {}) for code in lacks))


@carry.on("settle")
class Settle:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.settled_on = local_day(act.occurred_at)
        own.word = own.looked_back = ""
        own.word_on = own.looked_back_on = None
        time_kept(state)


def time_kept(state: State) -> None:
    """Keep whether the time to resolve it was kept, once it has stopped."""
    own, run = state.own, state.matter.clocks.get("resolving")
    on_time = kept(run)
    if on_time is None:
        return
    stopped = own.settled_on or own.resolved_on
    own.days = (stopped - own.assigned_on).days
    own.on_time = on_time
    own.days_left = left(run, stopped)


def close(state: State, act: Act) -> None:
    state.own.closed_on = local_day(act.occurred_at)
    state.own.outcome = state.matter.outcome


def reopen(state: State) -> None:
    own = state.own
    own.closed_on = own.settled_on = own.resolved_on = own.days = own.on_time = None
    own.days_left, own.outcome = None, ""
