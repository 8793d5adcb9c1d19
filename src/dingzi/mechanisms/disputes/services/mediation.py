"""From the first session to a result, whichever."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day

from ..process import dispute
from .keeping import close


@dispute.on("session")
class Session:
    """Record a session; nobody who was recused mediates it (人民调解法 15; practice)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        recusal.demand(data, "mediators")
        return {"mediator_post": asked.by.post} if asked.by.post else {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.sessions += 1
        own.mediated_on = own.mediated_on or local_day(act.occurred_at)
        post = act.facts.get("mediator_post")
        if post and post not in own.mediators:
            own.mediators = [*own.mediators, post]


@dispute.on("propose")
class Propose:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        if asked.data.answer_by <= local_day(asked.at):  # type: ignore[attr-defined]
            raise Invalid.of("answer_by_past", field="answer_by")
        return {}


@dispute.on("settle")
class Settle:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("agree")
class Agree:
    """An oral agreement holds when reached (30); a written one when both sides and the mediator
    have signed and it is sealed (29). The court's 30 days run from then."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if data.form == "written" and not data.signed:
            raise Invalid.of("written_needs_signatures", field="signed")
        if data.perform_by and data.perform_by < local_day(asked.at):
            raise Invalid.of("perform_by_past", field="perform_by")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.agreement = act.facts["form"]
        own.effective_on = local_day(act.occurred_at)
        close(state, act)


@dispute.on("fail")
class Fail:
    """Mediation failed: the remedies are told, in writing (26)."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("breach")
class Breach:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("withdraw")
class Withdraw:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)
