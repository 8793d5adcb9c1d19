"""``decide``: run every screen that fits on every group."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from ..contract import Reason, Result
from ..errors import BadSettings
from .problem import Finding, Findings, Ints, ScreeningProblem, ScreeningSettings
from .screens import bunching, heaping, reference, rigging, splitting, spread_of, step


def decide(problem: ScreeningProblem, settings: ScreeningSettings) -> Result[Findings]:
    """Screen every group; a reason for each finding worth a look.

    Nothing is optimised: the stop is not used; objective and bound are the number of findings.
    With many groups some are found by chance alone: about ``alpha`` of all that were screened, as
    measured by ``false_alarms``.
    """
    watch = settings.stop.start()
    found = Findings(findings=tuple(screen(problem, settings)))
    told = reasons(found, settings)
    return Result(
        status="optimal",
        solution=found,
        objective=len(told),
        bound=len(told),
        reasons=told,
        seed=settings.seed,
        solver="screens",
        version=version("dingzi"),
        seconds=watch.seconds,
    )


def screen(problem: ScreeningProblem, settings: ScreeningSettings) -> list[Finding]:
    order = np.argsort(problem.group, kind="stable")
    ends = np.searchsorted(problem.group[order], np.arange(1, len(problem.groups)))
    parts: list[Ints] = np.split(problem.value[order], ends)
    named = list(zip(problem.groups, parts, strict=True))
    if problem.kind == "bids":
        spread = spread_of(parts)
        sizes = sorted({len(one) for one in parts if len(one) >= 3})
        against = {n: reference(n, spread, settings.draws, settings.seed) for n in sizes}
        return [
            one
            for name, part in named
            for one in rigging(name, part, against.get(len(part), np.empty((0, 3))))
        ]
    limit, width = settings.threshold, settings.width
    found: list[Finding | None] = []
    if problem.kind == "purchases":
        if limit is None or width is None:
            raise BadSettings("screening.threshold", {})
        below = problem.value[problem.value < limit]
        every = len(below), int((below >= limit - width).sum())
        found += [splitting(name, part, every, limit, width) for name, part in named]
    else:
        for name, part in named:
            if limit is not None and width is not None:
                found += [bunching(name, part, limit, width), step(name, part, limit, width)]
            found.append(heaping(name, part, settings.base))
    return [one for one in found if one is not None]


def reasons(found: Findings, settings: ScreeningSettings) -> list[Reason]:
    """Return what is worth a look: never more than that."""
    return [
        (
            f"screening.{one.screen}",
            {
                "group": one.group,
                "count": one.count,
                "seen": round(one.seen, 4),
                "chance": round(one.chance, 4),
                "probability": f"{one.probability:.2g}",
            },
        )
        for one in found.findings
        if one.probability <= settings.alpha
    ]
