"""PyVRP does the search: the problem in its terms, its routes in ours."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from ..contract import Reason, Result, Status
from ..interrupting import interrupted
from .checking import check, extra_cost, scaled
from .impossible import impossible
from .mending import mended
from .problem import FOREVER, NO_WAY, Plan, Route, RoutingProblem, RoutingSettings
from .proving import Proof
from .reasons import reasons
from .schedule import timetable

#: turns of the bound by walks; iterations of a stop by work that pay for one
_TURNS, _WORK_OF_A_TURN = 500, 150
#: shares of the seconds for that bound: on a core of its own, and after the search
_BESIDE, _AFTER = 0.95, 0.25


def decide(problem: RoutingProblem, settings: RoutingSettings) -> Result[Plan]:
    """Plan the day.

    Objective: cost of all legs, fixed costs of vans used, stops left out, other drivers, in the
    units of the source. Bound: see ``bounding``. With ``stop.work`` and no seconds the same plan
    again; PyVRP's search runs on one core whatever ``stop.cores`` says.
    """
    begun = time.monotonic()
    cannot = impossible(problem)
    if cannot:
        return _result(problem, settings, begun, "infeasible", None, cannot)
    if len(problem.stops) == 0:
        return _result(problem, settings, begun, "optimal", Plan(routes=()), [], 0)
    proof = Proof(problem)
    stop = settings.stop
    beside = stop.cores > 1 and stop.seconds is not None
    if beside:  # the search runs on one core
        proof.start(_TURNS, _BESIDE * (stop.seconds or 0.0))
    plan = _search(problem, settings, proof, 1.0 if beside else 1.0 - _AFTER)
    cost = None if plan is None else plan_cost(problem, plan)
    if not beside:
        turns = _TURNS if stop.work is None else min(_TURNS, stop.work // _WORK_OF_A_TURN)
        left = math.inf if stop.seconds is None else stop.seconds - (time.monotonic() - begun)
        proof.known(cost)
        proof.raise_by_walks(turns, left)
    bound = proof.finish()
    if plan is None or cost is None:
        return _result(problem, settings, begun, "unknown", None, [], bound)
    status: Status = "optimal" if bound == cost else "feasible"
    return _result(problem, settings, begun, status, plan, reasons(problem, plan), bound)


def plan_cost(problem: RoutingProblem, plan: Plan) -> int:
    """Return a plan's cost in whole units."""
    legs = sum(timetable(problem, route).cost for route in plan.routes)
    fixed = sum(int(problem.vans.fixed_cost[route.van]) for route in plan.routes)
    return legs + fixed + extra_cost(problem, plan)


def _search(
    problem: RoutingProblem, settings: RoutingSettings, proof: Proof, share: float
) -> Plan | None:
    """Return the best plan found; PyVRP knows no breaks, so with them see ``_with_breaks``."""
    stop, start = settings.stop, settings.start
    seconds = None if stop.seconds is None else share * stop.seconds
    if problem.has_breaks:
        return _with_breaks(problem, settings, proof, seconds)
    plan, found = _searched(problem, settings, proof, (seconds, stop.work), start)
    return plan if found and check(problem, settings, plan).feasible else None


#: searches of a plan with breaks
_PARTS = 3


def _with_breaks(
    problem: RoutingProblem, settings: RoutingSettings, proof: Proof, seconds: float | None
) -> Plan | None:
    """Search in parts, each from the best so far, and mend what does not hold for the breaks.

    As long as plans do not hold as they come, the next search keeps time in reserve: each drive
    is longer by its share of a break and each day shorter by lunch, then by two.
    """
    begun, work = time.monotonic(), settings.stop.work
    best, cheapest, reserve, start = None, math.inf, 0, settings.start
    for part in range(_PARTS):
        left = None if seconds is None else seconds - (time.monotonic() - begun)
        if part and left is not None and left <= 0:
            break
        limits = (
            None if left is None else max(left, 0.0) / (_PARTS - part),
            None if work is None else max(1, work // _PARTS),
        )
        given = replace(settings, seed=(settings.seed + part) % 2**31)
        plan, _ = _searched(problem, given, proof, limits, start, reserve)

        def over(first: bool = best is None) -> bool:
            late = time.monotonic() - begun - (math.inf if seconds is None else seconds)
            return late > (1.0 if first else 0.0)  # a plan is worth a second more

        whole = mended(problem, plan, over)
        if whole is not None and check(problem, settings, whole).feasible:
            cost = plan_cost(problem, whole)
            if cost < cheapest:
                best, cheapest = whole, cost
        start = best or start
        reserve += whole != plan
    return best


def _searched(
    problem: RoutingProblem,
    settings: RoutingSettings,
    proof: Proof,
    limits: tuple[float | None, int | None],
    start: Plan | None,
    reserve: int = 0,
) -> tuple[Plan, bool]:
    """Search for so many seconds or iterations; return the plan and whether PyVRP says it holds."""
    import pyvrp
    from pyvrp.stop import MaxIterations, MaxRuntime

    data = to_pyvrp(problem, reserve)
    seconds, work = limits
    stops: list[Any] = [] if work is None else [MaxIterations(work)]
    if seconds is not None:
        stops.append(MaxRuntime(seconds))
    until = _Until(stops, settings, problem, proof)
    first = None if start is None else _to_solution(data, problem, start)
    found = pyvrp.solve(
        data, until, seed=settings.seed, collect_stats=False, initial_solution=first
    )
    return _from_solution(problem, found.best), bool(found.is_feasible())


class _Until:
    """Stops when one of the limits does or the best is proven, and tells the best now and then."""

    def __init__(
        self, limits: list[Any], settings: RoutingSettings, problem: RoutingProblem, proof: Proof
    ) -> None:
        self.limits, self.settings, self.problem, self.proof = limits, settings, problem, proof
        self.told = time.monotonic()

    def __call__(self, best_cost: int) -> bool:
        if self.settings.tell is not None and time.monotonic() - self.told > 0.5:
            self.told = time.monotonic()
            bound = None if self.proof.bound is None else scaled(self.problem, self.proof.bound)
            self.settings.tell(scaled(self.problem, int(best_cost)), bound)
        self.proof.known(best_cost)
        if self.proof.bound is not None and best_cost <= self.proof.bound:
            return True
        return interrupted() or any(limit(best_cost) for limit in self.limits)


def to_pyvrp(problem: RoutingProblem, reserve: int = 0) -> Any:
    """Return ``pyvrp.ProblemData``.

    Costs are PyVRP's distances, times its durations. Where drivers matter each group of vans has
    its own costs: an arc to a stop that is another's costs more. ``reserve`` makes drives longer
    by so many times their share of a break, and days shorter by as many lunches.
    """
    import pyvrp

    stops, vans = problem.stops, problem.vans
    homes = list(dict.fromkeys(int(d) for d in vans.depot))
    apart = problem.keeps_drivers or (reserve > 0 and problem.has_breaks)
    profiles: list[Any] = [problem.cost]
    times: list[Any] = [problem.time]
    if apart:
        profiles = [_costs_of(problem, van) for van in range(len(vans))]
        times = [_times_of(problem, van, reserve) for van in range(len(vans))]
    types = [
        pyvrp.VehicleType(
            num_available=int(vans.count[g]),
            capacity=[int(c) for c in vans.capacity[g]],
            start_depot=homes.index(int(vans.depot[g])),
            end_depot=homes.index(int(vans.depot[g])),
            fixed_cost=int(vans.fixed_cost[g]),
            tw_early=int(vans.early[g]),
            profile=g if apart else 0,
            **_limits(problem, g, homes, reserve),
        )
        for g in range(len(vans))
        if vans.count[g] > 0
    ]
    clients = [
        pyvrp.Client(
            location=int(stops.place[s]),
            delivery=[int(d) for d in stops.demand[s]],
            service_duration=int(stops.service[s]),
            tw_early=int(stops.early[s]),
            prize=max(int(stops.skip_cost[s]), 0),
            required=bool(stops.skip_cost[s] < 0),
            **_due(int(stops.late[s])),
        )
        for s in range(len(stops))
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(float(x), float(y)) for x, y in problem.spots],
        clients=clients,
        depots=[pyvrp.Depot(location=home) for home in homes],
        vehicle_types=types,
        distance_matrices=profiles,
        duration_matrices=times,
    )


def _limits(problem: RoutingProblem, group: int, homes: list[int], reserve: int) -> dict[str, Any]:
    """The limits that are there; PyVRP searches differently where one is given."""
    vans = problem.vans
    made: dict[str, Any] = {}
    if vans.late[group] < FOREVER:
        made["tw_late"] = int(vans.late[group])
    if vans.most_time[group] < FOREVER:
        kept = reserve * int(vans.lunch[group])
        made["shift_duration"] = max(0, int(vans.most_time[group]) - kept)
    if vans.trips[group] > 1:
        made["reload_depots"] = [homes.index(int(vans.depot[group]))]
        made["max_reloads"] = int(vans.trips[group]) - 1
    return made


def _due(late: int) -> dict[str, Any]:
    return {"tw_late": late} if late < FOREVER else {}


def _times_of(problem: RoutingProblem, van: int, reserve: int) -> Any:
    rest, drive = int(problem.vans.rest[van]), int(problem.vans.most_drive[van])
    if not reserve or not rest:
        return problem.time
    longer = np.ceil(problem.time * (1 + reserve * rest / drive))
    return np.minimum(longer, NO_WAY).astype(np.int64)


def _costs_of(problem: RoutingProblem, van: int) -> Any:
    cost = problem.cost.copy()
    if not problem.keeps_drivers:
        return cost
    usual = problem.stops.usual_van
    others = problem.stops.place[(usual >= 0) & (usual != van)]
    cost[:, others] = np.where(
        cost[:, others] < NO_WAY, cost[:, others] + problem.other_driver_cost, NO_WAY
    )
    np.fill_diagonal(cost, 0)
    return cost


def _to_solution(data: Any, problem: RoutingProblem, plan: Plan) -> Any:
    """Return a plan as PyVRP's solution; the routes of vans that are gone are left out."""
    import pyvrp

    kind = {g: n for n, g in enumerate(np.flatnonzero(problem.vans.count > 0).tolist())}
    routes: list[Any] = []
    used = dict.fromkeys(kind, 0)
    for route in plan.routes:
        if route.van not in kind or used[route.van] >= problem.vans.count[route.van]:
            continue
        used[route.van] += 1
        depot = data.vehicle_type(kind[route.van]).start_depot
        visits: list[Any] = []
        for number, trip in enumerate(route.trips):
            if number:
                visits.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, depot))
            visits += [pyvrp.Activity(pyvrp.ActivityType.CLIENT, stop) for stop in trip]
        routes.append(pyvrp.Route(data, visits, kind[route.van]))
    return pyvrp.Solution(data, routes)


def _from_solution(problem: RoutingProblem, solution: Any) -> Plan:
    groups = np.flatnonzero(problem.vans.count > 0).tolist()
    routes = []
    for route in solution.routes():
        trips: list[list[int]] = [[]]
        for visit in route:
            if visit.is_client():
                trips[-1].append(int(visit.idx))
            elif trips[-1]:
                trips.append([])
        made = tuple(tuple(trip) for trip in trips if trip)
        if made:
            routes.append(Route(van=groups[route.vehicle_type()], trips=made))
    return Plan(routes=tuple(routes))


def _result(
    problem: RoutingProblem,
    settings: RoutingSettings,
    begun: float,
    status: Status,
    plan: Plan | None,
    told: list[Reason],
    bound: int | None = None,
) -> Result[Plan]:
    return Result(
        status=status,
        solution=plan,
        objective=None if plan is None else scaled(problem, plan_cost(problem, plan)),
        bound=None if bound is None else scaled(problem, bound),
        reasons=told,
        seed=settings.seed,
        solver="pyvrp",
        version=version("pyvrp"),
        seconds=time.monotonic() - begun,
    )
