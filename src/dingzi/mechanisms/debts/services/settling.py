"""Whether it was made good: the other side's word or another unit's check, never the unit's own."""

from __future__ import annotations

from dingzi.matters.acts import Act, State
from dingzi.matters.clocks import local_day

from ..process import debt


def close(state: State, act: Act) -> None:
    state.own.closed_on = local_day(act.occurred_at)
    state.own.outcome = state.matter.outcome


@debt.on("confirm", "check")
class Settle:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.settled_on = local_day(act.occurred_at)
        if act.action == "confirm":
            own.word, own.word_on = "confirmed", own.settled_on
        close(state, act)


@debt.on("disagree")
class Disagree:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.word, own.word_on = "disagreed", local_day(act.occurred_at)
        own.performed_on = own.days = own.on_time = own.days_left = None


@debt.on("stay_silent")
class Silent:
    """Silence is kept and never becomes consent: another unit checks it."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.word, state.own.word_on = "silent", local_day(act.occurred_at)


@debt.on("rule_void", "write_off")
class Void:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)
