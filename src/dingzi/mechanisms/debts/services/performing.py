"""How the unit makes it good: a plan with its day, steps, payments."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import kept, left, local_day
from dingzi.matters.registry import guard

from ..process import debt


@debt.on("plan")
class Plan:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        if asked.data.by_when < local_day(asked.at):  # type: ignore[attr-defined]
            raise Invalid.of("debt_by_when_past", field="by_when")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.planned_on = own.planned_on or local_day(act.occurred_at)
        own.by_when = own.entered_on.fromisoformat(act.facts["by_when"])


@debt.on("step")
class Step:
    """One step; what was paid adds up to no more than what is owed."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        own, paid = state.own, asked.data.paid  # type: ignore[attr-defined]
        if paid and own.amount is None:
            raise Invalid.of("debt_no_amount", field="paid")
        if paid and own.paid + paid > own.amount:
            raise Invalid.of("debt_paid_too_much", field="paid", amount=own.amount)
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.paid += act.facts.get("paid", 0)


@guard("debt_paid")
def debt_paid(state: State, asked: Asked) -> None:
    """An amount is made good when it is paid, step by step."""
    own = state.own
    if own.amount is not None and own.paid < own.amount:
        raise Refusal.of("debt_not_paid", amount=own.amount, paid=own.paid)


@debt.on("perform")
class Perform:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, run = state.own, state.matter.clocks.get("performing")
        own.performed_on = local_day(act.occurred_at)
        own.days = (own.performed_on - own.entered_on).days
        own.on_time = kept(run)
        own.days_left = left(run, own.performed_on)
        own.word, own.word_on = "", None
