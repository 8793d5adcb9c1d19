"""How often each screen cries where there is nothing: measured by simulation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .deciding import screen
from .problem import Ints, Kind, ScreeningProblem, ScreeningSettings


@dataclass(frozen=True, slots=True)
class Alarms:
    """Of ``screened`` groups without anything in them, ``rate`` were found."""

    screen: str
    screened: int
    rate: float


def false_alarms(kind: Kind, settings: ScreeningSettings, groups: int, size: int) -> list[Alarms]:
    """Simulate groups in which nothing is wrong and return each screen's share of false alarms.

    Values: rounded normal ones whose density slopes through the limit. Purchases: log-normal ones.
    Bids: independent log-normal ones. Other worlds have other rates; these are stated with them.
    """
    random = np.random.default_rng(settings.seed + 1)
    value = _MAKE[kind](random, settings, groups * size)
    problem = ScreeningProblem(
        kind=kind,
        groups=[str(at) for at in range(groups)],
        group=np.repeat(np.arange(groups), size),
        value=value,
    )
    screened: Counter[str] = Counter()
    cried: Counter[str] = Counter()
    for one in screen(problem, settings):
        screened[one.screen] += 1
        cried[one.screen] += one.probability <= settings.alpha
    return [Alarms(name, screened[name], cried[name] / screened[name]) for name in screened]


def _values(random: np.random.Generator, settings: ScreeningSettings, count: int) -> Ints:
    middle = settings.threshold or 100 * settings.base
    width = settings.width or 10 * settings.base
    made = random.normal(middle + width, 2.5 * width, count)
    return np.maximum(np.round(made), 0).astype(np.int64)


def _purchases(random: np.random.Generator, settings: ScreeningSettings, count: int) -> Ints:
    middle = (settings.threshold or 1) / 3
    return np.round(middle * np.exp(0.6 * random.standard_normal(count))).astype(np.int64)


def _bids(random: np.random.Generator, settings: ScreeningSettings, count: int) -> Ints:
    return np.round(1e7 * np.exp(0.1 * random.standard_normal(count))).astype(np.int64)


_MAKE: dict[Kind, Callable[[np.random.Generator, ScreeningSettings, int], Ints]] = {
    "values": _values,
    "purchases": _purchases,
    "bids": _bids,
}
