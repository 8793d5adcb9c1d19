"""Stops of which no van can serve two on one day: each needs a van of its own.

Two are apart if no van could serve one after the other in time, or hold both loads, even if the
ways through other places were driven without a stop there and no driver had hours or breaks: then
no plan has them on one van. Stops that are all apart from each other can be served exactly if each
finds a van for itself, which is a matching of stops and vans.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from ..demands import irreducible
from .alone import at_ease, served_by
from .problem import RoutingProblem

#: larger problems are not looked through
_MOST_STOPS = 400
#: from so many stops a set of stops apart is begun
_BEGINNINGS = 40


def too_few_vans(problem: RoutingProblem, must: Sequence[int]) -> list[Reason]:
    """Return an irreducible set of stops apart for which there are too few vans; or nothing."""
    if not problem.vans.count.sum() < len(must) <= _MOST_STOPS:
        return []
    eased = at_ease(problem)
    vans = [served_by(problem, stop) for stop in must]
    if vans != [served_by(eased, stop) for stop in must]:
        return []  # only on the way from another stop
    apart = _apart(eased, np.array(must))
    for group in _groups(apart):
        found = irreducible(group, lambda some: _seated([vans[s] for s in some], problem))
        if found is not None:
            told = {"vans": len(found.demands) - 1, "schools": len(found.demands)}
            names = [problem.stop_name(must[at]) for at in found.demands]
            return [("routing_apart", {"stop": name} | told) for name in names]
    return []


def _apart(problem: RoutingProblem, must: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return (M, M) which pairs no van can serve on one day."""
    stops, vans = problem.stops, problem.vans
    time = problem.time
    place, early, late = stops.place[must], stops.early[must], stops.late[must]
    service, demand = stops.service[must], stops.demand[must]
    after = time[np.ix_(place, place)]
    together = np.zeros(after.shape, dtype=bool)
    for van in np.flatnonzero(vans.count > 0):
        depot, room = int(vans.depot[van]), vans.capacity[van]
        out, back = time[depot, place], time[place, depot]
        begin = np.maximum(early, vans.early[van] + out)
        fits = (demand <= room).all(axis=1) & (begin <= late)
        both = (demand[:, None] + demand[None] <= room).all(axis=2)
        reload = back[:, None] + out[None]
        none = np.int64(2**50)
        way = np.minimum(
            np.where(both, after, none), np.where(vans.trips[van] > 1, reload, none)
        )  # fmt: skip
        then = np.maximum((begin + service)[:, None] + way, early[None])
        home = then + (service + back)[None]
        one = (then <= late[None]) & (home <= vans.late[van])
        together |= one & fits[:, None] & fits[None]
    return np.asarray(~(together | together.T) & ~np.eye(len(must), dtype=bool))


def _groups(apart: NDArray[np.bool_]) -> list[list[int]]:
    """Return sets of stops all apart from each other, the largest first; not all there are."""
    found = []
    for first in np.argsort(-apart.sum(axis=1), kind="stable")[:_BEGINNINGS]:
        group, left = [int(first)], apart[first].copy()
        while left.any():
            order = np.where(left, (apart & left).sum(axis=1), -1)
            group.append(int(order.argmax()))
            left &= apart[group[-1]]
        found.append(sorted(group))
    return sorted(found, key=len, reverse=True)


def _seated(wanted: list[list[int]], problem: RoutingProblem) -> bool:
    """Whether each of these can have a van of its own, of the groups that it names."""
    held: dict[int, list[int]] = {}

    def place(one: int, seen: set[int]) -> bool:
        for van in wanted[one]:
            if van in seen:
                continue
            seen.add(van)
            there = held.setdefault(van, [])
            if len(there) < problem.vans.count[van]:
                there.append(one)
                return True
            for at, other in enumerate(there):
                if place(other, seen):
                    there[at] = one
                    return True
        return False

    return all(place(one, set()) for one in range(len(wanted)))
