"""Small cities for the tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dingzi.engines.contract import Stop
from dingzi.engines.siting import CityProblem, CitySettings


def settings(work: int = 5000, **more: object) -> CitySettings:
    chosen = {"module_seats": 10, "fen_per_km": 1000, "move_fen": 100} | more
    return CitySettings(stop=Stop(work=work), seed=1, **chosen)  # type: ignore[arg-type]


def city(seed: int, villages: int = 6, schools: int = 3, years: int = 3) -> CityProblem:
    """Make a random city: the last school is a site, nobody's home is far, seats are enough."""
    random = np.random.default_rng(seed)
    metres = random.integers(200, 9000, (villages, schools))
    pupils = random.integers(0, 12, (villages, 2, years))
    home = metres[:, : schools - 1].argmin(axis=1)
    load = np.bincount(home, pupils.sum(axis=1).max(axis=1), schools)
    village, school = np.divmod(np.arange(villages * schools), schools)
    return CityProblem(
        villages=tuple(f"村{n}" for n in range(villages)),
        bands=("低段", "高段"),
        schools=tuple(f"校{n}" for n in range(schools)),
        years=tuple(range(2026, 2026 + years)),
        pupils=pupils,
        limit_m=np.array([9000, 9000]),
        stays=np.array([False, True]),
        exists=np.arange(schools) < schools - 1,
        seats=load + random.integers(0, 15, schools),
        modules=random.integers(0, 3, schools),
        least=random.integers(0, 12, schools),
        protected=np.arange(schools) == 0,
        keep_fen=random.integers(10_000, 200_000, schools),
        open_fen=random.integers(0, 90_000, schools),
        module_fen=random.integers(0, 50_000, schools),
        village=village,
        school=school,
        metres=metres[village, school],
        home=np.repeat(home[:, None], 2, axis=1),
    )


def changed(of: CityProblem, **parts: object) -> CityProblem:
    return replace(of, **parts)  # type: ignore[arg-type]
