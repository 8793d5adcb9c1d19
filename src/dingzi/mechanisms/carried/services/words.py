"""Whether it is resolved: the word of the person concerned or an independent look-back, never the carrier's."""

from __future__ import annotations

from dingzi.core.errors import Refusal
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.registry import guard

from ..process import carry
from .working import close, reopen, time_kept


def carries(state: State, asked: Asked) -> bool:
    """Tell whether who acts carries it or did: by post, by unit, or as a person on another post."""
    own = state.own
    return recusal.had_a_hand(asked.by, posts=own.carriers, units=own.units, since=own.assigned_on)


@guard("carry_independent")
def carry_independent(state: State, asked: Asked) -> None:
    """Neither who carries it nor the unit that handles the matter carried."""
    if carries(state, asked):
        raise Refusal.of("carry_by_who_carries")
    parent = state.parent.matter if state.parent else None
    if parent and asked.by.unit in (parent.holder_unit_id, parent.lead_unit_id):
        raise Refusal.of("carry_handled_it")


def _then(state: State, asked: Asked, action: str) -> list[Intent]:
    return [
        Intent(
            action=action, number=state.matter.number, data={}, by=asked.by, door=asked.door,
            forced=True, occurred_at=asked.at,
        )
    ]  # fmt: skip


class _Word:
    """What the person concerned said of the matter carried; taken down by who carries it, it counts for
    nothing here."""

    said: str
    leads: str

    @classmethod
    def check(cls, state: State, asked: Asked) -> Outcome:
        if asked.by.kind != "receipt" and carries(state, asked):
            return Outcome(facts={"counts": False})
        return Outcome(facts={"counts": True}, then=_then(state, asked, cls.leads))

    @classmethod
    def apply(cls, state: State, act: Act) -> None:
        if act.facts["counts"]:
            state.own.word, state.own.word_on = cls.said, local_day(act.occurred_at)


@carry.on("petitioner_confirms")
class Confirms(_Word):
    said, leads = "confirmed", "resolve"


@carry.on("petitioner_disagrees")
class Disagrees(_Word):
    said, leads = "disagreed", "resume"


@carry.on("stay_silent")
class Silent:
    """Silence is kept and never becomes consent."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.word, state.own.word_on = "silent", local_day(act.occurred_at)


@carry.on("look_back")
class LookBack:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        resolved = asked.data.result == "resolved"  # type: ignore[attr-defined]
        if not resolved:
            return Outcome(then=_then(state, asked, "resume"))
        now = state.matter.state == "settled"
        return Outcome(then=_then(state, asked, "resolve") if now else [])

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.looked_back, own.looked_back_on = act.facts["result"], local_day(act.occurred_at)


@carry.on("resolve")
class Resolve:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.resolved_on = local_day(act.occurred_at)
        time_kept(state)
        close(state, act)


@carry.on("resume")
class Resume:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        reopen(state)
