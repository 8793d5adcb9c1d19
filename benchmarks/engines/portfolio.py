"""Multi-constraint knapsacks: ours against CP-SAT, HiGHS and SCIP alone with the same time.

Instances by a seed, made as P. C. Chu and J. E. Beasley (1998) describe: weights from 1 to 1,000,
capacities a quarter, half, three quarters of what all weigh, profits that follow the weights. Each
solver has one core and the same wall-clock time. ``--file`` takes OR-Library files instead (by
default a problem of each tightness); ``--quick`` takes two instances.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))
from claims import Claims, arguments

from dingzi.engines.contract import Stop
from dingzi.engines.portfolio.checking import check
from dingzi.engines.portfolio.deciding import decide
from dingzi.engines.portfolio.orlib import orlib
from dingzi.engines.portfolio.problem import PortfolioProblem, PortfolioSettings

Ints = NDArray[np.int64]
SIZES = [
    (n, m, share) for n, m in ((100, 30), (250, 10), (500, 5), (500, 30)) for share in (25, 50, 75)
]
QUICK = [(100, 30, 25), (500, 30, 50)]


def made(n: int, m: int, share: int, seed: int) -> PortfolioProblem:
    random = np.random.default_rng((seed, n, m, share))
    use = random.integers(1, 1001, (m, n))
    value = (use.sum(axis=0) / m + 500 * random.random(n)).astype(np.int64)
    return PortfolioProblem(
        items=[str(at) for at in range(n)],
        versions=[""] * n,
        item=np.arange(n),
        value=value,
        resources=[str(at) for at in range(m)],
        use=use,
        capacity=share * use.sum(axis=1) // 100,
        carries=np.full(m, -1),
        must=np.zeros(n, np.bool_),
        tier=np.zeros(n, np.int64),
    )


def by_cp_sat(value: Ints, use: Ints, capacity: Ints, seconds: float) -> float:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = [model.new_bool_var("") for _ in value]
    for row, most in zip(use, capacity, strict=True):
        model.add(cp_model.LinearExpr.weighted_sum(x, row.tolist()) <= int(most))
    model.maximize(cp_model.LinearExpr.weighted_sum(x, value.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.solve(model)
    return solver.objective_value


def by_highs(value: Ints, use: Ints, capacity: Ints, seconds: float) -> float:
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("parallel", "off")
    solver.setOptionValue("mip_rel_gap", 0.0)
    x = [solver.addBinary() for _ in value]
    for row, most in zip(use, capacity, strict=True):
        solver.addConstr(
            solver.qsum([int(w) * one for w, one in zip(row, x, strict=True)]) <= int(most)
        )
    solver.maximize(solver.qsum([int(v) * one for v, one in zip(value, x, strict=True)]))
    return float(solver.getInfo().objective_function_value)


def by_scip(value: Ints, use: Ints, capacity: Ints, seconds: float) -> float:
    from pyscipopt import Model, quicksum

    model = Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    x = [model.addVar(vtype="B") for _ in value]
    for row, most in zip(use, capacity, strict=True):
        model.addCons(quicksum(int(w) * one for w, one in zip(row, x, strict=True)) <= int(most))
    model.setObjective(quicksum(int(v) * one for v, one in zip(value, x, strict=True)), "maximize")
    model.optimize()
    return float(model.getObjVal())


PEERS = {"CP-SAT": by_cp_sat, "HiGHS": by_highs, "SCIP": by_scip}


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, help="for each solver and instance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, nargs="*", help="OR-Library mknap files")
    parser.add_argument("--numbers", type=int, nargs="*", default=[1, 11, 21], help="of problems")
    options = parser.parse_args()
    seconds = options.seconds or 5.0
    if options.file:
        named = [
            (f"{path.stem} {n}", orlib(path, Namespace(number=n)))
            for path in options.file
            for n in options.numbers
        ]
    else:
        sizes = QUICK if options.quick else SIZES
        named = [
            (f"{size[0]} × {size[1]}, {size[2]} %", made(*size, options.seed)) for size in sizes
        ]
    # compiled before the clock runs
    decide(made(100, 10, 50, 0), PortfolioSettings(stop=Stop(work=3)))
    worst, better, equal = 0.0, 0, 0
    for name, problem in named:
        settings = PortfolioSettings(stop=Stop(seconds=seconds), seed=options.seed)
        begun = time.monotonic()
        ours = decide(problem, settings)
        took = time.monotonic() - begun
        assert ours.solution is not None and check(problem, settings, ours.solution).feasible
        theirs = {
            peer: round(solve(problem.value, problem.use, problem.capacity, seconds))
            for peer, solve in PEERS.items()
        }
        best, mine = max(theirs.values()), int(problem.value @ ours.solution.chosen)
        worst = max(worst, (best - mine) / best)
        better += mine > best
        equal += mine == best
        print(f"{name}: ours {mine} (bound {ours.bound}, {took:.1f} s), {theirs}", flush=True)
    claims = Claims(f"{len(named)} instances, {seconds:g} s and one core for each solver")
    claims.at_most(
        "knapsack: worst shortfall from the best of three solvers", 100 * worst, 0.1, "%"
    )
    # where all reach the optimum nobody can be better
    differ = len(named) - equal
    claims.at_least(
        "knapsack: better than the best of three solvers, of those not equal",
        100 * better / differ if differ else 100, 50, "%", judged=not options.quick,
    )  # fmt: skip
    claims.at_least("knapsack: better or equal", 100 * (better + equal) / len(named), 50, "%")
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
