"""Who carries a matter: taken up, passed to another leader, stopped.

Whoever carries must be able to see what he carries: he is given a part in it, as whoever gets it in
hand is. A confidential matter reaches nobody whom it must not (``demand_clear`` refuses).
"""

from __future__ import annotations

from typing import Any

from dingzi.city import directory
from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import held_by, inherited
from dingzi.matters.models import Matter
from dingzi.matters.registry import guard, on_common

from ..process import carry
from .working import close

ROLE = "leader"
#: Who oversees carrying without carrying.
OVERSEERS = frozenset({"supervisor", "petition", "inspector"})


def leader(post: int, field: str) -> dict[str, Any]:
    """Return the facts that put a carried case into a leader's hands; Invalid for another post."""
    facts = held_by(post, field)
    card = directory.post(post)
    assert card is not None
    if ROLE not in card.roles:
        raise Invalid.of("carry_not_a_leader", field=field)
    return facts


def _part(facts: dict[str, Any]) -> dict[str, Any]:
    return {"posts": [facts["holder"]], "units": [facts["holder_unit"]]}


@guard("still_active")
def still_active(state: State, asked: Asked) -> None:
    if not state.matter.active:
        raise Forbidden.of("carry_ended")


@guard("not_carried_yet")
def not_carried_yet(state: State, asked: Asked) -> None:
    """One leader at a time: two would each wait for the other."""
    running = [s.matter.number for s in state.below if _runs(s.matter)]
    if not running and not state.fresh:
        rows = Matter.objects.filter(parent=state.matter.id, process=carry.name, active=True)
        running = list(rows.values_list("number", flat=True)[:1])
    if running:
        raise Refusal.of("carry_already", number=running[0])


@guard("carry_in_charge")
def carry_in_charge(state: State, asked: Asked) -> None:
    """A leader disposes of what he carries himself; who oversees carrying, of any."""
    by = asked.by
    own = state.matter.holder_id in by.posts
    if not (own or by.kind == "system" or by.roles & OVERSEERS):
        raise Forbidden.of("carry_of_another")


def _runs(matter: Matter) -> bool:
    return matter.process == carry.name and matter.active


@on_common("carry")
class Carry:
    """Have a leader carry a matter: a child of it, with its own clock, holder and hand-over."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        facts = leader(data.leader, "leader")
        follow = Intent(
            action="assign", process=carry.name, parent=state.matter.number,
            data={"leader": data.leader, "what": data.what}, by=asked.by, door=asked.door,
            forced=True, occurred_at=asked.at,
        )  # fmt: skip
        return Outcome(facts=_part(facts), then=[follow])


@carry.on("assign")
class Assign:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        assert state.parent is not None
        parent = state.parent.matter
        facts = inherited(state) | leader(data.leader, "leader") | {"of": parent.process}
        unit = directory.unit(facts["holder_unit"])
        facts["level"] = unit.level if unit else ""
        return Outcome(facts=facts, private={"title": data.what})

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, matter = state.own, state.matter
        own.assigned_on = local_day(act.occurred_at)
        if not matter.confidential:
            own.county, own.town = matter.county, matter.town
            own.level, own.of = act.facts["level"], act.facts["of"]
        _keep(state)


def _keep(state: State) -> None:
    own, matter = state.own, state.matter
    if matter.holder_id not in own.carriers:
        own.carriers = [*own.carriers, matter.holder_id]
    if matter.holder_unit_id not in own.units:
        own.units = [*own.units, matter.holder_unit_id]


@carry.on("transfer")
class Transfer:
    """Another leader goes on where this one stood; a hand-over may leave it with any supervisor."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        post = asked.data.post  # type: ignore[attr-defined]
        if post == state.matter.holder_id:
            raise Invalid.of("already_there", field="post")
        facts = held_by(post) if asked.by.kind == "system" else leader(post, "post")
        unit = directory.unit(facts["holder_unit"])
        facts["level"] = unit.level if unit else ""
        assert state.parent is not None
        seen = Intent(
            action="carried_on", number=state.parent.matter.number,
            data={}, by=asked.by, door=asked.door, forced=True, occurred_at=asked.at,
        )  # fmt: skip
        return Outcome(facts=facts, then=[seen])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        if not state.matter.confidential:
            state.own.level = act.facts["level"]
        _keep(state)


@on_common("carried_on")
class CarriedOn:
    """Give whoever carries now a part in what is carried."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        now = next((s.matter for s in state.below if _runs(s.matter)), None)
        if now is None:
            raise Refusal.of("carry_nobody_carries")
        return {"posts": [now.holder_id], "units": [now.holder_unit_id]}


@carry.on("stop")
class Stop:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)
