"""The independent checker: loads, windows, hours, trips and cost from the plan alone."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ..contract import Reason, Verdict
from .problem import NO_WAY, Plan, RoutingProblem, RoutingSettings
from .reasons import reasons
from .schedule import timetable


def check(problem: RoutingProblem, settings: RoutingSettings, plan: Plan) -> Verdict:
    """Recompute what a plan costs and whether it holds."""
    broken = _visits(problem, plan)
    if broken:
        return Verdict(objective=None, broken=broken, reasons=())
    cost = 0
    for number, route in enumerate(plan.routes, 1):
        broken += _route(problem, number, plan)
        cost += timetable(problem, route).cost + int(problem.vans.fixed_cost[route.van])
    for van, used in sorted(Counter(route.van for route in plan.routes).items()):
        there = int(problem.vans.count[van])
        if used > there:
            told = {"van": problem.van_name(van), "used": used, "there": there}
            broken.append(("routing_vans_over", told))
    cost += extra_cost(problem, plan)
    return Verdict(
        objective=scaled(problem, cost),
        broken=broken,
        reasons=() if broken else reasons(problem, plan),
    )


def extra_cost(problem: RoutingProblem, plan: Plan) -> int:
    """Return the cost of stops left out and of other drivers than usual."""
    served = {stop: route.van for route in plan.routes for stop in route.stops}
    left = [s for s in range(len(problem.stops)) if s not in served]
    cost = sum(int(problem.stops.skip_cost[s]) for s in left)
    if problem.other_driver_cost:
        usual = problem.stops.usual_van
        others = sum(1 for s, van in served.items() if usual[s] >= 0 and usual[s] != van)
        cost += problem.other_driver_cost * others
    return cost


def scaled(problem: RoutingProblem, cost: int) -> int | float:
    """Return a cost in the units of the source."""
    return cost if problem.scale == 1 else cost / problem.scale


def _visits(problem: RoutingProblem, plan: Plan) -> list[Reason]:
    """Everyone at most once, who must be served served, and only what there is."""
    visits = Counter(stop for route in plan.routes for stop in route.stops)
    strange = [s for s in visits if not 0 <= s < len(problem.stops)]
    strange += [r.van for r in plan.routes if not 0 <= r.van < len(problem.vans)]
    if strange:
        return [("routing_strange", {"found": one}) for one in strange]
    told: list[Reason] = [
        ("routing_twice", {"stop": problem.stop_name(s)}) for s, n in visits.items() if n > 1
    ]
    must = [s for s in range(len(problem.stops)) if problem.stops.skip_cost[s] < 0]
    told += [("routing_missing", {"stop": problem.stop_name(s)}) for s in must if not visits[s]]
    return told


def _route(problem: RoutingProblem, number: int, plan: Plan) -> list[Reason]:
    route = plan.routes[number - 1]
    vans, told = problem.vans, []
    capacity = vans.capacity[route.van]
    for trip in route.trips:
        load = problem.stops.demand[list(trip)].sum(axis=0) if trip else np.zeros_like(capacity)
        for kind in np.flatnonzero(load > capacity):
            params = {"route": number, "kind": int(kind) + 1, "load": int(load[kind])}
            told.append(("routing_overloaded", params | {"capacity": int(capacity[kind])}))
    if len(route.trips) > vans.trips[route.van]:
        most = int(vans.trips[route.van])
        told.append(("routing_trips", {"route": number, "trips": len(route.trips), "most": most}))
    times = timetable(problem, route)
    if times.late:
        told.append(("routing_late", {"route": number, "late": times.late}))
    hours, most = times.end - times.begin, int(vans.most_time[route.van])
    if hours > most:
        told.append(("routing_hours", {"route": number, "time": hours, "most": most}))
    if times.cost >= NO_WAY:
        told.append(("routing_no_way", {"route": number}))
    return told
