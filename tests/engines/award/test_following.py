"""What follows an award: capacity, exempt forms, years, defaults, and what the checker lets pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.award.checking import check
from dingzi.engines.award.deciding import decide
from dingzi.engines.award.defaulting import substitute
from dingzi.engines.award.problem import Award
from dingzi.engines.award.rulebook import rule_book
from dingzi.engines.errors import BadSettings
from tests.engines.award.making import round_of, settings
from tests.engines.award.test_deciding import award_of, lowered


def test_a_default_is_filled_at_the_next_ones_own_price() -> None:
    """The backup takes the regions at its own winning price, and the defaulter is barred."""
    problem = round_of([100, 110, 120, 130], [50, 40])
    rules = settings("national-7")
    award = award_of(problem, rules)
    found = substitute(problem, award, 0, 0, date(2026, 3, 1), 365)
    assert found.award.main.tolist() == [[1, 1]]
    assert found.award.price[1] == 110
    assert found.reasons[0][1] == {
        "region": "r0", "defaulter": "b0", "bidder": "b1", "price": 110,
    }  # fmt: skip
    assert found.until == date(2027, 3, 1)
    assert (found.award.main != found.award.backup).all()
    assert award.main.tolist() == [[0, 1]]


def test_a_default_with_nobody_left_says_so() -> None:
    """A sole winner's regions stay empty, with nothing agreed."""
    problem = round_of([100], [50])
    award = award_of(problem, settings("national-3"))
    found = substitute(problem, award, 0, 0, date(2026, 3, 1), 365)
    assert found.award.main.tolist() == [[-1]]
    assert found.award.agreed.sum() == 0
    assert found.reasons[0][0] == "award.nobody_left"


def test_the_breaker_loses_no_fen_to_rounding() -> None:
    """0.9 of a mean of 20/6 is 3 exactly: a bid of 3 passes (it was once broken at 2)."""
    rules = replace(
        settings("national-11"), rules=replace(settings("national-11").rules, entry=1, exempt=None)
    )
    problem = round_of([1, 3, 3, 3, 4, 6, 60, 60], [10])
    award = award_of(problem, rules)
    assert award.price[[0, 1, 2, 3]].tolist() == [1, 3, 3, 3]
    assert not check(problem, rules, award).broken


@given(st.lists(st.integers(10**8, 10**9), min_size=7, max_size=12))
def test_the_largest_prices_are_exact_too(prices: list[int]) -> None:
    """Where products go beyond 64 bits the fractions of the checker still find the same."""
    rules = settings("national-11")
    problem = round_of(prices, [10], ceiling=10**9)
    found = decide(problem, rules)
    assert found.solution is not None
    verdict = check(problem, rules, found.solution)
    assert not verdict.broken
    assert list(verdict.reasons) == list(found.reasons)


def test_a_bid_above_the_ceiling_is_told_what_would_have_won() -> None:
    """It did not count; within the ceiling it would have had to beat the last place or the rule."""
    problem, rules = round_of([100, 110, 130, 2000], [50]), settings("national-7")
    found = decide(problem, rules)
    code, params = found.reasons[-1]
    assert (code, params["bidder"]) == ("award.over_ceiling", "b3")
    for price, wins in ((params["needed"], True), (params["needed"] + 1, False)):
        assert bool(award_of(lowered(problem, 3, price), rules).rank[3] >= 0) is wins


def test_only_oral_solids_are_exempt_in_the_eleventh_round() -> None:
    """0.10 yuan passes beyond the breaker where the product is an oral solid, and nowhere else."""
    prices = [1, 2, 2, 2, 2, 3, 10]
    rules = replace(settings("national-11"), rules=replace(rule_book("national-11"), revival=False))
    plain = round_of(prices, [10])
    rank = award_of(plain, rules).rank
    assert (rank[6], rank[0]) == (-1, 0)
    wide = replace(rules, rules=replace(rules.rules, winners=((7, 7),)))
    solid = replace(plain, forms=["oral_solid"])
    # breaker: 1.8 times half the mean of 22/7 is 2.83: 3 and 10 are beyond it, and exempt
    assert (award_of(plain, wide).rank >= 0).tolist() == [True] * 5 + [False] * 2
    assert (award_of(solid, wide).rank >= 0).all()
    for problem in (plain, solid):
        assert check(problem, wide, award_of(problem, wide)).feasible


def test_a_contract_has_its_years() -> None:
    """The third round: one or two winners one year, three two, four and more three."""
    for bidders, years in ((1, 1), (3, 1), (4, 2), (5, 3), (11, 3)):
        problem = round_of([100 + at for at in range(bidders)], [10])
        award = award_of(problem, settings("national-3"))
        assert award.years.tolist() == [years]


def test_who_has_not_the_capacity_lets_the_next_pick() -> None:
    """The lowest can supply 30 units: the largest region goes to the second, a small one to it."""
    problem = replace(
        round_of([100, 110, 120], [100, 40, 900]), capacity=np.array([30, 70, -1])
    )  # fmt: skip
    rules = settings("national-7")
    found = decide(problem, rules)
    assert found.solution is not None
    # two winners: 60 % agreed, 540, 60 and 24 units
    assert found.solution.main.tolist() == [[1, 0, -1]]
    assert found.solution.agreed.tolist() == [[60, 24, 0]]
    assert found.reasons[-1] == ("award.no_capacity", {"product": "p", "region": "r2"})
    verdict = check(problem, rules, found.solution)
    assert verdict.feasible
    assert list(verdict.reasons) == list(found.reasons)


def test_a_substitute_takes_what_it_can() -> None:
    """After a default the next one takes the region that it has the capacity for."""
    problem = replace(
        round_of([100, 110, 120, 130], [50, 40]), capacity=np.array([-1, 40, 100, -1])
    )
    rules = settings("national-7")
    award = award_of(problem, rules)
    assert award.main.tolist() == [[0, 1]]
    after = substitute(problem, award, 0, 0, date(2026, 3, 1), 365).award
    # 35 of 40 units are left of neither: b1 has 12 left for the 35, b2 takes them
    assert after.main.tolist() == [[2, 1]]


@given(st.data())
def test_no_changed_award_passes(data: st.DataObject) -> None:
    """Rank, price, region, backup, units, years: one change anywhere and the checker says so."""
    problem = round_of([100, 101, 102, 103, 110, 300], [50, 40, 30], ceiling=400)
    rules = settings("national-7")
    award = award_of(problem, rules)
    name = data.draw(st.sampled_from(["rank", "price", "main", "backup", "agreed", "years"]))
    array = getattr(award, name).copy()
    place = data.draw(st.integers(0, array.size - 1))
    other = data.draw(st.integers(-1, 120).filter(lambda one: one != array.flat[place]))
    array.flat[place] = other if name not in ("main", "backup") else min(other, 5)
    if name == "backup":
        # any other winner may be the backup: a loser, nobody or the main supplier may not
        array.flat[place] = data.draw(st.sampled_from([-1, 5, int(award.main.flat[place])]))
    changed: Award = replace(award, **{name: array})
    if (array == getattr(award, name)).all():
        return
    assert not check(problem, rules, changed).feasible


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"winners": ((1, 3), (5, 2))}, "award.fewer_winners"),
        ({"factor": None}, "award.no_breaker"),
        ({"of": "lowest"}, "award.no_anchor"),
        ({"shares": rule_book("national-11").shares[1:]}, "award.steps"),
    ],
)
def test_a_rule_book_that_contradicts_itself_is_refused(
    change: dict[str, object], code: str
) -> None:
    """What a rule would silently mean nothing by is told when the book is read."""
    with pytest.raises(BadSettings) as caught:
        replace(rule_book("national-11"), **change)  # type: ignore[arg-type]
    assert caught.value.reason[0] == code
