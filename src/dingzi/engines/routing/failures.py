"""A road is closed or vans break down: what is left of the day, near to the old plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from .problem import NO_WAY, Plan, RoutingProblem


def after_failure(
    problem: RoutingProblem,
    plan: Plan,
    *,
    vans: Mapping[int, int] | None = None,
    roads: Sequence[tuple[int, int]] = (),
    other_driver_cost: int | None = None,
) -> RoutingProblem:
    """Return the problem as it is after a failure.

    Parameters
    ----------
    vans : how many of which group are out.
    roads : pairs of places between which the way is closed, in both directions. The way around by
        the other places is taken where there is one.
    other_driver_cost : what it costs to send another van to a stop than the old plan did; None
        leaves the problem's usual vans as they are.

    Plan it with ``RoutingSettings(start=plan)`` so that the search begins from what was planned.
    """
    count = problem.vans.count.copy()
    for van, out in (vans or {}).items():
        count[van] = max(0, int(count[van]) - out)
    cost, time = problem.cost.copy(), problem.time.copy()
    for a, b in roads:
        for begin, end in ((a, b), (b, a)):
            cost[begin, end] = time[begin, end] = NO_WAY
    for a, b in roads:
        for begin, end in ((a, b), (b, a)):
            around = cost[begin] + cost[:, end]
            via = int(around.argmin())
            if around[via] < NO_WAY:
                cost[begin, end] = around[via]
                time[begin, end] = time[begin, via] + time[via, end]
    made = replace(problem, vans=replace(problem.vans, count=count), cost=cost, time=time)
    if other_driver_cost is None:
        return made
    usual = np.full(len(problem.stops), -1)
    for route in plan.routes:
        usual[list(route.stops)] = route.van
    return replace(
        made,
        stops=replace(problem.stops, usual_van=usual),
        other_driver_cost=other_driver_cost,
    )
