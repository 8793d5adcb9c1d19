"""The bound of capacitated sites and what it throws out, against every plan of small problems."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.highs import Model
from dingzi.engines.siting import (
    FacilityProblem,
    FacilitySettings,
    check_facility,
    decide_facility,
)
from dingzi.engines.siting.capacity_bound import CapacityBound, knapsack

STOP = Stop(work=20_000)


def made(seed: int, n: int, m: int, *, room: float, split: bool, whole: bool) -> FacilityProblem:
    """Make a problem whose capacities hold ``room`` times all demand, amounts whole or not."""
    random = np.random.default_rng(seed)
    demand = random.integers(1, 10, n).astype(float)
    capacity = np.ceil(random.dirichlet(np.ones(m) * 3) * demand.sum() * room)
    cost = random.integers(0, 30, (n, m)).astype(float)
    opening = random.integers(0, 40, m).astype(float)
    if not whole:
        demand, capacity = demand * 1.37, capacity * 1.37
        cost, opening = cost * 0.731 + random.random((n, m)), opening + random.random(m)
    return FacilityProblem(
        cost=cost, opening=opening, capacity=capacity, demand=demand, split=split
    )


def plans(of: FacilityProblem) -> list[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    """Return cost, sites and assignment of every plan with whole customers."""
    n, m = of.cost.shape
    found = []
    for size in range(1, m + 1):
        for sites in itertools.combinations(range(m), size):
            for chosen in itertools.product(sites, repeat=n):
                if (np.bincount(chosen, of.demand, m) <= of.capacity + 1e-9).all():
                    cost = of.opening[list(sites)].sum() + of.cost[range(n), chosen].sum()
                    found.append((float(cost), sites, chosen))
    return found


def split_optimum(of: FacilityProblem) -> float:
    """Return what HiGHS proves with the whole model."""
    n, m = of.cost.shape
    model = Model()
    y = model.add_columns(of.opening, whole=True) + np.arange(m)
    x = model.add_columns(of.cost.ravel()) + np.arange(n * m).reshape(n, m)
    model.add_entries((model.add_rows(n, 1.0, 1.0) + np.arange(n))[:, None], x, 1.0)
    fits = model.add_rows(m, -math.inf, 0.0) + np.arange(m)
    model.add_entries(fits[None], x, np.repeat(of.demand[:, None], m, 1))
    model.add_entries(fits, y, -of.capacity)
    answer = model.solve()
    assert answer.status in ("optimal", "infeasible")
    return answer.objective


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(1.0, 3.0), st.booleans(), st.data())
def test_nothing_costs_less_than_the_bound_or_what_it_throws_out(seed, room, whole, data) -> None:
    """At any prices: bound, a site in its other state, a pair that is used, all below the plans."""
    of = made(seed, 4, 3, room=room, split=False, whole=whole)
    relaxation = CapacityBound(of)
    prices = np.array(data.draw(st.lists(st.floats(-5, 60), min_size=4, max_size=4)))
    may = np.ones(3, np.bool_)
    must = np.zeros(3, np.bool_)
    for exact in (False, True):
        seen = relaxation.at(prices, may, must, whole=exact)
        pair = relaxation.pair_bounds(prices, seen)
        for cost, sites, chosen in plans(of):
            assert seen.bound <= cost + 1e-6
            assert pair[range(4), list(chosen)].max() <= cost + 1e-6
            for site in range(3):
                if (site in sites) != (seen.rate[site] > 0):
                    assert seen.other[site] <= cost + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.9, 3.0), st.booleans())
def test_split_customers_are_served_at_the_least_cost(seed, room, whole) -> None:
    """The optimum of the whole model, proven, and the checker finds the same cost to the digit."""
    of = made(seed, 8, 5, room=room, split=True, whole=whole)
    result = decide_facility(of, FacilitySettings(stop=STOP))
    best = split_optimum(of)
    if math.isinf(best):
        assert result.status == "infeasible"
        return
    assert result.status == "optimal"
    assert result.objective == pytest.approx(best, rel=1e-8)
    assert result.bound == result.objective
    verdict = check_facility(of, FacilitySettings(stop=STOP), result.solution)
    assert verdict.objective == result.objective


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.9, 2.5), st.booleans())
def test_whole_customers_are_served_at_the_least_cost(seed, room, whole) -> None:
    """The best of all plans, proven, with whole amounts and with others."""
    of = made(seed, 5, 3, room=room, split=False, whole=whole)
    result = decide_facility(of, FacilitySettings(stop=STOP))
    all_plans = plans(of)
    if not all_plans:
        assert result.status == "infeasible"
        assert result.reasons
        return
    assert result.status == "optimal"
    assert result.objective == pytest.approx(min(all_plans)[0])


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(0, 40))
def test_a_knapsack_is_filled_best(seed, count, room) -> None:
    """As much profit as the best of all sets that fit."""
    random = np.random.default_rng(seed)
    profit, load = random.random(count), random.integers(0, 20, count)
    sets = [np.array(s) for s in itertools.product((0.0, 1.0), repeat=count)]
    best = max(float(s @ profit) for s in sets if s @ load <= room)
    taken = knapsack(profit, load, room)
    assert taken @ load <= room
    assert float(taken @ profit) == pytest.approx(best)


def test_a_cut_short_search_tells_an_honest_gap(campaign) -> None:
    """After little work the bound lies below what more work finds, and the plan holds."""
    n = campaign(60, 200)
    of = made(7, n, n // 5, room=2.0, split=False, whole=True)
    short = decide_facility(of, FacilitySettings(stop=Stop(work=150)))
    long = decide_facility(of, FacilitySettings(stop=Stop(work=4000)))
    assert long.objective is not None
    assert short.bound <= long.bound <= long.objective
    if short.solution is not None:
        assert check_facility(of, FacilitySettings(stop=STOP), short.solution).feasible
        assert short.objective >= long.objective
