"""From draft to public: checked by another post, published as checked, corrected in the open."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dingzi.core.errors import Invalid, Refusal
from dingzi.figures.texts import Checked, rich
from dingzi.matters import recusal
from dingzi.matters.acts import Act, Asked, Outcome, State
from dingzi.matters.clocks import local_day
from dingzi.matters.registry import guard
from dingzi.reading import DIFFERS

from ..decisions import numbers_changed
from ..process import article
from .editing import keep_page, page_of

#: Corrections that an article tells of, the newest last.
_KEPT = 50


@guard("article_of_another")
def article_of_another(state: State, asked: Asked) -> None:
    """Nobody checks what he wrote himself, from another post or standing in for one neither."""
    own = state.own
    if recusal.had_a_hand(asked.by, posts={own.writer}, units=(), since=own.written_on):
        raise Refusal.of("article_own_check")


def found(checked: Checked) -> dict[str, Any]:
    """Return the facts that a check leaves: counts, and the figures that the numbers are of."""
    counts = Counter(mark.shade for mark in checked.marks)
    named = dict.fromkeys(mark.figure.name for mark in checked.marks if mark.figure)
    return {
        "verified": counts["ok"],
        "differs": counts["off"],
        "none": counts["none"],
        "figures": list(named)[:40],
    }


def keep_found(state: State, act: Act) -> None:
    own, facts = state.own, act.facts
    own.verified, own.differs = facts.get("verified", 0), facts.get("differs", 0)
    own.none, own.figures = facts.get("none", 0), facts.get("figures", [])


@article.on("check")
class Check:
    """Look at every number beside the record; where one differs, say why it goes out."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        checked = rich.checked_text(state.own.text, local_day(asked.at))
        data: Any = asked.data
        if any(mark.verdict == DIFFERS for mark in checked.marks) and not data.note:
            raise Invalid.of("article_differs_needs_note", field="note")
        return found(checked)

    @staticmethod
    def apply(state: State, act: Act) -> None:
        keep_found(state, act)
        state.own.note = act.facts.get("note", "")


@article.on("publish")
class Publish:
    """Make it public as it was checked; the numbers are compared once more, as of now."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return found(rich.checked_text(state.own.text, local_day(asked.at)))

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        keep_found(state, act)
        own.live = True
        own.published_at, own.published_on = act.occurred_at, local_day(act.occurred_at)


@article.on("amend")
class Amend:
    """Correct what is public; each number that changed is told with what it was."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        own = state.own
        outcome = page_of(asked)
        same = (data.headline, data.text, data.summary) == (own.headline, own.text, own.summary)
        if same and (data.category, list(data.tags)) == (own.category, own.tags):
            raise Invalid.of("article_nothing_changed", field="text")
        day = own.published_on or local_day(asked.at)
        old, new = rich.checked_text(own.text, day), rich.checked_text(data.text, day)
        outcome.facts |= found(new)
        changed = numbers_changed(old, new)
        outcome.facts["corrected"] = len(changed)
        outcome.facts["numbers"] = [list(pair) for pair in changed]
        return outcome

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own, facts = state.own, act.facts
        keep_page(state, act)
        keep_found(state, act)
        own.corrected_at, own.corrected_on = act.occurred_at, local_day(act.occurred_at)
        own.corrections += facts["corrected"]
        change = {
            "on": local_day(act.occurred_at).isoformat(),
            "why": facts["why"],
            "numbers": facts.get("numbers", []),
        }
        own.changes = [*own.changes, change][-_KEPT:]


@article.on("withdraw")
class Withdraw:
    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.own.live = False
