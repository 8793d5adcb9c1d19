"""Accepted, delisted and looked back on by others than those who rectified."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by_lead
from dingzi.matters.opening import desk_around
from dingzi.matters.registry import guard

from ..process import problem
from .rectifying import close


def inspectors(state: State) -> dict[str, Any]:
    """Return the facts that put it on the desk of the nearest inspectors who do not rectify it."""
    matter = state.matter
    place = matter.town or matter.county
    found = desk_around(state.process, place, without=(matter.lead_unit_id,))
    if found is None:
        raise Invalid.of("no_desk_for_place", field="place")
    return found


@guard("not_by_who_rectified")
def not_by_who_rectified(state: State, asked: Asked) -> None:
    """Not by a post or a unit that rectified it, nor by the same person on another post."""
    own = state.own
    units = (*own.units, state.matter.lead_unit_id)
    since = own.planned_on or own.found_on
    if recusal.had_a_hand(asked.by, posts=own.posts, units=units, since=since):
        raise Refusal.of("problem_accepted_by_oneself")


@problem.on("accept")
class Accept:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.accepted_on = local_day(act.occurred_at)


@problem.on("return_it")
class Return:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_lead(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.returned += 1
        own.rectified_on = own.days = own.on_time = own.days_left = None


@problem.on("delist")
class Delist:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.delisted_on = local_day(act.occurred_at)
        close(state, act)


@problem.on("look_back")
class LookBack:
    """It holds and leaves for good, or it came back and is rectified anew, on its first date."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        if asked.data.result == "holds":  # type: ignore[attr-defined]
            return Outcome()
        again = Intent(
            action="relist", number=state.matter.number, data={}, by=asked.by, door=asked.door,
            forced=True, occurred_at=asked.at,
        )  # fmt: skip
        return Outcome(facts={"to_state": "delisted"}, then=[again])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.looked_back_on = local_day(act.occurred_at)
        own.held = act.facts["result"] == "holds"


@problem.on("relist")
class Relist:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_lead(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.relapses += 1
        own.recognised_on = local_day(act.occurred_at)
        own.planned_on = own.rectified_on = own.accepted_on = own.delisted_on = None
        own.closed_on = own.days = own.on_time = own.days_left = own.passed_on = None
        own.outcome, own.needs_vote = "", False
