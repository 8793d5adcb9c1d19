"""Assignment: the greatest sum of scores, as a flow of least cost (OR-Tools).

Each seeker sends one unit along his list to a vacancy or, unless he is guaranteed a seat, past all
of them for nothing. Every unit ends in one sink; a vacancy passes on as many as it has seats. With
whole scores the least cost is found exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lists import Lists


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """``choice`` (S,) int32, place on his list that each seeker gets, -1 for none; None: no flow."""

    choice: NDArray[np.int32] | None


def assign(lists: Lists) -> Flow:
    """Solve. Reserved seats stay with their category: others find only the open ones.

    A vacancy with seats for a category has a node for these, through which that category's seekers
    come; what does not fit there goes on to the open seats.
    """
    from ortools.graph.python import min_cost_flow

    seekers, vacancies = len(lists), len(lists.seats)
    rows, places = np.nonzero(lists.vacancy >= 0)
    chosen = lists.vacancy[rows, places]
    kept_v, kept_c = np.nonzero(lists.reserved)
    sink = seekers + vacancies + len(kept_v)
    heads = seekers + chosen
    if len(kept_v):
        kept_node = np.full(lists.reserved.shape, -1, dtype=np.int64)
        kept_node[kept_v, kept_c] = seekers + vacancies + np.arange(len(kept_v))
        category = lists.category[rows]
        has = (category >= 0) & (category < lists.reserved.shape[1])
        node = np.where(has, kept_node[chosen, np.where(has, category, 0)], -1)
        heads = np.where(node >= 0, node, heads)
    past = np.flatnonzero(~lists.guaranteed)
    open_seats = lists.seats - lists.reserved.sum(axis=1)
    seats = np.flatnonzero(open_seats)
    kept = seekers + vacancies + np.arange(len(kept_v))
    room = [np.ones(len(rows) + len(past), dtype=np.int64), open_seats[seats]]
    room += [lists.reserved[kept_v, kept_c], lists.seats[kept_v]]
    tails = [rows, past, seekers + seats, kept, kept]
    ends = [heads, np.full(len(past) + len(seats) + len(kept), sink), seekers + kept_v]
    cost = np.zeros(len(rows) + len(past) + len(seats) + 2 * len(kept), dtype=np.int64)
    cost[: len(rows)] = -lists.score[rows, places].astype(np.int64)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(ends).astype(np.int32),
        np.concatenate(room).astype(np.int64),
        cost,
    )
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:seekers] = 1
    supply[sink] = -seekers
    solver.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return Flow(choice=None)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"min-cost flow ended with {status}")
    flow = solver.flows(np.arange(len(rows), dtype=np.int32)) > 0
    choice = np.full(seekers, -1, dtype=np.int32)
    choice[rows[flow]] = places[flow]
    return Flow(choice=choice)
