"""``decide``: the cheapest menu; ``prices``: what each nutrition rule costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from ortools.sat.python import cp_model

from .. import cpsat
from ..contract import Reason, Result, Status, Watch
from ..demands import OPEN, irreducible
from .checking import check
from .costing import Costed, cheapest
from .problem import Menu, MenuProblem, MenuSettings, Nutrition
from .reasons import losers
from .rows import Kinds, Row, rows, usable

#: of the time for HiGHS, before CP-SAT tries to do better
_SHARE = 0.7
#: share of what is left for one question of the search for a conflict
_QUESTION = 0.1


def decide(problem: MenuProblem, settings: MenuSettings) -> Result[Menu]:
    """Choose dishes for every day at the least cost, fen for one pupil and all days.

    HiGHS first, then CP-SAT from what it found. A unit of work is a node of the one and 0.01 of
    the other's deterministic time. Infeasible: the reasons are an
    irreducible set of demands.
    """
    watch = settings.stop.start()
    demands = list(rows(problem, settings))
    costed = cheapest(problem, settings, demands, _SHARE * watch.seconds_left)
    best = costed.served
    if best is not None and not check(problem, settings, Menu(served=best)).feasible:
        best = None  # within the solver's tolerances only
    if best is None or _cost(problem, best) > costed.bound:
        solver, x, status = _solve(problem, settings, demands, watch, cost=True, hint=best)
        if status == cp_model.INFEASIBLE:
            return _result(settings, watch, reasons=_conflict(problem, settings, demands, watch))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = np.array([[solver.boolean_value(one) for one in row] for row in x], np.bool_)
            bound = math.ceil(solver.best_objective_bound - 1e-6)
            costed = Costed(costed.served, max(costed.bound, bound))
            if best is None or _cost(problem, found) < _cost(problem, best):
                best = found
    if best is None:
        return _result(settings, watch, status="unknown")
    cost, solution = _cost(problem, best), Menu(served=best)
    bound = min(costed.bound, cost)
    return _result(
        settings, watch,
        status="optimal" if cost == bound else "feasible",
        solution=solution, objective=cost, bound=bound,
        reasons=losers(problem, settings, solution),
    )  # fmt: skip


def _cost(problem: MenuProblem, served: np.ndarray) -> int:
    return int((served @ problem.cost).sum())


def _result(
    settings: MenuSettings, watch: Watch, *, status: Status = "infeasible",
    solution: Menu | None = None, objective: int | None = None, bound: int | None = None,
    reasons: Sequence[Reason] = (),
) -> Result[Menu]:  # fmt: skip
    return Result(
        status=status,
        solution=solution,
        objective=objective,
        bound=bound,
        reasons=reasons,
        seed=settings.seed,
        solver="highs+cp-sat",
        version=version("ortools"),
        seconds=watch.seconds,
    )


def _solve(
    problem: MenuProblem, settings: MenuSettings, demands: Sequence[Row | Kinds], watch: Watch, *,
    cost: bool, hint: np.ndarray | None = None, share: float = 1.0,
) -> tuple[cp_model.CpSolver, list[list[cp_model.IntVar]], cp_model.CpSolverStatus]:  # fmt: skip
    model = cp_model.CpModel()
    allowed = usable(problem, settings)
    x = [[model.new_int_var(0, int(may), "") for may in row] for row in allowed]
    for one in demands:
        if isinstance(one, Kinds):
            present = []
            for kind in range(one.has.shape[1]):
                here = model.new_bool_var("")
                dishes = np.flatnonzero(one.has[:, kind])
                model.add(here <= cp_model.LinearExpr.sum([x[one.day][d] for d in dishes]))
                present.append(here)
            model.add(cp_model.LinearExpr.sum(present) >= one.least)
            continue
        places = np.flatnonzero(one.weights)
        variables = [x[day][dish] for day in one.days for dish in places]
        weights = one.weights[places].tolist() * len(one.days)
        total = cp_model.LinearExpr.weighted_sum(variables, weights)
        if one.low is not None:
            model.add(total >= one.low)
        if one.high is not None:
            model.add(total <= one.high)
    if cost:
        every = [variable for row in x for variable in row]
        spent = problem.cost.tolist() * len(x)
        for variable, one in zip(
            every, [] if hint is None else hint.ravel().tolist(), strict=False
        ):
            model.add_hint(variable, int(one))
        model.minimize(cp_model.LinearExpr.weighted_sum(every, spent))
    solver, status = cpsat.run(
        model, seed=settings.seed, cores=settings.stop.cores,
        seconds=max(watch.seconds_left * share, 0.05),
        deterministic=cpsat.deterministic(settings.stop.work),
    )  # fmt: skip
    return solver, x, status


def _conflict(
    problem: MenuProblem, settings: MenuSettings, demands: Sequence[Row | Kinds], watch: Watch
) -> list[Reason]:
    """An energy share is one demand of two rows: asked for by its words."""
    named: dict[str, list[Row | Kinds]] = {}
    for one in demands:
        named.setdefault(repr(one.demand), []).append(one)

    def possible(held: Sequence[str]) -> bool | None:
        if watch.seconds_left <= 0:
            return None
        kept = [row for key in held for row in named[key]]
        status = _solve(problem, settings, kept, watch, cost=False, share=_QUESTION)[2]
        return None if status == cp_model.UNKNOWN else status != cp_model.INFEASIBLE

    found = irreducible(list(named), possible, proven=True)
    if found is None:
        return []
    told = [named[key][0].demand for key in found.demands]
    return told if found.proven else [*told, OPEN]


@dataclass(frozen=True, slots=True)
class Price:
    """What a rule costs, fen for one pupil and all days: between ``least`` and ``most``, proven."""

    rule: str
    least: int
    most: int


def prices(problem: MenuProblem, settings: MenuSettings) -> list[Price] | None:
    """Solve once more without each nutrition rule; None where no menu is found with all of them."""
    whole = decide(problem, settings)
    if whole.objective is None or whole.bound is None:
        return None
    found = []
    for name, without in _without(settings.nutrition):
        other = decide(problem, replace(settings, nutrition=without, tell=None))
        if other.objective is None or other.bound is None:
            continue
        # the whole menu also holds without the rule, so no price is below 0
        least = max(0, int(whole.bound) - int(other.objective))
        found.append(Price(name, least, max(least, int(whole.objective) - int(other.bound))))
    return found


def _without(rules: Nutrition) -> list[tuple[str, Nutrition]]:
    found = [
        (one.nutrient, replace(rules, between=tuple(o for o in rules.between if o is not one)))
        for one in rules.between
    ]
    found += [
        (
            f"energy from {one.nutrient}",
            replace(rules, energy_from=tuple(o for o in rules.energy_from if o is not one)),
        )
        for one in rules.energy_from
    ]
    found.append(("food groups", replace(rules, groups=0)))
    found.append(("vegetables", replace(rules, vegetables=0, dark=0)))
    return found
