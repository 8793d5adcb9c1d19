"""Deciding the facility problems of the literature: which method for which."""

from __future__ import annotations

import math
from importlib.metadata import version

import numpy as np

from dingzi.engines.contract import Reason, Result, Status, Watch
from dingzi.engines.demands import irreducible
from dingzi.engines.errors import BadSettings
from dingzi.engines.highs import Model

from . import covering
from .capacity_search import locate_capacitated
from .facility import FacilityProblem, FacilitySettings, Ints, Plan, told
from .facility_checking import reasons
from .median import locate

Found = tuple[Status, Plan | None, float, float]


def decide(problem: FacilityProblem, settings: FacilitySettings) -> Result[Plan]:
    """Open sites and serve customers as ``settings.goal`` says.

    Raises BadSettings where the goal does not go with the problem.
    """
    watch = settings.stop.start()
    if settings.goal == "cost":
        status, plan, objective, bound = _least_cost(problem, settings, watch)
    else:
        status, plan, objective, bound = _covering(problem, settings, watch)
    if plan is not None:
        why: list[Reason] = reasons(problem, settings, plan)
    else:
        why = impossible(problem, settings, watch) if status == "infeasible" else []
    return Result(
        status=status,
        solution=plan,
        objective=objective if plan is not None else None,
        bound=bound if math.isfinite(bound) else None,
        reasons=tuple(why),
        seed=settings.seed,
        solver="dingzi siting, HiGHS",
        version=f"{version('dingzi')}, {version('highspy')}",
        seconds=watch.seconds,
    )


def _least_cost(problem: FacilityProblem, settings: FacilitySettings, watch: Watch) -> Found:
    if not np.isfinite(problem.cost).any(axis=1).all():
        return "infeasible", None, math.nan, math.inf
    if problem.capacitated or not np.isfinite(problem.cost).all():
        found = locate_capacitated(problem, watch, seed=settings.seed, tell=settings.tell)
        return found.status, found.plan, found.cost, found.bound
    located = locate(
        problem.cost, problem.opening, problem.p, watch,
        seed=settings.seed, whole=problem.whole, tell=settings.tell,
    )  # fmt: skip
    plan = _nearest(problem, located.open)
    cost = problem.cost_of(plan)
    if located.cost - located.bound <= 1e-9 * abs(located.cost):
        return "optimal", plan, cost, cost
    return "feasible", plan, cost, min(located.bound, cost)


def _nearest(problem: FacilityProblem, sites: Ints) -> Plan:
    return Plan.whole(sites, sites[problem.cost[:, sites].argmin(axis=1)])


def _covering(problem: FacilityProblem, settings: FacilitySettings, watch: Watch) -> Found:
    if problem.capacitated:
        raise BadSettings("siting.goal_capacity", {"goal": settings.goal})
    if settings.goal == "worst":
        if problem.p is None:
            raise BadSettings("siting.goal_needs_p", {"goal": settings.goal})
        found = covering.nearest_worst(problem, watch, settings.seed)
    elif problem.p is None:
        found = covering.cover_all(problem, settings.radius or 0.0, watch, settings.seed)
    else:
        found = covering.cover_most(problem, settings.radius or 0.0, watch, settings.seed)
    if found.sites is None:
        return found.status, None, math.nan, found.bound
    plan = _nearest(problem, found.sites)
    if settings.goal == "cover":
        near = problem.cost[plan.customer, plan.site] <= (settings.radius or 0.0)
        plan = Plan(
            open=plan.open, customer=plan.customer[near], site=plan.site[near],
            share=plan.share[near],
        )  # fmt: skip
    return found.status, plan, found.objective, found.bound


def impossible(problem: FacilityProblem, settings: FacilitySettings, watch: Watch) -> list[Reason]:
    """Return an irreducible set of demands that cannot hold together.

    Demands: each customer is served, each site keeps its capacity, no more than ``p`` are open.
    """
    cost = problem.cost
    if settings.goal == "cover":
        cost = np.where(cost <= (settings.radius or 0.0), cost, math.inf)
    alone = np.flatnonzero(~np.isfinite(cost).any(axis=1))
    if len(alone):
        return [("siting.demand_no_site", {"customer": problem.customer(int(alone[0]))})]
    demands: list[tuple[str, int]] = []
    if problem.p is not None:
        demands.append(("p", problem.p))
    demands += [("site", int(s)) for s in np.flatnonzero(np.isfinite(problem.capacity))]
    order = np.argsort(-problem.demand, kind="stable")
    demands += [("customer", int(c)) for c in order]

    def possible(wanted: object) -> bool | None:
        return _can_hold(problem, cost, set(wanted), watch)  # type: ignore[call-overload]

    conflict = irreducible(demands, possible)
    if conflict is None:
        return []
    named = [_demand(problem, kind, number) for kind, number in conflict.demands]
    return named if conflict.proven else [*named, ("siting.demands_unproven", {})]


def _demand(problem: FacilityProblem, kind: str, number: int) -> Reason:
    if kind == "p":
        return ("siting.demand_count", {"p": number})
    if kind == "site":
        most = told(problem.capacity[number])
        return ("siting.demand_capacity", {"site": problem.site(number), "most": most})
    amount = told(problem.demand[number])
    return ("siting.demand_served", {"customer": problem.customer(number), "demand": amount})


def _can_hold(
    problem: FacilityProblem, cost: np.ndarray, wanted: set[tuple[str, int]], watch: Watch
) -> bool | None:
    """Return whether these demands can hold together; opening costs nothing here."""
    customers = np.array(sorted(number for kind, number in wanted if kind == "customer"), np.int64)
    if watch.over:
        return None
    if not len(customers):
        return True
    model = Model()
    m = cost.shape[1]
    y = model.add_columns(np.zeros(m), whole=problem.p is not None)
    if any(kind == "p" for kind, _ in wanted):
        row = model.add_rows(1, -math.inf, problem.p or m)
        model.add_entries(row, y + np.arange(m), 1.0)
    place, site = np.nonzero(np.isfinite(cost[customers]))
    x = model.add_columns(np.zeros(len(place)), whole=not problem.split) + np.arange(len(place))
    seated = model.add_rows(len(customers), 1.0, 1.0)
    model.add_entries(seated + place, x, 1.0)
    total = float(problem.demand.sum()) + 1.0
    keeps = np.array([("site", s) in wanted for s in range(m)])
    most = np.where(keeps, np.minimum(problem.capacity, total), total)
    fits = model.add_rows(m, -math.inf, 0.0)
    model.add_entries(fits + site, x, problem.demand[customers][place])
    model.add_entries(fits + np.arange(m), y + np.arange(m), -most)
    links = model.add_rows(len(place), -math.inf, 0.0) + np.arange(len(place))
    model.add_entries(links, x, 1.0)
    model.add_entries(links, y + site, -1.0)
    watch.work()
    seconds = min(5.0, watch.seconds_left) if watch.stop.seconds else math.inf
    cores = watch.stop.cores
    answer = model.solve(seconds=seconds, nodes=min(1000, watch.work_left), cores=cores)
    if answer.status == "infeasible":
        return False
    return True if answer.x is not None else None
