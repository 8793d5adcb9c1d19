"""Deciding a city's schools, and why nothing holds where nothing does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import numpy as np

from dingzi.engines.contract import Reason, Result, Status, Stop, Watch
from dingzi.engines.demands import irreducible

from .city import CityPlan, CityProblem, CitySettings
from .city_checking import cost_fen
from .city_network import CityNetwork, dropped
from .city_reasons import reasons
from .part import PartModel, all_of
from .seek import seek

_QUESTION_SECONDS = 3.0
_QUESTION_NODES = 500


def decide(problem: CityProblem, settings: CitySettings) -> Result[CityPlan]:
    """Say what becomes of each school and where each village goes, at least cost over all years.

    Demands: each band within its limit (and ``farthest_m``), seats in whole modules, minimum sizes
    but for protected points, what closes winds up first, what is built is ready before it is used.
    """
    watch = settings.stop.start()
    city = CityNetwork(problem, settings)
    unreachable = city.unreachable()
    plan: CityPlan | None = None
    cost = bound = math.inf
    status: Status = "infeasible"
    if not len(unreachable) and city.net.seatable.all():
        found = seek(city.net, watch, seed=settings.seed, tell=settings.tell, gap=settings.gap)
        status, bound = found.status, found.bound
        if found.seating is not None:
            plan = city.plan(found.seating)
            cost = cost_fen(problem, settings, plan)
    told: Sequence[Reason] = ()
    if plan is not None:
        told = tuple(reasons(problem, plan))
    elif status == "infeasible":
        told = impossible(city, settings, unreachable)
    return Result(
        status=status,
        solution=plan,
        objective=cost if plan is not None else None,
        # every cost is a whole number of fen, so a bound may be rounded up
        bound=min(math.ceil(bound - 1e-3), cost) if math.isfinite(bound) else None,
        reasons=told,
        seed=settings.seed,
        solver="dingzi siting, HiGHS",
        version=f"{version('dingzi')}, {version('highspy')}",
        seconds=watch.seconds,
    )


def impossible(city: CityNetwork, settings: CitySettings, unreachable: np.ndarray) -> list[Reason]:
    """Return an irreducible set of demands: villages seated, schools' seats, schools' least sizes."""
    problem = city.city
    if len(unreachable):
        village, band = city.groups[unreachable[0]]
        return [("city.demand_no_school", _who(problem, int(village), int(band)))]
    net = city.net
    groups = np.argsort(-net.load.max(axis=1), kind="stable")
    schools = np.arange(net.schools)
    stranded = np.flatnonzero(~net.seatable.all(axis=1))
    if len(stranded):  # one group and its schools are enough
        groups, schools = stranded[:1], net.school[net.pairs_of_group[stranded[0]]]
    seats = schools[net.takes[schools].any(axis=1)]
    least = schools[(net.least[schools] > 0).any(axis=1)]
    demands = [("seats", int(one)) for one in seats]
    demands += [("least", int(one)) for one in least]
    demands += [("group", int(one)) for one in groups]
    # the deterministic stop is in questions, the other in time of its own: the answer is due
    watch = Stop(seconds=settings.stop.seconds, work=settings.stop.work).start()
    conflict = irreducible(demands, lambda wanted: _can_hold(city, set(wanted), watch))
    if conflict is None:
        return []
    told = [_demand(city, kind, number) for kind, number in conflict.demands]
    return told if conflict.proven else [*told, ("siting.demands_unproven", {})]


def _can_hold(city: CityNetwork, wanted: set[tuple[str, int]], watch: Watch) -> bool | None:
    if watch.over:
        return None
    watch.work()
    net = city.net
    must = np.array([("group", n) in wanted for n in range(net.groups)])
    seats, least = (
        np.array([(kind, n) not in wanted for n in range(net.schools)])
        for kind in ("seats", "least")
    )
    loose = dropped(net, seats=seats, least=least)
    # who need not be seated may still fill a school that must not be too small
    fills = np.zeros(net.groups, np.bool_)
    fills[net.group[~least[net.school]]] = True
    part = replace(all_of(loose), groups=np.flatnonzero(must | fills), free=~must)
    model = PartModel(loose, part)
    timed = watch.stop.seconds is not None
    answer = model.solve(
        watch, seconds=_QUESTION_SECONDS if timed else math.inf, nodes=_QUESTION_NODES, cores=1,
        seed=0, gap=0.0, begin=None,
    )  # fmt: skip
    if answer.status == "infeasible":
        return False
    return True if answer.x is not None else None


def _who(problem: CityProblem, village: int, band: int) -> dict[str, object]:
    return {
        "village": problem.villages[village],
        "band": problem.bands[band],
        "limit": int(problem.limit_m[band]),
    }


def _demand(city: CityNetwork, kind: str, number: int) -> Reason:
    problem = city.city
    if kind == "group":
        village, band = city.groups[number]
        pupils = int(problem.pupils[village, band].max())
        return (
            "city.demand_seated",
            {**_who(problem, int(village), int(band)), "pupils": pupils},
        )
    name = problem.schools[number]
    if kind == "least":
        return ("city.demand_least", {"school": name, "least": int(problem.least[number])})
    most = int(problem.seats[number] + problem.modules[number] * city.settings.module_seats)
    return ("city.demand_seats", {"school": name, "seats": most})
