"""Plans: feasible by a checker of its own, never below the bound, the same again, PyVRP's own."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadProblem
from dingzi.engines.routing import Plan, Route, after_failure, check, decide
from dingzi.engines.routing.bounding import lower_bound, walks_bound
from dingzi.engines.routing.problem import FOREVER, NO_WAY
from dingzi.engines.routing.schedule import timetable
from dingzi.engines.routing.solving import plan_cost
from tests.engines.routing.deliveries import meals, settings, windows
from tests.engines.routing.holding import held


@given(st.integers(1, 25), st.integers(0, 10_000), st.sampled_from([0, 4_000]))
def test_a_plan_holds_and_costs_no_less_than_the_bound(schools, seed, other) -> None:
    """Loads, windows, hours and trips by the checker; its cost and reasons are the result's."""
    problem = meals(schools, seed=seed, other_driver_cost=other)
    asked = settings(stop=Stop(work=30))
    held(problem, asked)


@given(st.integers(0, 10_000), st.sampled_from(["C", "R", "RC"]))
def test_the_bound_is_below_every_plan_of_few_customers(seed, kind) -> None:
    """Against the best of all orders cut into routes in all ways, tried one by one."""
    problem = windows(4, seed=seed, kind=kind)
    best = min(
        (
            plan_cost(problem, plan)
            for order in permutations(range(4))
            for cuts in range(8)
            if check(problem, settings(), plan := _cut(order, cuts)).feasible
        ),
        default=None,
    )
    if best is None:
        return
    told = [lower_bound(problem)]
    walks_bound(problem, lambda: float(best), 60, math.inf, told.append)
    assert all(bound is not None and bound <= best for bound in told)


@given(st.integers(0, 10_000), st.integers(0, 1), st.booleans())
def test_walks_stay_below_plans_with_depots_trips_and_stops_left_out(seed, other, few) -> None:
    """Meals from two depots, several trips, hours, fixed costs, stops that may be left out."""
    problem = meals(4, seed=seed, other_driver_cost=2_000 * other)
    if few:  # loads alone: no clock
        free = np.full(3, FOREVER)
        stops = replace(problem.stops, early=np.zeros(4, int), late=np.full(4, FOREVER))
        problem = replace(problem, stops=stops, vans=replace(problem.vans, late=free))
    result = decide(problem, settings(stop=Stop(work=400)))
    if result.objective is None:
        return
    told: list[int] = []
    walks_bound(problem, lambda: float(result.objective), 60, math.inf, told.append)
    assert all(bound <= result.objective for bound in told)


def test_walks_prove_more_than_an_assignment() -> None:
    """Where loads make the trips, and where windows do."""
    for problem in (windows(40, seed=1, kind="RC"), windows(40, seed=2, kind="R")):
        result = decide(problem, settings(stop=Stop(work=5_000)))
        assert lower_bound(problem) / problem.scale < result.bound <= result.objective
        assert result.gap < 0.2


def test_a_bound_on_a_core_of_its_own_does_not_outlast_the_search() -> None:
    """Work ends the search long before the seconds do: the bound so far is told at once."""
    result = decide(windows(60, seed=5), settings(stop=Stop(seconds=600, work=100, cores=2)))
    assert result.seconds < 400
    assert result.bound <= result.objective


def test_a_bound_on_a_core_of_its_own_ends_the_search_it_proves() -> None:
    """Two stops: proven at once, so the seconds are not used up."""
    result = decide(windows(2, seed=5), settings(stop=Stop(seconds=200, cores=2)))
    assert result.status == "optimal"
    assert result.seconds < 150


def _cut(order: tuple[int, ...], cuts: int) -> Plan:
    routes, trip = [], [order[0]]
    for at, stop in enumerate(order[1:]):
        if cuts >> at & 1:
            routes.append(Route(van=0, trips=(tuple(trip),)))
            trip = []
        trip.append(stop)
    return Plan(routes=(*routes, Route(van=0, trips=(tuple(trip),))))


@pytest.mark.parametrize("kind", ["C", "R", "RC"])
def test_nothing_of_ours_asked_for_is_pyvrp_itself(kind, tmp_path) -> None:
    """The same cost as ``pyvrp.solve`` on its own reading, at one seed and as many iterations."""
    import pyvrp
    from pyvrp.stop import MaxIterations

    from dingzi.engines.routing import vrplib
    from tests.engines.routing.deliveries import as_vrplib

    path = tmp_path / "made_up.vrp"
    path.write_text(as_vrplib(windows(40, seed=3, kind=kind), 200))
    bare = pyvrp.solve(
        pyvrp.read(path, round_func="round"), MaxIterations(300), seed=7, collect_stats=False
    )
    ours = decide(vrplib.read(path, None), settings(stop=Stop(work=300), seed=7))
    assert ours.objective == bare.cost()


def test_the_same_call_gives_the_same_plan() -> None:
    """Iterations, one core: route for route."""
    problem = meals(20, seed=4)
    one, two = (decide(problem, settings(seed=9)).solution for _ in range(2))
    assert one == two


def test_a_timetable_leaves_as_late_as_it_may() -> None:
    """Checked against every minute of leaving: none makes a shorter day."""
    problem = meals(12, seed=11)
    for route in decide(problem, settings()).solution.routes:
        day = timetable(problem, route)
        assert not day.late
        lengths = []
        for begin in range(240, 781):
            fixed = replace(
                problem.vans,
                early=np.where(np.arange(3) == route.van, begin, problem.vans.early),
            )
            later = timetable(replace(problem, vans=fixed), route)
            if later.begin == begin and not later.late:
                lengths.append(later.end - begin)
        assert day.end - day.begin == min(lengths)


def test_a_broken_van_and_a_closed_road_are_planned_around() -> None:
    """The new plan holds, uses what is left, and keeps drivers where that costs less."""
    problem = meals(18, seed=2)
    before = decide(problem, settings()).solution
    van = before.routes[0].van
    first = int(problem.stops.place[before.routes[0].stops[0]])
    out = {van: int(problem.vans.count[van])}
    roads = [(int(problem.vans.depot[van]), first)]
    after = after_failure(problem, before, vans=out, roads=roads, other_driver_cost=2_000)
    result = decide(after, settings(start=before))
    assert check(after, settings(), result.solution).feasible
    assert van not in {route.van for route in result.solution.routes}
    moved = {p["stop"] for code, p in result.reasons if code == "routing_other_driver"}
    assert {problem.stop_name(s) for r in before.routes if r.van == van for s in r.stops} <= (
        moved | {p["stop"] for code, p in result.reasons if code != "routing_other_driver"}
    )
    assert after.cost[roads[0]] > problem.cost[roads[0]]
    assert (after.cost < NO_WAY).all(), "there was a way around"


def test_the_way_around_a_closed_road_may_lead_by_several_places() -> None:
    """A ring of five: with one side closed all the way round, with two closed none."""
    problem = meals(3, seed=1)
    cost = np.full((5, 5), NO_WAY)
    np.fill_diagonal(cost, 0)
    for place in range(5):
        cost[place, (place + 1) % 5] = cost[(place + 1) % 5, place] = 10 + place
    ring = replace(problem, cost=cost, time=np.where(cost < NO_WAY, 2 * cost, NO_WAY))
    one = after_failure(ring, Plan(routes=()), roads=[(0, 1)])
    assert (one.cost[0, 1], one.time[1, 0]) == (14 + 13 + 12 + 11, 100)
    two = after_failure(ring, Plan(routes=()), roads=[(0, 1), (3, 2)])
    assert two.cost[0, 1] == two.time[2, 3] == NO_WAY


def test_usual_drivers_are_kept_when_it_pays() -> None:
    """With a cost on change fewer stops see another driver than without."""
    free, kept = (meals(25, seed=6, other_driver_cost=n) for n in (0, 50_000))
    usual = free.stops.usual_van

    def changed(problem) -> int:
        plan = decide(problem, settings()).solution
        return sum(usual[s] >= 0 and usual[s] != r.van for r in plan.routes for s in r.stops)

    assert changed(kept) < changed(free)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"demand": [500, 0]}, "routing_no_room"),
        ({"late": 241, "early": 241}, "routing_too_late"),
        ({"service": 421, "early": 290, "late": 290}, "routing_too_long"),
    ],
)
def test_a_stop_that_nothing_can_serve_is_an_irreducible_set(change, code) -> None:
    """It is named alone with the first obstacle; where it may be left out, it is, with that reason."""
    problem = meals(8, seed=5)
    columns = {name: getattr(problem.stops, name).copy() for name in change}
    for name, value in change.items():
        columns[name][3] = value
    columns["skip_cost"] = np.where(np.arange(8) == 3, -1, problem.stops.skip_cost)
    spoilt = replace(problem, stops=replace(problem.stops, **columns))
    result = decide(spoilt, settings())
    assert (result.status, list(result.reasons)) == ("infeasible", [(code, {"stop": "4"})])
    columns["skip_cost"][3] = 10
    optional = replace(problem, stops=replace(problem.stops, **columns))
    assert (code, {"stop": "4"}) in decide(optional, settings()).reasons


def test_loads_beyond_all_vans_are_an_irreducible_set() -> None:
    """Those named are too much together; without any one of them they are not."""
    problem = meals(10, seed=1)
    few = replace(problem.vans, count=np.array([1, 0, 0]), trips=np.array([1, 1, 1]))
    dry = np.stack([np.full(10, 45), np.zeros(10, int)], axis=1)
    stops = replace(problem.stops, demand=dry, skip_cost=np.full(10, -1), late=np.full(10, 780))
    result = decide(replace(problem, vans=few, stops=stops), settings())
    assert result.status == "infeasible"
    named = [params["stop"] for code, params in result.reasons if code == "routing_too_much"]
    assert len(named) * 45 > 200 >= (len(named) - 1) * 45


def test_a_spoilt_plan_is_found_out() -> None:
    """Twice, missing, overloaded, late, too many vans: each is told."""
    problem = windows(20, seed=8)
    plan = decide(problem, settings()).solution
    longest = max(plan.routes, key=lambda route: len(route.stops))
    turned = replace(longest, trips=(longest.stops[::-1],))
    cases = {
        "routing_twice": (*plan.routes, longest),
        "routing_missing": tuple(r for r in plan.routes if r is not longest),
        "routing_overloaded": (Route(van=0, trips=(tuple(range(20)),)),),
        "routing_late": tuple(turned if r is longest else r for r in plan.routes),
        "routing_trips": (Route(van=0, trips=tuple((s,) for s in range(20))),),
        "routing_strange": (Route(van=0, trips=((77,),)),),
    }
    for code, routes in cases.items():
        told = check(problem, settings(), Plan(routes=routes)).broken
        assert code in {found for found, _ in told}, code


@pytest.mark.parametrize(
    "wrong",
    [
        {"demand": np.array([[-1, 0]])}, {"early": np.array([900])}, {"place": np.array([99])},
        {"service": np.array([1.5])}, {"usual_van": np.array([7])}, {"late": np.array([1, 2])},
    ],
)  # fmt: skip
def test_wrong_arrays_are_refused(wrong) -> None:
    """The field is named and both languages can say it."""
    problem = meals(1, seed=1)
    with pytest.raises(BadProblem) as told:
        replace(problem, stops=replace(problem.stops, **wrong))
    assert "{" not in told.value.say("zh") + told.value.say("en")
