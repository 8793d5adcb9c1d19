"""What cannot be planned is named: irreducible by taking out each, and never where a plan exists."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.routing import Plan, Route, check, decide
from dingzi.engines.routing.impossible import impossible
from dingzi.engines.routing.problem import NO_WAY
from tests.engines.routing.deliveries import meals, settings


def _narrow(seed: int, schools: int, vans: list[int], wide: int):
    """Schools that must be served within a short window, few vans, one trip each."""
    made = meals(schools, seed=seed)
    draw = np.random.default_rng(seed)
    early = draw.integers(300, 420, schools)
    stops = replace(
        made.stops, early=early, late=early + wide, skip_cost=np.full(schools, -1),
        demand=made.stops.demand // 2,
    )  # fmt: skip
    held = replace(made.vans, count=np.array(vans), trips=np.array([1, 2, 1]))
    return replace(made, stops=stops, vans=held)


def _without(problem, stop: int):
    """The problem with one stop fewer."""
    keep = np.arange(len(problem.stops)) != stop
    fields = ("place", "demand", "early", "late", "service", "skip_cost", "usual_van")
    made = {name: getattr(problem.stops, name)[keep] for name in fields}
    return replace(problem, stops=replace(problem.stops, **made))


def _plans(problem):
    """Every plan of few stops: each in some van, in every order, on one trip or cut in two."""
    count, units = len(problem.stops), np.repeat(np.arange(3), problem.vans.count).tolist()
    for seats in product(range(len(units)), repeat=count):
        for order in permutations(range(count)):
            routes = []
            for unit, van in enumerate(units):
                mine = tuple(s for s in order if seats[s] == unit)
                if mine:
                    routes.append([
                        Route(van=van, trips=tuple(t for t in (mine[:cut], mine[cut:]) if t))
                        for cut in range(len(mine))
                    ])  # fmt: skip
            for chosen in product(*routes):
                yield Plan(routes=chosen)


@given(st.integers(0, 5_000), st.integers(2, 4), st.sampled_from([[1, 0, 1], [0, 1, 0], [0, 1, 1]]))
def test_nothing_is_called_impossible_for_which_there_is_a_plan(seed, schools, vans) -> None:
    """Against all plans; and what is named can be planned when any one of it is left out."""
    problem = _narrow(seed, schools, vans, wide=8)
    named = impossible(problem)
    if not named:
        return
    assert not any(check(problem, settings(), plan).feasible for plan in _plans(problem))
    held = [int(params["stop"]) - 1 for _, params in named]
    only = problem
    for stop in reversed(range(schools)):
        if stop not in held:
            only = _without(only, stop)
    for stop in range(len(held)):
        less = _without(only, stop)
        assert any(check(less, settings(), plan).feasible for plan in _plans(less)) or not len(
            less.stops
        )


def test_schools_at_one_hour_need_a_van_each() -> None:
    """Three far apart within a minute, two vans: the three are named, and with three vans it goes."""
    problem = _narrow(2, 6, [0, 2, 0], wide=1)
    result = decide(problem, settings())
    assert result.status == "infeasible"
    assert {code for code, _ in result.reasons} == {"routing_apart"}
    assert [params["vans"] for _, params in result.reasons] == [2, 2, 2]
    more = replace(problem, vans=replace(problem.vans, count=np.array([0, 6, 0])))
    assert decide(more, settings()).status in ("feasible", "optimal")


@pytest.mark.parametrize("back", [True, False])
def test_a_school_behind_another_is_not_called_out_of_reach(back) -> None:
    """No way from the depot but one through two others: served on their route, or proven shut in."""
    made = _narrow(1, 3, [0, 1, 0], wide=200)
    made = replace(made, vans=replace(made.vans, most_time=np.full(3, 600)))
    time, cost = made.time.copy(), made.cost.copy()
    shut = [(1, 3), (3, 1), (0, 3), (3, 0)] + ([] if back else [(3, 2), (3, 4)])
    for a, b in shut:
        time[a, b] = cost[a, b] = NO_WAY
    result = decide(replace(made, time=time, cost=cost), settings(stop=Stop(work=500)))
    if back:
        assert result.status in ("feasible", "optimal")
    else:
        assert result.reasons == [("routing_unreachable", {"stop": "2"})]
