"""What each act of a dispute checks and changes. Rules: 人民调解法 and the articles named."""

from __future__ import annotations

from datetime import date
from typing import Any

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid, Refusal
from dingzi.core.identity import find_identity_numbers
from dingzi.matters.acts import Act, Asked, Intent, Outcome, State
from dingzi.matters.clocks import end_of, local_day
from dingzi.matters.common_acts import held_by_unit, tasks
from dingzi.matters.models import Matter
from dingzi.matters.registry import guard

from .process import dispute

#: Categories on which a court confirms nothing (最高人民法院 2011 judicial interpretation, 4).
STATUS_CATEGORIES = frozenset({"family"})


@dispute.on("file")
class File:
    """Register at any door; the governance centre around the place looks at it first.

    Refuses Invalid for an identity number in the text: this step does not need one.
    """

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        parties = getattr(data, "parties", [])
        if find_identity_numbers(data.text) and asked.by.kind in ("public", "receipt"):
            raise Invalid.of("identity_number_in_text", field="text")
        facts: dict[str, Any] = {}
        private: dict[str, Any] = {}
        people = [p.model_dump(mode="json") for p in parties]
        if data.name or data.phone:
            people.insert(0, {"side": "applicant", "name": data.name, "phone": data.phone})
        if people:
            private["parties"] = people
        if asked.door == "import":
            facts["imported"] = True
        return Outcome(facts=facts, private=private)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.registered_on = local_day(act.occurred_at)
        own.door = act.facts.get("channel") or act.door
        own.imported = act.facts.get("imported", False)
        keep_place(state)


@dispute.on("take_over")
class TakeOver:
    """Record the result of a case finished elsewhere; it counts as imported, never as on time."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        registered, accepted = local_day(asked.at), data.accepted_on
        if data.closed_on < registered or data.closed_on > local_day(asked.now):
            raise Invalid.of("closed_out_of_order", field="closed_on")
        if accepted and not registered <= accepted <= data.closed_on:
            raise Invalid.of("accepted_out_of_order", field="accepted_on")
        outcome = File.check(state, asked)
        outcome.facts |= {"imported": True, "outcome": data.result}
        return outcome

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        File.apply(state, act)
        own.accepted_on = _day(facts.get("accepted_on"))
        own.closed_on = own.archived_on = _day(facts["closed_on"])
        own.outcome = facts["outcome"]
        if facts["outcome"] == "declined":
            own.refused_on = own.closed_on
        own.days = (own.closed_on - own.accepted_on).days if own.accepted_on else None
        state.matter.closed_at = end_of(own.closed_on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dispute.on("correct")
class Correct:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        from dingzi.matters.common_acts import Correct as common

        return common.check(state, asked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_place(state)


def keep_place(state: State) -> None:
    """Keep on the projection the keys by which it is listed and counted."""
    own, matter = state.own, state.matter
    own.county, own.town = matter.county, matter.town
    own.category, own.subcategory = matter.category, matter.subcategory
    own.status_matter = matter.category in STATUS_CATEGORIES


@dispute.on("accept")
class Accept:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.accepted_on = local_day(act.occurred_at)
        keep_place(state)


@dispute.on("dispatch")
class Dispatch:
    """Name the lead unit, open a task for each co-handler."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return dispatched(state, asked)


@dispute.on("accept_dispatch")
class AcceptDispatch:
    """Accept and dispatch in one act: what a clerk does nine times of ten."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        return dispatched(state, asked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.accepted_on = local_day(act.occurred_at)
        keep_place(state)


def dispatched(state: State, asked: Asked) -> Outcome:
    data: Any = asked.data
    if data.lead in data.co_units:
        raise Invalid.of("lead_is_co_handler", field="co_units")
    facts = held_by_unit(data.lead, "mediator", field="lead") | {"lead_unit": data.lead}
    then: list[Intent] = []
    if data.co_units:
        if not data.what:
            raise Invalid.of("required", field="what")
        then = tasks(state, asked, data.co_units, data.what)
        facts["units"] = list(data.co_units)
    return Outcome(facts=facts, then=then)


@dispute.on("decline")
class Decline:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.refused_on = local_day(act.occurred_at)
        close(state, act)


@dispute.on("merge")
class Merge:
    """Merge into the matter that stays open; both sides of the link are kept."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        number = asked.data.into  # type: ignore[attr-defined]
        other = Matter.objects.filter(number=number, process=state.process.name).first()
        if other is None or not _same_scope(asked, other):
            raise Invalid.of("no_such_matter", field="into", number=number)
        if other.id == state.matter.id or other.merged_into_id == state.matter.id:
            raise Invalid.of("merge_into_itself", field="into")
        if other.merged_into_id is not None:
            raise Invalid.of("already_merged", field="into", number=other.number)
        return {"merged_into": other.id}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


def _same_scope(asked: Asked, other: Matter) -> bool:
    from dingzi.matters.visibility import sees

    return sees(asked.by, other)


@dispute.on("session")
class Session:
    """Record a session; nobody who was recused mediates it (人民调解法 15; practice)."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if not data.mediators:
            raise Invalid.of("required", field="mediators")
        both = {m.strip() for m in data.mediators} & {r.strip() for r in data.recused}
        if both:
            raise Invalid.of("recused_mediates", field="mediators", name=sorted(both)[0])
        if data.recusal_asked and not data.recused:
            raise Invalid.of("recusal_unanswered", field="recused")
        return {"mediator_post": asked.by.post} if asked.by.post else {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.sessions += 1
        own.mediated_on = own.mediated_on or local_day(act.occurred_at)
        post = act.facts.get("mediator_post")
        if post and post not in own.mediators:
            own.mediators = [*own.mediators, post]


@dispute.on("propose")
class Propose:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        if asked.data.answer_by <= local_day(asked.at):  # type: ignore[attr-defined]
            raise Invalid.of("answer_by_past", field="answer_by")
        return {}


@dispute.on("settle")
class Settle:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("agree")
class Agree:
    """An oral agreement holds when reached (30); a written one when both sides and the mediator
    have signed and it is sealed (29). The court's 30 days run from then."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        if data.form == "written" and not data.signed:
            raise Invalid.of("written_needs_signatures", field="signed")
        if data.perform_by and data.perform_by < local_day(asked.at):
            raise Invalid.of("perform_by_past", field="perform_by")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.agreement = act.facts["form"]
        own.effective_on = local_day(act.occurred_at)
        close(state, act)


@dispute.on("fail")
class Fail:
    """Mediation failed: the remedies are told, in writing (26)."""

    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("breach")
class Breach:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


@dispute.on("withdraw")
class Withdraw:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        close(state, act)


def close(state: State, act: Act) -> None:
    """Keep the result, the days since acceptance, and whether the mediation was in time."""
    own, matter = state.own, state.matter
    own.closed_on = local_day(act.occurred_at)
    own.outcome = matter.outcome
    begun = own.reopened_on or own.accepted_on
    own.days = (own.closed_on - begun).days if begun else None
    clock = matter.clocks.get("mediation")
    own.on_time = None if clock is None or "late" not in clock else not clock["late"]


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
    rule = law.rule("disputes.confirmation_application", own.effective_on, overrides())
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
    if state.own.court != "applied":
        raise Refusal.of("court_not_asked")


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
    rule = law.rule("disputes.reopening_window", closed, overrides())
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
        for name in ("closed_on", "days", "on_time", "visited_on", "word_on", "rating",
                     "performed_on", "effective_on", "archived_on"):  # fmt: skip
            setattr(own, name, None)
        own.outcome = own.word = own.agreement = ""


@dispute.on("archive")
class Archive:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.archived_on = local_day(act.occurred_at)
