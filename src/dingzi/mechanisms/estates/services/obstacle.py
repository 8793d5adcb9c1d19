"""An obstacle: cleared by its unit, consulted on, tolerated on a dated promise, or pursued."""

from __future__ import annotations

from datetime import date
from typing import Any

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by_unit, inherited
from dingzi.matters.registry import guard

from ..process import obstacle


@obstacle.on("list")
class List:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        facts = inherited(state) | held_by_unit(data.unit, "handler", field="unit")
        return Outcome(facts=facts | {"category": data.obstacle}, private={"title": data.what})

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, matter = state.own, state.matter
        own.kind = act.facts["obstacle"]
        own.county, own.town = matter.county, matter.town
        own.listed_on = local_day(act.occurred_at)


def _on_estate(state: State, asked: Asked, action: str) -> Intent:
    """Return the act on the estate that goes with one on its obstacle."""
    assert state.parent is not None
    told = {} if action == "obstacle_back" else {"obstacle": state.own.kind}
    return Intent(
        action=action, number=state.parent.matter.number, data=told, by=asked.by, door=asked.door,
        forced=True, occurred_at=asked.at,
    )  # fmt: skip


@obstacle.on("clear", "keep")
class Clear:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return Outcome(then=[_on_estate(state, asked, "obstacle_cleared")])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, day = state.own, local_day(act.occurred_at)
        own.cleared_on = day
        if act.action == "keep":
            own.kept_on = day
        else:
            own.on_time = not state.matter.clocks["clearing"]["late"]


@obstacle.on("object")
class Object:
    """Not ours: a joint consultation settles whose it is."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return Outcome(then=[_on_estate(state, asked, "obstacle_back")])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.objected_on = local_day(act.occurred_at)


@guard("obstacle_was_consulted")
def obstacle_was_consulted(state: State, asked: Asked) -> None:
    """A joint consultation was held since it was listed, or since a unit objected."""
    assert state.parent is not None
    met = state.parent.own.consulted_on
    if met is None or met < (state.own.objected_on or state.own.listed_on):
        raise Refusal.of("estates_not_consulted")


@obstacle.on("assign")
class Assign:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_unit(asked.data.unit, "handler", field="unit")  # type: ignore[attr-defined]


@guard("obstacle_may_come_later")
def obstacle_may_come_later(state: State, asked: Asked) -> None:
    """The tolerance list of the day lets it come later; where law forbids it, its article is told."""
    found = law.parameter(
        f"estates.may_come_later_{state.own.kind}", local_day(asked.at), overrides()
    )
    if found.value:
        return
    if found.local:
        raise Refusal.of("estates_not_on_tolerance_list", cite=[{"local": True}])
    named = {"law": law.PARAMETERS.law(found.source), "article": found.article}
    raise Refusal.of("estates_forbidden_by_law", cite=[named])


@obstacle.on("tolerate")
class Tolerate:
    """Let it come later on a promise: the commitment's clock ends on the day promised."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        day = local_day(asked.at)
        least, longest = (
            int(law.parameter(f"estates.commitment_{name}", day, overrides()).value)
            for name in ("days", "longest")
        )
        ahead = (data.by_when - day).days
        if not least <= ahead <= longest:
            raise Invalid.of(
                "estates_promise_out_of_range", field="by_when", least=least, most=longest
            )
        then = [_on_estate(state, asked, "obstacle_tolerated")]
        return Outcome(facts={"added": ahead - least}, then=then)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.promised_on = local_day(act.occurred_at)
        own.promised_for = date.fromisoformat(act.facts["by_when"])


@guard("commitment_is_over")
def commitment_is_over(state: State, asked: Asked) -> None:
    if local_day(asked.at) <= state.own.promised_for:
        raise Refusal.of("estates_promise_runs", day=state.own.promised_for)


@obstacle.on("break")
class Break:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return Outcome(then=[_on_estate(state, asked, "commitment_broken")])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.broken_on = local_day(act.occurred_at)
