"""When a van is where: the tightest timetable of a route, computed from the matrices alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from .problem import Route, RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """``begin`` of the day, ``arrivals`` (service begins) by stop in order, ``end``, ``cost``.

    ``late`` counts how much time windows are missed by; 0 in a plan that holds.
    """

    begin: int
    arrivals: tuple[int, ...]
    end: int
    cost: int
    late: int


def timetable(problem: RoutingProblem, route: Route) -> Timetable:
    """Leave as late as no window is missed by, so that the day is as short as it can be.

    The end of a route rises with its begin by no more than that does; so the shortest day is the
    one that begins last.
    """
    stops, vans = problem.stops, problem.vans
    depot, van = int(vans.depot[route.van]), route.van
    legs: list[tuple[int, int, int, int]] = []  # place, early, late, service
    gate = (depot, int(vans.early[van]), int(vans.late[van]), 0)
    for trip in route.trips:
        legs.append(gate)
        legs += [
            (int(stops.place[s]), int(stops.early[s]), int(stops.late[s]), int(stops.service[s]))
            for s in trip
        ]
    legs.append(gate)
    latest = legs[-1][2]
    for at in range(len(legs) - 2, -1, -1):
        place, _, late, service = legs[at]
        latest = min(late, latest - service - int(problem.time[place, legs[at + 1][0]]))
    begin = max(latest, legs[0][1])
    now, cost, missed = begin, 0, max(0, begin - legs[0][2])
    times = [begin]
    for (place, _, _, service), (to, early, late, _) in itertools.pairwise(legs):
        cost += int(problem.cost[place, to])
        now = max(now + service + int(problem.time[place, to]), early)
        if now > late:  # count it once and go on as if on time
            missed += now - late
            now = late
        times.append(now)
    arrivals = [t for t, leg in zip(times, legs, strict=True) if leg is not gate]
    return Timetable(begin=begin, arrivals=tuple(arrivals), end=now, cost=cost, late=missed)
