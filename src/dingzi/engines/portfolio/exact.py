"""Portfolios solved in whole numbers by CP-SAT: every fen counts, nothing is rounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from .. import cpsat
from .problem import Ints, PortfolioProblem
from .rows import Row

Outcome = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Limit:
    """What one call may use: seconds, deterministic time (about seconds), workers, seed."""

    seconds: float = math.inf
    deterministic: float | None = None
    workers: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Solved:
    status: Outcome
    chosen: NDArray[np.bool_] | None
    bound: int | None


def solve(
    problem: PortfolioProblem, demands: Iterable[Row], worth: Ints, limit: Limit, *,
    least: tuple[Ints, int] | None = None, hint: NDArray[np.bool_] | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Solved:  # fmt: skip
    """Maximise ``worth @ x`` under the demands; ``least`` (weights, n) holds what was reached."""
    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in problem.versions]
    for place in range(len(problem.items)):
        of = np.flatnonzero(problem.item == place)
        if len(of) > 1:
            model.add_at_most_one([x[at] for at in of])
    for row in demands:
        _add(model, x, row.columns, row.weights, row.low, row.high)
    if least is not None:
        _add(model, x, np.arange(len(x)), least[0], least[1], None)
    model.maximize(_sum(x, np.arange(len(x)), worth))
    if hint is not None:
        for at, one in enumerate(hint):
            model.add_hint(x[at], bool(one))
    return _solve(model, x, limit, tell)


def restricted(
    value: Ints, use: Ints, capacity: Ints, free: NDArray[np.bool_], x: NDArray[np.uint8],
    limit: Limit,
) -> NDArray[np.uint8] | None:  # fmt: skip
    """Return a better knapsack than ``x`` that differs from it only where ``free``, or None."""
    places = np.flatnonzero(free)
    kept = (x > 0) & ~free
    room = capacity - use[:, kept].sum(axis=1)
    model = cp_model.CpModel()
    made = [model.new_bool_var("") for _ in places]
    every = np.arange(len(places))
    for one, most in zip(use[:, places], room, strict=True):
        _add(model, made, every, one, None, int(most))
    goal = _sum(made, every, value[places])
    model.add(goal >= int(value[places] @ x[places]) + 1)
    model.maximize(goal)
    found = _solve(model, made, limit, None)
    if found.chosen is None:
        return None
    better = x.copy()
    better[places] = found.chosen
    return better


def _sum(x: list[cp_model.IntVar], columns: Ints, weights: Ints) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([x[at] for at in columns], weights.tolist())


def _add(
    model: cp_model.CpModel, x: list[cp_model.IntVar], columns: Ints, weights: Ints,
    low: int | None, high: int | None,
) -> None:  # fmt: skip
    total = _sum(x, columns, weights)
    if low is not None:
        model.add(total >= low)
    if high is not None:
        model.add(total <= high)


class _Telling(cp_model.CpSolverSolutionCallback):
    def __init__(self, tell: Callable[[int, int], None]) -> None:
        super().__init__()
        self.tell = tell

    def on_solution_callback(self) -> None:
        self.tell(round(self.objective_value), round(self.best_objective_bound))


def _solve(
    model: cp_model.CpModel, x: list[cp_model.IntVar], limit: Limit,
    tell: Callable[[int, int], None] | None,
) -> Solved:  # fmt: skip
    solver, status = cpsat.run(
        model, seed=limit.seed, cores=limit.workers, seconds=limit.seconds,
        deterministic=limit.deterministic, told=_Telling(tell) if tell else None,
    )  # fmt: skip
    if status == cp_model.INFEASIBLE:
        return Solved("infeasible", None, None)
    bound = math.floor(solver.best_objective_bound + 1e-6)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solved("unknown", None, None)
    chosen = np.array([solver.boolean_value(one) for one in x], dtype=np.bool_)
    return Solved("optimal" if status == cp_model.OPTIMAL else "feasible", chosen, bound)
