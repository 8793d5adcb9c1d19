"""A menu's demands as rows over ``x[day, dish]`` and helpers: for solver and conflicts alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..contract import Reason
from .problem import ATWATER, GROUPS, NUTRIENTS, Ints, MenuProblem, MenuSettings


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= sum of weights[t, d] * x[t, d] <= high`` over the days and dishes given."""

    days: tuple[int, ...]
    weights: Ints
    low: int | None
    high: int | None
    demand: Reason


@dataclass(frozen=True, slots=True)
class Kinds:
    """On ``day`` at least ``least`` of the kinds are there; ``has`` (D, K) bool."""

    day: int
    has: np.ndarray
    least: int
    demand: Reason


def usable(problem: MenuProblem, settings: MenuSettings) -> np.ndarray:
    """Return (T, D) bool: in season, and without forbidden foods."""
    banned = np.array([name in settings.forbidden for name in problem.foods], np.bool_)
    clean = ~(problem.grams[:, banned] > 0).any(axis=1)
    season = [[month in allowed for allowed in problem.months] for _, month in problem.days]
    return np.array(season, np.bool_) & clean


def weeks(problem: MenuProblem) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for day, (week, _) in enumerate(problem.days):
        found.setdefault(week, []).append(day)
    return {week: tuple(days) for week, days in found.items()}


def rows(problem: MenuProblem, settings: MenuSettings) -> Iterator[Row | Kinds]:
    yield from _serving(problem, settings)
    yield from _nutrition(problem, settings)
    for food, name in enumerate(problem.foods):
        if problem.stock[food] >= 0:
            grams = problem.grams[:, food] * problem.portions
            demand = ("menu.stock", {"food": name, "grams": int(problem.stock[food])})
            every = tuple(range(len(problem.days)))
            yield Row(every, grams, None, int(problem.stock[food]), demand)


def _serving(problem: MenuProblem, settings: MenuSettings) -> Iterator[Row]:
    count = len(problem.dishes)
    for kind, name in enumerate(problem.categories):
        least, most = (int(one) for one in problem.serves[kind])
        mine = (problem.category == kind).astype(np.int64)
        for day in range(len(problem.days)):
            params = {"category": name, "day": day + 1, "least": least, "most": most}
            yield Row((day,), mine, least, most, ("menu.category", params))
            for allergen in settings.without if least else ():
                foods = [at for at, one in enumerate(problem.allergens) if one == allergen]
                free = mine * ~(problem.grams[:, foods] > 0).any(axis=1)
                params = {"category": name, "day": day + 1, "allergen": allergen}
                yield Row((day,), free, 1, None, ("menu.without", params))
    for dish in range(count):
        one = (np.arange(count) == dish).astype(np.int64)
        for week, days in weeks(problem).items():
            if len(days) > settings.repeat:
                params = {"dish": problem.dishes[dish], "week": week + 1, "most": settings.repeat}
                yield Row(days, one, None, settings.repeat, ("menu.repeat_dish", params))
        for day in range(len(problem.days) - settings.apart if settings.apart else 0):
            window = tuple(range(day, day + settings.apart + 1))
            params = {"dish": problem.dishes[dish], "day": day + 1, "apart": settings.apart}
            yield Row(window, one, None, 1, ("menu.apart", params))


def _nutrition(problem: MenuProblem, settings: MenuSettings) -> Iterator[Row | Kinds]:
    rules = settings.nutrition
    energy = problem.content[:, 0]
    for week, days in weeks(problem).items():
        for one in rules.between:
            content = problem.content[:, NUTRIENTS.index(one.nutrient)]
            low = None if one.low is None else one.low * len(days)
            high = None if one.high is None else one.high * len(days)
            params = {"nutrient": one.nutrient, "week": week + 1}
            yield Row(days, content, low, high, ("menu.nutrient", params))
        for part in rules.energy_from:
            at = NUTRIENTS.index(part.nutrient)
            given = problem.content[:, at] * ATWATER[at - 1] * 100
            params = {"nutrient": part.nutrient, "week": week + 1}
            demand: Reason = ("menu.energy_from", params | {"low": part.low, "high": part.high})
            yield Row(days, given - part.low * energy, 0, None, demand)
            yield Row(days, given - part.high * energy, None, 0, demand)
    there = problem.grams > 0
    for day in range(len(problem.days)):
        for has, least, code in (
            (problem.groups, min(rules.groups, len(GROUPS)), "menu.groups"),
            (there[:, problem.fresh], rules.vegetables, "menu.vegetables"),
            (there[:, problem.fresh & problem.dark], rules.dark, "menu.dark"),
        ):
            if least:
                yield Kinds(day, has, least, (code, {"day": day + 1, "least": least}))
