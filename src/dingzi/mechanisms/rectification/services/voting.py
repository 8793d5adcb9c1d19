"""Votes of owners under the Civil Code (民法典 278): who took part, who agreed, by area and people.

All in whole numbers and cross-multiplied: no rounding decides a vote.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.acts import Act, Asked, State
from dingzi.matters.clocks import local_day
from dingzi.matters.registry import guard

from ..process import problem

#: Items 6 to 8 of the article, which need more than the others.
WEIGHTY = frozenset({"fund_raise", "rebuild", "common_use"})
_PAIRS = (
    ("owners_voting", "owners"), ("area_voting", "area"),
    ("owners_for", "owners_voting"), ("area_for", "area_voting"),
)  # fmt: skip


def _share(name: str, on: date) -> tuple[int, int]:
    parts, whole = (
        int(law.parameter(f"rectification.{name}_{what}", on, overrides()).value)
        for what in ("parts", "whole")
    )
    return parts, whole


def reaches(part: int, whole: int, share: tuple[int, int]) -> bool:
    """Tell whether ``part`` of ``whole`` is at least the share (the number itself included)."""
    return part * share[1] >= whole * share[0]


def exceeds(part: int, whole: int, share: tuple[int, int]) -> bool:
    return part * share[1] > whole * share[0]


def result(data: Any, on: date) -> str:
    """Return ``passed``, ``no_quorum`` or ``rejected`` under the law that held on ``on``."""
    quorum = _share("quorum", on)
    if not (
        reaches(data.owners_voting, data.owners, quorum)
        and reaches(data.area_voting, data.area, quorum)
    ):
        return "no_quorum"
    if data.item in WEIGHTY:
        enough, share = reaches, _share("weighty", on)
    else:
        enough, share = exceeds, _share("majority", on)
    agreed = enough(data.owners_for, data.owners_voting, share) and enough(
        data.area_for, data.area_voting, share
    )
    return "passed" if agreed else "rejected"


@problem.on("vote")
class Vote:
    """Record a vote; whether it passed is computed, never asked."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        data: Any = asked.data
        wrong = [
            ("problem_vote_impossible", {"field": part})
            for part, whole in _PAIRS
            if getattr(data, part) > getattr(data, whole)
        ]
        wrong += [
            ("problem_vote_no_owners", {"field": name})
            for name in ("owners", "area")
            if not getattr(data, name)
        ]
        if wrong:
            raise Invalid(*wrong)
        return {"vote": result(data, local_day(asked.at))}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        own = state.own
        own.votes += 1
        own.passed_on = local_day(act.occurred_at) if act.facts["vote"] == "passed" else None


@guard("owners_agreed")
def owners_agreed(state: State, asked: Asked) -> None:
    """What the plan makes depend on the owners is not done against them; the last vote counts."""
    if state.own.needs_vote and state.own.passed_on is None:
        raise Refusal.of("problem_vote_lacking")
