"""Candidates: every hard condition, the best lines, the parts of a score, and why nothing is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadProblem, BadSettings
from dingzi.engines.matching import (
    JobsProblem,
    MatchingSettings,
    Seekers,
    Travel,
    Vacancies,
    Weights,
    check,
    conditions,
    decide,
    forbidden_on,
    occupations,
)
from tests.engines.matching.jobs import market, settings

FITTER, SMALL_GROUP, GREAT_GROUP = "6-31-01-01", "6-31-01-00", "6-00-00-00"


def one_of_each(seeker: dict | None = None, vacancy: dict | None = None, **more) -> JobsProblem:
    """One seeker and one vacancy that suit each other, but for what is changed."""
    want = (seeker or {}).pop("want", SMALL_GROUP) if seeker else SMALL_GROUP
    asks = {
        "place": 0, "area": -1, "most_minutes": 30, "least_wage_fen": 400_000, "education": 2,
        "certificates": 0b11, "experience_years": 3, "shifts": 0b01, "most_weekly_hours": 44,
        "category": -1, "guaranteed": False,
    } | (seeker or {})  # fmt: skip
    gives = {
        "place": 1, "occupation": occupations.number(FITTER), "wage_fen": 450_000, "education": 1,
        "certificates": 0b10, "experience_years": 3, "shifts": 0b01, "weekly_hours": 40, "seats": 1,
    } | (vacancy or {})  # fmt: skip
    return JobsProblem(
        seekers=Seekers(
            **{name: np.array([value]) for name, value in asks.items()},
            want_offsets=np.array([0, 1]),
            want_codes=np.array([occupations.number(want)]),
        ),
        vacancies=Vacancies(
            **{name: np.array([value]) for name, value in gives.items()},
            reserved=np.zeros((1, 0), int),
            **more,
        ),
        travel=Travel(minutes=np.array([[0, 20], [20, 0]]), area=np.array([0, 1])),
    )


@pytest.mark.parametrize(
    ("seeker", "vacancy", "code"),
    [
        ({"want": "4-00-00-00"}, {}, "matching_none_occupation"),
        ({"area": 0}, {}, "matching_none_district"),
        ({"most_minutes": 19}, {}, "matching_none_travel"),
        ({}, {"education": 3}, "matching_none_qualification"),
        ({}, {"experience_years": 4}, "matching_none_qualification"),
        ({}, {"certificates": 0b100}, "matching_none_qualification"),
        ({}, {"shifts": 0b11}, "matching_none_hours"),
        ({}, {"weekly_hours": 45}, "matching_none_hours"),
        ({}, {"wage_fen": 399_999}, "matching_none_wage"),
    ],
)
def test_each_condition_alone_shuts_out_and_is_told(seeker, vacancy, code) -> None:
    """One condition unmet: no line, and the reason names that condition."""
    assert decide(one_of_each(), settings()).solution.choice[0] == 0
    problem = one_of_each(dict(seeker), vacancy)
    result = decide(problem, settings())
    assert result.solution.choice[0] == -1
    assert [reason[0] for reason in result.reasons] == [code, "matching_vacancy_unsuited"]
    assert check(problem, settings(), result.solution).reasons == result.reasons


def test_the_parts_of_a_score_are_shown_and_add_up() -> None:
    """Points of each part times its weight: computed here by hand."""
    problem = one_of_each()
    result = decide(problem, settings())
    pair = (np.array([0]), np.array([0]), np.array([3]))
    parts = conditions.worth_parts(problem, settings(), *pair)[0]
    # small group named: 75; 500 yuan above in steps of 50; 20 minutes; one rank unused; 4 hours
    assert list(parts) == [75, 10, 80, 75, 20]
    assert result.solution.lists.score[0, 0] == 75 * 30 + 10 * 30 + 80 * 20 + 75 * 10 + 20 * 10
    assert list(conditions.rank_parts(problem, settings(), *pair)[0]) == [75, 0, 25, 80]
    assert result.solution.lists.priority[0, 0] == 75 * 40 + 25 * 10 + 80 * 20


@pytest.mark.parametrize("kind", ["ethnicity", "race", "sex", "religion"])
def test_a_discriminating_notice_is_refused_with_its_rule(kind) -> None:
    """It is offered to nobody, and the reason names condition, law and article."""
    problem = one_of_each(conditions=((0, kind), (0, "language")))
    book = settings(forbidden=forbidden_on(date(2026, 1, 1)))
    result = decide(problem, book)
    assert result.solution.choice[0] == -1
    told = {"vacancy": 0, "kind": kind, "source": "人力资源市场暂行条例", "article": "24"}
    assert ("matching_notice_forbidden", told) in result.reasons
    assert check(problem, book, result.solution).feasible
    offered = decide(problem, settings()).solution
    assert ("matching_line_unmet", {"seeker": 0, "vacancy": 0}) in check(
        problem, book, offered
    ).broken


def test_the_rule_holds_from_its_day() -> None:
    """The rule book is dated: before its first day nothing of it holds."""
    assert forbidden_on(date(2018, 9, 30)) == ()
    assert {rule.kind for rule in forbidden_on(date(2018, 10, 1))} >= {"sex", "religion"}


@given(
    st.integers(0, 60), st.integers(0, 80), st.integers(1, 6), st.integers(0, 10_000),
    st.sampled_from([1, 4, 30]), st.booleans(),
)  # fmt: skip
def test_lists_hold_what_a_plain_look_at_every_pair_finds(
    seekers, vacancies, choices, seed, places, flat
) -> None:
    """The kernel and the checker agree, also where wants lie inside each other and scores tie."""
    problem = market(seekers, vacancies, seed=seed, places=places, nested=True)
    weights = Weights(**dict.fromkeys(("occupation", "wage", "travel"), 0)) if flat else Weights()
    asked = settings(method="candidates", choices=choices, weights=weights)
    result = decide(problem, asked)
    verdict = check(problem, asked, result.solution)
    assert verdict.feasible, verdict.broken[:3]
    assert (verdict.objective, verdict.reasons) == (result.objective, result.reasons)


def test_a_bettered_or_shortened_list_is_found_out() -> None:
    """The checker sees a line worth less than told, and one left out."""
    problem = market(300, 2000, places=9)
    asked = settings(method="candidates")
    solution = decide(problem, asked).solution
    row = int(np.flatnonzero(solution.lists.lengths > 1)[0])
    raised = solution.lists.score.copy()
    raised[row, 0] += 1
    shorter = solution.lists.vacancy.copy()
    shorter[row, solution.lists.lengths[row] - 1] = -1
    for change, code in (
        ({"score": raised}, "matching_line_worth"),
        ({"vacancy": shorter}, "matching_list_incomplete"),
    ):
        spoilt = replace(solution, lists=replace(solution.lists, **change))
        assert check(problem, asked, spoilt).broken[0][0] == code


def test_threads_find_the_same() -> None:
    """Two cores, one answer."""
    problem = market(3000, 500)
    one, two = (decide(problem, settings(stop=Stop(work=1, cores=n))) for n in (1, 2))
    assert np.array_equal(one.solution.lists.vacancy, two.solution.lists.vacancy)
    assert np.array_equal(one.solution.choice, two.solution.choice)


def test_vacancies_that_stay_empty_are_told_why() -> None:
    """Every vacancy with a seat left has exactly one reason, by how many it suits."""
    problem = market(400, 300, places=5)
    asked = settings(choices=2)
    result = decide(problem, asked)
    left = np.flatnonzero(problem.vacancies.seats > result.solution.taken)
    told = [p["vacancy"] for code, p in result.reasons if code.startswith("matching_vacancy_")]
    assert sorted(told) == list(left)
    kinds = {code for code, _ in result.reasons}
    assert {"matching_vacancy_unsuited", "matching_vacancy_unlisted"} <= kinds
    losers = [p["seeker"] for code, p in result.reasons if "seeker" in p]
    assert sorted(losers) == list(np.flatnonzero(result.solution.choice != 0))


def test_occupations_are_those_of_2022() -> None:
    """A code's level is in its zeros; an unknown one is refused with near ones."""
    assert len(occupations.names()) == 2047
    some = np.array([occupations.number(code) for code in (GREAT_GROUP, SMALL_GROUP, FITTER)])
    assert list(occupations.level(some)) == [1, 3, 4]
    assert occupations.text(int(some[2])) == FITTER
    with pytest.raises(ValueError, match="6-31"):
        occupations.number("6-31-01-77")


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "best"}, {"choices": 0}, {"shards": 0}, {"method": "assignment", "shards": 2},
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(wrong) -> None:
    """Each says what to write instead."""
    with pytest.raises(BadSettings) as told:
        MatchingSettings(stop=Stop(work=1), **wrong)
    assert "{" not in told.value.say("zh") + told.value.say("en")
    with pytest.raises(BadSettings):
        Weights(wage=-1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_wage_fen": -1}, {"most_minutes": 9_999}, {"place": 2}, {"education": 16},
        {"shifts": 256},
    ],
)  # fmt: skip
def test_people_out_of_range_are_refused(wrong) -> None:
    """The field and the row are named."""
    with pytest.raises(BadProblem) as told:
        one_of_each(wrong)
    assert told.value.reason[1]["name"] == next(iter(wrong))
