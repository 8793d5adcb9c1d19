"""When a van is where: the tightest timetable of a route, computed from the matrices alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from . import breaks
from .breaks import ARRIVING, LEAVING, Leg
from .problem import Route, RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """``begin`` of the day, ``arrivals`` (service begins) by stop in order, ``end``, ``cost``.

    ``late`` counts how much time windows are missed by; 0 in a plan that holds. ``rests``: the
    leg (from 0) of each break of the driver, and when it begins. ``lunch``: the leg at the beginning
    or end of which he has lunch, and when; None where he has it before or after his day, or none.
    """

    begin: int
    arrivals: tuple[int, ...]
    end: int
    cost: int
    late: int
    rests: tuple[tuple[int, int], ...] = ()
    lunch: tuple[int, int] | None = None


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
    rules = vans.rules(van)
    course = breaks.chosen(legs, gate[1], gate[2], rules)
    begin = now = breaks.latest(legs, course, gate[2], rules)
    missed = driven = 0
    times, rests, lunch = [begin], [], None
    for at, (leg, pause) in enumerate(zip(legs, course.pauses, strict=True)):
        leave = now + leg.service
        if pause.lunch == LEAVING:
            lunch = at, max(leave, rules.lunch_early)
            leave = max(leave + pause.stay, rules.lunch_early + rules.lunch)
            driven = 0 if pause.stay >= rules.rest else driven
        begins, driven = breaks.times(leave, driven, leg.drive, pause.breaks, rules)
        rests += [(at, one) for one in begins]
        if pause.lunch == ARRIVING:
            there = leave + leg.drive + pause.breaks * rules.rest
            lunch = at, max(there, rules.lunch_early)
            driven = 0 if pause.stay >= rules.rest else driven
        for step in breaks.steps(leg, pause, rules):
            now = max(now + step.length, step.early)
            if now > step.late:  # count it once and go on as if on time
                missed, now = missed + now - step.late, step.late
        times.append(now)
    missed += max(0, now - course.end)
    arrivals = [t for t, visit in zip(times, visits, strict=True) if visit is not gate]
    cost = sum(int(problem.cost[a[0], b[0]]) for a, b in itertools.pairwise(visits))
    return Timetable(
        begin=begin, arrivals=tuple(arrivals), end=now, cost=cost, late=missed, rests=tuple(rests),
        lunch=lunch,
    )  # fmt: skip
