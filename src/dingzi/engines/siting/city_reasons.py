"""A reason for each village that does not attend its nearest school, moves, or loses its school."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dingzi.engines.contract import Reason

from .city import CLOSED, OPEN, WINDING, CityPlan, CityProblem


def reasons(problem: CityProblem, plan: CityPlan) -> Iterator[Reason]:
    """Say who moves and why, whose nearest school is another in the end, what becomes of schools."""
    yield from _moves(problem, plan)
    yield from _nearest(problem, plan)
    yield from _fates(problem, plan)


def _moves(problem: CityProblem, plan: CityPlan) -> Iterator[Reason]:
    before = problem.home
    for year, number in enumerate(problem.years):
        now = plan.school[:, :, year]
        for village, band in np.argwhere((before >= 0) & (now >= 0) & (now != before)):
            old = before[village, band]
            status = plan.status[old, year]
            code = {CLOSED: "city.moved_closed", WINDING: "city.moved_winding"}
            yield (
                code.get(int(status), "city.moved_room"),
                {
                    "village": problem.villages[village],
                    "band": problem.bands[band],
                    "year": number,
                    "old": problem.schools[old],
                    "new": problem.schools[now[village, band]],
                    "pupils": int(problem.pupils[village, band, year]),
                },
            )
        before = now


def _nearest(problem: CityProblem, plan: CityPlan) -> Iterator[Reason]:
    """In the last year: who passes a nearer school or site, and why."""
    far = np.full((len(problem.villages), len(problem.schools)), np.iinfo(np.int64).max)
    far[problem.village, problem.school] = problem.metres
    first = far.argmin(axis=1)
    last = plan.school[:, :, -1]
    for village, band in np.argwhere(last >= 0):
        wanted, got = int(first[village]), int(last[village, band])
        extra = int(far[village, got] - far[village, wanted])
        if extra <= 0:
            continue
        status = int(plan.status[wanted, -1])
        code = "city.nearest_full" if status == OPEN else "city.nearest_closed"
        if status != OPEN and not problem.exists[wanted]:
            code = "city.nearest_unbuilt"
        yield (
            code,
            {
                "village": problem.villages[village],
                "band": problem.bands[band],
                "wanted": problem.schools[wanted],
                "got": problem.schools[got],
                "extra": extra,
            },
        )


def _fates(problem: CityProblem, plan: CityPlan) -> Iterator[Reason]:
    for school, name in enumerate(problem.schools):
        status = plan.status[school]
        if problem.exists[school] and (status != OPEN).any():
            year = int(np.argmax(status != OPEN))
            pupils = int(problem.pupils[:, :, year][problem.home == school].sum())
            params: dict[str, Any] = {
                "school": name,
                "year": problem.years[year],
                "pupils": pupils,
                "least": int(problem.least[school]),
            }
            small = pupils < problem.least[school]
            yield ("city.closes_small" if small else "city.closes_costly", params)
        elif not problem.exists[school] and (status != OPEN).all():
            yield ("city.not_built", {"school": name})


def before_after(problem: CityProblem, plan: CityPlan) -> list[dict[str, Any]]:
    """Return a row for each village and band: school and metres now and in the last year."""
    far = np.full((len(problem.villages), len(problem.schools)), -1)
    far[problem.village, problem.school] = problem.metres
    rows = []
    for village, band in np.argwhere(problem.pupils.any(axis=2)):
        old, new = problem.home[village, band], plan.school[village, band, -1]
        rows.append(
            {
                "village": problem.villages[village],
                "band": problem.bands[band],
                "pupils": int(problem.pupils[village, band, -1]),
                "before": problem.schools[old] if old >= 0 else None,
                "before_m": int(far[village, old]) if old >= 0 else None,
                "after": problem.schools[new] if new >= 0 else None,
                "after_m": int(far[village, new]) if new >= 0 else None,
            }
        )
    return rows
