"""Whether a van can serve a stop on a day of its own, and if none can, why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from .problem import NO_WAY, Route, RoutingProblem, without_breaks
from .schedule import timetable


def obstacle(problem: RoutingProblem, stop: int) -> Reason | None:
    """Return why no van can serve a stop even on a day of its own; None where one can.

    The first that holds: there is no van, none has the room, none has a way there, none is there in
    time, none is back within its driver's hours.
    """
    name = {"stop": problem.stop_name(stop)}
    vans, demand = problem.vans, problem.stops.demand[stop]
    if not (vans.count > 0).any():
        return "routing_no_vans", name
    fit = [g for g in range(len(vans)) if vans.count[g] > 0 and (demand <= vans.capacity[g]).all()]
    if not fit:
        return "routing_no_room", name
    days = [(g, timetable(problem, Route(van=g, trips=((stop,),)))) for g in fit]
    days = [(g, day) for g, day in days if day.cost < NO_WAY]
    if not days:
        return "routing_unreachable", name
    days = [(g, day) for g, day in days if not day.late]
    if not days:
        return "routing_too_late", name
    if all(day.end - day.begin > vans.most_time[g] for g, day in days):
        return "routing_too_long", name
    return None


def served_by(problem: RoutingProblem, stop: int) -> list[int]:
    """Return the groups of which a van can serve a stop on a day of its own."""
    vans, made = problem.vans, []
    for van in range(len(vans)):
        if vans.count[van] > 0 and (problem.stops.demand[stop] <= vans.capacity[van]).all():
            day = timetable(problem, Route(van=van, trips=((stop,),)))
            in_time = day.cost < NO_WAY and not day.late
            if in_time and day.end - day.begin <= vans.most_time[van]:
                made.append(van)
    return made


def at_ease(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem with the shortest ways through whatever places, and without breaks.

    A stop that no van can serve alone then is on no route, also not between others.
    """
    vans = replace(problem.vans, **without_breaks(len(problem.vans)))
    return replace(problem, vans=vans, time=_shortest(problem.time), cost=_shortest(problem.cost))


def _shortest(ways: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the shortest ways (R. Floyd, *Communications of the ACM* 5, 1962)."""
    made = ways.copy()
    for via in range(len(made)):
        np.minimum(made, made[:, via, None] + made[None, via], out=made)
    return made
