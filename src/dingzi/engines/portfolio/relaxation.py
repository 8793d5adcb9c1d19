"""The linear relaxation of a multi-constraint knapsack, and a bound proved from it (HiGHS)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from ..highs import hear
from .problem import Ints

Floats = NDArray[np.float64]
_SLACK = 1e-6
#: HiGHS works within absolute tolerances: numbers are brought below this
_LARGEST = 2.0**20


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Optimum of the relaxation: its value, solution (n,), prices (m,), reduced costs (n,)."""

    value: float
    solution: Floats
    prices: Floats
    reduced: Floats

    @property
    def bound(self) -> int:
        """No solution is worth more."""
        return math.floor(self.value + slack(self.value))


def slack(value: float) -> float:
    """Return what a computed bound may be short of the true one by rounding and tolerances."""
    return _SLACK + 1e-9 * abs(value)


@dataclass(frozen=True, slots=True)
class Proof:
    """No solution is worth more than ``bound``; ``chosen`` is a better one where one was found."""

    bound: int
    chosen: NDArray[np.uint8] | None


def relax(value: Ints, use: Ints, capacity: Ints) -> Relaxed:
    """Solve the relaxation; ``use`` is (m, n)."""
    model = _Model(value, use, capacity)
    model.run()
    found = model.solver.getSolution()
    return Relaxed(
        model.solver.getObjectiveValue() / model.worth_scale,
        np.clip(np.array(found.col_value), 0.0, 1.0),
        np.abs(np.array(found.row_dual)) * model.row_scale / model.worth_scale,
        np.array(found.col_dual) / model.worth_scale,
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
    room = relaxed.value - worth - 1
    allowed = slack(relaxed.value)
    if room < -allowed:
        return Proof(worth, None)
    fixed = np.abs(relaxed.reduced) > room + allowed
    rounded = np.round(relaxed.solution)
    fewest, most = _counts(value, use, capacity, worth + 1)
    if fewest > most:
        return Proof(worth, None)
    model = _Model(value, use, capacity)
    solver, scale = model.solver, model.worth_scale
    n = len(value)
    places = np.arange(n, dtype=np.int32)
    low = np.where(fixed, rounded, 0.0)
    high = np.where(fixed, rounded, 1.0)
    solver.changeColsBounds(n, places, low, high)
    solver.changeColsIntegrality(n, places, np.full(n, highspy.HighsVarType.kInteger))
    solver.addRow(float(fewest), float(most), n, places, np.ones(n))
    model.at_least(value, worth + 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.999 * scale)
    if math.isfinite(seconds):
        solver.setOptionValue("time_limit", max(seconds, 0.01))
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    hear(solver)
    model.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Proof(worth, None)
    info = solver.getInfo()
    chosen = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        found = np.round(np.array(solver.getSolution().col_value)).astype(np.uint8)
        # the solver works within tolerances: counted again in whole numbers
        if (use @ found <= capacity).all() and int(value @ found) > worth:
            chosen = found
    top = relaxed.bound
    reached = worth if chosen is None else int(value @ chosen)
    bound = info.mip_dual_bound / scale
    if math.isfinite(bound):
        top = min(top, math.floor(bound + slack(bound)))
    return Proof(max(top, reached), chosen)


def _counts(value: Ints, use: Ints, capacity: Ints, least: int) -> tuple[int, int]:
    """Return how few and how many items can be worth ``least`` together, by relaxation."""
    ones = np.ones(len(value), np.int64)
    found = []
    for sign in (-1, 1):
        model = _Model(sign * ones, use, capacity)
        model.at_least(value, least)
        model.run()
        if model.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return 1, 0
        found.append(sign * model.solver.getObjectiveValue())
    return math.ceil(found[0] - _SLACK), math.floor(found[1] + _SLACK)


class _Model:
    """The relaxation in HiGHS. Rows and the objective are scaled by powers of two, exactly."""

    def __init__(self, value: Ints, use: Ints, capacity: Ints) -> None:
        m, n = use.shape
        self.worth_scale = _scale(np.abs(value).max(initial=1))
        self.row_scale = np.array([_scale(one) for one in use.max(axis=1, initial=1)])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = n, m
        model.col_cost_ = value.astype(float) * self.worth_scale
        model.col_lower_, model.col_upper_ = np.zeros(n), np.ones(n)
        model.row_lower_ = np.full(m, -np.inf)
        model.row_upper_ = capacity.astype(float) * self.row_scale
        model.sense_ = highspy.ObjSense.kMaximize
        row, column = np.nonzero(use)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=m))])
        matrix.index_, matrix.value_ = column, use[row, column] * self.row_scale[row]
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("parallel", "off")
        self.solver.passModel(model)

    def at_least(self, value: Ints, least: int) -> None:
        """Demand that what is chosen is worth so much."""
        scale = _scale(value.max())
        n = len(value)
        places = np.arange(n, dtype=np.int32)
        self.solver.addRow(least * scale, highspy.kHighsInf, n, places, value * scale)

    def run(self) -> None:
        self.solver.run()


def _scale(largest: int) -> float:
    return 2.0 ** -max(0, math.ceil(math.log2(int(largest) / _LARGEST)))
