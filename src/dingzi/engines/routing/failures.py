"""A road is closed or vans break down: what is left of the day, near to the old plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..errors import BadSettings
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
        if a == b:
            raise BadSettings("routing_road_itself", {"found": str(a)})
        for begin, end in ((a, b), (b, a)):
            cost[begin, end] = time[begin, end] = NO_WAY
    closed = cost.copy(), time.copy()  # no way around leads over another
    for a, b in roads:
        for begin, end in ((a, b), (b, a)):
            cost[begin, end], time[begin, end] = _around(*closed, begin, end)
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


def _around(
    cost: NDArray[np.int64], time: NDArray[np.int64], begin: int, end: int
) -> tuple[int, int]:
    """Return cost and time of the cheapest way by whatever places; ``NO_WAY`` twice if none."""
    best, took = cost[begin].copy(), time[begin].copy()
    left = np.ones(len(cost), dtype=bool)
    left[begin] = False
    while left[end]:  # E. Dijkstra, Numerische Mathematik 1, 1959
        via = int(np.where(left, best, NO_WAY + 1).argmin())
        if best[via] >= NO_WAY:
            return NO_WAY, NO_WAY
        left[via] = False
        nearer = left & (best[via] + cost[via] < best)
        best[nearer], took[nearer] = best[via] + cost[via, nearer], took[via] + time[via, nearer]
    return int(best[end]), int(took[end])
