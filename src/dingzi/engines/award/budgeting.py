"""An award within a budget and with enough suppliers: which winner takes each product (CP-SAT)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from .. import cpsat
from ..contract import Reason, Result, Settings
from ..demands import OPEN, Conflict, irreducible
from ..errors import BadSettings
from .problem import Award, AwardProblem, Ints


@dataclass(frozen=True, kw_only=True)
class BudgetSettings(Settings):
    """What the choice must hold.

    Parameters
    ----------
    budget
        Fen for everything together.
    most_of_one
        Products that one bidder may take; None: no limit.
    least_bidders
        Different bidders that must take something.
    """

    budget: int
    most_of_one: int | None = None
    least_bidders: int = 0

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if self.budget < 0 or self.least_bidders < 0 or (self.most_of_one or 0) < 0:
            raise BadSettings("award.budget_negative", {})


@dataclass(frozen=True, kw_only=True, eq=False)
class Buying:
    """``supplier`` (P,) int64, the bid that takes the whole product; -1: not bought."""

    supplier: Ints


def within_budget(
    problem: AwardProblem, award: Award, worth: Ints, settings: BudgetSettings
) -> Result[Buying]:
    """Buy the products worth most from winners of the award, at their awarded prices.

    ``worth`` (P,) int64 is what buying a product is worth in points. Objective and bound in
    points; of equal choices the cheaper is not sought. One unit of work is 0.01 of CP-SAT's
    deterministic time. Infeasible: the reasons are an irreducible set of demands.
    """
    watch = settings.stop.start()
    if worth.shape != (len(problem.products),) or (worth < 0).any():
        raise BadSettings("award.worth", {})
    winners = np.flatnonzero(award.rank >= 0)
    units = award.agreed.sum(axis=1)
    cost = award.price[winners] * units[problem.product[winners]]
    demands: list[Reason] = [("award.budget", {"budget": settings.budget})]
    if settings.most_of_one is not None:
        demands.append(("award.most_of_one", {"most": settings.most_of_one}))
    if settings.least_bidders:
        demands.append(("award.least_bidders", {"least": settings.least_bidders}))

    def solve(
        held: Sequence[Reason],
    ) -> tuple[cp_model.CpSolver, list[cp_model.IntVar], cp_model.CpSolverStatus]:
        model = cp_model.CpModel()
        x = [model.new_bool_var("") for _ in winners]
        for places in _grouped(problem.product[winners]):
            model.add_at_most_one([x[at] for at in places])
        codes = {code for code, _ in held}
        if "award.budget" in codes:
            model.add(cp_model.LinearExpr.weighted_sum(x, cost.tolist()) <= settings.budget)
        taking = []
        for places in _grouped(problem.bidder[winners]):
            mine = [x[at] for at in places]
            if "award.most_of_one" in codes and settings.most_of_one is not None:
                model.add(cp_model.LinearExpr.sum(mine) <= settings.most_of_one)
            takes = model.new_bool_var("")
            model.add_bool_or(mine).only_enforce_if(takes)
            taking.append(takes)
        if "award.least_bidders" in codes:
            model.add(cp_model.LinearExpr.sum(taking) >= settings.least_bidders)
        points = worth[problem.product[winners]].tolist()
        model.maximize(cp_model.LinearExpr.weighted_sum(x, points))
        solver, status = cpsat.run(
            model, seed=settings.seed, cores=settings.stop.cores, seconds=watch.seconds_left,
            deterministic=cpsat.deterministic(settings.stop.work),
        )  # fmt: skip
        return solver, x, status

    solver, x, status = solve(demands)
    common: dict[str, Any] = {
        "seed": settings.seed,
        "solver": "cp-sat",
        "version": version("ortools"),
    }
    if status == cp_model.INFEASIBLE:

        def possible(held: Sequence[Reason]) -> bool | None:
            if watch.seconds_left <= 0:
                return None
            found = solve(held)[2]
            return None if found == cp_model.UNKNOWN else found != cp_model.INFEASIBLE

        conflict = irreducible(demands, possible, proven=True)
        return Result(
            status="infeasible", solution=None, objective=None, bound=None,
            reasons=_told(conflict), seconds=watch.seconds, **common,
        )  # fmt: skip
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Result(
            status="unknown", solution=None, objective=None, bound=None, reasons=[],
            seconds=watch.seconds, **common,
        )  # fmt: skip
    supplier = np.full(len(problem.products), -1)
    taken = winners[[at for at, one in enumerate(x) if solver.boolean_value(one)]]
    supplier[problem.product[taken]] = taken
    buying = Buying(supplier=supplier)
    return Result(
        status="optimal" if status == cp_model.OPTIMAL else "feasible",
        solution=buying,
        objective=int(worth[supplier >= 0].sum()),
        bound=math.floor(solver.best_objective_bound + 1e-6),
        reasons=_left(problem, award, settings, supplier, units),
        seconds=watch.seconds,
        **common,
    )


def _told(conflict: Conflict[Reason] | None) -> list[Reason]:
    if conflict is None:
        return []
    return [*conflict.demands, *(() if conflict.proven else (OPEN,))]


def _grouped(keys: Ints) -> list[list[int]]:
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order])) + 1
    return [part.tolist() for part in np.split(order, starts) if len(part)]


def _left(
    problem: AwardProblem, award: Award, settings: BudgetSettings, supplier: Ints, units: Ints
) -> list[Reason]:
    """Why each product that has winners is not bought: what its cheapest winner would lack."""
    bought = supplier[supplier >= 0]
    rest = settings.budget - int((award.price[bought] * units[problem.product[bought]]).sum())
    found: list[Reason] = []
    for product in np.flatnonzero(supplier < 0).tolist():
        name = problem.products[product]
        winners = np.flatnonzero((problem.product == product) & (award.rank >= 0))
        if not len(winners):
            found.append(("award.no_winner", {"product": name}))
            continue
        short = int(award.price[winners].min()) * int(units[product]) - rest
        if short > 0:
            found.append(("award.over_budget", {"product": name, "short": short}))
        else:
            found.append(("award.suppliers_full", {"product": name}))
    return found
