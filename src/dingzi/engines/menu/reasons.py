"""Why a dish is never served: told from problem and menu alone."""

from __future__ import annotations

import numpy as np

from ..contract import Reason
from .problem import Menu, MenuProblem, MenuSettings
from .rows import usable


def losers(problem: MenuProblem, settings: MenuSettings, menu: Menu) -> list[Reason]:
    """Return a reason for each dish that is never served, in the dishes' order."""
    never = ~menu.served.any(axis=0)
    allowed = np.flatnonzero(usable(problem, settings).any(axis=0)).tolist()
    found: list[Reason] = []
    for dish in np.flatnonzero(np.asarray(never)).tolist():
        name = {"dish": problem.dishes[dish]}
        foods = [problem.foods[at] for at in np.flatnonzero(problem.grams[dish]).tolist()]
        banned = [food for food in foods if food in settings.forbidden]
        if banned:
            found.append(("menu.forbidden", name | {"food": banned[0]}))
        elif dish not in allowed:
            found.append(("menu.out_of_season", name))
        else:
            found.append(("menu.not_needed", name | {"fen": int(problem.cost[dish])}))
    return found
