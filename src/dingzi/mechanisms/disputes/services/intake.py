"""From filing to the lead unit: who takes it, who refuses it, what is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from dingzi.core.errors import Invalid
from dingzi.core.identity import find_identity_numbers
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import end_of, local_day
from dingzi.matters.common_acts import Correct as CommonCorrect
from dingzi.matters.common_acts import held_by_unit, tasks
from dingzi.matters.visibility import sees

from ..process import dispute
from .keeping import close, keep_place


@dispute.on("file")
class File:
    """Register at any door; the governance centre around the place looks at it first.

    Refuses Invalid for an identity number in the text: this step does not need one.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        parties = getattr(data, "parties", [])
        if asked.by.kind in ("public", "receipt") and find_identity_numbers(data.text):
            raise Invalid.of("identity_number_in_text", field="text")
        facts: dict[str, Any] = {}
        private: dict[str, Any] = {}
        people = [p.model_dump(mode="json") for p in parties]
        if data.name or data.phone:
            people.insert(0, {"side": "applicant", "name": data.name, "phone": data.phone})
        if people:
            private["parties"] = people
        if asked.door == "import":
            facts["imported"] = True
        return Outcome(facts=facts, private=private)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.registered_on = local_day(act.occurred_at)
        own.door = act.facts.get("channel") or act.door
        own.imported = act.facts.get("imported", False)
        keep_place(state)


@dispute.on("take_over")
class TakeOver:
    """Record the result of a case finished elsewhere; it counts as imported, never as on time."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        registered, accepted = local_day(asked.at), data.accepted_on
        if data.closed_on < registered or data.closed_on > local_day(asked.now):
            raise Invalid.of("closed_out_of_order", field="closed_on")
        if accepted and not registered <= accepted <= data.closed_on:
            raise Invalid.of("accepted_out_of_order", field="accepted_on")
        outcome = File.check(state, asked)
        outcome.facts |= {"imported": True, "outcome": data.result}
        return outcome

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        File.apply(state, act)
        own.accepted_on = _day(facts.get("accepted_on"))
        own.closed_on = own.archived_on = _day(facts["closed_on"])
        own.outcome = facts["outcome"]
        if facts["outcome"] == "declined":
            own.refused_on = own.closed_on
        own.days = (own.closed_on - own.accepted_on).days if own.accepted_on else None
        state.matter.closed_at = end_of(own.closed_on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dispute.on("correct")
class Correct(CommonCorrect):
    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_place(state)


@dispute.on("accept")
class Accept:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.accepted_on = local_day(act.occurred_at)
        keep_place(state)


@dispute.on("dispatch")
class Dispatch:
    """Name the lead unit, open a task for each co-handler."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return dispatched(state, asked)


@dispute.on("accept_dispatch")
class AcceptDispatch:
    """Accept and dispatch in one act: what a clerk does nine times of ten."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return dispatched(state, asked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.accepted_on = local_day(act.occurred_at)
        keep_place(state)


def dispatched(state: State, asked: Asked) -> Outcome:
    data: Any = asked.data
    if data.lead in data.co_units:
        raise Invalid.of("lead_is_co_handler", field="co_units")
    facts = held_by_unit(data.lead, "mediator", field="lead") | {"lead_unit": data.lead}
    then: list[Intent] = []
    if data.co_units:
        if not data.what:
            raise Invalid.of("required", field="what")
        then = tasks(state, asked, data.co_units, data.what)
        facts["units"] = list(data.co_units)
    return Outcome(facts=facts, then=then)


@dispute.on("decline")
class Decline:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.refused_on = local_day(act.occurred_at)
        close(state, act)


@dispute.on("merge")
class Merge:
    """Merge into the matter that stays open; both sides of the link are kept."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        number = asked.data.into  # type: ignore[attr-defined]
        found = asked.known.get(number)
        other = found.matter if found else None
        if other is None or other.process != state.process.name or not sees(asked.by, other):
            raise Invalid.of("no_such_matter", field="into", number=number)
        if other.id == state.matter.id or other.merged_into_id == state.matter.id:
            raise Invalid.of("merge_into_itself", field="into")
        if other.merged_into_id is not None:
            raise Invalid.of("already_merged", field="into", number=other.number)
        if other.closed_at is not None:
            raise Invalid.of("merge_into_closed", field="into", number=other.number)
        return {"merged_into": other.id}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)
