"""The choice: best, checked, explained, the same again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits

from dingzi.engines.contract import Stop
from dingzi.engines.portfolio import deciding
from dingzi.engines.portfolio.checking import check
from dingzi.engines.portfolio.deciding import decide
from dingzi.engines.portfolio.exact import Limit, Solved, solve
from dingzi.engines.portfolio.problem import Group, PortfolioProblem, PortfolioSettings
from dingzi.engines.portfolio.rows import rows
from tests.engines.portfolio.making import SETTINGS, best, make, problems


@given(problems())
def test_the_choice_is_the_best_there_is(problem: PortfolioProblem) -> None:
    """Against every choice of a small problem: status, objective and bound are right."""
    found = decide(problem, SETTINGS)
    assert found.objective == best(problem)
    assert found.status == ("infeasible" if found.objective is None else "optimal")
    assert found.bound == found.objective


@given(problems(plain=True))
def test_a_knapsack_is_packed_best(problem: PortfolioProblem) -> None:
    """The search made for plain knapsacks finds the best of small ones and proves it."""
    found = decide(problem, SETTINGS)
    assert (found.objective, found.bound, found.status) == (best(problem), best(problem), "optimal")


@given(problems())
def test_the_checker_agrees_and_every_loser_has_a_reason(problem: PortfolioProblem) -> None:
    """Objective and reasons are recomputed from the solution; nobody is left out."""
    found = decide(problem, SETTINGS)
    if found.solution is None:
        return
    verdict = check(problem, SETTINGS, found.solution)
    assert not verdict.broken
    assert verdict.objective == found.objective
    assert list(verdict.reasons) == list(found.reasons)
    chosen = {problem.items[at] for at in problem.item[found.solution.chosen]}
    told = {params["item"] for _, params in found.reasons}
    assert set(problem.items) - chosen <= told


@limits(max_examples=20)
@given(problems())
def test_a_conflict_is_irreducible(problem: PortfolioProblem) -> None:
    """The demands named cannot hold together, and can without any one of them."""
    found = decide(problem, SETTINGS)
    if found.status != "infeasible":
        return
    every = {repr(row.demand): row for row in rows(problem)}
    named = [every[repr(reason)] for reason in found.reasons]
    nothing = np.zeros(len(problem.versions), np.int64)
    assert solve(problem, named, nothing, Limit()).status == "infeasible"
    for left in range(len(named)):
        rest = named[:left] + named[left + 1 :]
        assert solve(problem, rest, nothing, Limit()).status == "optimal"


def test_a_conflict_that_time_cuts_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question answered after the proof: all demands, and that fewer may do."""
    problem = make([1, 1], [[5, 5]], [5], must=[True, True])
    answers = iter([Solved("infeasible", None, None)])
    unknown = Solved("unknown", None, None)
    monkeypatch.setattr(deciding, "solve", lambda *_, **__: next(answers, unknown))
    found = decide(problem, SETTINGS)
    assert found.status == "infeasible"
    codes = [code for code, _ in found.reasons]
    assert codes == ["portfolio.must", "portfolio.must", "portfolio.capacity", "conflict_open"]


def test_a_floor_brings_in_what_is_worth_less() -> None:
    """A guarantee's floor holds its money before better value elsewhere."""
    floor = Group(name="wages", items=(1,), floor=5)
    problem = make([9, 1], [[5, 5]], [5], groups=(floor,))
    found = decide(problem, SETTINGS)
    assert found.solution is not None
    assert found.solution.chosen.tolist() == [False, True]
    assert found.reasons == [("portfolio.no_room", {"item": "i0", "resource": "r0", "short": 5})]


def test_an_earlier_tier_is_never_traded() -> None:
    """In order, one point of the first tier outweighs any of a later one."""
    problem = make([1, 50], [[5, 5]], [5], tier=[0, 1])
    ordered = decide(problem, replace(SETTINGS, in_order=True))
    assert ordered.solution is not None
    assert ordered.solution.chosen.tolist() == [True, False]
    assert ordered.status == "optimal"
    assert decide(problem, SETTINGS).objective == 50


def test_the_rest_of_a_year_is_carried_over() -> None:
    """What 2027 leaves may be spent in 2028, never the other way round."""
    later = make([3], [[0], [8]], [5, 5], carries=[-1, 0])
    assert decide(later, SETTINGS).objective == 3
    earlier = make([3], [[8], [0]], [5, 5], carries=[-1, 0])
    assert decide(earlier, SETTINGS).objective == 0


def test_fen_are_exact_where_floats_are_not() -> None:
    """A capacity one fen short of two items of ten billion yuan admits only one."""
    cost = 10**12 + 1
    pair = make([1, 1], [[cost, cost]], [2 * cost - 1])
    assert decide(pair, SETTINGS).objective == 1
    assert decide(replace(pair, must=np.array([True, False])), SETTINGS).objective == 1


def test_the_same_work_gives_the_same_answer() -> None:
    """By work and on one core, two runs agree in every figure but the time."""
    random = np.random.default_rng(4)
    use = random.integers(1, 1000, (5, 30))
    value = use.sum(axis=0) // 5 + random.integers(0, 500, 30)
    problem = make(value.tolist(), use.tolist(), (use.sum(axis=1) // 2).tolist())
    settings = PortfolioSettings(stop=Stop(work=30), seed=3)
    first, second = decide(problem, settings), decide(problem, settings)
    assert first.solution is not None and second.solution is not None
    assert (first.solution.chosen == second.solution.chosen).all()
    assert replace(first, seconds=0, solution=None) == replace(second, seconds=0, solution=None)


def test_the_clock_is_kept() -> None:
    """With a limit in seconds the answer comes near it and holds."""
    random = np.random.default_rng(5)
    use = random.integers(1, 1000, (10, 200))
    value = use.sum(axis=0) // 10 + random.integers(0, 500, 200)
    problem = make(value.tolist(), use.tolist(), (use.sum(axis=1) // 2).tolist())
    settings = PortfolioSettings(stop=Stop(seconds=1.0, cores=2))
    found = decide(problem, settings)
    assert found.solution is not None
    assert check(problem, settings, found.solution).feasible
    assert found.objective is not None and found.bound is not None
    assert found.objective <= found.bound
