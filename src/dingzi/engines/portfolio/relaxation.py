"""The linear relaxation of a multi-constraint knapsack, and a bound proved from it (HiGHS)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from .problem import Ints

Floats = NDArray[np.float64]
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Optimum of the relaxation: its value, solution (n,), prices (m,), reduced costs (n,)."""

    value: float
    solution: Floats
    prices: Floats
    reduced: Floats


@dataclass(frozen=True, slots=True)
class Proof:
    """No solution is worth more than ``bound``; ``chosen`` is a better one where one was found."""

    bound: int
    chosen: NDArray[np.uint8] | None


def relax(value: Ints, use: Ints, capacity: Ints) -> Relaxed:
    """Solve the relaxation; ``use`` is (m, n)."""
    solver = _model(value, use, -np.inf, capacity)
    _run(solver)
    found = solver.getSolution()
    return Relaxed(
        solver.getObjectiveValue(),
        np.clip(np.array(found.col_value), 0.0, 1.0),
        np.abs(np.array(found.row_dual)),
        np.array(found.col_dual),
    )


def prove(
    value: Ints, use: Ints, capacity: Ints, relaxed: Relaxed, best: NDArray[np.uint8],
    seconds: float, nodes: int | None,
) -> Proof:  # fmt: skip
    """Bound the knapsack from above, knowing a solution; branch and bound on what is left.

    An item whose reduced cost is more than what can still be gained has its value in every better
    solution. How many items a better one can have is bounded by two relaxations more (M. Vasquez
    and J.-K. Hao, IJCAI 2001), which is a strong row for the branching.
    """
    worth = int(value @ best)
    top = math.floor(relaxed.value + _SLACK * max(1.0, abs(relaxed.value)) ** 0.5)
    room = relaxed.value - worth - 1
    if room < -_SLACK:
        return Proof(worth, None)
    fixed = np.abs(relaxed.reduced) > room + _SLACK * max(1.0, relaxed.value) ** 0.5
    rounded = np.round(relaxed.solution)
    fewest, most = _counts(value, use, capacity, worth + 1)
    if fewest > most:
        return Proof(worth, None)
    solver = _model(value, use, -np.inf, capacity)
    n = len(value)
    places = np.arange(n, dtype=np.int32)
    low = np.where(fixed, rounded, 0.0)
    high = np.where(fixed, rounded, 1.0)
    solver.changeColsBounds(n, places, low, high)
    solver.changeColsIntegrality(n, places, np.full(n, highspy.HighsVarType.kInteger))
    solver.addRow(float(fewest), float(most), n, places, np.ones(n))
    solver.addRow(float(worth + 1), highspy.kHighsInf, n, places, value.astype(float))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.999)
    if math.isfinite(seconds):
        solver.setOptionValue("time_limit", max(seconds, 0.01))
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    _run(solver)
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Proof(worth, None)
    info = solver.getInfo()
    chosen = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        found = np.round(np.array(solver.getSolution().col_value)).astype(np.uint8)
        # the solver works within tolerances: counted again in whole numbers
        if (use @ found <= capacity).all() and int(value @ found) > worth:
            chosen = found
    bound = info.mip_dual_bound
    reached = worth if chosen is None else int(value @ chosen)
    if math.isfinite(bound):
        top = min(top, math.floor(bound + _SLACK * max(1.0, abs(bound)) ** 0.5))
    return Proof(max(top, reached), chosen)


def _counts(value: Ints, use: Ints, capacity: Ints, least: int) -> tuple[int, int]:
    """Return how few and how many items can be worth ``least`` together, by relaxation."""
    ones = np.ones(len(value), np.int64)
    found = []
    for sign in (-1, 1):
        solver = _model(sign * ones, use, -np.inf, capacity)
        places = np.arange(len(value), dtype=np.int32)
        solver.addRow(float(least), highspy.kHighsInf, len(value), places, value.astype(float))
        _run(solver)
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return 1, 0
        found.append(sign * solver.getObjectiveValue())
    return math.ceil(found[0] - _SLACK), math.floor(found[1] + _SLACK)


def _model(value: Ints, use: Ints, low: float, capacity: Ints) -> highspy.Highs:
    m, n = use.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n, m
    model.col_cost_ = value.astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(n), np.ones(n)
    model.row_lower_, model.row_upper_ = np.full(m, low), capacity.astype(float)
    model.sense_ = highspy.ObjSense.kMaximize
    row, column = np.nonzero(use)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=m))])
    matrix.index_, matrix.value_ = column, use[row, column].astype(float)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    return solver


def _run(solver: highspy.Highs) -> None:
    solver.setOptionValue("parallel", "off")
    solver.run()
