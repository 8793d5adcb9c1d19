"""CP-SAT run as every engine runs it: seeded, limited, and ended early where somebody asks for it."""

from __future__ import annotations

import math

from ortools.sat.python import cp_model

from .interrupting import heard


def run(
    model: cp_model.CpModel, *, seed: int, cores: int, seconds: float, deterministic: float | None,
    told: cp_model.CpSolverSolutionCallback | None = None,
) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:  # fmt: skip
    """Solve a model; return the solver, which knows the solution, and how it ended.

    ``seconds`` may be infinite; ``deterministic`` is CP-SAT's own time, about seconds, None for no
    such limit; ``told`` hears of each solution.
    """
    solver = cp_model.CpSolver()
    limits = solver.parameters
    limits.random_seed = seed
    limits.num_workers = cores
    limits.catch_sigint_signal = False  # who listens hears it
    if math.isfinite(seconds):
        limits.max_time_in_seconds = max(seconds, 0.01)
    if deterministic is not None:
        limits.max_deterministic_time = deterministic
    return solver, heard(lambda: solver.solve(model, told), solver.stop_search)


def deterministic(work: float | None) -> float | None:
    """Return CP-SAT's own time for a stop by work."""
    return None if work is None else work * 0.01
