"""The rules of a round: monotone where they are, exact, blind to the order of the bids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.award.checking import check
from dingzi.engines.award.deciding import HOPELESS, decide
from dingzi.engines.award.problem import Award, AwardProblem, AwardSettings
from tests.engines.award.making import books, round_of, rounds, settings, shuffled


def award_of(problem: AwardProblem, rules: AwardSettings) -> Award:
    solution = decide(problem, rules).solution
    assert solution is not None
    return solution


def units(problem: AwardProblem, award: Award, at: int) -> int:
    return int(award.agreed[award.main == at].sum())


def lowered(problem: AwardProblem, at: int, price: int) -> AwardProblem:
    prices = problem.price.copy()
    prices[at] = price
    return replace(problem, price=prices)


@given(rounds(), books)
def test_the_slow_checker_finds_the_same(problem: AwardProblem, rules: AwardSettings) -> None:
    """Fractions and plain loops name the same winners, prices, regions and reasons."""
    found = decide(problem, rules)
    assert found.solution is not None
    verdict = check(problem, rules, found.solution)
    assert not verdict.broken
    assert (verdict.objective, list(verdict.reasons)) == (found.objective, list(found.reasons))


@given(rounds(), books, st.data())
def test_a_lower_bid_never_loses_a_place(
    problem: AwardProblem, rules: AwardSettings, data: st.DataObject
) -> None:
    """Who wins outright wins with every lower bid too, at no worse place among the outright winners.

    So it is for the lowest and for the anchor: when a bid falls by d, the breaker falls by at most
    factor × share × d / shortlist, less than d.
    """
    award = award_of(problem, rules)
    outright = np.flatnonzero((award.rank >= 0) & (award.price == problem.price))
    if not len(outright):
        return
    at = data.draw(st.sampled_from(outright.tolist()))
    price = data.draw(st.integers(1, int(problem.price[at])))
    again = award_of(lowered(problem, at, price), rules)
    assert 0 <= again.rank[at] <= award.rank[at]


@given(rounds(), books, st.data())
def test_a_lower_bid_keeps_the_volume_where_as_many_win(
    problem: AwardProblem, rules: AwardSettings, data: st.DataObject
) -> None:
    """With the number of winners unchanged and capacities that bind nobody, a better place never
    means fewer units."""
    problem = replace(problem, capacity=np.full(len(problem.price), -1))
    award = award_of(problem, rules)
    outright = np.flatnonzero((award.rank >= 0) & (award.price == problem.price))
    if not len(outright):
        return
    at = data.draw(st.sampled_from(outright.tolist()))
    other = lowered(problem, at, data.draw(st.integers(1, int(problem.price[at]))))
    again = award_of(other, rules)
    same = problem.product == problem.product[at]
    if (award.rank[same] >= 0).sum() == (again.rank[same] >= 0).sum():
        assert units(other, again, at) >= units(problem, award, at)


def test_a_national_rule_can_cost_the_lowest_bidder_volume() -> None:
    """Counterexample, kept: the share agreed rises with the number of winners.

    With 100 against 180 both win and 60 % of the one region is agreed, all with the lowest. At 90
    the breaker (1.8 × 90 = 162) puts the other out; one winner, 50 %: fewer units for a lower bid.
    """
    rules = settings("national-7")
    before = round_of([100, 180, 200], [1000], ceiling=200)
    after = round_of([90, 180, 200], [1000], ceiling=200)
    assert units(before, award_of(before, rules), 0) == 600
    assert units(after, award_of(after, rules), 0) == 500


@given(rounds(), books)
def test_the_bid_that_would_have_won_does(problem: AwardProblem, rules: AwardSettings) -> None:
    """Each loser's price wins outright, and one fen more does not."""
    names = {name: at for at, name in enumerate(problem.bidders)}
    for code, params in decide(problem, rules).reasons:
        if code in (*HOPELESS, "award.no_capacity"):
            continue
        needed = params["needed"]
        product = problem.products.index(params["product"])
        mine = (problem.product == product) & (problem.bidder == names[params["bidder"]])
        at = int(np.flatnonzero(mine)[0])
        for price, wins in ((needed, True), (needed + 1, False)):
            if 1 <= price <= 50:
                award = award_of(lowered(problem, at, price), rules)
                outright = award.rank[at] >= 0 and award.price[at] == price
                assert bool(outright) is wins


@given(rounds(), books, st.randoms(use_true_random=False))
def test_no_rule_depends_on_the_order_of_the_bids(
    problem: AwardProblem, rules: AwardSettings, random: object
) -> None:
    """The same bids in another order: the same winners, places, prices and regions."""
    order = list(range(len(problem.price)))
    random.shuffle(order)  # type: ignore[attr-defined]
    first, second = award_of(problem, rules), award_of(shuffled(problem, order), rules)
    assert (first.rank[order] == second.rank).all()
    assert (first.price[order] == second.price).all()
    there = np.append(order, -1)
    assert (there[second.main] == first.main).all()
    assert (there[second.backup] == first.backup).all()


@given(rounds(), books)
def test_the_volume_adds_up(problem: AwardProblem, rules: AwardSettings) -> None:
    """Every region of an awarded product has one supplier or a reason why not; what all supply is
    what is agreed, and nobody's is more than it can."""
    found = decide(problem, rules)
    award = found.solution
    assert award is not None
    awarded = np.zeros(len(problem.products), np.bool_)
    awarded[problem.product[award.rank >= 0]] = True
    without = {(p["product"], p["region"]) for code, p in found.reasons if "capacity" in code}
    for product, region in np.ndindex(award.main.shape):
        name = problem.products[product], problem.regions[region]
        assert (award.main[product, region] >= 0) == (awarded[product] and name not in without)
    for at in np.flatnonzero(award.rank >= 0):
        assert problem.capacity[at] < 0 or units(problem, award, at) <= problem.capacity[at]
    total = sum(units(problem, award, at) for at in np.flatnonzero(award.rank >= 0))
    assert total == award.agreed.sum() <= problem.volume.sum()


def test_the_anchor_holds_against_a_bid_far_too_low() -> None:
    """Half the shortlist's mean carries the breaker where one bid is thrown away."""
    problem = round_of([1, 100, 100, 100, 100, 120, 400], [10])
    award = award_of(problem, settings("national-11"))
    # shortlist of 5: mean 80.2, anchor 40.1, breaker 72: all but the lowest revive at 72
    assert (award.rank >= 0).sum() == 5
    assert award.rank[0] == 0
    assert sorted(set(award.price.tolist())) == [0, 1, 72]
