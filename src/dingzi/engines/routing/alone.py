"""What can be proven impossible: a stop that no van can serve alone, loads beyond all vans."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Reason
from ..demands import irreducible
from .problem import NO_WAY, Route, RoutingProblem
from .schedule import timetable


def obstacle(problem: RoutingProblem, stop: int) -> Reason | None:
    """Return why no van can serve a stop even on a day of its own; None where one can.

    The first that holds: no van has the room, none has a way there, none is there in time, none
    is back within its driver's hours.
    """
    name = {"stop": problem.stop_name(stop)}
    vans, demand = problem.vans, problem.stops.demand[stop]
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


def impossible(problem: RoutingProblem) -> list[Reason]:
    """Return an irreducible set of demands proven impossible together; empty if none is found.

    Either one stop that nothing can serve, or stops whose loads together exceed what all vans can
    carry on all their trips, though without any one of them they would not.
    """
    must = [s for s in range(len(problem.stops)) if problem.stops.skip_cost[s] < 0]
    for stop in must:
        why = obstacle(problem, stop)
        if why is not None:
            return [why]
    vans = problem.vans
    most = (vans.capacity * (vans.count * vans.trips)[:, None]).sum(axis=0)

    def possible(stops: Sequence[int]) -> bool:
        return bool((problem.stops.demand[list(stops)].sum(axis=0) <= most).all())

    found = irreducible(must, possible)
    if found is None:
        return []
    load = problem.stops.demand[list(found.demands)].sum(axis=0)
    kind = int((load - most).argmax())
    told = {"load": int(load[kind]), "most": int(most[kind]), "kind": kind + 1}
    return [("routing_too_much", {"stop": problem.stop_name(s)} | told) for s in found.demands]
