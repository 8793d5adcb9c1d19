"""The unit's part: recognised, planned, rectified."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import kept, left, local_day

from ..process import problem


def close(state: State, act: Act) -> None:
    state.own.closed_on = local_day(act.occurred_at)
    state.own.outcome = state.matter.outcome


@problem.on("recognise")
class Recognise:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.recognised_on = local_day(act.occurred_at)


@problem.on("plan")
class Plan:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        if asked.data.by_when < local_day(asked.at):  # type: ignore[attr-defined]
            raise Invalid.of("problem_by_when_past", field="by_when")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.planned_on = own.planned_on or local_day(act.occurred_at)
        own.needs_vote = act.facts.get("needs_vote", False)
        keep_hand(state, act)


def keep_hand(state: State, act: Act) -> None:
    """Remember who rectifies: none of them accepts it."""
    own = state.own
    if act.post and act.post not in own.posts:
        own.posts = [*own.posts, act.post]
    if act.unit and act.unit not in own.units:
        own.units = [*own.units, act.unit]


@problem.on("finish")
class Finish:
    """Done by the unit's own account; the inspectors around the place look whether it is."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        from .accepting import inspectors

        return inspectors(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, run = state.own, state.matter.clocks.get("rectifying")
        own.rectified_on = local_day(act.occurred_at)
        own.days = (own.rectified_on - (own.recognised_on or own.found_on)).days
        own.on_time = kept(run)
        own.days_left = left(run, own.rectified_on)
        keep_hand(state, act)
