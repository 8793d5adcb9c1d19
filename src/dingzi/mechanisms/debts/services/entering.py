"""How an obligation comes on a unit's list, and whether the unit owes it."""

from __future__ import annotations

from typing import Any

from dingzi.city import directory
from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by_lead, held_by_unit
from dingzi.matters.models import Event
from dingzi.matters.registry import guard

from ..process import debt

#: Who rules on a dispute: the unit kept for that, else whoever entered it.
RULING, ROLE = "government", "debts"
#: Who enters what any unit owes; others enter what their own does.
ANY_UNIT = frozenset({"debts", "supervisor", "inspector"})


@debt.on("enter")
class Enter:
    """Enter it on the list of the unit that owes it: on its desk, in its place, from its first day."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if data.owing != asked.by.unit and not asked.by.roles & ANY_UNIT:
            raise Forbidden.of("debt_of_another_unit", field="owing")
        if data.arose_on > local_day(asked.at):
            raise Invalid.of("debt_arose_later", field="arose_on")
        unit = directory.unit(data.owing)
        assert unit is not None  # references has seen it
        place = unit.division
        facts = held_by_unit(unit.id, "handler", field="owing") | {"lead_unit": unit.id}
        county, town = place[:6] if len(place) >= 6 else "", place[:9] if len(place) >= 9 else ""
        return facts | {"place": place, "county": county, "town": town, "by": asked.by.post}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        own.entered_on = local_day(act.occurred_at)
        own.arose_on = own.entered_on.fromisoformat(facts["arose_on"])
        own.age_years = max((own.entered_on - own.arose_on).days // 365, 0)
        own.category, own.amount = facts["category"], facts.get("amount")
        own.county, own.town = state.matter.county, state.matter.town
        owing = directory.unit(state.matter.lead_unit_id)
        own.unit = owing.code if owing else ""


@guard("debt_of_this_unit")
def debt_of_this_unit(state: State, asked: Asked) -> None:
    if asked.by.kind != "system" and asked.by.unit != state.matter.lead_unit_id:
        raise Forbidden.of("debt_of_another_unit")


@guard("not_the_owing_unit")
def not_the_owing_unit(state: State, asked: Asked) -> None:
    """Neither the unit that owes it, nor one of those who handled it for that unit, elsewhere."""
    lead = state.matter.lead_unit_id
    hands = Event.objects.of(state.matter.id).filter(unit=lead, post__isnull=False)
    posts = set(hands.values_list("post", flat=True))
    since = state.own.entered_on
    if recusal.had_a_hand(asked.by, posts=posts, units=(lead,), since=since):
        raise Refusal.of("debt_by_the_owing_unit")


@debt.on("recognise")
class Recognise:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.recognised_on = local_day(act.occurred_at)


@debt.on("dispute")
class Dispute:
    """To who rules on it: the nearest desk for old debts that is not the unit's own."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        place = state.matter.town or state.matter.county or str(state.matter.place_id or "")
        for size in (9, 6, 4):
            for unit in directory.units_of(RULING, place[:size]):
                posts = [p for p in directory.posts_of(unit.id) if ROLE in p.roles]
                if posts and unit.id != state.matter.lead_unit_id:
                    return {"holder": posts[0].id, "holder_unit": unit.id}
        raise Invalid.of("no_desk_for_place", field="place")

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.disputed = True


@debt.on("rule_owed")
class RuleOwed:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return held_by_lead(state)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.recognised_on = local_day(act.occurred_at)
