"""A household: listed by hand or by Excel, accepted, told once what is missing, issued, set aside."""

from __future__ import annotations

from datetime import date
from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by_unit
from dingzi.matters.registry import guard

from ..models import Estate, Household
from ..process import household

#: States of an estate in which certificates are issued.
ISSUES = ("issuing", "cleared")


@household.on("record")
class Record:
    """List a household of an estate, on the desk of the estate's registry.

    Refuses a number that is no estate's, a building that the estate does not have, and a
    certificate from before the way was free.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        of = asked.known.get(data.estate)
        if of is None or not isinstance(of.own, Estate):
            raise Invalid.of("estates_no_estate", field="estate")
        if not of.matter.active:
            raise Invalid.of("estates_estate_ended", field="estate")
        if data.building not in of.own.buildings:
            raise Invalid.of(
                "estates_unknown_building", field="building", known=list(of.own.buildings)
            )
        facts: dict[str, Any] = {
            "estate_id": of.matter.id,
            "place": of.matter.place_id or "",
            "county": of.matter.county,
            "town": of.matter.town,
            "category": of.matter.category,
            "lead_unit": of.matter.holder_unit_id,
            **held_by_unit(of.own.registry, "registry", field="estate"),
        }
        if asked.door == "import":
            facts["imported"] = True
        if data.issued_on:
            _issuable(asked, data.issued_on, of.matter.state, of.own.filed_on)
            facts |= {"to_state": "issued", "outcome": "issued"}
        private = _people(data.owner, data.phone, {})
        return Outcome(facts=facts, private=private | {"title": f"{data.building} {data.room}"})

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts, matter = state.own, act.facts, state.matter
        own.estate_id, own.estate_number = facts["estate_id"], facts["estate"]
        own.county, own.town, own.category = matter.county, matter.town, matter.category
        own.building = facts["building"]
        own.imported = facts.get("imported", False)
        own.listed_on = local_day(act.occurred_at)
        own.stage = matter.state
        _issued(own, facts)


def _issuable(asked: Asked, day: date, now: str, filed_on: date) -> None:
    """Refuse a day to come, and one after the estate was listed but before certificates could be."""
    if day > local_day(asked.now):
        raise Invalid.of("estates_day_to_come", field="issued_on")
    if now not in ISSUES and day >= filed_on:
        raise Invalid.of("estates_not_issuing", field="issued_on")


def _people(owner: str, phone: str, before: dict[str, str]) -> dict[str, Any]:
    """Return who the owner is, with what was known already; nothing where nothing is told."""
    if not (owner or phone):
        return {}
    one = {
        "side": "applicant",
        "name": owner or before.get("name", ""),
        "phone": phone or before.get("phone", ""),
    }
    return {"parties": [one]}


def _issued(own: Household, facts: dict[str, Any]) -> None:
    if day := facts.get("issued_on"):
        own.issued_on = date.fromisoformat(day)


def _estate(state: State, asked: Asked) -> tuple[str, date]:
    """Return the state of the household's estate and the day on which it was listed."""
    known = asked.known.get(state.own.estate_number)
    if known is not None:
        return known.matter.state, known.own.filed_on
    return Estate.objects.values_list("matter__state", "filed_on").get(pk=state.own.estate_id)


@household.on("bring_up")
class BringUp:
    """Bring a household up to the newest list: only what is given changes."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        own, matter = state.own, state.matter
        if not any(data.__dict__.values()):
            raise Invalid.of("nothing_to_correct", field="room")
        facts: dict[str, Any] = {}
        if data.issued_on:
            _issuable(asked, data.issued_on, *_estate(state, asked))
            facts |= {"to_state": "issued", "outcome": "issued"}
        before = matter.people[0] if matter.people else {}
        private = _people(data.owner, data.phone, before)
        if data.room:
            private["title"] = f"{own.building} {data.room}"
        return Outcome(facts=facts, private=private)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.stage = state.matter.state
        _issued(state.own, act.facts)


@guard("household_estate_issues")
def household_estate_issues(state: State, asked: Asked) -> None:
    """No certificate before the estate's obstacles are cleared or tolerated."""
    if _estate(state, asked)[0] not in ISSUES:
        raise Refusal.of("estates_not_issuing")


@guard("household_not_told_before")
def household_not_told_before(state: State, asked: Asked) -> None:
    """What is missing is told once (17)."""
    if state.own.told_on is not None:
        raise Refusal.of("estates_told_once")


@household.on("apply", "tell_missing", "papers_in", "set_aside", "take_up", "issue")
class Go:
    """Keep the stage and its day; of a certificate also whether it came in time."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, day = state.own, local_day(act.occurred_at)
        own.stage = state.matter.state
        if act.action == "apply":
            own.applied_on, own.aside_on = day, None
        elif act.action == "tell_missing":
            own.told_on = day
        elif act.action == "set_aside":
            own.aside_on = day
        elif act.action == "take_up":
            own.aside_on = own.applied_on = own.told_on = None
        elif act.action == "issue":
            own.issued_on = day
            own.days = (day - own.applied_on).days if own.applied_on else None
            own.on_time = not state.matter.clocks["registration"]["late"]
