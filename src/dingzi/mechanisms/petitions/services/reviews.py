"""Service of the letter, review and second review, and the end (35, 36)."""

from __future__ import annotations

from typing import Any

from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.common_acts import inherited
from dingzi.matters.opening import desk_around
from dingzi.matters.registry import guard

from ..process import petition, review


@guard("not_served")
def not_served(state: State, asked: Asked) -> None:
    if state.own.served_on is not None:
        raise Refusal.of("already_served")


@petition.on("serve")
class Serve:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.served_on = local_day(act.occurred_at)


@guard("review_open")
def review_open(state: State, asked: Asked) -> None:
    """Within 30 days of the day on which the letter came into the petitioner's hands (35, 36).

    A letter that was not served yet can be contested at any time.
    """
    clock = state.matter.clocks.get("review_request")
    if state.own.served_on is None or clock is None:
        return
    if clock["state"] == "done" or local_day(asked.at).isoformat() > (clock["due"] or "9999"):
        raise Refusal.of("review_too_late", last=clock["due"])


def reviewing(state: State, level: str) -> dict[str, Any]:
    """Return who reviews: an office that has not had it; at the second level the city's."""
    matter = state.matter
    place = matter.county[:4] if level == "second" else matter.county
    without = {matter.holder_unit_id, matter.lead_unit_id, *matter.barred.get("units", ())}
    found = desk_around(state.process, place, without=without)
    if found is None:
        raise Invalid.of("no_reviewing_office")
    return found


def _asked(state: State, asked: Asked, level: str) -> Outcome:
    above = reviewing(state, level)
    follow = Intent(
        action="ask", process="review", parent=state.matter.number,
        data={"level": level, "why": asked.data.why},  # type: ignore[attr-defined]
        by=SYSTEM, door=asked.door, forced=True, occurred_at=asked.at,
    )  # fmt: skip
    seen = {"posts": [above["holder"]], "units": [above["holder_unit"]]}
    return Outcome(facts=seen, then=[follow])


@petition.on("ask_review")
class AskReview:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return _asked(state, asked, "first")

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.reviews += 1


@petition.on("ask_second_review")
class AskSecondReview(AskReview):
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return _asked(state, asked, "second")


@review.on("ask")
class Ask:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        parent = state.parent
        assert parent is not None
        level = asked.data.level  # type: ignore[attr-defined]
        facts = reviewing(parent, level) | inherited(state)
        return Outcome(facts=facts, private={"title": parent.matter.title})


@review.on("decide")
class Decide:
    """The opinion goes to the petition; one that is revoked is handled anew, a second one ends it."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        parent = state.parent
        assert parent is not None
        second = parent.matter.state == "second_reviewing"
        action = "second_review_done" if second else "review_done"
        if data.result == "revoked":
            action = "handle_anew"
        follow = Intent(
            action=action, number=parent.matter.number,
            data={"result": data.result, "text": data.text}, by=asked.by, door=asked.door,
            forced=True, occurred_at=asked.at,
        )  # fmt: skip
        return Outcome(facts={"outcome": data.result}, then=[follow])


@petition.on("review_done", "second_review_done")
class ReviewDone:
    """A new letter, to be served anew."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.served_on = None


@petition.on("handle_anew")
class HandleAnew:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.closed_on = own.days = own.on_time = own.served_on = own.resolved_on = None
        own.days_left = own.noted_after = None
        own.outcome = own.word = own.looked_back = ""
        own.prolonged = own.inquiries = 0
