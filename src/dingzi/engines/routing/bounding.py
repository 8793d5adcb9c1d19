"""A cost that no plan can be below.

Drop all that ties legs into routes and keep: from each stop that is served one leg leaves and at
one a leg arrives, and at least so many trips leave the depots as the loads need. Only legs that
some van could drive on time count, each at the least any van pays. That is an assignment problem,
solved exactly as a flow of least cost; a stop left out is a leg to itself at its price. Every plan
is such an assignment, so none costs less (G. Carpaneto, P. Toth, Management Science 26, 1980).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import walks
from .problem import FOREVER, NO_WAY, RoutingProblem

Ints = NDArray[np.int64]


#: steps that a bound follows from, and rough ones for prices to begin with
_Pair = tuple[walks.Steps, walks.Steps | None]


@dataclass(frozen=True, slots=True)
class Legs:
    """What some van could drive: (C, C) between stops, (C,) from and to depots; NO_WAY if none."""

    between: Ints
    out: Ints
    back: Ints
    trips: int
    used: Ints


def lower_bound(problem: RoutingProblem) -> int | None:
    """Return the bound in the problem's whole units; None where no assignment exists."""
    if len(problem.stops) == 0:
        return 0
    if not (problem.vans.count > 0).any():
        skip = problem.stops.skip_cost
        return None if (skip < 0).any() else int(skip.sum())
    return _assigned(problem, drivable(problem))


def drivable(problem: RoutingProblem) -> Legs:
    """Return the legs that some van could drive on time, both loads in it, each at its least cost."""
    stops, vans = problem.stops, problem.vans
    count = len(stops)
    used = np.flatnonzero(vans.count > 0)
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
    return Legs(legs, out, back, _least_trips(problem, used), used)


def walks_bound(
    problem: RoutingProblem,
    upper: Callable[[], float],
    turns: int,
    seconds: float,
    tell: Callable[[int], None],
) -> None:
    """Tell bounds by walks (see ``walks``) over the clock and over the load, each better one."""
    if len(problem.stops) == 0 or not (problem.vans.count > 0).any():
        return
    legs = drivable(problem)
    ways = [
        made for made in (_by_clock(problem, legs), _by_load(problem, legs)) if made is not None
    ]
    begun = time.monotonic()

    def better(found: float) -> None:
        tell(math.ceil(found - 1e-6))

    # each in turn for a while, the rest of the time for the one that promises more
    tried = []
    for steps, rough in ways:
        prices, share = None, 1 if len(ways) == 1 else 2
        if rough is not None:  # prices to begin from, in a tenth of the time; proves nothing
            prices = walks.raise_bound(
                rough, upper, 10 * turns // 4, seconds / 8, lambda _: None
            )[1]  # fmt: skip
        tried.append(
            walks.raise_bound(steps, upper, turns // share, seconds / (4 * share), better, prices)
        )
    if ways:
        best = max(range(len(ways)), key=lambda way: tried[way][0])
        left = seconds - (time.monotonic() - begun)
        if left > 0:
            again = turns - turns // 2
            walks.raise_bound(ways[best][0], upper, again, left, better, tried[best][1])


def _by_clock(problem: RoutingProblem, legs: Legs) -> _Pair | None:
    """Return steps over the clock; None where it does not always advance."""
    stops, vans, used = problem.stops, problem.vans, legs.used
    away = problem.time[np.ix_(stops.place, stops.place)] + stops.service[:, None]
    gone = problem.time[np.ix_(vans.depot[used], stops.place)] + vans.early[used][:, None]
    home = problem.time[np.ix_(stops.place, vans.depot[used])]
    first = np.maximum(stops.early, gone.min(axis=0))
    last = (vans.late[used][None, :] - home).max(axis=1) - stops.service
    last = np.minimum(last, stops.late)
    if int(vans.late[used].max()) >= FOREVER:
        return None
    return _steps(problem, legs, first - int(first.min()), last - int(first.min()), away)


def _by_load(problem: RoutingProblem, legs: Legs) -> _Pair | None:
    """Return steps over the load that is scarcest; None where a stop wants nothing of it."""
    room = problem.vans.capacity[legs.used].max(axis=0)
    demand = problem.stops.demand
    kind = int((demand.sum(axis=0) / np.maximum(room, 1)).argmax())
    mine, most = demand[:, kind], int(room[kind])
    if int(mine.sum()) <= most:
        return None
    length = np.broadcast_to(mine[None, :], (len(mine), len(mine)))
    return _steps(problem, legs, mine, np.full(len(mine), most), length)


def _steps(
    problem: RoutingProblem, legs: Legs, first: Ints, last: Ints, length: Ints
) -> _Pair | None:
    """Round into buckets: no wider than the shortest step, so that every walk goes on.

    Beside them the same with a tenth of the buckets, to the nearest: for prices only.
    """
    stops, vans, used = problem.stops, problem.vans, legs.used
    can = (legs.between < NO_WAY) & ~np.eye(len(stops), dtype=bool)
    shortest = int(length[can].min()) if can.any() else 1
    if shortest < 1:
        return None
    width = min(shortest, max(1, -(-int(last.max()) // walks.BUCKETS)))
    # a trip's share of its van's fixed cost
    fixed = int(vans.fixed_cost[used].min()) / int(vans.trips[used].max())
    made = walks.Steps(
        cost=np.where(can, legs.between, np.inf),
        out=np.where(legs.out < NO_WAY, legs.out + fixed, np.inf),
        back=np.where(legs.back < NO_WAY, legs.back, np.inf).astype(float),
        first=first // width,
        last=last // width,
        length=np.maximum(length // width, 1),
        skip=np.where(stops.skip_cost >= 0, stops.skip_cost, np.inf),
        share=(stops.demand / np.maximum(vans.capacity[used].max(axis=0), 1)).max(axis=1),
        least=legs.trips,
        most=min(len(stops), int((vans.count[used] * vans.trips[used]).sum())),
    )
    if made.work > walks.MOST_STEPS:
        return None
    wide = -(-int(last.max()) // (walks.BUCKETS // 10))
    if wide < 3 * width:
        return made, None
    rounded = np.maximum((length + wide // 2) // wide, 1)
    return made, replace(made, first=first // wide, last=last // wide, length=rounded)


def _least_trips(problem: RoutingProblem, used: NDArray[np.int64]) -> int:
    """How many times vans must leave at least, by the loads of those who must be served."""
    must = problem.stops.skip_cost < 0
    load = problem.stops.demand[must].sum(axis=0)
    room = problem.vans.capacity[used].max(axis=0)
    needed = [-(-int(a) // int(b)) for a, b in zip(load, room, strict=True) if b > 0 and a > 0]
    return max(needed, default=0)


def _assigned(problem: RoutingProblem, legs_of: Legs) -> int | None:
    """Solve: nodes 0..C-1 leave, C..2C-1 arrive, 2C the depots' leaving, 2C+1 their arriving.

    The depots give between ``trips`` and C legs and take as many: what is not used goes straight
    from the one to the other.
    """
    from ortools.graph.python import min_cost_flow

    solver: Any = min_cost_flow.SimpleMinCostFlow()
    legs, out, back, trips = legs_of.between, legs_of.out, legs_of.back, legs_of.trips
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
    vans, used = problem.vans, legs_of.used
    most_trips = int(vans.trips[used].max())
    needed = -(-trips // most_trips)
    return int(solver.optimal_cost()) + needed * int(vans.fixed_cost[used].min())
