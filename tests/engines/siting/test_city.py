"""A city's schools: plans hold, cost what the checker says, and nothing cheaper exists."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadSettings
from dingzi.engines.siting import CityPlan, CityProblem, CitySettings, check_city, decide_city
from dingzi.engines.siting.city import CLOSED, OPEN, WINDING
from dingzi.engines.siting.city_network import CityNetwork
from dingzi.engines.siting.prices import Point, Prices
from tests.engines.siting.cities import changed, city, settings


@examples(max_examples=8)
@given(st.integers(0, 10**6), st.integers(0, 2), st.integers(0, 2))
def test_a_plan_holds_and_costs_what_it_says(seed, build, transition) -> None:
    """The checker, which knows only problem and plan, agrees on demands, cost and reasons."""
    of = city(seed)
    chosen = settings(build_years=build, transition_years=transition)
    result = decide_city(of, chosen)
    assert result.status in ("optimal", "infeasible")
    if result.solution is None:
        assert result.reasons
        return
    verdict = check_city(of, chosen, result.solution)
    assert verdict.feasible, verdict.broken
    assert verdict.objective == result.objective
    assert result.bound <= result.objective
    assert tuple(verdict.reasons) == tuple(result.reasons)


def _every_plan(of: CityProblem) -> list[CityPlan]:
    """Return all plans of a one-year city without modules."""
    who = np.argwhere(of.pupils[:, :, 0] > 0)
    found = []
    for status in itertools.product((CLOSED, OPEN), repeat=len(of.schools)):
        for schools in itertools.product(np.flatnonzero(status), repeat=len(who)):
            school = np.full(of.pupils.shape, -1)
            school[who[:, 0], who[:, 1], 0] = schools
            made = np.array(status)[:, None]
            found.append(CityPlan(status=made, modules=np.zeros_like(made), school=school))
    return found


@examples(max_examples=8)
@given(st.integers(0, 10**6))
def test_no_plan_is_cheaper(seed) -> None:
    """One year, three villages: of all plans that hold none costs less."""
    of = city(seed, villages=3, schools=3, years=1)
    of = changed(of, modules=np.zeros(3, np.int64))
    chosen = settings(build_years=0, transition_years=0)
    costs = [check_city(of, chosen, plan).objective for plan in _every_plan(of)]
    best = min((cost for cost in costs if cost is not None), default=None)
    result = decide_city(of, chosen)
    assert (result.status, result.objective) == ("infeasible" if best is None else "optimal", best)


@examples(max_examples=8)
@given(st.integers(0, 10**6))
def test_no_prices_prove_too_much(seed) -> None:
    """Whatever being seated earns and leaving a school costs, the bound is no more than the best."""
    of, chosen = city(seed), settings()
    best = decide_city(of, chosen)
    relaxation = Prices(CityNetwork(of, chosen).net)
    random = np.random.default_rng(seed)
    for most in (1e2, 1e4, 1e6):
        point = Point(
            random.uniform(-most, most, relaxation.net.load.shape),
            random.uniform(0, 1, relaxation.most_left.shape) * relaxation.most_left,
        )
        point.seated[relaxation.net.load == 0] = 0.0
        if best.objective is not None:
            assert relaxation.at(point).bound <= best.objective + 1e-3


def test_the_same_work_gives_the_same_plan() -> None:
    """Also where the work ends before the proof."""
    of = city(5, villages=30, schools=18)
    for work in (60, 400):
        one, two = (decide_city(of, settings(work)) for _ in range(2))
        assert (one.status, one.objective, one.bound) == (two.status, two.objective, two.bound)
        assert one.reasons == two.reasons


def test_fewer_metres_for_the_worst_off_never_cost_less() -> None:
    """A lower cap on all ways is kept, and its price is seen."""
    of = city(8)
    free = decide_city(of, settings())
    far = np.zeros((6, 3), np.int64)
    far[of.village, of.school] = of.metres
    cap = int(far[:, :2].min(axis=1).max())
    capped = decide_city(of, settings(farthest_m=cap))
    assert capped.objective is not None
    assert capped.objective >= free.objective
    last = capped.solution.school[:, :, -1]
    village, band = np.nonzero(last >= 0)
    assert far[village, last[village, band]].max() <= cap


def _closing_city() -> CityProblem:
    """Two schools a kilometre apart; the second has too few pupils and costs more than the way."""
    return CityProblem(
        villages=("甲", "乙"), bands=("低段", "高段"), schools=("大校", "小校"),
        years=(2026, 2027, 2028), pupils=np.array([[[30] * 3] * 2, [[4] * 3] * 2]),
        limit_m=np.array([3000, 3000]), stays=np.array([False, True]),
        exists=np.array([True, True]), seats=np.array([64, 20]), modules=np.array([1, 0]),
        least=np.array([10, 0]), protected=np.array([False, False]),
        keep_fen=np.array([1000, 500_000]), open_fen=np.array([0, 0]),
        module_fen=np.array([2000, 0]), village=np.array([0, 0, 1, 1]),
        school=np.array([0, 1, 0, 1]), metres=np.array([100, 2000, 2000, 100]),
        home=np.array([[0, 0], [1, 1]]),
    )  # fmt: skip


def test_a_merger_builds_first_and_winds_up() -> None:
    """The upper band stays for the year of transition; the lower moves into seats that stand."""
    of = _closing_city()
    result = decide_city(of, settings(module_seats=10))
    plan = result.solution
    assert result.status == "optimal"
    assert plan.status[1].tolist() == [WINDING, CLOSED, CLOSED]
    assert plan.modules[0].tolist() == [0, 1, 1]
    assert plan.school[1].tolist() == [[0, 0, 0], [1, 0, 0]]
    codes = [code for code, _ in result.reasons]
    assert codes.count("city.moved_winding") == codes.count("city.moved_closed") == 1
    assert codes.count("city.nearest_closed") == 2
    assert ("city.closes_costly") in codes


def test_a_protected_point_stays() -> None:
    """Whatever it costs and however few attend."""
    of = changed(_closing_city(), protected=np.array([False, True]), least=np.array([10, 99]))
    plan = decide_city(of, settings()).solution
    assert (plan.status == OPEN).all()


def test_without_time_to_build_nothing_closes_too_early() -> None:
    """Building takes three years, so both bands of the small school cannot go at once."""
    of = changed(_closing_city(), seats=np.array([60, 20]))
    plan = decide_city(of, settings(build_years=3)).solution
    assert (plan.status == OPEN).all()
    assert not plan.modules.any()


def test_who_is_not_there_yet_needs_no_school() -> None:
    """A village without pupils until its school is built is no reason that nothing holds."""
    pupils = _closing_city().pupils.copy()
    pupils[1, :, 0] = 0
    of = changed(
        _closing_city(), pupils=pupils, exists=np.array([True, False]),
        metres=np.array([100, 9000, 9000, 100]), home=np.array([[0, 0], [-1, -1]]),
    )  # fmt: skip
    result = decide_city(of, settings())
    assert result.status == "optimal"
    assert check_city(of, settings(), result.solution).objective == result.objective
    assert (result.solution.school[1] == [-1, 1, 1]).all()


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ({"limit_m": np.array([50, 3000])}, ["city.demand_no_school"]),
        (
            {"seats": np.array([40, 20]), "modules": np.array([0, 0])},
            ["city.demand_seated", "city.demand_seated", "city.demand_seats", "city.demand_seats"],
        ),
        (
            {"least": np.array([10, 15]), "seats": np.array([60, 20])},
            ["city.demand_least", "city.demand_seated", "city.demand_seats"],
        ),
        (
            {
                "limit_m": np.array([1000, 3000]), "seats": np.array([90, 9]),
                "least": np.array([10, 10]),
            },
            ["city.demand_least", "city.demand_seated", "city.demand_seats"],
        ),
    ],
)  # fmt: skip
def test_demands_that_cannot_hold_together_are_named(parts, codes) -> None:
    """No school near; too few seats; needed and too small; seats below the least: each set."""
    of = changed(_closing_city(), **parts)
    result = decide_city(of, settings(build_years=3))
    assert result.status == "infeasible"
    assert sorted({code for code, _ in result.reasons}) == sorted(set(codes))
    seats = {given["school"]: given["seats"] for code, given in result.reasons if "seats" in given}
    most = dict(zip(of.schools, (of.seats + 10 * of.modules).tolist(), strict=True))
    assert seats.items() <= most.items()


def test_the_checker_names_what_a_plan_breaks() -> None:
    """A plan by hand that does everything wrong."""
    of = _closing_city()
    school = np.full((2, 2, 3), 1)
    school[1, 0, 1] = -1
    plan = CityPlan(
        status=np.array([[CLOSED, OPEN, OPEN], [WINDING, OPEN, CLOSED]]),
        modules=np.array([[1, 2, 0], [0, 0, 0]]),
        school=school,
    )
    found = {code for code, _ in check_city(of, settings(farthest_m=1500), plan).broken}
    assert found >= {
        "city.unseated", "city.too_far", "city.in_closed", "city.new_in_winding",
        "city.modules_closed", "city.modules_many", "city.modules_fewer", "city.built_too_soon",
        "city.transition", "city.too_full", "city.too_small",
    }  # fmt: skip
    kept = changed(of, protected=np.array([True, False]))
    assert "city.protected_closed" in {c for c, _ in check_city(kept, settings(), plan).broken}
    odd = CityPlan(status=plan.status[:, :2], modules=plan.modules, school=school)
    assert [code for code, _ in check_city(of, settings(), odd).broken] == ["city.plan_shape"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"seats": np.array([-1, 1])}, "city.negative"),
        ({"seats": np.array([1])}, "city.shape"),
        ({"home": np.array([[0, 0], [1, 7]])}, "city.shape"),
        ({"exists": np.array([True, False]), "protected": np.array([0, 1]) > 0}, "city.protected_site"),
    ],
)  # fmt: skip
def test_a_city_that_cannot_be_is_refused(parts, code) -> None:
    """Shapes, signs, unknown schools, protected sites."""
    with pytest.raises(BadSettings) as told:
        changed(_closing_city(), **parts)
    assert told.value.reason[0] == code
    with pytest.raises(BadSettings):
        CitySettings(stop=Stop(work=1), module_seats=0)
    with pytest.raises(BadSettings):
        settings(gap=1.0)
