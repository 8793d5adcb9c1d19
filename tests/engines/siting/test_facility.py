"""p-median, covering and capacitated siting against all plans of small problems."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadSettings
from dingzi.engines.siting import (
    FacilityProblem,
    FacilitySettings,
    Plan,
    check_facility,
    decide_facility,
)

STOP = Stop(work=20_000)
NO_LIMIT = math.inf


def problem(
    seed: int, n: int, m: int, *, p: int | None = None, room: float = NO_LIMIT, split: bool = False
) -> FacilityProblem:
    """Make a random problem; ``room``: how much of all demand the capacities hold together."""
    random = np.random.default_rng(seed)
    demand = random.integers(1, 10, n).astype(float)
    share = random.dirichlet(np.ones(m) * 3) if math.isfinite(room) else np.ones(m)
    return FacilityProblem(
        cost=random.integers(0, 30, (n, m)).astype(float),
        opening=random.integers(0, 25, m).astype(float) if p is None else np.zeros(m),
        capacity=np.ceil(share * demand.sum() * room),
        demand=demand,
        p=p,
        split=split,
    )


def least(of: FacilityProblem) -> float:
    """Return the least cost by trying every set of sites and every assignment."""
    n, m = of.cost.shape
    best = math.inf
    for size in range(1, m + 1) if of.p is None else (of.p,):
        for sites in itertools.combinations(range(m), size):
            opening = of.opening[list(sites)].sum()
            if not of.capacitated:
                best = min(best, opening + of.cost[:, sites].min(axis=1).sum())
                continue
            for chosen in itertools.product(sites, repeat=n):
                used = np.bincount(chosen, of.demand, m)
                if (used <= of.capacity).all():
                    best = min(best, opening + of.cost[range(n), chosen].sum())
    return float(best)


@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(1, 8), st.data())
def test_the_uncapacitated_optimum_is_found_and_proven(seed, n, m, data) -> None:
    """With p or with opening costs, the answer is the best of all and says so."""
    p = data.draw(st.none() | st.integers(1, m))
    of = problem(seed, n, m, p=p)
    result = decide_facility(of, FacilitySettings(stop=STOP, seed=1))
    assert result.status == "optimal"
    assert result.objective == result.bound == least(of)
    verdict = check_facility(of, FacilitySettings(stop=STOP), result.solution)
    assert verdict.feasible
    assert verdict.objective == result.objective
    assert tuple(verdict.reasons) == tuple(result.reasons)


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.floats(0.8, 2.5), st.none() | st.integers(1, 3))
def test_a_single_source_problem_is_solved_or_refused_rightly(seed, room, p) -> None:
    """The optimum of all assignments; where none holds, demands that really cannot."""
    of = problem(seed, 5, 3, p=p, room=room)
    result = decide_facility(of, FacilitySettings(stop=STOP))
    best = least(of)
    if math.isinf(best):
        assert result.status == "infeasible"
        assert result.reasons
        return
    assert result.status == "optimal"
    assert result.objective == pytest.approx(best)
    verdict = check_facility(of, FacilitySettings(stop=STOP), result.solution)
    assert verdict.objective == pytest.approx(best)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_customers_that_may_be_split_cost_no_more(seed) -> None:
    """The bound is met, and splitting never makes a plan dearer."""
    of = problem(seed, 5, 3, room=1.3, split=True)
    result = decide_facility(of, FacilitySettings(stop=STOP))
    assert result.status == "optimal"
    assert result.objective <= least(of) + 1e-6
    verdict = check_facility(of, FacilitySettings(stop=STOP), result.solution)
    assert verdict.objective == pytest.approx(result.objective)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_what_cannot_hold_is_irreducible(seed) -> None:
    """Too few seats: without any one of the demands named, the rest fits."""
    of = problem(seed, 6, 3, room=0.7, split=True)
    result = decide_facility(of, FacilitySettings(stop=STOP))
    assert result.status == "infeasible"
    codes = [code for code, _ in result.reasons]
    assert "siting.demand_served" in codes
    seats = [params["most"] for code, params in result.reasons if code.endswith("capacity")]
    asked = [params["demand"] for code, params in result.reasons if code.endswith("served")]
    assert sum(asked) > sum(seats)
    assert sum(asked) - min(asked) <= sum(seats)


@given(st.integers(0, 10**6), st.integers(2, 7), st.data())
def test_covering_and_the_worst_off(seed, m, data) -> None:
    """Most covered, fewest sites, nearest worst: each the best of all sets."""
    p, radius = data.draw(st.integers(1, m)), 9.0
    of = problem(seed, 8, m, p=p)
    sets = [list(s) for s in itertools.combinations(range(m), p)]
    worst = decide_facility(of, FacilitySettings(stop=STOP, goal="worst"))
    assert worst.objective == min(of.cost[:, s].min(axis=1).max() for s in sets)
    cover = decide_facility(of, FacilitySettings(stop=STOP, goal="cover", radius=radius))
    near = of.cost <= radius
    assert cover.objective == max(of.demand[near[:, s].any(axis=1)].sum() for s in sets)
    chosen = FacilitySettings(stop=STOP, goal="cover", radius=radius)
    assert check_facility(of, chosen, cover.solution).objective == cover.objective


def test_fewest_sites_that_cover_everybody() -> None:
    """Without p, covering asks how few are enough; where nobody can, it says who."""
    cost = np.array([[1, 9, 9], [1, 1, 9], [9, 9, 1.0]])
    of = FacilityProblem(
        cost=cost, opening=np.zeros(3), capacity=np.full(3, NO_LIMIT), demand=np.ones(3)
    )
    chosen = FacilitySettings(stop=STOP, goal="cover", radius=2)
    result = decide_facility(of, chosen)
    assert result.objective == 2
    assert result.solution.open.tolist() == [0, 2]
    none = decide_facility(of, FacilitySettings(stop=STOP, goal="cover", radius=0.5))
    assert none.status == "infeasible"
    assert none.reasons == (("siting.demand_no_site", {"customer": "1"}),)


@pytest.mark.parametrize("room", [NO_LIMIT, 1.5])
def test_the_same_work_gives_the_same_answer(room) -> None:
    """Under a deterministic stop, twice the same plan, bound and reasons, also cut short."""
    of = problem(3, 40, 12, p=None, room=room)
    for work in (5, 20_000):
        chosen = FacilitySettings(stop=Stop(work=work), seed=7)
        one, two = decide_facility(of, chosen), decide_facility(of, chosen)
        assert (one.status, one.objective, one.bound) == (two.status, two.objective, two.bound)
        assert one.reasons == two.reasons


def test_a_larger_p_median_is_proven(campaign) -> None:
    """Euclidean, rounded: proven within the work, and no swap of two sites is better."""
    n = campaign(150, 600)
    random = np.random.default_rng(5)
    xy = random.uniform(0, 1000, (n, 2))
    far = np.rint(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    of = FacilityProblem(
        cost=far, opening=np.zeros(n), capacity=np.full(n, NO_LIMIT), demand=np.ones(n), p=8
    )
    result = decide_facility(of, FacilitySettings(stop=STOP))
    assert result.status == "optimal"
    sites = result.solution.open
    closed = np.setdiff1d(np.arange(n), sites)
    for out in range(8):
        rest = far[:, np.delete(sites, out)].min(axis=1)
        assert np.minimum(rest[:, None], far[:, closed]).sum(axis=0).min() >= result.objective


def test_the_checker_names_each_demand_that_a_plan_breaks() -> None:
    """A plan of somebody else's: closed sites, split customers, full sites, wrong counts."""
    of = FacilityProblem(
        cost=np.array([[1.0, NO_LIMIT], [1.0, 2.0]]), opening=np.zeros(2),
        capacity=np.array([3.0, 9.0]), demand=np.array([2.0, 2.0]), p=1,
    )  # fmt: skip
    plan = Plan(
        open=np.array([0]), customer=np.array([0, 0, 1, 1]), site=np.array([0, 1, 0, 0]),
        share=np.array([0.5, 0.5, 0.5, 0.7]),
    )  # fmt: skip
    found = {code for code, _ in check_facility(of, FacilitySettings(stop=STOP), plan).broken}
    assert found == {
        "siting.served_from_closed",
        "siting.served_from_afar",
        "siting.split",
        "siting.not_served_once",
        "siting.too_full",
    }
    empty = Plan.whole(np.array([0, 1]), np.array([0, 1]))
    found = {code for code, _ in check_facility(of, FacilitySettings(stop=STOP), empty).broken}
    assert found == {"siting.wrong_count"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"cost": np.array([[np.nan]])}, "siting.cost_missing"),
        ({"capacity": np.array([-1.0])}, "siting.negative"),
        ({"demand": np.array([np.inf])}, "siting.negative"),
        ({"opening": np.zeros(2)}, "siting.shapes"),
        ({"p": 2}, "siting.p_range"),
    ],
)
def test_a_problem_that_cannot_be_is_refused(wrong, code) -> None:
    """Shapes, signs and counts are checked when it is made."""
    sound = {
        "cost": np.ones((1, 1)), "opening": np.zeros(1), "capacity": np.ones(1),
        "demand": np.ones(1),
    }  # fmt: skip
    with pytest.raises(BadSettings) as told:
        FacilityProblem(**(sound | wrong))
    assert told.value.reason[0] == code


def test_goals_that_do_not_go_with_the_problem_are_refused() -> None:
    """A radius is needed, capacities have no covering, the worst-off need a count."""
    for wrong in ({"goal": "most"}, {"goal": "cover"}, {"goal": "cover", "radius": -1.0}):
        with pytest.raises(BadSettings):
            FacilitySettings(stop=STOP, **wrong)
    with pytest.raises(BadSettings):
        decide_facility(problem(1, 4, 2), FacilitySettings(stop=STOP, goal="worst"))
    with pytest.raises(BadSettings):
        decide_facility(problem(1, 4, 2, room=1.5), FacilitySettings(stop=STOP, goal="worst"))
