"""After the opinion: carried out, the petitioner's word, the independent look-back, the archive."""

from __future__ import annotations

from dingzi.core.errors import Refusal
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day
from dingzi.matters.registry import guard

from ..process import petition
from .keeping import resolve


@petition.on("fulfil")
class Fulfil:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.fulfilled_on = local_day(act.occurred_at)


@petition.on("confirm", "disagree", "stay_silent")
class Word:
    """The petitioner's own word; silence is counted apart and never becomes consent."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        words = {"confirm": "confirmed", "disagree": "disagreed", "stay_silent": "silent"}
        state.own.word = words[act.action]
        state.own.word_on = local_day(act.occurred_at)
        resolve(state, act)


@guard("not_by_who_handled")
def not_by_who_handled(state: State, asked: Asked) -> None:
    """Neither a look-back nor the petitioner's word is taken down by who handled it: not by that
    post or its unit, not from another post by the same person, not by standing in."""
    if asked.by.kind in ("receipt", "system"):
        return
    own = state.own
    units = {state.matter.lead_unit_id} - {None}
    if recusal.had_a_hand(asked.by, posts=own.handlers, units=units, since=own.received_on):
        raise Refusal.of("handled_it_oneself")


@petition.on("look_back")
class LookBack:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.looked_back = act.facts["result"]
        state.own.looked_back_on = local_day(act.occurred_at)
        resolve(state, act)


@guard("nothing_awaited")
def nothing_awaited(state: State, asked: Asked) -> None:
    """Archive only when neither a review nor the petitioner's word can still come."""
    matter = state.matter
    if matter.state in ("opined", "reviewed") and state.own.served_on is None:
        raise Refusal.of("letter_not_served")
    for name in ("review_request", "word"):
        clock = matter.clocks.get(name)
        if clock is not None and clock["state"] == "running":
            raise Refusal.of("still_awaited", clock=state.process.clocks[name].label)
