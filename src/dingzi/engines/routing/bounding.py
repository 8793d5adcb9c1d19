"""A cost that no plan can be below.

Drop all that ties legs into routes and keep: from each stop that is served one leg leaves and at
one a leg arrives, and at least so many trips leave the depots as the loads need. Only legs that
some van could drive on time count, each at the least any van pays. That is an assignment problem,
solved exactly as a flow of least cost; a stop left out is a leg to itself at its price. Every plan
is such an assignment, so none costs less (G. Carpaneto, P. Toth, Management Science 26, 1980).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .problem import NO_WAY, RoutingProblem


def lower_bound(problem: RoutingProblem) -> int | None:
    """Return the bound in the problem's whole units; None where no assignment exists."""
    from ortools.graph.python import min_cost_flow

    stops, vans = problem.stops, problem.vans
    count = len(stops)
    used = np.flatnonzero(vans.count > 0)
    if count == 0:
        return 0
    if len(used) == 0:
        return None if (stops.skip_cost < 0).any() else int(stops.skip_cost.sum())
    legs = problem.cost[np.ix_(stops.place, stops.place)].copy()
    begins = stops.early + stops.service
    arrive = begins[:, None] + problem.time[np.ix_(stops.place, stops.place)]
    legs[arrive > stops.late[None, :]] = NO_WAY
    room = vans.capacity[used].max(axis=0)
    together = (stops.demand[:, None, :] + stops.demand[None, :, :] > room).any(axis=2)
    legs[together] = NO_WAY  # a trip with both would be overloaded
    legs[np.arange(count), np.arange(count)] = np.where(
        stops.skip_cost >= 0, stops.skip_cost, NO_WAY
    )
    out = np.full((count,), NO_WAY)
    back = np.full((count,), NO_WAY)
    for van in used:
        there = vans.early[van] + problem.time[vans.depot[van], stops.place] <= stops.late
        ready = np.maximum(stops.early, vans.early[van]) + stops.service
        home = ready + problem.time[stops.place, vans.depot[van]] <= vans.late[van]
        fits = there & home & (stops.demand <= vans.capacity[van]).all(axis=1)
        out = np.where(fits, np.minimum(out, problem.cost[vans.depot[van], stops.place]), out)
        back = np.where(fits, np.minimum(back, problem.cost[stops.place, vans.depot[van]]), back)
    trips = _least_trips(problem, used)
    return _assigned(min_cost_flow.SimpleMinCostFlow(), legs, out, back, trips, problem, used)


def _least_trips(problem: RoutingProblem, used: NDArray[np.int64]) -> int:
    """How many times vans must leave at least, by the loads of those who must be served."""
    must = problem.stops.skip_cost < 0
    load = problem.stops.demand[must].sum(axis=0)
    room = problem.vans.capacity[used].max(axis=0)
    needed = [-(-int(a) // int(b)) for a, b in zip(load, room, strict=True) if b > 0 and a > 0]
    return max(needed, default=0)


def _assigned(
    solver: Any,
    legs: NDArray[np.int64],
    out: NDArray[np.int64],
    back: NDArray[np.int64],
    trips: int,
    problem: RoutingProblem,
    used: NDArray[np.int64],
) -> int | None:
    """Solve: nodes 0..C-1 leave, C..2C-1 arrive, 2C the depots' leaving, 2C+1 their arriving.

    The depots give between ``trips`` and C legs and take as many: what is not used goes straight
    from the one to the other.
    """
    count = len(out)
    tail, head = np.nonzero(legs < NO_WAY)
    left, ends = np.flatnonzero(out < NO_WAY), np.flatnonzero(back < NO_WAY)
    tails: list[Any] = [tail, np.full(len(left), 2 * count), ends, [2 * count]]
    heads: list[Any] = [
        count + head,
        count + left,
        np.full(len(ends), 2 * count + 1),
        [2 * count + 1],
    ]
    costs: list[Any] = [legs[tail, head], out[left], back[ends], [0]]
    room = np.ones(len(tail) + len(left) + len(ends) + 1, dtype=np.int64)
    room[-1] = count - min(trips, count)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        room,
        np.concatenate(costs).astype(np.int64),
    )
    supply = np.concatenate([np.ones(count), -np.ones(count), [count], [-count]]).astype(np.int64)
    solver.set_nodes_supplies(np.arange(2 * count + 2, dtype=np.int32), supply)
    if solver.solve() != solver.OPTIMAL:
        return None
    vans = problem.vans
    most_trips = int(vans.trips[used].max())
    needed = -(-trips // most_trips)
    return int(solver.optimal_cost()) + needed * int(vans.fixed_cost[used].min())
