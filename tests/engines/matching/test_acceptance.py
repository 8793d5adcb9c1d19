"""Deferred acceptance: stable, best for seekers, reserved seats kept, lots drawn by the seed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.errors import BadProblem, BadSettings
from dingzi.engines.matching import Lists, Matching, check, decide
from dingzi.engines.matching.lots import lots
from dingzi.engines.matching.stability import blocking_pairs, overfull
from tests.engines.matching.jobs import lists, settings

SMALL = st.fixed_dictionaries(
    {
        "seekers": st.integers(0, 5),
        "vacancies": st.integers(1, 3),
        "choices": st.integers(1, 3),
        "categories": st.integers(0, 2),
        "seed": st.integers(0, 10_000),
    }
)


def chosen(problem: Lists, asking: list[int], vacancy: int, seed: int, hard: bool) -> set[int]:
    """Whom a vacancy takes of those who ask: the definition, in its own words."""
    drawn = lots(np.arange(len(problem)), seed)

    def rank(s: int) -> tuple[int, int]:
        at = list(problem.vacancy[s]).index(vacancy)
        return int(problem.priority[s, at]), int(drawn[s])

    left = sorted(asking, key=rank, reverse=True)
    taken: list[int] = []
    for category, seats in enumerate(problem.reserved[vacancy]):
        best = [s for s in left if problem.category[s] == category][:seats]
        taken += best
        left = [s for s in left if s not in best]
    seats = int(problem.seats[vacancy])
    room = seats - (int(problem.reserved[vacancy].sum()) if hard else len(taken))
    return set(taken + left[:room])


def stable(problem: Lists, choice: tuple[int, ...], seed: int, hard: bool) -> bool:
    """By the definition: every vacancy keeps all it has, and would take none who would rather."""
    got = [int(problem.vacancy[s, at]) if at >= 0 else -1 for s, at in enumerate(choice)]
    for vacancy in range(len(problem.seats)):
        held = [s for s, v in enumerate(got) if v == vacancy]
        if chosen(problem, held, vacancy, seed, hard) != set(held):
            return False
        for s, at in enumerate(choice):
            wished = list(problem.vacancy[s][: at if at >= 0 else None])
            if vacancy in wished and s in chosen(problem, [*held, s], vacancy, seed, hard):
                return False
    return True


@given(SMALL, st.booleans())
def test_it_is_the_best_stable_matching_for_every_seeker(shape, hard) -> None:
    """Among all matchings, tried one by one, no stable one gives any seeker more."""
    problem = lists(**shape)
    asked = settings(seed=7, hard_reserve=hard)
    found = decide(problem, asked).solution.choice
    lengths = problem.lengths
    every = product(*([-1, *range(n)] for n in lengths))
    all_stable = [c for c in every if stable(problem, c, 7, hard)]
    assert tuple(found) in all_stable
    worst = problem.vacancy.shape[1] + 1
    best = np.min([[at if at >= 0 else worst for at in c] for c in all_stable], axis=0)
    assert [at if at >= 0 else worst for at in found] == list(best)


@given(SMALL, st.booleans(), st.integers(0, 10**6))
def test_the_checker_finds_blocking_pairs_as_the_definition_does(shape, hard, pick) -> None:
    """Any matching is stable by the checker exactly if it is by the definition."""
    problem = lists(**shape)
    draw = np.random.default_rng(pick)
    choice = draw.integers(-1, problem.lengths).astype(np.int32)
    asked = settings(seed=3, hard_reserve=hard)
    solution = Matching(lists=problem, choice=choice)
    fine = not overfull(problem, asked, solution)
    fine = fine and len(blocking_pairs(problem, asked, solution)) == 0
    assert fine == stable(problem, tuple(choice), 3, hard)


@given(st.integers(0, 10_000))
def test_no_pair_blocks_among_hundreds(seed) -> None:
    """With categories and many equal ranks, the independent checker finds nothing."""
    problem = lists(200, 40, 8, seed=seed, categories=2)
    for hard in (False, True):
        asked = settings(seed=seed, hard_reserve=hard)
        result = decide(problem, asked)
        verdict = check(problem, asked, result.solution)
        assert verdict.feasible
        assert verdict.objective == result.objective == result.bound
        assert verdict.reasons == result.reasons


@given(st.integers(0, 10_000), st.integers(0, 120), st.integers(0, 2), st.booleans())
def test_no_pair_blocks_where_vacancies_have_many_seats(seed, seats, categories, hard) -> None:
    """Heaps of no, one and several lines hold the best: the independent checker finds nothing."""
    problem = lists(300, 5, 4, seed=seed, seats=seats, categories=categories)
    asked = settings(seed=seed, hard_reserve=hard)
    verdict = check(problem, asked, decide(problem, asked).solution)
    assert verdict.feasible


def test_a_spoilt_matching_is_found_out() -> None:
    """Taking a seat from somebody gives a blocking pair; a seat too many is overfull."""
    problem = lists(60, 6, 4, seed=5)
    asked = settings()
    solution = decide(problem, asked).solution
    robbed = solution.choice.copy()
    robbed[np.flatnonzero(robbed >= 0)[0]] = -1
    told = check(problem, asked, Matching(lists=problem, choice=robbed))
    assert {code for code, _ in told.broken} == {"matching_blocking"}
    everyone = np.where(problem.lengths > 0, 0, -1).astype(np.int32)
    told = check(problem, asked, Matching(lists=problem, choice=everyone))
    assert {code for code, _ in told.broken} == {"matching_overfull"}


def test_reserved_seats_go_to_their_category_and_stay_or_open_up() -> None:
    """One of two seats is kept for category 0: nobody of it asks, then somebody does."""
    problem = Lists(
        vacancy=np.zeros((3, 1)[:2], int), score=np.ones((3, 1), int),
        priority=np.array([[9], [8], [1]]), seats=np.array([2]), reserved=np.array([[1]]),
        category=np.array([-1, -1, -1]), guaranteed=np.zeros(3, bool),
    )  # fmt: skip
    assert list(decide(problem, settings()).solution.choice) == [0, 0, -1]
    hard = decide(problem, settings(hard_reserve=True))
    assert list(hard.solution.choice) == [0, -1, -1]
    assert ("matching_vacancy_reserved", {"vacancy": 0, "empty": 1, "asked": 3}) in hard.reasons
    of_it = replace(problem, category=np.array([-1, -1, 0]))
    assert list(decide(of_it, settings()).solution.choice) == [0, -1, 0]


def test_lots_differ_for_all_and_change_with_the_seed() -> None:
    """Nobody shares a lot; another seed draws another winner now and then."""
    many = np.arange(200_000)
    assert len(np.unique(lots(many, 11))) == len(many)
    tied = Lists(
        vacancy=np.zeros((9, 1), int), score=np.ones((9, 1), int), priority=np.ones((9, 1), int),
        seats=np.array([1]), reserved=np.zeros((1, 0), int), category=np.full(9, -1),
        guaranteed=np.zeros(9, bool),
    )  # fmt: skip
    winners = {
        int(np.argmax(decide(tied, settings(seed=seed)).solution.choice)) for seed in range(40)
    }
    assert len(winners) > 4


def test_the_same_call_gives_the_same_answer() -> None:
    """Twice the same, choice for choice and reason for reason."""
    problem = lists(300, 30, 6, seed=2, categories=1)
    one, two = (decide(problem, settings(seed=4)) for _ in range(2))
    assert np.array_equal(one.solution.choice, two.solution.choice)
    assert one.reasons == two.reasons


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vacancy": np.array([[-1, 0]])}, "matching_list_hole"),
        ({"vacancy": np.array([[0, 0]])}, "matching_list_twice"),
        ({"score": np.array([[1, 2]])}, "matching_list_order"),
        ({"seats": np.array([-1, 1])}, "array_range"),
        ({"reserved": np.array([[2], [0]])}, "matching_reserved"),
        ({"vacancy": np.array([[0, 2]])}, "array_range"),
        ({"priority": np.array([[0.5, 2]])}, "array_whole"),
        ({"category": np.array([0, 0])}, "array_shape"),
    ],
)
def test_wrong_lists_are_refused(change, code) -> None:
    """Each fault has its code and can be said in both languages."""
    right = {
        "vacancy": np.array([[0, 1]]), "score": np.array([[2, 1]]),
        "priority": np.array([[1, 1]]), "seats": np.array([1, 1]),
        "reserved": np.zeros((2, 0), int), "category": np.array([-1]),
        "guaranteed": np.array([False]),
    }  # fmt: skip
    Lists(**right)
    with pytest.raises(BadProblem) as told:
        Lists(**(right | change))
    assert told.value.reason[0] == code
    assert "{" not in told.value.say("zh") + told.value.say("en")


def test_what_stability_cannot_promise_is_refused() -> None:
    """A guaranteed seat needs the method that can give it."""
    with pytest.raises(BadSettings, match="assignment"):
        decide(lists(5, 2, 2, guaranteed=1.0), settings())
