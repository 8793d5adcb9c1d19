"""Four weeks of lunches from 60 dishes, at the least cost: ours against PuLP with CBC.

The same rows for both, the same time, one core; instances by a seed. ``--quick``: one week.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from claims import Claims, arguments

from dingzi.engines.contract import Stop
from dingzi.engines.menu.checking import check
from dingzi.engines.menu.deciding import decide
from dingzi.engines.menu.problem import Between, EnergyFrom, MenuProblem, MenuSettings, Nutrition
from dingzi.engines.menu.rows import Kinds, rows, usable


def made(weeks: int, seed: int) -> MenuProblem:
    random = np.random.default_rng(seed)
    kinds = np.repeat([0, 1, 2], [10, 25, 25])
    foods = 24
    grams = np.zeros((60, foods), np.int64)
    ranges = {0: (0, 4), 1: (4, 12), 2: (12, 24)}
    for dish, kind in enumerate(kinds):
        for food in random.choice(np.arange(*ranges[int(kind)]), 2 if kind else 1, replace=False):
            grams[dish, food] = random.integers(90, 130) if kind == 0 else random.integers(25, 70)
        if kind == 1:
            grams[dish, random.integers(12, 24)] = random.integers(40, 80)
    parts = np.zeros((foods, 6), np.int64)
    parts[:4] = random.integers([70, 5, 650, 100, 15, 12], [110, 15, 780, 300, 40, 25], (4, 6))
    parts[4:12] = random.integers([120, 40, 5, 60, 10, 10], [200, 160, 60, 1500, 40, 45], (8, 6))
    parts[12:] = random.integers([5, 1, 20, 150, 3, 1], [40, 6, 120, 950, 25, 8], (12, 6))
    amounts = grams @ parts
    amounts[:, 1] += np.where(kinds == 0, 0, 5000)  # oil
    energy = amounts[:, :3] @ np.array([4, 9, 4])
    group = np.zeros((foods, 4), np.bool_)
    group[:4, 0] = group[12:, 1] = group[4:9, 2] = group[9:12, 3] = True
    return MenuProblem(
        dishes=[f"d{at}" for at in range(60)],
        categories=["staple", "main", "green"],
        foods=[f"f{at}" for at in range(foods)],
        category=kinds,
        cost=random.integers(40, 120, 60) + np.where(kinds == 1, 200, 0),
        content=np.concatenate([energy[:, None], amounts], axis=1),
        grams=grams,
        groups=(grams > 0) @ group,
        fresh=np.arange(foods) >= 12,
        dark=np.arange(foods) >= 18,
        allergens=[""] * foods,
        months=[frozenset(range(1, 13))] * 60,
        days=[(day // 5, 3) for day in range(5 * weeks)],
        serves=np.array([[1, 1], [1, 2], [2, 3]]),
        portions=500,
        stock=np.full(foods, -1),
    )


def by_cbc(problem: MenuProblem, settings: MenuSettings, seconds: float) -> int | None:
    import pulp

    model = pulp.LpProblem("menu", pulp.LpMinimize)
    allowed = usable(problem, settings)
    x = [
        [pulp.LpVariable(f"x_{t}_{d}", 0, int(may), "Integer") for d, may in enumerate(row)]
        for t, row in enumerate(allowed)
    ]
    model += pulp.lpSum(int(c) * x[t][d] for t in range(len(x)) for d, c in enumerate(problem.cost))
    for number, one in enumerate(rows(problem, settings)):
        if isinstance(one, Kinds):
            here = []
            for kind in range(one.has.shape[1]):
                there = pulp.LpVariable(f"k_{number}_{kind}", 0, 1, "Integer")
                model += there <= pulp.lpSum(
                    x[one.day][d] for d in np.flatnonzero(one.has[:, kind])
                )
                here.append(there)
            model += pulp.lpSum(here) >= one.least
            continue
        places = np.flatnonzero(one.weights)
        total = pulp.lpSum(int(one.weights[d]) * x[t][d] for t in one.days for d in places)
        if one.low is not None:
            model += total >= one.low
        if one.high is not None:
            model += total <= one.high
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=1))
    if model.sol_status not in (1, 2):
        return None
    return round(pulp.value(model.objective))


def main() -> int:
    options = arguments(__doc__).parse_args()
    seconds = 8.0 if options.quick else 30.0
    problem = made(1 if options.quick else 4, 3)
    rules = Nutrition(
        between=(
            Between(nutrient="energy", low=630_000, high=880_000),
            Between(nutrient="protein", low=14_000, high=26_000),
            Between(nutrient="calcium", low=150_000, high=None),
        ),
        energy_from=(EnergyFrom(nutrient="fat", low=15, high=35),),
        groups=3, vegetables=3, dark=1,
    )  # fmt: skip
    settings = MenuSettings(stop=Stop(seconds=seconds), nutrition=rules)
    ours = decide(problem, settings)
    assert ours.solution is not None and ours.objective is not None, ours.status
    assert check(problem, settings, ours.solution).feasible
    peer = by_cbc(problem, settings, seconds)
    print(f"ours {ours.objective} (bound {ours.bound}), CBC {peer}", flush=True)
    claims = Claims(f"{len(problem.days)} days, 60 dishes, {seconds:g} s and one core for each")
    # a peer without any menu is counted as if it cost twice ours
    claims.against(
        "menu: cost against CBC", ours.objective, peer or 2 * ours.objective, "fen", at_most=1
    )
    claims.at_most("menu: proven gap", 100 * (ours.gap or 0), 5, "%", judged=not options.quick)
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
