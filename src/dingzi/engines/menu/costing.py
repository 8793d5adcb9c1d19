"""The cheapest menu by HiGHS: stronger bounds than CP-SAT's where costs and nutrients mix.

HiGHS works within tolerances; what it returns is checked in whole numbers by who asks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..contract import Tell
from ..highs import Model
from .problem import MenuProblem, MenuSettings
from .rows import Kinds, Row, usable

_SLACK = 1e-5


@dataclass(frozen=True, slots=True)
class Costed:
    """A menu (T, D) or None, and fen below which none costs."""

    served: NDArray[np.bool_] | None
    bound: int


def cheapest(
    problem: MenuProblem, settings: MenuSettings, demands: Sequence[Row | Kinds], seconds: float
) -> Costed:
    allowed = usable(problem, settings)
    days, dishes = allowed.shape
    model = Model()
    model.add_columns(np.tile(problem.cost, days), 0.0, allowed.ravel(), whole=True)
    for one in demands:
        if isinstance(one, Kinds):
            kinds = one.has.shape[1]
            first = model.add_columns(np.zeros(kinds), whole=True)
            row = model.add_rows(kinds, 0.0)
            dish, kind = np.nonzero(one.has)
            model.add_entries(row + kind, one.day * dishes + dish, 1.0)
            model.add_entries(row + np.arange(kinds), first + np.arange(kinds), -1.0)
            total = model.add_rows(1, float(one.least))
            model.add_entries(total, first + np.arange(kinds), 1.0)
            continue
        places = np.flatnonzero(one.weights)
        scale = float(np.abs(one.weights).max(initial=1)) or 1.0
        low = -math.inf if one.low is None else one.low / scale
        high = math.inf if one.high is None else one.high / scale
        row = model.add_rows(1, low, high)
        for day in one.days:
            model.add_entries(row, day * dishes + places, one.weights[places] / scale)
    nodes = math.inf if settings.stop.work is None else settings.stop.work
    answer = model.solve(
        seconds=seconds, nodes=nodes, seed=settings.seed, absolute_gap=0.999,
        tell=_telling(settings.tell),
    )  # fmt: skip
    served = None
    if answer.x is not None:
        served = np.round(answer.x[: days * dishes]).astype(np.bool_).reshape(days, dishes)
    return Costed(served, _whole(answer.bound))


def _whole(bound: float) -> int:
    """Return the fen below which nothing costs, for a bound within tolerances."""
    bound = bound if math.isfinite(bound) else 0.0
    return math.ceil(bound - _SLACK * max(1.0, abs(bound)))


def _telling(tell: Tell | None) -> Callable[[float, float], None] | None:
    if tell is None:
        return None
    return lambda cost, bound: tell(round(cost), _whole(bound))
