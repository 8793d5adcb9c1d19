"""Decide a matching: candidates, then who gets what, then why."""

from __future__ import annotations

import time
from importlib.metadata import version

import numpy as np

from ..contract import Reason, Result, Status
from ..errors import BadSettings
from . import acceptance, assignment, crowded, eligible, sharding
from .lists import Lists
from .people import JobsProblem
from .reasons import forbidden_conditions, reasons
from .settings import MatchingSettings
from .solution import Matching


def decide(problem: JobsProblem | Lists, settings: MatchingSettings) -> Result[Matching]:
    """Match seekers with vacancies.

    All three methods end by themselves with a proven answer, the same every time; ``stop`` only
    says how many cores to use.

    Objective and bound: the sum of the scores of what seekers got (``candidates``: of all lines).
    ``stable``: seekers asking is best for every one of them at once among all stable matchings, so
    the objective is its own bound among these. ``assignment``: the flow is one of least cost.

    Raises BadProblem, BadSettings.
    """
    begun = time.monotonic()
    _fit(problem, settings)
    ready = None
    if isinstance(problem, JobsProblem):
        ready = prepare(problem, settings)
        if settings.shards > 1 or settings.ray:
            lists, choice = sharding.matched(problem, settings)
        else:
            lists, choice = eligible.lists_of(problem, settings, ready), None
    else:
        lists, choice = problem, None
    if choice is None and settings.method == "stable":
        choice = acceptance.hold(
            lists, seed=settings.seed, hard_reserve=settings.hard_reserve
        ).choice
    solver = "dingzi"
    if settings.method == "assignment":
        solver = "ortools"
        choice = assignment.assign(lists).choice
        if choice is None:
            return _result(settings, begun, solver, None, None, _crowd(lists))
    if choice is None:
        choice = np.full(len(lists), -1, dtype=np.int32)
    of = settings if isinstance(problem, JobsProblem) else None
    solution = Matching(lists=lists, choice=choice, settings=of)
    objective = solution.score
    if settings.method == "candidates":
        objective = int(lists.score.sum(dtype=np.int64))
    told = reasons(problem, settings, solution, ready)
    return _result(settings, begun, solver, solution, objective, told)


def prepare(problem: JobsProblem, settings: MatchingSettings) -> eligible.Prepared:
    """Index the vacancies that are not shut out by the rule book."""
    open_ = np.ones(len(problem.vacancies), dtype=bool)
    open_[list(forbidden_conditions(problem, settings))] = False
    return eligible.prepared(problem, settings, open_)


def _fit(problem: JobsProblem | Lists, settings: MatchingSettings) -> None:
    """Refuse what a method cannot promise."""
    given = problem.seekers.guaranteed if isinstance(problem, JobsProblem) else problem.guaranteed
    kept = problem.vacancies.reserved if isinstance(problem, JobsProblem) else problem.reserved
    if settings.method == "stable" and given.any():
        raise BadSettings("matching_guaranteed_method", {})
    if settings.method == "assignment" and kept.any() and not settings.hard_reserve:
        raise BadSettings("matching_reserve_method", {})
    if isinstance(problem, Lists) and (settings.shards > 1 or settings.ray):
        raise BadSettings("matching_shards_lists", {})


def _crowd(lists: Lists) -> list[Reason]:
    seekers, seats = crowded.too_many(lists)
    names = seekers if lists.names is None else [str(lists.names.seekers[s]) for s in seekers]
    return [
        ("matching_too_many", {"seeker": name, "among": len(seekers), "seats": seats})
        for name in names
    ]


def _result(
    settings: MatchingSettings,
    begun: float,
    solver: str,
    solution: Matching | None,
    objective: int | None,
    told: object,
) -> Result[Matching]:
    status: Status = "infeasible" if solution is None else "optimal"
    return Result(
        status=status,
        solution=solution,
        objective=objective,
        bound=objective,
        reasons=told,  # type: ignore[arg-type]
        seed=settings.seed,
        solver=solver,
        version=version("ortools" if solver == "ortools" else "dingzi"),
        seconds=time.monotonic() - begun,
    )
