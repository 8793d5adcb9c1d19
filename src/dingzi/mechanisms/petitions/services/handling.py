"""Inquiry, joint meetings, prolonging, and the opinion letter (28, 31 to 34)."""

from __future__ import annotations

from typing import Any

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day
from dingzi.matters.registry import guard

from ..process import petition
from .keeping import close, keep_handler


@petition.on("inquire")
class Inquire:
    """Record an inquiry; nobody who is recused takes part in it (28)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        recusal.demand(asked.data, "inquirers")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.inquiries += 1
        keep_handler(state, act)


@petition.on("joint_meeting")
class JointMeeting:
    """A cross-agency case: who sat together, what was settled; they see it from then on."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if not data.units:
            raise Invalid.of("required", field="units")
        if data.by_when and data.by_when < local_day(asked.at):
            raise Invalid.of("by_when_past", field="by_when")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.meetings += 1


@guard("prolonged_once")
def prolonged_once(state: State, asked: Asked) -> None:
    if state.own.prolonged:
        raise Refusal.of("already_prolonged")


@petition.on("prolong")
class Prolong:
    """Prolong the time once, by no more than the law lets, and tell the petitioner why (34)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        days = asked.data.days  # type: ignore[attr-defined]
        found = law.parameter("petitions.claim_extension", local_day(asked.at), overrides())
        if not 1 <= days <= int(found.value):
            raise Invalid.of("extension_out_of_range", field="days", most=int(found.value))
        return {"added": days}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.prolonged = act.facts["added"]


@guard("inquired")
def inquired(state: State, asked: Asked) -> None:
    """Facts are heard and looked into before an opinion is given (31(6))."""
    if state.own.inquiries == 0:
        raise Refusal.of("not_inquired")


@petition.on("opine")
class Opine:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return {"outcome": asked.data.result}  # type: ignore[attr-defined]

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_handler(state, act)
        close(state, act, "handling")


@petition.on("answer")
class Answer:
    """The result of a suggestion or an accusation; each kind has its own results (29, 30)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        result = asked.data.result  # type: ignore[attr-defined]
        dealt = result in ("dealt_with", "unfounded")
        if dealt != (state.own.kind == "accusation"):
            raise Invalid.of("result_of_other_kind", field="result")
        return {"outcome": result}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_handler(state, act)
        close(state, act, "examination" if state.own.kind == "accusation" else "study")
