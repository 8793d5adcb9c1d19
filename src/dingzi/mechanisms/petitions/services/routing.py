"""To whom it goes, and what the unit may say to that (22, 23)."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by_lead, held_by_unit
from dingzi.matters.opening import desk_around
from dingzi.matters.registry import guard

from ..process import petition
from .keeping import close, keep_handler, told


@petition.on("route")
class Route:
    """Send it to the unit in charge; never to the one that it accuses (30)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        lead = asked.data.lead  # type: ignore[attr-defined]
        facts = held_by_unit(lead, "handler", field="lead") | {"lead_unit": lead}
        return facts | {"office": state.matter.holder_id}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.routed_on = own.routed_on or local_day(act.occurred_at)
        if own.routed_late is None:
            own.routed_late = state.matter.clocks.get("registration", {}).get("late")


@guard("objection_open")
def objection_open(state: State, asked: Asked) -> None:
    """Within 5 working days of routing (23)."""
    clock = state.matter.clocks.get("objection")
    if clock is None or clock["state"] != "running":
        raise Refusal.of("objection_over")
    if clock["due"] and local_day(asked.at).isoformat() > clock["due"]:
        raise Refusal.of("objection_too_late", last=clock["due"])


@petition.on("object")
class Object:
    """Back to an office to rule on it: the nearest around the place that is not the objector."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        matter = state.matter
        without = {matter.holder_unit_id, *matter.barred.get("units", ())}
        found = desk_around(state.process, matter.town or matter.county, without=without)
        if found is None:
            raise Invalid.of("no_desk_for_place", field="place")
        return found

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.objections += 1


@petition.on("rule_theirs")
class RuleTheirs:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_lead(state, field="lead")


def _of_kind(kind: str) -> None:
    @guard(f"is_{kind}")
    def check(state: State, asked: Asked) -> None:
        if state.own.kind != kind:
            raise Forbidden.of("petition_of_other_kind", kind=state.own.kind)


for _kind in ("claim", "suggestion", "accusation"):
    _of_kind(_kind)


@petition.on("accept_claim", "take_suggestion", "take_accusation")
class Accept:
    """Accept on the path of its kind; only claims under 31(6) carry the 60 days (34)."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_handler(state, act)
        told(state, act)


@petition.on("direct_claim", "answer_now")
class AnswerAtOnce:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_handler(state, act)
        told(state, act)
        close(state, act)
