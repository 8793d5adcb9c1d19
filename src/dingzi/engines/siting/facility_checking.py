"""The checker of facility plans: everything from the problem and the plan, nothing from a solver."""

from __future__ import annotations

import math

import numpy as np

from dingzi.engines.contract import Reason, Verdict

from .facility import FacilityProblem, FacilitySettings, Plan, told

_SMALL = 1e-6


def check(problem: FacilityProblem, settings: FacilitySettings, plan: Plan) -> Verdict:
    """Recompute what a plan costs and which demands it breaks."""
    broken = _broken(problem, settings, plan)
    objective = None if broken else _objective(problem, settings, plan)
    return Verdict(
        objective=objective,
        broken=tuple(broken),
        reasons=() if broken else tuple(reasons(problem, settings, plan)),
    )


def _broken(problem: FacilityProblem, settings: FacilitySettings, plan: Plan) -> list[Reason]:
    n, m = problem.cost.shape
    found: list[Reason] = []
    opened = set(plan.open.tolist())
    if len(opened) != len(plan.open) or not opened <= set(range(m)):
        return [("siting.strange_site", {})]
    if problem.p is not None and len(opened) != problem.p:
        found.append(("siting.wrong_count", {"open": len(opened), "p": problem.p}))
    served, used = [0.0] * n, [0.0] * m
    for customer, site, share in zip(plan.customer, plan.site, plan.share, strict=True):
        names = {"customer": problem.customer(customer), "site": problem.site(site)}
        if site not in opened:
            found.append(("siting.served_from_closed", names))
        if not math.isfinite(problem.cost[customer, site]):
            found.append(("siting.served_from_afar", names))
        if not 0 <= share <= 1 + _SMALL or (not problem.split and 0 < share < 1 - _SMALL):
            found.append(("siting.split", {**names, "share": told(share)}))
        served[customer] += share
        used[site] += share * problem.demand[customer]
    for customer in range(n):
        lacking = served[customer] < 1 - _SMALL and settings.goal != "cover"
        if lacking or served[customer] > 1 + _SMALL:
            share = told(served[customer])
            name = problem.customer(customer)
            found.append(("siting.not_served_once", {"customer": name, "share": share}))
    for site in range(m):
        if used[site] > problem.capacity[site] * (1 + 1e-9) + _SMALL:
            load = told(used[site])
            most = told(problem.capacity[site])
            site_name = problem.site(site)
            found.append(("siting.too_full", {"site": site_name, "load": load, "most": most}))
    if settings.goal == "cover" and problem.p is None and not found:
        assert settings.radius is not None
        for customer in np.flatnonzero(problem.cost[:, plan.open].min(axis=1) > settings.radius):
            found.append(("siting.uncovered", {"customer": problem.customer(int(customer))}))
    return found


def _objective(problem: FacilityProblem, settings: FacilitySettings, plan: Plan) -> float:
    if settings.goal == "worst":
        return float(problem.cost[:, plan.open].min(axis=1).max())
    if settings.goal == "cover":
        if problem.p is None:
            return float(problem.opening[plan.open].sum()) or float(len(plan.open))
        near = problem.cost[:, plan.open].min(axis=1) <= (settings.radius or 0.0)
        return float(problem.demand[near].sum())
    serving = math.fsum(problem.cost[plan.customer, plan.site] * plan.share)
    return serving + math.fsum(problem.opening[plan.open])


def reasons(problem: FacilityProblem, settings: FacilitySettings, plan: Plan) -> list[Reason]:
    """Return a reason for each customer who is not served, or not from his cheapest site."""
    opened = np.zeros(len(problem.opening), np.bool_)
    opened[plan.open] = True
    first = problem.cost.argmin(axis=1)
    most = np.full(len(problem.cost), -1)
    for place in np.argsort(plan.share, kind="stable"):
        most[plan.customer[place]] = plan.site[place]
    found: list[Reason] = []
    for customer, (wanted, got) in enumerate(zip(first, most, strict=True)):
        who = {"customer": problem.customer(customer), "wanted": problem.site(int(wanted))}
        if got < 0:
            found.append(("siting.left_out", {"customer": who["customer"]}))
            continue
        extra = float(problem.cost[customer, got] - problem.cost[customer, wanted])
        if extra > 0:
            code = "siting.wanted_full" if opened[wanted] else "siting.wanted_closed"
            params = {**who, "got": problem.site(int(got)), "extra": told(extra)}
            found.append((code, params))
    return found
