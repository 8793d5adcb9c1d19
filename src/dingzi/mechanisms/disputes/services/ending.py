"""After the result: performance, court, visit, the citizen's word, archive, and again."""

from __future__ import annotations

from typing import Any

from dingzi import law
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day, rule_on
from dingzi.matters.registry import guard

from ..process import dispute


@dispute.on("perform")
class Perform:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.performed_on = local_day(act.occurred_at)


@guard("session_held")
def session_held(state: State, asked: Asked) -> None:
    """No result without a recorded session."""
    if state.own.sessions == 0:
        raise Refusal.of("no_session")


@guard("court_possible")
def court_possible(state: State, asked: Asked) -> None:
    """Within 30 days of effect, once, and not on matters of status (民事诉讼法 205)."""
    own = state.own
    if own.status_matter:
        raise Refusal.of("status_matter_not_confirmed")
    if own.court:
        raise Refusal.of("court_already_asked")
    if own.effective_on is None:
        raise Refusal.of("no_agreement_to_confirm")
    rule = rule_on("disputes.confirmation_application", own.effective_on)
    last = law.due_date(own.effective_on, rule, law.calendar(), [])
    if local_day(asked.at) > last:
        raise Refusal.of("court_too_late", last=last)


@dispute.on("apply_court")
class ApplyCourt:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.court = "applied"
        state.own.court_on = local_day(act.occurred_at)


@guard("court_applied")
def court_applied(state: State, asked: Asked) -> None:
    if state.own.court not in ("applied", "taken"):
        raise Refusal.of("court_not_asked")


@guard("court_not_taken")
def court_not_taken(state: State, asked: Asked) -> None:
    if state.own.court == "taken":
        raise Refusal.of("court_taken_already")


@dispute.on("court_take")
class CourtTake:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.court = "taken"


@dispute.on("court_result")
class CourtResult:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.court = act.facts["result"]


@dispute.on("visit")
class Visit:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.visited_on = local_day(act.occurred_at)


@dispute.on("confirm", "disagree")
class Word:
    """The citizen's own word; a clerk may take it down at the counter, and then says so."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        rating = asked.data.rating  # type: ignore[attr-defined]
        if rating is not None and not 1 <= rating <= 5:
            raise Invalid.of("rating_out_of_range", field="rating")
        return {"word_by": "citizen" if asked.by.kind == "receipt" else "clerk"}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.word = "confirmed" if act.action == "confirm" else "disagreed"
        own.word_on = local_day(act.occurred_at)
        own.rating = act.facts.get("rating")


@dispute.on("stay_silent")
class StaySilent:
    """Silence is counted apart; it never becomes consent."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.word = "silent"
        state.own.word_on = local_day(act.occurred_at)


@guard("word_heard")
def word_heard(state: State, asked: Asked) -> None:
    """Archive only after the citizen's word or the end of the time for it."""
    if not state.own.word:
        raise Refusal.of("word_not_heard")


@guard("reopen_possible")
def reopen_possible(state: State, asked: Asked) -> None:
    """Within the window after closing; a declined or withdrawn one needs its lead unit named."""
    closed = state.own.closed_on
    if closed is None:
        return
    rule = rule_on("disputes.reopening_window", closed)
    if local_day(asked.at) > law.due_date(closed, rule, law.calendar(), []):
        raise Refusal.of("reopen_too_late")


@dispute.on("reopen")
class Reopen:
    """Take it up again; registration and first acceptance keep their dates."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        matter = state.matter
        return {} if matter.lead_unit_id else {"to_state": "accepted"}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.reopened += 1
        own.reopened_on = local_day(act.occurred_at)
        own.accepted_on = own.accepted_on or own.reopened_on
        for name in ("closed_on", "days", "on_time", "days_left", "noted_after", "visited_on",
                     "word_on", "rating", "performed_on", "effective_on", "archived_on"):  # fmt: skip
            setattr(own, name, None)
        own.outcome = own.word = own.agreement = ""


@dispute.on("archive")
class Archive:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.archived_on = local_day(act.occurred_at)
