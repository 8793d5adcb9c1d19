"""From the door to the register: who brings it, of which kind it is, whom it must not reach."""

from __future__ import annotations

from typing import Any

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid
from dingzi.core.identity import find_identity_numbers
from dingzi.matters.acts import Act, Asked, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import Correct as CommonCorrect
from dingzi.matters.opening import desk_around

from ..process import petition
from .keeping import close, keep_handler, keep_place


@petition.on("receive")
class Receive:
    """Take a petition in at any door; an accusation is confidential from its first moment.

    Refuses an identity number in a citizen's own text, more than five representatives (20), and
    an accusation for which no office is clear of the accused.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        citizen = asked.by.kind in ("public", "receipt")
        if citizen and find_identity_numbers(data.text):
            raise Invalid.of("identity_number_in_text", field="text")
        most = _most_representatives(asked)
        if len(data.representatives) > most:
            raise Invalid.of("too_many_representatives", field="representatives", most=most)
        accused = data.kind == "accusation"
        if (data.accused_units or data.accused) and not accused:
            raise Invalid.of("accused_needs_accusation", field="kind")
        facts: dict[str, Any] = {"channel": data.channel or _channel(asked)}
        if asked.door == "import":
            facts["imported"] = True
        private: dict[str, Any] = {}
        if data.name or data.phone:
            private["parties"] = [{"side": "applicant", "name": data.name, "phone": data.phone}]
        if accused:
            facts |= {"confidential": True, "barred": {"units": sorted(set(data.accused_units))}}
            facts |= clear_desk(state, asked, data.place, set(data.accused_units))
        return Outcome(facts=facts, private=private)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        own.received_on = local_day(act.occurred_at)
        own.kind, own.channel = facts["kind"], facts["channel"]
        own.people = max(1, facts.get("people", 1))
        own.imported = facts.get("imported", False)
        keep_place(state)


def _channel(asked: Asked) -> str:
    return "web" if asked.by.kind in ("public", "receipt") else "visit"


def _most_representatives(asked: Asked) -> int:
    found = law.parameter("petitions.representatives", local_day(asked.at), overrides())
    return int(found.value)


def clear_desk(state: State, asked: Asked, place: str, accused: set[int]) -> dict[str, Any]:
    """Return who takes an accusation: the registering office, or the nearest that is not accused."""
    own = None if asked.by.kind in ("public", "receipt") else asked.by.unit
    found = desk_around(state.process, place, without=accused, first=own)
    if found is None:
        raise Invalid.of("no_clear_office", field="accused_units")
    return found


@petition.on("register")
class Register:
    """Register it: its field, whether the same was brought before, and by which number."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if data.earlier and not data.again:
            raise Invalid.of("earlier_needs_again", field="again")
        if not (data.accused_post or data.accused_units):
            return {}
        if state.own.kind != "accusation":
            raise Invalid.of("accused_needs_accusation", field="accused_post")
        matter = state.matter
        if data.accused_post in matter.posts:
            raise Invalid.of("barred_from_matter", field="accused_post")
        if matter.holder_unit_id in data.accused_units:
            raise Invalid.of("barred_from_matter", field="accused_units")
        posts = [data.accused_post] if data.accused_post else []
        units = {*matter.barred.get("units", ()), *data.accused_units}
        return {"barred": {"units": sorted(units), "posts": posts}}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.registered_on = local_day(act.occurred_at)
        own.again = act.facts.get("again", False)
        keep_place(state)


@petition.on("correct")
class Correct(CommonCorrect):
    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_place(state)


@petition.on("decline")
class Decline:
    """Not accepted, with the reason; the same in handling or ended names that one (19, 36)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if data.ground in ("pending", "ended") and not data.earlier:
            raise Invalid.of("earlier_needed", field="earlier")
        if data.earlier == state.matter.number:
            raise Invalid.of("earlier_is_itself", field="earlier")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.registered_on = own.registered_on or local_day(act.occurred_at)
        own.told_on = local_day(act.occurred_at)
        keep_handler(state, act)
        close(state, act)


@petition.on("withdraw")
class Withdraw:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)
