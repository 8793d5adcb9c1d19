"""A portfolio's demands as linear rows: what the solver and the search for a conflict both use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from .problem import Ints, PortfolioProblem


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= weights @ x[columns] <= high``; ``demand`` says what it is for."""

    columns: NDArray[np.int64]
    weights: Ints
    low: int | None
    high: int | None
    demand: Reason


def chain(problem: PortfolioProblem, resource: int) -> list[int]:
    """Return the resource and all whose unused rest comes down to it.

    With every rest handed on, the balance of a year is one of sums: what was used until then is
    no more than what there was until then.
    """
    found = [resource]
    while problem.carries[found[-1]] >= 0:
        found.append(int(problem.carries[found[-1]]))
    return found


def rows(problem: PortfolioProblem, total: int | None = None) -> Iterator[Row]:
    """Yield every demand; the versions of an item exclude each other and are not among them."""
    of = [np.flatnonzero(problem.item == place) for place in range(len(problem.items))]
    for place in np.flatnonzero(problem.must).tolist():
        name = problem.items[place]
        yield _row(of[place], 1, None, ("portfolio.must", {"item": name}))
    for resource, name in enumerate(problem.resources):
        linked = chain(problem, resource)
        use = problem.use[linked].sum(axis=0)
        most = int(problem.capacity[linked].sum())
        demand = ("portfolio.capacity", {"resource": name, "capacity": most})
        yield Row(*_used(use), None, most, demand)
    if total is not None:
        use = problem.use.sum(axis=0)
        yield Row(*_used(use), None, total, ("portfolio.total", {"total": total}))
    for a, b in problem.requires:
        both = np.concatenate([of[a], of[b]])
        weights = np.repeat(np.array([1, -1]), [len(of[a]), len(of[b])])
        names = {"item": problem.items[a], "needs": problem.items[b]}
        yield Row(both, weights, None, 0, ("portfolio.requires", names))
    for a, b in problem.excludes:
        names = {"item": problem.items[a], "other": problem.items[b]}
        both = np.concatenate([of[a], of[b]])
        yield _row(both, None, 1, ("portfolio.excludes", names))
    yield from _group_rows(problem, of)


def _group_rows(problem: PortfolioProblem, of: list[NDArray[np.int64]]) -> Iterator[Row]:
    for group in problem.groups:
        columns = np.concatenate([of[place] for place in group.items] or [np.empty(0, np.int64)])
        if group.least:
            params = {"group": group.name, "least": group.least}
            yield _row(columns, group.least, None, ("portfolio.group_least", params))
        if group.most is not None:
            params = {"group": group.name, "most": group.most}
            yield _row(columns, None, group.most, ("portfolio.group_most", params))
        counted = list(group.resources) or list(range(len(problem.resources)))
        use = problem.use[counted][:, columns].sum(axis=0)
        if group.floor:
            params = {"group": group.name, "floor": group.floor}
            yield Row(columns, use, group.floor, None, ("portfolio.group_floor", params))
        if group.ceiling is not None:
            params = {"group": group.name, "ceiling": group.ceiling}
            yield Row(columns, use, None, group.ceiling, ("portfolio.group_ceiling", params))


def _row(columns: NDArray[np.int64], low: int | None, high: int | None, demand: Reason) -> Row:
    return Row(columns, np.ones(len(columns), np.int64), low, high, demand)


def _used(use: Ints) -> tuple[NDArray[np.int64], Ints]:
    columns = np.flatnonzero(use)
    return columns, use[columns]
