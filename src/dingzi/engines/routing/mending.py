"""Plans that do not hold for the drivers' breaks, made to hold: stops are moved to where they fit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from .problem import NO_WAY, Plan, Route, RoutingProblem
from .schedule import timetable


def mended(problem: RoutingProblem, plan: Plan, over: Callable[[], bool]) -> Plan | None:
    """Return a plan that holds; None if none is found, or the time is ``over``.

    Of a route that does not hold the stop without which it is least wrong is taken out, again and
    again. Those taken out, and those on no route, go each where it costs least and fits: into a
    trip, on a trip of its own, with a van of its own; one may be left out if that costs less.
    """
    routes: list[Route] = []
    for route in plan.routes:
        kept: Route | None = route
        while kept is not None and not holds(problem, kept):
            if over():
                return None
            kept = min(_without_one(kept), key=lambda r: _wrong(problem, r), default=None)
        routes += [] if kept is None else [kept]
    there = {stop for route in routes for stop in route.stops}
    out = [stop for stop in range(len(problem.stops)) if stop not in there]
    # who must be served first, the largest before the others
    out.sort(key=lambda s: (problem.stops.skip_cost[s] >= 0, -int(problem.stops.demand[s].sum())))
    for stop in out:
        if over() or not _placed(problem, routes, stop):
            return None
    return Plan(routes=tuple(routes))


def holds(problem: RoutingProblem, route: Route) -> bool:
    """Return whether a route holds by itself: loads, trips, windows, hours, breaks, ways."""
    return not any(_wrong(problem, route)[:3])


def _wrong(problem: RoutingProblem, route: Route) -> tuple[int, int, int, int]:
    """Return how much a route is overloaded, without a way, late or long; then its cost."""
    vans, over = problem.vans, 0
    for trip in route.trips:
        load = problem.stops.demand[list(trip)].sum(axis=0) - vans.capacity[route.van]
        over += int(load.clip(min=0).sum())
    over += max(0, len(route.trips) - int(vans.trips[route.van]))
    day = timetable(problem, route)
    long = max(0, day.end - day.begin - int(vans.most_time[route.van]))
    return over, day.cost // NO_WAY, day.late + long, day.cost


def _without_one(route: Route) -> Iterator[Route]:
    """Give the routes with one stop fewer; none where only one is left."""
    if len(route.stops) < 2:
        return
    for stop in route.stops:
        trips = (tuple(s for s in trip if s != stop) for trip in route.trips)
        yield replace(route, trips=tuple(trip for trip in trips if trip))


def _placed(problem: RoutingProblem, routes: list[Route], stop: int) -> bool:
    """Put a stop where it costs least; whether it is served or may be left out."""
    ways = sorted(_ways(problem, routes, stop), key=lambda way: way[0])
    skip = int(problem.stops.skip_cost[stop])
    for cost, at, route in ways:
        if cost > (skip if skip >= 0 else math.inf):
            break
        if holds(problem, route):
            routes[at : at + 1] = [route]
            return True
    return skip >= 0


def _ways(
    problem: RoutingProblem, routes: list[Route], stop: int
) -> Iterator[tuple[int, int, Route]]:
    """Give each way to serve a stop: what it costs more, the route's number, the new route."""
    stops, vans, cost = problem.stops, problem.vans, problem.cost
    here = int(stops.place[stop])

    def changed(van: int) -> int:
        usual = int(stops.usual_van[stop])
        return problem.other_driver_cost if usual >= 0 and usual != van else 0

    def there_and_back(van: int) -> int:
        depot = int(vans.depot[van])
        return int(cost[depot, here] + cost[here, depot]) + changed(van)

    for number, route in enumerate(routes):
        depot, trips = int(vans.depot[route.van]), route.trips
        for at, trip in enumerate(trips):
            way = [depot, *(int(stops.place[s]) for s in trip), depot]
            for gap in range(len(trip) + 1):
                more = (
                    cost[way[gap], here] + cost[here, way[gap + 1]] - cost[way[gap], way[gap + 1]]
                )
                longer = (*trip[:gap], stop, *trip[gap:])
                made = replace(route, trips=(*trips[:at], longer, *trips[at + 1 :]))
                yield int(more) + changed(route.van), number, made
        if len(trips) < vans.trips[route.van]:
            for at in range(len(trips) + 1):
                made = replace(route, trips=(*trips[:at], (stop,), *trips[at:]))
                yield there_and_back(route.van), number, made
    used = Counter(route.van for route in routes)
    for van in range(len(vans)):
        if used[van] < vans.count[van]:
            alone = Route(van=van, trips=((stop,),))
            yield there_and_back(van) + int(vans.fixed_cost[van]), len(routes), alone
