"""More money, less money, and how sure a choice is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits

from dingzi.engines.errors import BadSettings
from dingzi.engines.portfolio.frontier import Facts, frontier, next_money, sort_out
from dingzi.engines.portfolio.problem import PortfolioProblem
from tests.engines.portfolio.making import SETTINGS, make, problems


@limits(max_examples=15)
@given(problems(plain=True))
def test_more_money_never_buys_less(problem: PortfolioProblem) -> None:
    """Along the frontier the objective rises or stays, within its bound."""
    points = frontier(problem, SETTINGS, [30, 0, 10])
    assert [point.total for point in points] == [0, 10, 30]
    worth = [point.objective or 0 for point in points]
    assert worth == sorted(worth)
    assert all((point.bound or 0) >= (point.objective or 0) for point in points)


def test_the_next_money_names_what_it_buys() -> None:
    """Five more let the dearer item in, and the cheaper one out."""
    problem = make([4, 9], [[5, 10]], [5])
    found = next_money(problem, SETTINGS, 5, 0)
    assert found is not None
    assert (found.gain, found.most) == (5, 5)
    assert (found.added, found.dropped) == (("i1",), ("i0",))


def test_each_item_is_sorted_with_a_reason() -> None:
    """Not needed stops; started, or urgent, ready and paid for, is guaranteed; the rest waits."""
    problem = make([9, 9, 9, 9, 1], [[1, 1, 1, 1, 40]], [10])
    yes, no = np.ones(5, np.bool_), np.zeros(5, np.bool_)
    needed, urgent, ready, started = yes.copy(), yes.copy(), yes.copy(), no.copy()
    needed[0], urgent[1], ready[2] = False, False, False
    facts = Facts(needed=needed, urgent=urgent, ready=ready, started=started)
    found = sort_out(problem, SETTINGS, facts, draws=2)
    assert [one.reason[0].split(".")[1] for one in found] == [
        "stop_not_needed",
        "defer_not_urgent",
        "defer_not_ready",
        "guarantee_urgent",
        "defer_no_money",
    ]
    assert [one.chosen_share for one in found] == [1.0, 1.0, 1.0, 1.0, 0.0]


def test_senseless_sensitivity_is_refused() -> None:
    """No draw, no answer: refused by name."""
    problem = make([1], [[1]], [1])
    facts = Facts(**dict.fromkeys(("needed", "urgent", "ready", "started"), np.ones(1, np.bool_)))
    with pytest.raises(BadSettings, match="sensitivity"):
        sort_out(problem, SETTINGS, facts, draws=0)
