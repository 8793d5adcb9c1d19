"""How a problem comes on a list, to whom it is given, and what the unit may say to that."""

from __future__ import annotations

import re
from typing import Any

from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import Correct as CommonCorrect
from dingzi.matters.common_acts import held_by_lead, held_by_unit, keep_place
from dingzi.matters.registry import guard

from ..models import Problem
from ..process import problem
from .rectifying import close

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])").fullmatch


@problem.on("find")
class Find:
    """Put it on a list; where the unit in charge is named, it is given to it at once.

    One born of a guard names figure, guard and month; the same month of a guard is listed once.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        by_figure = data.how == "figure"
        if by_figure and not (data.figure and data.guard and _MONTH(data.month)):
            raise Invalid.of("problem_needs_figure", field="guard")
        if by_figure:
            _listed_once(data.guard, data.month, asked)
        then = []
        if data.unit:
            held_by_unit(data.unit, "handler")
            then = [
                Intent(
                    action="assign", number=state.matter.number, by=asked.by, door=asked.door,
                    data={"lead": data.unit, "category": data.category or "other"}, forced=True,
                    occurred_at=asked.at,
                )
            ]  # fmt: skip
        return Outcome(then=then)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        own.found_on = local_day(act.occurred_at)
        own.on_list, own.how = facts["list"], facts["how"]
        for name in ("figure", "guard", "month"):
            setattr(own, name, facts.get(name, ""))
        keep_place(state)


def _listed_once(name: str, month: str, asked: Asked) -> None:
    in_hand = [
        s.matter.number
        for s in asked.known.values()
        if isinstance(s.own, Problem) and (s.own.guard, s.own.month) == (name, month)
    ]
    rows = Problem.objects.filter(guard=name, month=month).exclude(outcome="removed")
    listed = in_hand or list(rows.values_list("matter__number", flat=True)[:1])
    if listed:
        raise Refusal.of("problem_listed_already", number=listed[0])


@problem.on("assign")
class Assign:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        lead = asked.data.lead  # type: ignore[attr-defined]
        facts = held_by_unit(lead, "handler", field="lead") | {"lead_unit": lead}
        return facts | {"listed_by": state.matter.holder_id}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.told_on = local_day(act.occurred_at)
        keep_place(state)


@guard("unit_in_charge")
def unit_in_charge(state: State, asked: Asked) -> None:
    """The unit's own step; an inspector who has it in hand for a while does not do it for them."""
    if asked.by.kind != "system" and asked.by.unit != state.matter.lead_unit_id:
        raise Forbidden.of("problem_not_the_unit")


@guard("argue_in_time")
def argue_in_time(state: State, asked: Asked) -> None:
    """Within 30 days, by the unit itself (政府督查工作条例 17)."""
    unit_in_charge(state, asked)
    clock = state.matter.clocks.get("argue")
    if clock and clock["due"] and local_day(asked.at).isoformat() > clock["due"]:
        raise Refusal.of("problem_argue_too_late", last=clock["due"])


@problem.on("argue")
class Argue:
    """Back to who listed it: the inspectors around the place."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        from .accepting import inspectors

        return inspectors(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.argued = True


@problem.on("reject_argument")
class RejectArgument:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_lead(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.recognised_on = local_day(act.occurred_at)


@problem.on("uphold_argument", "remove")
class Remove:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@problem.on("correct")
class Correct(CommonCorrect):
    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_place(state)
