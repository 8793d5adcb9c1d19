"""Check a menu from problem and dishes alone, day by day in plain loops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ..contract import Reason, Verdict
from .problem import ATWATER, NUTRIENTS, Menu, MenuProblem, MenuSettings


def check(problem: MenuProblem, settings: MenuSettings, solution: Menu) -> Verdict:
    """Count portions, nutrients, groups, vegetables and stock; name each demand that is broken."""
    days = [[dish for dish, one in enumerate(row) if one] for row in solution.served.tolist()]
    broken: list[Reason] = []
    for day, dishes in enumerate(days):
        broken += _day(problem, settings, day, dishes)
    broken += _variety(problem, settings, days)
    broken += _weeks(problem, settings, days)
    for food, name in enumerate(problem.foods):
        grams = sum(int(problem.grams[d, food]) for dishes in days for d in dishes)
        stock = int(problem.stock[food])
        if 0 <= stock < grams * problem.portions:
            broken.append(("menu.stock", {"food": name, "grams": stock}))
    cost = sum(int(problem.cost[dish]) for dishes in days for dish in dishes)
    reasons = [] if broken else list(_reasons(problem, settings, days))
    return Verdict(objective=cost, broken=broken, reasons=reasons)


def _reasons(
    problem: MenuProblem, settings: MenuSettings, days: list[list[int]]
) -> Iterator[Reason]:
    """Yield why each dish is never served."""
    months = {month for _, month in problem.days}
    for dish, name in enumerate(problem.dishes):
        if any(dish in dishes for dishes in days):
            continue
        foods = [food for at, food in enumerate(problem.foods) if problem.grams[dish, at]]
        banned = [food for food in foods if food in settings.forbidden]
        if banned:
            yield ("menu.forbidden", {"dish": name, "food": banned[0]})
        elif not months & problem.months[dish]:
            yield ("menu.out_of_season", {"dish": name})
        else:
            yield ("menu.not_needed", {"dish": name, "fen": int(problem.cost[dish])})


def _day(problem: MenuProblem, settings: MenuSettings, day: int, dishes: list[int]) -> list[Reason]:
    broken: list[Reason] = []
    month = problem.days[day][1]
    eaten = {food for d in dishes for food in range(len(problem.foods)) if problem.grams[d, food]}
    for dish in dishes:
        name = {"dish": problem.dishes[dish], "day": day + 1}
        if month not in problem.months[dish]:
            broken.append(("menu.season_broken", name))
        for food in range(len(problem.foods)):
            if problem.grams[dish, food] and problem.foods[food] in settings.forbidden:
                broken.append(("menu.forbidden_served", name | {"food": problem.foods[food]}))
    for kind, category in enumerate(problem.categories):
        mine = [dish for dish in dishes if problem.category[dish] == kind]
        least, most = (int(one) for one in problem.serves[kind])
        params = {"category": category, "day": day + 1}
        if not least <= len(mine) <= most:
            broken.append(("menu.category", params | {"least": least, "most": most}))
        for allergen in settings.without:
            free = [
                dish for dish in mine
                if not any(
                    problem.grams[dish, food] and problem.allergens[food] == allergen
                    for food in range(len(problem.foods))
                )
            ]  # fmt: skip
            if least and not free:
                broken.append(("menu.without", params | {"allergen": allergen}))
    rules = settings.nutrition
    groups = sum(any(problem.groups[d, g] for d in dishes) for g in range(problem.groups.shape[1]))
    fresh = sum(bool(problem.fresh[food]) for food in eaten)
    dark = sum(bool(problem.fresh[food] and problem.dark[food]) for food in eaten)
    for found, least, code in (
        (groups, rules.groups, "menu.groups"),
        (fresh, rules.vegetables, "menu.vegetables"),
        (dark, rules.dark, "menu.dark"),
    ):
        if found < least:
            broken.append((code, {"day": day + 1, "least": least}))
    return broken


def _variety(problem: MenuProblem, settings: MenuSettings, days: list[list[int]]) -> list[Reason]:
    broken: list[Reason] = []
    for dish, name in enumerate(problem.dishes):
        on = [day for day, dishes in enumerate(days) if dish in dishes]
        for first, second in itertools.pairwise(on):
            if second - first <= settings.apart:
                params = {"dish": name, "day": first + 1, "apart": settings.apart}
                broken.append(("menu.apart", params))
        for week in sorted({week for week, _ in problem.days}):
            times = sum(problem.days[day][0] == week for day in on)
            if times > settings.repeat:
                params = {"dish": name, "week": week + 1, "most": settings.repeat}
                broken.append(("menu.repeat_dish", params))
    return broken


def _weeks(problem: MenuProblem, settings: MenuSettings, days: list[list[int]]) -> list[Reason]:
    broken: list[Reason] = []
    for week in sorted({week for week, _ in problem.days}):
        mine = [day for day in range(len(days)) if problem.days[day][0] == week]
        total = [
            sum(int(problem.content[d, at]) for day in mine for d in days[day])
            for at in range(len(NUTRIENTS))
        ]
        for one in settings.nutrition.between:
            amount = total[NUTRIENTS.index(one.nutrient)]
            low, high = one.low or 0, one.high
            if amount < low * len(mine) or (high is not None and amount > high * len(mine)):
                broken.append(("menu.nutrient", {"nutrient": one.nutrient, "week": week + 1}))
        for part in settings.nutrition.energy_from:
            at = NUTRIENTS.index(part.nutrient)
            given = total[at] * ATWATER[at - 1] * 100
            if not part.low * total[0] <= given <= part.high * total[0]:
                params = {"nutrient": part.nutrient, "week": week + 1}
                broken.append(("menu.energy_from", params | {"low": part.low, "high": part.high}))
    return broken
