"""Buying within a budget; bids that the operator cannot read."""

from __future__ import annotations

from itertools import product as every

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dingzi.engines.award.budgeting import BudgetSettings, within_budget
from dingzi.engines.award.deciding import decide
from dingzi.engines.award.problem import AwardProblem
from dingzi.engines.award.sealing import open_sealed, seal
from dingzi.engines.contract import Stop
from dingzi.engines.errors import EngineError
from tests.engines.award.making import rounds, settings


@limits(max_examples=25)
@given(rounds(), st.integers(0, 3000), st.none() | st.integers(0, 2), st.integers(0, 2))
def test_what_is_bought_is_worth_most(
    problem: AwardProblem, budget: int, most: int | None, least: int
) -> None:
    """Against every choice: within the budget, no bidder too often, enough bidders."""
    award = decide(problem, settings("national-3")).solution
    assert award is not None
    worth = np.arange(1, len(problem.products) + 1)
    units = award.agreed.sum(axis=1)
    choices = [
        [-1, *np.flatnonzero((problem.product == p) & (award.rank >= 0)).tolist()]
        for p in range(len(problem.products))
    ]
    best = None
    for choice in every(*choices):
        taken = [at for at in choice if at >= 0]
        bidders = problem.bidder[taken].tolist()
        cost = sum(int(award.price[at]) * int(units[problem.product[at]]) for at in taken)
        if cost > budget or len(set(bidders)) < least:
            continue
        if most is not None and any(bidders.count(one) > most for one in bidders):
            continue
        best = max(best or 0, sum(int(worth[problem.product[at]]) for at in taken))
    found = within_budget(
        problem, award, worth,
        BudgetSettings(stop=Stop(work=100), budget=budget, most_of_one=most, least_bidders=least),
    )  # fmt: skip
    assert found.objective == best == found.bound
    if best is None:
        assert found.status == "infeasible"
        assert found.reasons


@given(st.binary(max_size=200), st.integers(2, 5))
def test_a_sealed_bid_opens_with_every_share(bid: bytes, holders: int) -> None:
    """All shares open it; all but one do not; another round's name does not."""
    sealed = seal(bid, "round 1", holders)
    assert open_sealed(sealed.commitment, sealed.box, sealed.shares, "round 1") == bid
    assert bid == b"" or len(bid) < 4 or bid not in sealed.box
    with pytest.raises(EngineError):
        open_sealed(sealed.commitment, sealed.box, sealed.shares[1:], "round 1")
    with pytest.raises(EngineError):
        open_sealed(sealed.commitment, sealed.box, sealed.shares, "round 2")


def test_a_bid_cannot_be_exchanged() -> None:
    """Neither the box nor the commitment can be swapped for another's."""
    one, other = seal(b"100", "r", 2), seal(b"90", "r", 2)
    for commitment, box, shares in (
        (one.commitment, other.box, other.shares),
        (one.commitment, other.box, one.shares),
        (one.commitment, one.box[:-1] + bytes([one.box[-1] ^ 1]), one.shares),
        (one.commitment, b"", one.shares),
    ):
        with pytest.raises(EngineError):
            open_sealed(commitment, box, shares, "r")


def test_one_holder_is_no_seal() -> None:
    """A key in one hand is the operator's hand."""
    with pytest.raises(EngineError, match="two to 100"):
        seal(b"1", "r", 1)
