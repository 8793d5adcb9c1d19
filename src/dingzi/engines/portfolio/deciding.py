"""``decide``: choose the portfolio that is worth most."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from .. import cpsat
from ..contract import Reason, Result, Status, Watch
from ..demands import OPEN, irreducible
from .exact import Limit, Outcome, solve
from .knapsack import pack
from .problem import Ints, Portfolio, PortfolioProblem, PortfolioSettings
from .reasons import losers
from .rows import Row, rows

#: share of the stop for one question of the search for a conflict
_QUESTION = 0.05


def decide(problem: PortfolioProblem, settings: PortfolioSettings) -> Result[Portfolio]:
    """Choose at most one version of each item, worth most, within every demand.

    Where capacities are all there is, by ``knapsack.pack`` (a unit of work: 1,000 children, a node
    of the proof); else by CP-SAT (a unit: 0.01 of its deterministic time). Infeasible: the reasons
    are an irreducible set of demands. With ``in_order`` the bound is told only where every tier
    was solved to the end.
    """
    watch = settings.stop.start()
    if problem.plain and not settings.in_order:
        return _packed(problem, settings, watch)
    demands = list(rows(problem, settings.total))
    tiers = sorted(set(problem.tier.tolist())) if settings.in_order else [None]
    reached: Ints = np.zeros(len(problem.versions), np.int64)
    least: tuple[Ints, int] | None = None
    held = list(demands)
    chosen: np.ndarray | None = None
    status: Outcome = "optimal"
    bound: int | None = None
    for number, tier in enumerate(tiers):
        worth = problem.value if tier is None else _of_tier(problem, tier)
        limit = _limit(settings, watch, 1 / (len(tiers) - number))
        solved = solve(
            problem, held, worth, limit, least=least, hint=chosen,
            tell=settings.tell if tier is None else None,
        )  # fmt: skip
        if solved.status == "infeasible":
            return _infeasible(problem, settings, watch, demands)
        if solved.chosen is None:
            if chosen is None:
                return _result(problem, settings, watch, "unknown", None, None)
            status = "feasible"
            break
        chosen = solved.chosen
        reached = worth
        bound = solved.bound
        if solved.status == "feasible":
            status = "feasible"
        if tier is not None:
            columns = np.flatnonzero(reached)
            kept = int(reached @ chosen)
            demand: Reason = ("portfolio.tier", {"tier": tier, "value": kept})
            held.append(Row(columns, reached[columns], kept, None, demand))
    if settings.in_order:
        assert chosen is not None
        bound = int(problem.value @ chosen) if status == "optimal" else None
    return _result(problem, settings, watch, status, chosen, bound)


def _packed(
    problem: PortfolioProblem, settings: PortfolioSettings, watch: Watch
) -> Result[Portfolio]:
    order = np.argsort(problem.item, kind="stable")
    use, capacity = problem.use[:, order], problem.capacity
    if settings.total is not None:
        use = np.vstack([use, use.sum(axis=0)])
        capacity = np.append(capacity, settings.total)
    found = pack(problem.value[order], use, capacity, watch, settings.seed, settings.tell)
    chosen = np.zeros(len(problem.versions), np.bool_)
    chosen[order] = found.chosen > 0
    status: Status = "optimal" if int(problem.value @ chosen) == found.bound else "feasible"
    return _result(problem, settings, watch, status, chosen, found.bound, "dingzi+highs+cp-sat")


def _of_tier(problem: PortfolioProblem, tier: int) -> Ints:
    return np.where(problem.tier[problem.item] == tier, problem.value, 0)


def _limit(settings: PortfolioSettings, watch: Watch, share: float) -> Limit:
    work = watch.stop.work
    return Limit(
        seconds=watch.seconds_left * share,
        deterministic=cpsat.deterministic(None if work is None else work * share),
        workers=watch.stop.cores,
        seed=settings.seed,
    )


def _infeasible(
    problem: PortfolioProblem, settings: PortfolioSettings, watch: Watch, demands: list[Row]
) -> Result[Portfolio]:
    nothing = np.zeros(len(problem.versions), np.int64)

    def possible(held: object) -> bool | None:
        if watch.seconds_left <= 0:
            return None
        limit = _limit(settings, watch, _QUESTION)
        status = solve(problem, list(held), nothing, limit).status  # type: ignore[call-overload]
        return None if status == "unknown" else status != "infeasible"

    conflict = irreducible(demands, possible, proven=True)
    found = [row.demand for row in conflict.demands] if conflict else []
    if conflict and not conflict.proven:
        found.append(OPEN)
    return Result(
        status="infeasible",
        solution=None,
        objective=None,
        bound=None,
        reasons=found,
        seed=settings.seed,
        solver="cp-sat",
        version=version("ortools"),
        seconds=watch.seconds,
    )


def _result(
    problem: PortfolioProblem, settings: PortfolioSettings, watch: Watch, status: Status,
    chosen: np.ndarray | None, bound: int | None, solver: str = "cp-sat",
) -> Result[Portfolio]:  # fmt: skip
    solution = None if chosen is None else Portfolio(chosen=chosen)
    return Result(
        status=status,
        solution=solution,
        objective=None if chosen is None else points(int(problem.value @ chosen), problem.unit),
        bound=None if bound is None else points(bound, problem.unit),
        reasons=[] if solution is None else losers(problem, settings, solution),
        seed=settings.seed,
        solver=solver,
        version=version("ortools"),
        seconds=watch.seconds,
    )


def points(parts: int, unit: int) -> int | float:
    """Return parts of a point as points; whole where they are."""
    return parts // unit if parts % unit == 0 else parts / unit
