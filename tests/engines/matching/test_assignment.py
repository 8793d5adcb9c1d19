"""Assignment: the greatest sum, proven by a checker of its own; guarantees that cannot hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.errors import BadSettings
from dingzi.engines.matching import Lists, Matching, check, decide
from tests.engines.matching.jobs import lists, market, settings

ASKED = settings(method="assignment", hard_reserve=True)
SMALL = st.fixed_dictionaries(
    {
        "seekers": st.integers(0, 5),
        "vacancies": st.integers(1, 3),
        "choices": st.integers(1, 3),
        "categories": st.integers(0, 2),
        "seats": st.just(2),
        "guaranteed": st.sampled_from([0.0, 0.5, 1.0]),
        "seed": st.integers(0, 10_000),
    }
)


def sums(problem: Lists) -> dict[tuple[int, ...], int]:
    """All matchings that keep seats, reserves and guarantees, with their sums."""
    found = {}
    for choice in product(*([-1, *range(n)] for n in problem.lengths)):
        if any(g and at < 0 for g, at in zip(problem.guaranteed, choice, strict=True)):
            continue
        got = [(int(problem.vacancy[s, at]), s) for s, at in enumerate(choice) if at >= 0]
        if all(_sits(problem, [s for v, s in got if v == one], one) for one, _ in got):
            found[choice] = sum(int(problem.score[s, choice[s]]) for _, s in got)
    return found


def _sits(problem: Lists, held: list[int], vacancy: int) -> bool:
    kept = problem.reserved[vacancy]
    own = [sum(problem.category[s] == category for s in held) for category in range(len(kept))]
    over = len(held) - sum(min(n, k) for n, k in zip(own, kept, strict=True))
    return bool(over <= problem.seats[vacancy] - kept.sum())


@given(SMALL)
def test_no_matching_has_a_greater_sum(shape) -> None:
    """Against every matching tried one by one, and proven by the checker without solving."""
    problem = lists(**shape)
    result = decide(problem, ASKED)
    every = sums(problem)
    if result.solution is None:
        assert not every
        return
    assert result.objective == result.bound == max(every.values())
    verdict = check(problem, ASKED, result.solution)
    assert verdict.feasible, verdict.broken
    assert verdict.reasons == result.reasons


@given(SMALL, st.integers(0, 10**6))
def test_the_checker_calls_best_what_is_best(shape, pick) -> None:
    """A matching picked at random passes exactly if its sum is the greatest."""
    problem = lists(**shape)
    every = sums(problem)
    if not every:
        return
    choice = sorted(every)[pick % len(every)]
    solution = Matching(lists=problem, choice=np.array(choice, dtype=np.int32))
    told = check(problem, ASKED, solution)
    assert told.feasible == (every[choice] == max(every.values()))


@given(SMALL)
def test_guarantees_that_cannot_hold_are_an_irreducible_set(shape) -> None:
    """Those named cannot all sit; without any one of them the others can."""
    problem = lists(**(shape | {"guaranteed": 1.0}))
    result = decide(problem, ASKED)
    if result.status != "infeasible":
        return
    named = [params["seeker"] for code, params in result.reasons if code == "matching_too_many"]
    for left_out in (None, *named):
        only = np.isin(np.arange(len(problem)), [s for s in named if s != left_out])
        again = decide(replace(problem, guaranteed=only), ASKED)
        assert (again.status == "infeasible") == (left_out is None)


def test_a_worse_assignment_is_found_out_at_size() -> None:
    """Two people changed places for a lower sum: the checker finds the way back."""
    problem = lists(300, 40, 6, seed=3)
    solution = decide(problem, ASKED).solution
    worse = solution.choice.copy()
    worse[np.flatnonzero(worse >= 0)[0]] = -1
    told = check(problem, ASKED, Matching(lists=problem, choice=worse))
    assert [code for code, _ in told.broken] == ["matching_improvable"]


def test_it_works_on_people_and_vacancies() -> None:
    """From conditions to seats, with a sum no lower than the stable matching's."""
    problem = market(500, 120, places=12)
    best, stable = (decide(problem, settings(method=m)) for m in ("assignment", "stable"))
    assert best.objective >= stable.objective
    assert check(problem, settings(method="assignment"), best.solution).feasible


def test_open_reserves_are_refused() -> None:
    """A reserve that opens up has no meaning for a sum."""
    with pytest.raises(BadSettings, match="--hard-reserve"):
        decide(lists(9, 3, 2, categories=2, seed=4), settings(method="assignment"))
