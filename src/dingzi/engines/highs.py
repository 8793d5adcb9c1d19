"""Linear and mixed-integer models in arrays, solved by HiGHS."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .interrupting import interrupted, listened

Floats = NDArray[np.float64]
_END = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
}


def version() -> str:
    return str(highspy.Highs().version())


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is optimal, infeasible or open; ``x`` is None without a solution.

    ``bound`` is proven (-inf without); ``duals`` are those of the rows of a linear model.
    """

    status: str
    objective: float
    bound: float
    x: Floats | None
    duals: Floats | None


class Model:
    """Minimise cost·x over rows low ≤ Ax ≤ high, with x within bounds, some of it whole.

    Columns and rows are added in blocks, each with the numbers it starts at.
    """

    def __init__(self) -> None:
        self.columns = 0
        self.rows = 0
        self._cost: list[Floats] = []
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._row_low: list[Floats] = []
        self._row_high: list[Floats] = []
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []

    def add_columns(
        self, cost: ArrayLike, low: ArrayLike = 0.0, high: ArrayLike = 1.0, *, whole: bool = False
    ) -> int:
        """Add columns, as many as ``cost`` has; return the number of the first."""
        costs = np.atleast_1d(np.asarray(cost, np.float64))
        first, self.columns = self.columns, self.columns + len(costs)
        self._cost.append(costs)
        self._low.append(np.broadcast_to(np.asarray(low, np.float64), costs.shape))
        self._high.append(np.broadcast_to(np.asarray(high, np.float64), costs.shape))
        self._whole.append(np.full(costs.shape, whole))
        return first

    def add_rows(self, count: int, low: ArrayLike = -math.inf, high: ArrayLike = math.inf) -> int:
        """Add ``count`` rows; return the number of the first. ``add_entries`` fills them."""
        first, self.rows = self.rows, self.rows + count
        self._row_low.append(np.broadcast_to(np.asarray(low, np.float64), (count,)))
        self._row_high.append(np.broadcast_to(np.asarray(high, np.float64), (count,)))
        return first

    def add_entries(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike) -> None:
        """Add entries of the matrix; the three broadcast against each other."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, np.float64))
        self._entries.append((r.ravel().astype(np.int64), c.ravel().astype(np.int64), v.ravel()))

    def solve(
        self,
        *,
        seconds: float = math.inf,
        nodes: float = math.inf,
        cores: int = 1,
        seed: int = 0,
        gap: float = 0.0,
        absolute_gap: float = 0.0,
        start: Floats | None = None,
        relaxed: bool = False,
        tell: Callable[[float, float], None] | None = None,
        **options: Any,
    ) -> Answer:
        """Solve; ``nodes`` is a deterministic stop, ``start`` values to begin from (NaN: not known).

        ``tell`` hears of an answer and a bound, once there are both, and of what betters either.
        """
        solver = highspy.Highs()
        settings: dict[str, Any] = {"output_flag": False, "threads": _threads(cores)}
        settings["random_seed"] = seed
        settings |= {"mip_rel_gap": gap, "mip_abs_gap": absolute_gap} | options
        if math.isfinite(seconds):
            settings["time_limit"] = max(seconds, 0.01)
        if math.isfinite(nodes):
            settings["mip_max_nodes"] = int(nodes)
        scale = _scale(np.concatenate(self._cost))
        settings["mip_abs_gap"] = settings["mip_abs_gap"] * scale
        for name, value in settings.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._as_lp(relaxed, scale))
        if start is not None:
            known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
            solver.setSolution(len(known), known, start[known])
        if tell is not None:
            solver.cbMipInterrupt += _telling(tell, scale)
        hear(solver)
        solver.run()
        return _answer(solver, relaxed or not any(block.any() for block in self._whole), scale)

    def _as_lp(self, relaxed: bool, scale: float) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, self.rows
        lp.col_cost_, lp.col_lower_ = np.concatenate(self._cost) * scale, np.concatenate(self._low)
        lp.col_upper_ = np.concatenate(self._high)
        lp.row_lower_ = np.concatenate(self._row_low) if self._row_low else np.empty(0)
        lp.row_upper_ = np.concatenate(self._row_high) if self._row_high else np.empty(0)
        nothing = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        blocks = self._entries or [nothing]
        rows = np.concatenate([block[0] for block in blocks])
        columns = np.concatenate([block[1] for block in blocks])
        values = np.concatenate([block[2] for block in blocks])
        order = np.argsort(rows, kind="stable")
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(rows[order], np.arange(self.rows + 1)).astype(
            np.int32
        )
        lp.a_matrix_.index_ = columns[order].astype(np.int32)
        lp.a_matrix_.value_ = values[order]
        if not relaxed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(one)] for one in np.concatenate(self._whole)]
        return lp


def _telling(tell: Callable[[float, float], None], scale: float) -> Callable[[Any], None]:
    """Ask where HiGHS asks whether to go on: of its log it says nothing while it prints nothing."""
    told = (math.inf, -math.inf)

    def look(event: Any) -> None:
        nonlocal told
        known = (event.data_out.mip_primal_bound / scale, event.data_out.mip_dual_bound / scale)
        if known != told and all(map(math.isfinite, known)):
            told = known
            tell(*known)

    return look


def hear(solver: highspy.Highs) -> None:
    """Let a solver end when somebody who listens asks for it."""
    if listened():
        for event in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
            event.subscribe(_end)


def _end(event: Any) -> None:
    if interrupted():
        event.interrupt()


_here = threading.local()


def _threads(cores: int) -> int:
    """Return how many threads to ask for, no more than there are cores.

    HiGHS keeps its workers from solve to solve and refuses another number as long as it has them.
    """
    threads = min(cores, os.cpu_count() or 1)
    if getattr(_here, "threads", threads) != threads:
        highspy.Highs.resetGlobalScheduler(True)
    _here.threads = threads
    return threads


def _scale(cost: Floats) -> float:
    """Return a power of two that brings costs near 1: HiGHS's tolerances are absolute."""
    size = np.abs(cost[cost != 0])
    return 1.0 if not len(size) else 2.0 ** -round(math.log2(float(np.median(size))) - 5)


def _answer(solver: highspy.Highs, linear: bool, scale: float) -> Answer:
    status = _END.get(solver.getModelStatus(), "open")
    info = solver.getInfo()
    solved = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = solver.getSolution()
    x = np.array(solution.col_value) if solved else None
    objective = info.objective_function_value / scale if solved else math.inf
    if linear:
        bound = objective if status == "optimal" else -math.inf
        return Answer(status, objective, bound, x, np.array(solution.row_dual) / scale)
    bound = math.inf if status == "infeasible" else info.mip_dual_bound / scale
    return Answer(status, objective, min(bound, objective), x, None)
