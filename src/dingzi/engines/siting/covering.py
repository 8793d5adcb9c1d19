"""Covering: most demand within a radius, fewest sites for everybody, the worst-off as near as can be.

Maximal covering: R. Church and C. ReVelle, Papers of the Regional Science Association 32 (1974).
Set covering: Toregas, Swain, ReVelle and Bergman, Operations Research 19 (1971). The worst-off
(p-center): by halving over distances, each a set covering (Minieka, SIAM Review 12, 1970).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.contract import Status, Watch
from dingzi.engines.highs import Answer, Model

from .facility import FacilityProblem, Ints


@dataclass(frozen=True, slots=True)
class Covered:
    """The sites found, the objective and its bound; ``sites`` is None where there is none."""

    status: Status
    sites: Ints | None
    objective: float
    bound: float


def cover_most(problem: FacilityProblem, radius: float, watch: Watch, seed: int) -> Covered:
    """Return the ``p`` sites that have most demand within ``radius``; objective: that demand."""
    assert problem.p is not None
    near = problem.cost <= radius
    model = Model()
    n, m = near.shape
    y = model.add_columns(np.zeros(m), whole=True)
    row = model.add_rows(1, problem.p, problem.p)
    model.add_entries(row, y + np.arange(m), 1.0)
    z = model.add_columns(-problem.demand)
    rows = model.add_rows(n, -math.inf, 0.0)
    model.add_entries(rows + np.arange(n), z + np.arange(n), 1.0)
    who, site = np.nonzero(near)
    model.add_entries(rows + who, y + site, -1.0)
    answer = _solve(model, watch, seed)
    if answer.x is None:
        return Covered("unknown", None, math.nan, float(problem.demand.sum()))
    sites = np.flatnonzero(answer.x[:m] > 0.5)
    found = float(problem.demand[near[:, sites].any(axis=1)].sum())
    bound = max(found, -answer.bound)
    return Covered(_status(answer), sites, found, bound)


def cover_all(problem: FacilityProblem, radius: float, watch: Watch, seed: int) -> Covered:
    """Return the cheapest sites (without opening costs: the fewest) that cover everybody."""
    near = problem.cost <= radius
    if not near.any(axis=1).all():
        return Covered("infeasible", None, math.nan, math.inf)
    price = problem.opening if problem.opening.any() else np.ones(near.shape[1])
    answer = _set_cover(near, price, watch, seed)
    if answer.x is None:
        return Covered("unknown", None, math.nan, 0.0)
    sites = np.flatnonzero(answer.x > 0.5)
    found = float(price[sites].sum())
    return Covered(_status(answer), sites, found, min(answer.bound, found))


def nearest_worst(problem: FacilityProblem, watch: Watch, seed: int) -> Covered:
    """Return ``p`` sites that bring the farthest customer as near as can be."""
    assert problem.p is not None
    sites = _farthest_first(problem)
    radii = np.unique(problem.cost[np.isfinite(problem.cost)])
    least = np.searchsorted(radii, problem.cost.min(axis=1).max())
    low, high = int(least), len(radii) - 1
    best: Ints | None = None
    reached = float(problem.cost[:, sites].min(axis=1).max())
    if math.isfinite(reached):
        best, high = sites, int(np.searchsorted(radii, reached))
    while low < high or best is None:
        middle = (low + high) // 2
        answer = _set_cover(
            problem.cost <= radii[middle], np.ones(len(problem.opening)), watch, seed
        )
        if answer.x is not None and (answer.x > 0.5).sum() <= problem.p:
            best, high = _filled(problem, np.flatnonzero(answer.x > 0.5)), middle
        elif answer.bound > problem.p + 1e-6:
            if middle == len(radii) - 1:
                return Covered("infeasible", None, math.nan, math.inf)
            low = middle + 1
        else:  # the watch is over
            break
    if best is None:
        return Covered("unknown", None, math.nan, float(radii[low]))
    found = float(problem.cost[:, best].min(axis=1).max())
    status: Status = "optimal" if found <= radii[low] else "feasible"
    return Covered(status, best, found, min(found, float(radii[low])))


def _farthest_first(problem: FacilityProblem) -> Ints:
    """Return ``p`` sites, each the nearest to who is farthest so far (Gonzalez 1985)."""
    chosen = [int(problem.cost.max(axis=0).argmin())]
    while len(chosen) < (problem.p or 1):
        far = problem.cost[:, chosen].min(axis=1)
        offered = problem.cost[int(far.argmax())].copy()
        offered[chosen] = math.inf
        chosen.append(int(offered.argmin()))
    return np.sort(np.array(chosen, np.int64))


def _filled(problem: FacilityProblem, sites: Ints) -> Ints:
    """Add sites until there are ``p``."""
    others = np.setdiff1d(np.arange(len(problem.opening)), sites)
    return np.sort(np.r_[sites, others[: (problem.p or 0) - len(sites)]])


def _set_cover(near: NDArray[np.bool_], price: np.ndarray, watch: Watch, seed: int) -> Answer:
    model = Model()
    y = model.add_columns(price, whole=True)
    rows = model.add_rows(len(near), 1.0)
    who, site = np.nonzero(near)
    model.add_entries(rows + who, y + site, 1.0)
    return _solve(model, watch, seed)


def _solve(model: Model, watch: Watch, seed: int) -> Answer:
    watch.work()
    return model.solve(
        seconds=watch.seconds_left, nodes=watch.work_left, cores=watch.stop.cores, seed=seed,
        gap=1e-9,
    )  # fmt: skip


def _status(answer: Answer) -> Status:
    return "optimal" if answer.status == "optimal" else "feasible"
