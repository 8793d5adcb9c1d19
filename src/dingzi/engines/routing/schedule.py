"""When a van is where: the tightest timetable of a route, computed from the matrices alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from . import breaks
from .breaks import Leg
from .problem import Route, RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """``begin`` of the day, ``arrivals`` (service begins) by stop in order, ``end``, ``cost``.

    ``late`` counts how much time windows are missed by; 0 in a plan that holds. ``rests``: the
    leg (from 0) of each break of the driver, and when it begins.
    """

    begin: int
    arrivals: tuple[int, ...]
    end: int
    cost: int
    late: int
    rests: tuple[tuple[int, int], ...] = ()


def timetable(problem: RoutingProblem, route: Route) -> Timetable:
    """Leave as late as no window is missed by, so that the day is as short as it can be.

    With the driver's breaks as they are, the end of a route rises with its begin by no more than
    that does; so the shortest day is the one that begins last.
    """
    stops, vans = problem.stops, problem.vans
    depot, van = int(vans.depot[route.van]), route.van
    gate = (depot, int(vans.early[van]), int(vans.late[van]), 0)
    visits: list[tuple[int, int, int, int]] = []  # place, early, late, service
    for trip in route.trips:
        visits.append(gate)
        visits += [
            (int(stops.place[s]), int(stops.early[s]), int(stops.late[s]), int(stops.service[s]))
            for s in trip
        ]
    visits.append(gate)
    legs = [
        Leg(service, int(problem.time[place, to]), early, late)
        for (place, _, _, service), (to, early, late, _) in itertools.pairwise(visits)
    ]
    most_drive, rest = int(vans.most_drive[van]), int(vans.rest[van])
    pauses = breaks.chosen(legs, gate[1], gate[2], most_drive, rest)
    latest = gate[2]
    for leg, pause in zip(reversed(legs), reversed(pauses), strict=True):
        latest = min(latest, leg.late) - leg.drive - rest * pause - leg.service
    begin = max(min(latest, gate[2]), gate[1])
    now, missed, driven = begin, 0, 0
    times, rests = [begin], []
    for at, (leg, pause) in enumerate(zip(legs, pauses, strict=True)):
        begins, driven = breaks.times(now + leg.service, driven, leg.drive, pause, most_drive, rest)
        rests += [(at, one) for one in begins]
        now = max(now + leg.service + leg.drive + rest * pause, leg.early)
        if now > leg.late:  # count it once and go on as if on time
            missed += now - leg.late
            now = leg.late
        times.append(now)
    arrivals = [t for t, visit in zip(times, visits, strict=True) if visit is not gate]
    cost = sum(int(problem.cost[a[0], b[0]]) for a, b in itertools.pairwise(visits))
    return Timetable(
        begin=begin, arrivals=tuple(arrivals), end=now, cost=cost, late=missed, rests=tuple(rests)
    )
