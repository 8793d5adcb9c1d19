"""What the common actions, tasks and rulings do beyond moving state."""

from __future__ import annotations

from typing import Any

from dingzi.city import directory
from dingzi.core.errors import Invalid, Refusal

from . import clocks, registry
from .acts import Act, Asked, Intent, Outcome, State
from .registry import Handle, on_common


def held_by(post_id: int, field: str = "post") -> dict[str, Any]:
    """Return the facts that put a matter into a post's hands; Invalid for an unknown or closed one."""
    post = directory.post(post_id)
    if post is None or post.until is not None:
        raise Invalid.of("unknown_post", field=field)
    return {"holder": post.id, "holder_unit": post.unit}


def held_by_unit(unit_id: int, role: str = "", field: str = "unit") -> dict[str, Any]:
    """Return the facts that put a matter on the desk of a unit."""
    unit = directory.unit(unit_id)
    if unit is None or unit.until is not None:
        raise Invalid.of("unknown_unit", field=field)
    post = directory.desk(unit_id, role)
    if post is None:
        raise Invalid.of("unit_without_post", field=field, unit=unit.name)
    return {"holder": post.id, "holder_unit": unit.id}


def held_by_lead(state: State, field: str = "unit") -> dict[str, Any]:
    """Return the facts that put a matter back on the desk of its lead unit."""
    lead = state.matter.lead_unit_id
    assert lead is not None
    return held_by_unit(lead, "handler", field)


def keep_place(state: State) -> None:
    """Keep on the projection the place and the category by which it is listed and counted."""
    own, matter = state.own, state.matter
    own.county, own.town, own.category = matter.county, matter.town, matter.category


@on_common("transfer")
class Transfer:
    """Hand the matter to another post; clocks go on."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        post = asked.data.post  # type: ignore[attr-defined]
        if post == state.matter.holder_id:
            raise Invalid.of("already_there", field="post")
        return held_by(post)


@on_common("correct")
class Correct:
    """Correct what was registered; the earlier words stay in their event."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if not (data.title or data.place or data.spot or data.text or data.category):
            raise Invalid.of("nothing_to_correct", field="title")
        if data.category and data.category not in state.process.categories():
            raise Invalid.of("unknown_choice", field="category", value=data.category)
        if not data.place:
            return {}
        if directory.division(data.place) is None:
            raise Invalid.of("unknown_division", field="place", value=data.place)
        return {"county": data.place[:6], "town": data.place[:9] if len(data.place) >= 9 else ""}


@on_common("replace_receipt")
class ReplaceReceipt:
    """Give a lost receipt's holder a new code; the old one opens nothing from then on."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return {"receipt": state.matter.receipt + 1}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.matter.receipt = act.facts["receipt"]


@on_common("escalate")
class Escalate:
    """A clock ran out: mark it, so that the supervisor sees it and the timer does not ask again."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        name = asked.data.clock  # type: ignore[attr-defined]
        if name not in clocks.ripe(state.matter.clocks, asked.now):
            raise Refusal.of("clock_not_ripe", clock=name)
        return {"fired": name}


@on_common("migrate")
class Migrate:
    """Go on under the newest version of the process; the state must exist there."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        latest = registry.handle(state.process.name).latest
        if state.matter.state not in latest.states:
            raise Refusal.of("state_not_in_version", version=latest.version)
        return {"version": latest.version}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.matter.version = act.facts["version"]
        state.process = registry.process(state.process.name, act.facts["version"])


@on_common("ask_units")
class AskUnits:
    """Open a task for each unit asked, with its own clock and holder."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        if not data.units:
            raise Invalid.of("required", field="units")
        return Outcome(facts={"units": data.units}, then=tasks(state, asked, data.units, data.what))


def tasks(state: State, asked: Asked, units: list[int], what: str) -> list[Intent]:
    """Return the intents that open one task a unit."""
    if state.matter.holder_unit_id in units:
        raise Invalid.of("own_unit", field="units")
    if len(set(units)) != len(units):
        raise Invalid.of("named_twice", field="units")
    for unit in units:
        held_by_unit(unit, "handler", field="units")
    return [
        Intent(
            action="ask", process="task", parent=state.matter.number,
            data={"unit": unit, "what": what}, by=asked.by, door=asked.door, forced=True,
            occurred_at=asked.at,
        )
        for unit in units
    ]  # fmt: skip


def register_children(task: Handle, ruling: Handle) -> None:
    """Register what the actions of the two child processes do."""

    @task.on("ask")
    class Ask:
        @staticmethod
        def check(state: State, asked: Asked) -> Outcome:
            data: Any = asked.data
            facts = held_by_unit(data.unit, "handler") | inherited(state)
            return Outcome(facts=facts, private={"title": data.what})

    @task.on("object")
    class Object:
        @staticmethod
        def check(state: State, asked: Asked) -> Outcome:
            parent = state.parent
            assert parent is not None
            why = asked.data.why  # type: ignore[attr-defined]
            return Outcome(
                then=[
                    Intent(
                        action="raise", process="ruling", parent=state.matter.number,
                        data={"why": why}, by=asked.by, door=asked.door, forced=True,
                        occurred_at=asked.at,
                    )
                ]
            )  # fmt: skip

    @ruling.on("raise")
    class Raise:
        """The governance centre around the place rules; where there is none, who asked."""

        @staticmethod
        def check(state: State, asked: Asked) -> Outcome:
            task_state = state.parent
            assert task_state is not None
            facts = held_by_unit(_ruler(task_state), "window") | inherited(state)
            return Outcome(facts=facts, private={"title": task_state.matter.title})

    @ruling.on("rule")
    class Rule:
        """The task goes on or ends."""

        @staticmethod
        def check(state: State, asked: Asked) -> Outcome:
            assert state.parent is not None
            theirs = asked.data.theirs == "yes_theirs"  # type: ignore[attr-defined]
            then = Intent(
                action="uphold" if theirs else "release",
                number=state.parent.matter.number, data={}, by=asked.by, door=asked.door,
                forced=True, occurred_at=asked.at,
            )  # fmt: skip
            return Outcome(facts={"outcome": "upheld" if theirs else "released"}, then=[then])


def _ruler(task: State) -> int:
    matter = task.matter
    for code in (matter.town, matter.county):
        centres = directory.units_of("centre", code) if code else []
        if centres and centres[0].id != matter.holder_unit_id:
            return centres[0].id
    assert matter.lead_unit_id is not None
    return matter.lead_unit_id


def inherited(state: State) -> dict[str, Any]:
    """Return what a child takes over from its parent: category, place, who leads, and whom it must
    not reach."""
    assert state.parent is not None
    parent = state.parent.matter
    barred = {"barred": parent.barred} if parent.barred else {}
    return barred | {
        "category": parent.category,
        "place": parent.place_id or "",
        "county": parent.county,
        "town": parent.town,
        "lead_unit": parent.holder_unit_id,
        "confidential": parent.confidential,
    }
