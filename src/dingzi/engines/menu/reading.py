"""Dishes, foods and nutrition rules out of files; menus into tables."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..documents import Document, read_yaml
from ..errors import BadProblem, BadSettings
from .problem import ATWATER, GROUPS, NUTRIENTS, Between, EnergyFrom, Menu, MenuProblem, Nutrition

FOLDER = Path(__file__).parent
_MOST_DAYS = 200
#: of a nutrient a day
_LARGEST = 100_000


def canteen(path: Path, options: Namespace) -> MenuProblem:
    """Read dishes with their recipes, and the days; ``foods`` names a table beside the file."""
    document = read_yaml(path)
    document.only("foods", "start", "days", "portions", "categories", "dishes", "stock")
    own = document.text("foods", "")
    foods = _foods(path.parent / own if own else FOLDER / "foods.csv")
    of_food = {name: at for at, name in enumerate(foods["food"].tolist())}
    categories = document.rows("categories")
    of_kind = document.places([one.text("name") for one in categories], "categories")
    dishes = document.rows("dishes")
    names = list(document.places([one.text("name") for one in dishes], "dishes"))
    grams = np.zeros((len(dishes), len(of_food)), np.int64)
    for at, dish in enumerate(dishes):
        dish.only("name", "category", "fen", "grams", "months")
        for name, amount in dish.amounts("grams", of_food, 100_000):
            grams[at, of_food[name]] = amount
    for one in categories:
        one.only("name", "least", "most")
    known = {str(month): month for month in range(1, 13)}
    every = frozenset(known.values())
    start = document.day("start")
    days: list[tuple[tuple[int, int], int]] = []
    while len(days) < document.whole("days", 1, _MOST_DAYS):
        if start.weekday() < 5:
            days.append((start.isocalendar()[:2], start.month))
        start += timedelta(days=1)
    weeks = sorted({week for week, _ in days})
    stock = np.full(len(of_food), -1)
    if document.has("stock"):
        for name, amount in document.amounts("stock", of_food, 10**12):
            stock[of_food[name]] = amount
    group = np.array([[one == name for name in GROUPS] for one in foods["group"]], np.bool_)
    return MenuProblem(
        dishes=names,
        categories=list(of_kind),
        foods=list(of_food),
        category=np.array([one.place("category", of_kind) for one in dishes], np.int64),
        cost=np.array([one.whole("fen", 0, 10**7) for one in dishes], np.int64),
        content=contents(grams, foods),
        grams=grams,
        groups=(grams > 0) @ group,
        fresh=foods["fresh_vegetable"],
        dark=foods["dark"],
        allergens=foods["allergen"].tolist(),
        months=[
            frozenset(one.listed("months", known)) if one.has("months") else every for one in dishes
        ],
        days=[(weeks.index(week), month) for week, month in days],
        serves=np.array(
            [[one.whole("least", 0, 20), one.whole("most", 0, 20)] for one in categories]
        ),
        portions=document.whole("portions", 1, 10**6),
        stock=stock,
        source=str(path),
    )


def _foods(path: Path) -> dict[str, Any]:
    """Read a table of foods: protein, fat, carbohydrate in tenths of a gram a 100 g, calcium, iron
    and zinc in tenths of a mg."""
    amount = tables.Column(kind="int", low=0, high=100_000)
    flag = tables.Column(kind="bool")
    table = tables.read(
        path,
        {
            "food": tables.Column(kind="text", unique=True),
            "group": tables.Column(kind="text"),
            "fresh_vegetable": flag,
            "dark": flag,
            "allergen": tables.Column(kind="text", default=""),
            **dict.fromkeys(("protein", "fat", "carbohydrate", "calcium", "iron", "zinc"), amount),
            "source": tables.Column(kind="text"),
        },
    )
    for row, group in enumerate(table["group"]):
        if group not in (*GROUPS, "oil"):
            known = ", ".join((*GROUPS, "oil"))
            raise BadProblem(path, row + 2, "menu.group_unknown", {"found": group, "known": known})
    return table


def contents(grams: np.ndarray, foods: Mapping[str, Any]) -> np.ndarray:
    """Return (D, 7) thousandths: a tenth of a gram in 100 g is a thousandth in a gram of food."""
    parts = np.stack([foods[name] for name in NUTRIENTS[1:]], axis=1)
    amounts = grams @ parts
    energy = amounts[:, :3] @ np.array(ATWATER)
    made: np.ndarray = np.concatenate([energy[:, None], amounts], axis=1)
    return made


def presets() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "rules").glob("*.yaml"))


def nutrition(name: str, age: str, boys: int) -> Nutrition:
    """Resolve a preset or a file for an age group of which ``boys`` percent are boys."""
    path = FOLDER / "rules" / f"{name}.yaml" if name in presets() else Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise BadSettings("menu.rules_unknown", {"found": name, "known": ", ".join(presets())})
    document = read_yaml(path)
    document.only(
        *("title", "since", "share", "ages", "targets", "energy_from", "groups", "vegetables")
    )
    document.day("since")
    share = document.inner("share")
    share.only("low", "high", "source")
    low, high = share.whole("low", 1, 100), share.whole("high", 1, 100)
    _rising(share, "share", low, high)
    groups_of = document.rows("ages")
    ages = document.places([one.text("age") for one in groups_of], "ages")
    for one in groups_of:
        one.only("age", "source", *NUTRIENTS)
    if age not in ages:
        raise BadSettings("menu.age_unknown", {"found": age, "known": ", ".join(ages)})
    between = []
    for rule in document.rows("targets"):
        rule.only("nutrient", "low", "high", "source")
        nutrient = rule.text("nutrient")
        if nutrient not in NUTRIENTS:
            rule.refuse_field("nutrient", "document_name", name="nutrient", found=nutrient)
        both = groups_of[ages[age]].decimals(nutrient, 2)
        if any(one > _LARGEST or one * 1000 != int(one * 1000) for one in both):
            params = {"name": nutrient, "high": _LARGEST}
            groups_of[ages[age]].refuse_field(nutrient, "menu.target_range", **params)
        # in hundredths of thousandths
        target = int(both[0] * 1000) * boys + int(both[1] * 1000) * (100 - boys)
        least, top = rule.whole("low", 0, 1000), rule.whole("high", 1, 1000, None)
        _rising(rule, nutrient, least, top)
        between.append(
            Between(
                nutrient=nutrient,
                low=-(-target * low * least // 10**6),
                high=None if top is None else target * high * top // 10**6,
            )
        )
    parts = []
    for rule in document.rows("energy_from", []):
        rule.only("nutrient", "low", "high", "source")
        nutrient = rule.text("nutrient")
        if nutrient not in NUTRIENTS[1:4]:
            rule.refuse_field("nutrient", "document_name", name="nutrient", found=nutrient)
        limits = rule.whole("low", 0, 100), rule.whole("high", 0, 100)
        _rising(rule, nutrient, *limits)
        parts.append(EnergyFrom(nutrient=nutrient, low=limits[0], high=limits[1]))
    groups, vegetables = document.inner("groups", None), document.inner("vegetables", None)
    if groups is not None:
        groups.only("least", "source")
    if vegetables is not None:
        vegetables.only("least", "dark", "source")
    return Nutrition(
        between=tuple(between),
        energy_from=tuple(parts),
        groups=0 if groups is None else groups.whole("least", 0, len(GROUPS)),
        vegetables=0 if vegetables is None else vegetables.whole("least", 0, 20),
        dark=0 if vegetables is None else vegetables.whole("dark", 0, 20),
    )


def _rising(rule: Document, name: str, low: int, high: int | None) -> None:
    if high is not None and low > high:
        params = {"name": name, "low": low, "high": high}
        rule.refuse_field("low", "menu.low_above_high", **params)


def known(problem: MenuProblem, forbidden: Sequence[str], without: Sequence[str]) -> None:
    """Refuse foods and allergens that the table does not have: a slip would leave them in."""
    allergens = sorted({one for one in problem.allergens if one})
    for name in without:
        if name not in allergens:
            params = {"found": name, "known": ", ".join(allergens)}
            raise BadSettings("menu.allergen_unknown", params)
    for name in forbidden:
        if name not in problem.foods:
            near = difflib.get_close_matches(name, problem.foods, 5, 0.5)
            params = {"found": name, "known": ", ".join(near or problem.foods)}
            raise BadSettings("menu.food_unknown", params)


def as_data(problem: MenuProblem, menu: Menu) -> list[list[str]]:
    """Return the dishes of each day."""
    return [[problem.dishes[at] for at in np.flatnonzero(row).tolist()] for row in menu.served]


def write(problem: MenuProblem, menu: Menu, path: Path) -> None:
    days, dishes = np.nonzero(menu.served)
    names = [problem.dishes[at] for at in dishes.tolist()]
    tables.write(path, {"day": (days + 1).tolist(), "dish": names})


def read_solution(problem: MenuProblem, path: Path) -> Menu:
    """Read what ``write`` wrote."""
    day = tables.Column(kind="int", low=1, high=len(problem.days))
    table = tables.read(path, {"day": day, "dish": tables.Column(kind="text")})
    places = {name: at for at, name in enumerate(problem.dishes)}
    served = np.zeros((len(problem.days), len(places)), np.bool_)
    for row, (on, name) in enumerate(zip(table["day"], table["dish"], strict=True)):
        if name not in places:
            raise BadProblem(path, row + 2, "menu.dish_unknown", {"found": name})
        if served[on - 1, places[name]]:
            params = {"day": int(on), "dish": name}
            raise BadProblem(path, tables.line_of(path, row), "menu.row_twice", params)
        served[on - 1, places[name]] = True
    return Menu(served=served)
