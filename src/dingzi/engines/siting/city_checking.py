"""The checker of a city's plan: costs and demands from the problem and the plan alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from dingzi.engines.contract import Reason, Verdict

from .city import CLOSED, OPEN, WINDING, CityPlan, CityProblem, CitySettings, Ints, unit_fen
from .city_reasons import reasons


def check(problem: CityProblem, settings: CitySettings, plan: CityPlan) -> Verdict:
    """Recompute what a plan costs (fen), the demands it breaks, and its reasons."""
    broken = tuple(_shape(problem, plan)) or (
        *_seated(problem, settings, plan),
        *_schools(problem, settings, plan),
        *_sizes(problem, settings, plan),
    )
    if broken:
        return Verdict(objective=None, broken=broken, reasons=())
    told = tuple(reasons(problem, plan))
    return Verdict(objective=cost_fen(problem, settings, plan), broken=(), reasons=told)


def metres_of(problem: CityProblem) -> Ints:
    """Return (V, S) metres; -1 where no way is known."""
    far = np.full((len(problem.villages), len(problem.schools)), -1)
    far[problem.village, problem.school] = problem.metres
    return far


def cost_fen(problem: CityProblem, settings: CitySettings, plan: CityPlan) -> int:
    """Return the cost of all years: ways, moves, keeping, opening, modules."""
    unit = unit_fen(metres_of(problem), settings.fen_per_km)
    total = 0
    before_status = np.where(problem.exists, OPEN, CLOSED)
    before_modules = np.zeros(len(problem.schools), np.int64)
    before_school = problem.home
    for year in range(len(problem.years)):
        status, modules, school = (
            plan.status[:, year], plan.modules[:, year], plan.school[:, :, year],
        )  # fmt: skip
        pupils = problem.pupils[:, :, year]
        village, band = np.nonzero(pupils > 0)
        way = unit[village, school[village, band]]
        total += int((pupils[village, band] * way).sum())
        was = before_school[village, band]
        gone = (was >= 0) & (was != school[village, band])
        total += settings.move_fen * int(pupils[village, band][gone].sum())
        total += int(problem.keep_fen[status != CLOSED].sum())
        opened = (status == OPEN) & (before_status == CLOSED)
        total += int(problem.open_fen[opened].sum())
        total += int((problem.module_fen * np.maximum(modules - before_modules, 0)).sum())
        # where a band has no pupils this year, those of next year are new: nobody moves
        before_status, before_modules, before_school = status, modules, school
    return total


def _shape(problem: CityProblem, plan: CityPlan) -> Iterator[Reason]:
    s, t = len(problem.schools), len(problem.years)
    known = np.isin(plan.status, (CLOSED, WINDING, OPEN)).all() and (plan.modules >= 0).all()
    sizes = (plan.status.shape, plan.modules.shape) == ((s, t), (s, t))
    inside = plan.school.shape == problem.pupils.shape
    if not (known and sizes and inside and (plan.school < s).all() and (plan.school >= -1).all()):
        yield ("city.plan_shape", {})


def _seated(problem: CityProblem, settings: CitySettings, plan: CityPlan) -> Iterator[Reason]:
    far = metres_of(problem)
    for village, band, year in np.argwhere(problem.pupils > 0):
        school = plan.school[village, band, year]
        who = {
            "village": problem.villages[village],
            "band": problem.bands[band],
            "year": problem.years[year],
        }
        if school < 0:
            yield ("city.unseated", who)
            continue
        who["school"] = problem.schools[school]
        limit = int(problem.limit_m[band])
        if settings.farthest_m is not None:
            limit = min(limit, settings.farthest_m)
        way = int(far[village, school])
        if way < 0 or way > limit:
            yield ("city.too_far", {**who, "metres": way, "limit": limit})
        status = plan.status[school, year]
        if status == CLOSED:
            yield ("city.in_closed", who)
        if status == WINDING and not (
            problem.stays[band] and problem.home[village, band] == school
        ):
            yield ("city.new_in_winding", who)


def _schools(problem: CityProblem, settings: CitySettings, plan: CityPlan) -> Iterator[Reason]:
    for number, name in enumerate(problem.schools):
        status = [OPEN if problem.exists[number] else CLOSED, *plan.status[number].tolist()]
        modules = [0, *plan.modules[number].tolist()]
        for place in range(1, len(status)):
            what = {"school": name, "year": problem.years[place - 1]}
            if status[place] != OPEN and modules[place]:
                yield ("city.modules_closed", what)
            if modules[place] > problem.modules[number]:
                yield ("city.modules_many", {**what, "most": int(problem.modules[number])})
            if status[place] == OPEN and modules[place] < modules[place - 1]:
                yield ("city.modules_fewer", what)
            built = modules[place] > modules[place - 1] or (
                status[place] == OPEN and status[place - 1] == CLOSED and not problem.exists[number]
            )
            if built and place - 1 < settings.build_years:
                yield ("city.built_too_soon", {**what, "years": settings.build_years})
            if problem.protected[number] and status[place] != OPEN:
                yield ("city.protected_closed", what)
        if not _winds_up_rightly(status, settings.transition_years):
            yield ("city.transition", {"school": name, "years": settings.transition_years})


def _winds_up_rightly(status: list[int], years: int) -> bool:
    """Whether every closing follows exactly so many years of winding up, and nothing else does."""
    run = 0
    for before, now in pairwise(status):
        if now == WINDING:
            if before == CLOSED:
                return False
            run += 1
            if run > years:
                return False
        elif before == WINDING:
            if now != CLOSED or run != years:
                return False
            run = 0
        elif before == OPEN and now == CLOSED and years:
            return False
    return True


def _sizes(problem: CityProblem, settings: CitySettings, plan: CityPlan) -> Iterator[Reason]:
    for year, number in enumerate(problem.years):
        chosen = plan.school[:, :, year]
        seated = chosen >= 0
        load = np.bincount(
            chosen[seated], problem.pupils[:, :, year][seated], len(problem.schools)
        ).astype(int)
        seats = problem.seats + settings.module_seats * plan.modules[:, year]
        for school, name in enumerate(problem.schools):
            what = {"school": name, "year": number, "pupils": int(load[school])}
            if load[school] > seats[school]:
                yield ("city.too_full", {**what, "seats": int(seats[school])})
            exempt = problem.protected[school] or plan.status[school, year] != OPEN
            if not exempt and load[school] < problem.least[school]:
                yield ("city.too_small", {**what, "least": int(problem.least[school])})
