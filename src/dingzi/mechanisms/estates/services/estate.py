"""An estate from the list to its clearing: buildings, obstacles, consultations, the end."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import Correct as CommonCorrect
from dingzi.matters.common_acts import held_by_unit, keep_place
from dingzi.matters.models import Matter
from dingzi.matters.registry import guard

from ..models import Household
from ..process import estate

#: Stages of a household that still waits for something.
UNSERVED = ("waiting", "applied", "missing")


@estate.on("file")
class File:
    """Put an estate on the list; its registry has a part in it from then on."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        held_by_unit(data.registry, "registry", field="registry")
        if data.delivered_on and data.delivered_on > local_day(asked.at):
            raise Invalid.of("estates_day_to_come", field="delivered_on")
        title = {} if data.title else {"title": data.name}
        return Outcome(facts={"units": [data.registry]}, private=title)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        own.filed_on = local_day(act.occurred_at)
        own.name, own.registry = facts["name"], facts["registry"]
        keep_place(state)


@estate.on("correct")
class Correct(CommonCorrect):
    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_place(state)


@estate.on("add_building")
class AddBuilding:
    """Record a building, or how many households one really has."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if not data.households:
            raise Invalid.of("estates_no_households", field="households")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        one = {"households": facts["households"], "finished_on": facts.get("finished_on")}
        own.buildings = own.buildings | {facts["building"]: one}
        own.buildings_count = len(own.buildings)
        own.households = sum(b["households"] for b in own.buildings.values())


@estate.on("list_obstacle")
class ListObstacle:
    """Open the obstacle as a part of the estate, on the desk of the unit that clears it."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        held_by_unit(data.unit, "handler", field="unit")
        told = {"unit": data.unit, "obstacle": data.obstacle, "what": data.what}
        return Outcome(then=[part(state, asked, "obstacle", "list", told)])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.obstacles += 1


@estate.on("separate")
class Separate:
    """Set apart what the developer owes: collected by a unit, in nobody's way."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        held_by_unit(data.unit, "handler", field="unit")
        told = {"unit": data.unit, "owed": data.owed, "amount": data.amount, "what": data.what}
        return Outcome(then=[part(state, asked, "liability", "set", told)])


def part(state: State, asked: Asked, process: str, action: str, data: dict[str, Any]) -> Intent:
    """Return the intent that opens a part of this estate."""
    return Intent(
        action=action, process=process, parent=state.matter.number, data=data, by=asked.by,
        door=asked.door, forced=True, occurred_at=asked.at,
    )  # fmt: skip


@estate.on("consult")
class Consult:
    """Record who met and what was settled; they see the estate from then on."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if len(set(data.units)) < 2:
            raise Invalid.of("estates_consult_alone", field="units")
        if data.by_when and data.by_when < local_day(asked.at):
            raise Invalid.of("estates_day_past", field="by_when")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.consultations += 1
        state.own.consulted_on = local_day(act.occurred_at)


@estate.on("obstacle_tolerated")
class ObstacleTolerated:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.promised += 1


@estate.on("commitment_broken")
class CommitmentBroken:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.broken += 1


@guard("estate_has_buildings")
def estate_has_buildings(state: State, asked: Asked) -> None:
    if not state.own.buildings:
        raise Refusal.of("estates_no_buildings")


@guard("estate_was_consulted")
def estate_was_consulted(state: State, asked: Asked) -> None:
    """What is let through was settled by the units together."""
    if state.own.consulted_on is None:
        raise Refusal.of("estates_not_consulted")


def _obstacles(state: State, stages: tuple[str, ...]) -> int:
    """Count the obstacles in these states: those in hand as they stand here, the others as stored."""
    below = [s for s in state.below if s.process.name == "obstacle"]
    count = sum(s.matter.state in stages for s in below)
    if not state.fresh:
        rows = Matter.objects.filter(parent=state.matter.id, process="obstacle", state__in=stages)
        count += rows.exclude(id__in=[s.matter.id for s in below]).count()
    return count


@guard("estate_way_is_free")
def estate_way_is_free(state: State, asked: Asked) -> None:
    """Every obstacle is cleared or tolerated before the first certificate."""
    if left := _obstacles(state, ("listed", "objected")):
        raise Refusal.of("estates_obstacles_left", count=left)


@guard("estate_obstacles_ended")
def estate_obstacles_ended(state: State, asked: Asked) -> None:
    """What was promised is there: an estate is not cleared on a promise."""
    if left := _obstacles(state, ("listed", "objected", "promised", "pursued")):
        raise Refusal.of("estates_obstacles_left", count=left)


@guard("estate_households_served")
def estate_households_served(state: State, asked: Asked) -> None:
    """Every household is listed, and has its certificate or a reason why not; liability is apart."""
    mine = {
        s.matter.id: s.own
        for s in asked.known.values()
        if isinstance(s.own, Household) and s.own.estate_id == state.matter.id
    }
    stages = [one.stage for one in mine.values()]
    if not state.fresh:
        rows = Household.objects.filter(estate=state.matter.id).exclude(pk__in=list(mine))
        stages += rows.values_list("stage", flat=True)
    if len(stages) < state.own.households:
        raise Refusal.of("estates_households_unlisted", count=state.own.households - len(stages))
    if left := sum(stage in UNSERVED for stage in stages):
        raise Refusal.of("estates_households_left", count=left)


@estate.on("open_issuing")
class OpenIssuing:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.issuing_on = state.own.issuing_on or local_day(act.occurred_at)


@estate.on("clear", "take_off")
class Close:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.closed_on = local_day(act.occurred_at)
        own.outcome = state.matter.outcome
        if act.action == "clear":
            own.cleared_on = own.closed_on
            own.days = (own.closed_on - own.filed_on).days


@estate.on("reopen")
class Reopen:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.closed_on = own.cleared_on = own.days = None
        own.outcome = ""
