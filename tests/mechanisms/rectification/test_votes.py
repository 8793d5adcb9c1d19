"""Owners' votes under the Civil Code (278): quorum, majority, and what is done without them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi import matters
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters.models import Event
from dingzi.mechanisms.rectification.models import Problem
from dingzi.mechanisms.rectification.services import voting

from .conftest import Lists

DAY = date(2026, 3, 2)
PASSED = {
    "item": "service", "owners": 300, "area": 30_000, "owners_voting": 200, "area_voting": 20_000,
    "owners_for": 101, "area_for": 10_001,
}  # fmt: skip


@dataclass(frozen=True)
class Count:
    item: str
    owners: int
    area: int
    owners_voting: int
    area_voting: int
    owners_for: int
    area_for: int


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "passed"),  # just two thirds took part, just over half agreed
        ({"owners_voting": 199}, "no_quorum"),
        ({"area_voting": 19_999}, "no_quorum"),
        ({"owners_for": 100}, "rejected"),  # half is not over half
        ({"area_for": 10_000}, "rejected"),
        ({"item": "fund_raise"}, "rejected"),
        ({"item": "fund_raise", "owners_for": 150, "area_for": 15_000}, "passed"),
        ({"item": "rebuild", "owners_for": 149, "area_for": 15_000}, "rejected"),
        ({"item": "common_use", "owners_for": 150, "area_for": 14_999}, "rejected"),
        ({"item": "fund_use", "owners_for": 101, "area_for": 10_001}, "passed"),
    ],
)
def test_the_articles_thresholds_hold_to_the_last_owner(
    db: None, change: dict[str, object], says: str
) -> None:
    """At least two thirds by area and people; over half, or three quarters for items 6 to 8."""
    assert voting.result(Count(**(PASSED | change)), DAY) == says  # type: ignore[arg-type]


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 9), st.integers(1, 9))
def test_whole_numbers_decide_as_fractions_do(whole: int, part: int, parts: int, of: int) -> None:
    """Cross-multiplying is exact."""
    share = Fraction(parts, of)
    assert voting.reaches(part, whole, (parts, of)) == (Fraction(part, whole) >= share)
    assert voting.exceeds(part, whole, (parts, of)) == (Fraction(part, whole) > share)


def test_what_depends_on_the_owners_waits_for_their_vote(city: Lists) -> None:
    """No finish without a vote in favour, and a later vote against takes it away again."""
    number = city.planned(needs_vote=True)
    with pytest.raises(Refusal, match="problem_vote_lacking"):
        matters.act(number, "finish", {"text": "改好了"}, by=city.housing)
    matters.act(number, "vote", PASSED | {"owners_voting": 150, "owners_for": 101}, by=city.housing)
    own = Problem.objects.get()
    assert (own.votes, own.passed_on) == (1, None)
    matters.act(number, "vote", PASSED, by=city.housing)
    matters.act(number, "vote", PASSED | {"owners_for": 20}, by=city.housing)
    with pytest.raises(Refusal, match="problem_vote_lacking"):
        matters.act(number, "finish", {"text": "改好了"}, by=city.housing)
    matters.act(number, "vote", PASSED, by=city.housing)
    matters.act(number, "finish", {"text": "改好了"}, by=city.housing)
    assert Problem.objects.get().votes == 4


def test_a_count_that_cannot_be_is_refused(city: Lists) -> None:
    """More took part than there are, more agreed than took part, nobody at all: each is named."""
    number = city.planned(needs_vote=True)
    before = Event.objects.count()
    for change, field in (
        ({"owners_voting": 301}, "owners_voting"), ({"area_for": 20_001}, "area_for"),
        ({"owners": 0, "owners_voting": 0, "owners_for": 0}, "owners"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            matters.act(number, "vote", PASSED | change, by=city.housing)
        assert field in [params["field"] for _code, params in refusal.value.reasons]
    with pytest.raises(Invalid):
        matters.act(number, "vote", PASSED | {"owners": -1}, by=city.housing)
    assert Event.objects.count() == before
