"""The problem, the settings and the solution of ``menu``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..contract import Settings
from ..errors import BadProblem, BadSettings

Ints = NDArray[np.int64]
#: in this order everywhere; energy follows from the three after it by Atwater's factors
NUTRIENTS = ("energy", "protein", "fat", "carbohydrate", "calcium", "iron", "zinc")
GROUPS = ("cereal", "vegetable", "animal", "dairy_bean")
#: kcal of a gram (W. O. Atwater): protein 4, fat 9, carbohydrate 4
ATWATER = (4, 9, 4)
_LARGEST = 10**9


@dataclass(frozen=True, kw_only=True, eq=False)
class MenuProblem:
    """Dishes and days.

    Amounts are in thousandths: of a kcal for energy, of a gram for protein, fat and carbohydrate,
    of a mg for the minerals.

    Parameters
    ----------
    dishes, categories, foods : names
    category : (D,) int64, place of a dish's category
    cost : (D,) int64, fen a portion
    content : (D, 7) int64, of a portion, as NUTRIENTS
    grams : (D, F) int64, of each food in a portion
    groups : (D, 4) bool, the food groups of a dish, as GROUPS
    fresh, dark : (F,) bool, fresh vegetables, and dark ones among them
    allergens : for each food the name of its allergen, or ""
    months : for each dish the months in which it may be cooked
    days : for each day (week, month); weeks count from 0
    serves : (C, 2) int64, dishes of a category a day, least and most
    portions : int, pupils a day
    stock : (F,) int64, grams for all days together; -1: no limit
    """

    dishes: Sequence[str]
    categories: Sequence[str]
    foods: Sequence[str]
    category: Ints
    cost: Ints
    content: Ints
    grams: Ints
    groups: NDArray[np.bool_]
    fresh: NDArray[np.bool_]
    dark: NDArray[np.bool_]
    allergens: Sequence[str]
    months: Sequence[frozenset[int]]
    days: Sequence[tuple[int, int]]
    serves: Ints
    portions: int
    stock: Ints
    source: str = "problem"

    def __post_init__(self) -> None:
        count, foods, kinds = len(self.dishes), len(self.foods), len(self.categories)
        shapes: dict[str, tuple[int, ...]] = {"category": (count,), "cost": (count,)}
        shapes |= {"content": (count, len(NUTRIENTS)), "grams": (count, foods)}
        shapes |= {"groups": (count, len(GROUPS)), "fresh": (foods,), "dark": (foods,)}
        shapes |= {"serves": (kinds, 2), "stock": (foods,)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                self._refuse("menu.shape", name=name)
        if not count or not self.days or len(self.months) != count:
            self._refuse("menu.shape", name="dishes, days")
        for name in ("cost", "content", "grams"):
            array = getattr(self, name)
            if array.size and not 0 <= array.min() <= array.max() <= _LARGEST:
                self._refuse("menu.range", name=name)
        if (self.serves < 0).any() or (self.serves[:, 0] > self.serves[:, 1]).any():
            self._refuse("menu.range", name="serves")
        if not 1 <= self.portions <= 10**6:
            self._refuse("menu.range", name="portions")

    def _refuse(self, code: str, **params: Any) -> NoReturn:
        raise BadProblem(self.source, None, code, params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A nutrient's daily mean over a week lies within [low, high] thousandths; None: open."""

    nutrient: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyFrom:
    """A nutrient gives from ``low`` to ``high`` percent of a week's energy."""

    nutrient: str
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nutrition:
    """The nutrition rules for one age group; ``vegetables`` and ``dark`` count foods a day."""

    between: tuple[Between, ...] = ()
    energy_from: tuple[EnergyFrom, ...] = ()
    groups: int = 0
    vegetables: int = 0
    dark: int = 0


@dataclass(frozen=True, kw_only=True)
class MenuSettings(Settings):
    """What a menu must hold.

    Parameters
    ----------
    nutrition
        The rules, resolved for the age group.
    repeat
        A dish at most so often a week.
    apart
        Days between two servings of a dish, at least (0: none).
    forbidden
        Foods never served.
    without
        Allergens for which every day and category that is served has a dish without.
    """

    nutrition: Nutrition
    repeat: int = 2
    apart: int = 1
    forbidden: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if self.repeat < 1 or self.apart < 0:
            raise BadSettings("menu.repeat", {})


@dataclass(frozen=True, kw_only=True, eq=False)
class Menu:
    """``served`` (T, D) bool, the dishes of each day."""

    served: NDArray[np.bool_]
