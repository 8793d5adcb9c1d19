"""Problems of siting made by a seed: graphs like OR-Library's pmed, and a city's schools."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dingzi.engines.siting import CityProblem


def write_pmed(path: Path, nodes: int, p: int, seed: int) -> None:
    """Write a p-median problem of OR-Library's kind: n²/50 edges of length 1 to 100, connected."""
    random = np.random.default_rng(seed)
    edges = nodes * nodes // 50
    ends = random.integers(1, nodes + 1, (edges, 2))
    ends[: nodes - 1] = np.column_stack([np.arange(1, nodes), np.arange(2, nodes + 1)])
    again = ends[:, 0] == ends[:, 1]
    ends[again, 1] = ends[again, 0] % nodes + 1
    rows = np.column_stack([ends, random.integers(1, 101, edges)])
    lines = [f"{nodes} {edges} {p}", *(" ".join(map(str, row)) for row in rows.tolist())]
    path.write_text("\n".join(lines) + "\n")


def city(schools: int, villages: int, seed: int, years: int = 3, near: int = 25) -> CityProblem:
    """Make a city of villages around towns, falling rolls, seats for all who are there now.

    15 % of the schools are sites not yet built; 5 % of those that exist are protected points.
    Amounts are in fen: 300,000 to 700,000 yuan a year keep a school open beside its pupils.
    """
    random = np.random.default_rng(seed)
    side = np.sqrt(villages) * 1800.0
    towns = random.uniform(0, side, (max(3, schools // 8), 2))
    where_villages = _places(random, villages, side, towns)
    where_schools = _places(random, schools, side, towns)
    metres = np.rint(
        np.hypot(*(where_villages[:, None] - where_schools[None]).transpose(2, 0, 1)) * 1.3
    ).astype(np.int64)
    base = random.lognormal(3.4, 0.6, villages) + 2
    falling = 1 - 0.06 * np.arange(years)
    pupils = random.poisson(np.repeat((base[:, None] * falling * 0.5)[:, None], 2, 1))
    exists = random.random(schools) < 0.85
    to_existing = np.where(exists[None], metres, 10**9)
    home = to_existing.argmin(axis=1)
    farthest = int(to_existing.min(axis=1).max()) + 1
    load = np.bincount(home, pupils[:, :, 0].sum(axis=1), schools)
    room = np.ceil(load * random.uniform(1.0, 1.4, schools) / 45) * 45
    near = min(near, schools)
    order = np.argsort(metres, axis=1)[:, :near]
    village, school = np.repeat(np.arange(villages), near), order.ravel()
    return CityProblem(
        villages=tuple(f"v{number:04}" for number in range(villages)),
        bands=("lower", "upper"),
        schools=tuple(f"s{number:03}" for number in range(schools)),
        years=tuple(range(2026, 2026 + years)),
        pupils=pupils,
        limit_m=np.array([max(8_000, farthest), max(15_000, farthest)]),
        stays=np.array([False, True]),
        exists=exists,
        seats=np.where(exists, np.maximum(90, room), 270).astype(np.int64),
        modules=random.integers(2, 5, schools),
        least=np.full(schools, 100),
        protected=exists & (random.random(schools) < 0.05),
        keep_fen=random.integers(30_000_000, 70_000_000, schools),
        open_fen=np.where(exists, 10_000_000, 200_000_000),
        module_fen=np.full(schools, 40_000_000),
        village=village,
        school=school,
        metres=metres[village, school],
        home=np.repeat(home[:, None], 2, 1),
    )


def _places(random: np.random.Generator, count: int, side: float, towns: np.ndarray) -> np.ndarray:
    """Return places, some anywhere, some around towns."""
    anywhere = random.uniform(0, side, (count, 2))
    in_town = towns[random.integers(len(towns), size=count)]
    in_town = in_town + random.normal(0, side / 25, (count, 2))
    return np.clip(np.where((random.random(count) < 0.45)[:, None], in_town, anywhere), 0, side)
