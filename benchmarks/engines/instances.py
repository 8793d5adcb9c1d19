"""Problems of siting made by a seed: graphs like OR-Library's pmed, and a city's schools.

The city is a district's primary schools over a five-year plan. What stands in it was chosen from
what is published, before anything was solved:

- births of 2011 to 2024, in ten thousand, as the National Bureau of Statistics told them each year:
  who is born in a village follows them, so rolls fall by a quarter within the plan;
- a school of fewer than 100 pupils is small; one that some village needs stays whatever its size,
  here: where no school that is not small is within the way of grades 1 to 3 (General Office of the
  State Council, 2018, no. 27);
- a class has 45 seats (GB 50099); modules are classrooms;
- no way is laid down nationally. 8 km for grades 1 to 3 and 15 km for grades 4 to 6, and none
  longer than 12 km for the sake of the worst-off, are what a county could set;
- 300,000 to 700,000 yuan a year keep a school open beside its pupils (five to eight teachers), a
  classroom costs 400,000, a new school 2,000,000 before its modules, a kilometre of a pupil's way
  600 a year.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dingzi.engines.siting import CityProblem, forecast


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


#: births by year, 2011 to 2024, in ten thousand
BIRTHS = (1604, 1635, 1640, 1687, 1655, 1786, 1723, 1523, 1465, 1202, 1062, 956, 902, 954)
COUNTED, LEAST = 4, 100
WALK_M, RIDE_M, FARTHEST_M = 8_000, 15_000, 12_000


def city(schools: int, villages: int, seed: int, years: int = 5) -> CityProblem:
    """Make a city of villages around towns, with falling rolls, seats for all who are there now.

    15 % of the schools are sites not yet built. Pupils are the middle of a forecast by cohort
    survival from the children of four years; 2 % of a cohort leave each year.
    """
    random = np.random.default_rng(seed)
    side = np.sqrt(villages) * 1800.0
    towns = random.uniform(0, side, (max(3, schools // 8), 2))
    where_schools = _places(random, schools, side, towns)
    exists = random.random(schools) < 0.85
    where_villages = _places(random, villages, side, towns)
    metres = _metres(where_villages, where_schools)
    while (alone := metres[:, exists].min(axis=1) > WALK_M).any():
        where_villages[alone] = _places(random, int(alone.sum()), side, towns)
        metres = _metres(where_villages, where_schools)
    now = _children(random, villages)
    pupils = forecast(now, ((6, 8), (9, 11)), years, level=0.9, seed=seed, draws=100).middle
    home = np.where(exists[None], metres, 10**9).argmin(axis=1)
    load = np.bincount(home, pupils[:, :, 0].sum(axis=1), schools)
    room = np.ceil(load * random.uniform(1.0, 1.4, schools) / 45) * 45
    large = (metres <= WALK_M) & exists & (load >= LEAST)
    needed = np.zeros(schools, np.bool_)
    needed[home[~large.any(axis=1)]] = True
    village, school = np.nonzero(metres <= RIDE_M)
    return CityProblem(
        villages=tuple(f"v{number:04}" for number in range(villages)),
        bands=("grades 1-3", "grades 4-6"),
        schools=tuple(f"s{number:03}" for number in range(schools)),
        years=tuple(range(2025, 2025 + years)),
        pupils=pupils,
        limit_m=np.array([WALK_M, RIDE_M]),
        stays=np.array([False, True]),
        exists=exists,
        seats=np.where(exists, np.maximum(90, room), 270).astype(np.int64),
        modules=random.integers(2, 5, schools),
        least=np.full(schools, LEAST),
        protected=needed,
        keep_fen=random.integers(30_000_000, 70_000_000, schools),
        open_fen=np.where(exists, 10_000_000, 200_000_000),
        module_fen=np.full(schools, 40_000_000),
        village=village,
        school=school,
        metres=metres[village, school],
        home=np.repeat(home[:, None], 2, 1),
    )


def _metres(of: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Return the ways, 1.3 times as far as the crow flies."""
    return np.rint(np.hypot(*(of[:, None] - to[None]).transpose(2, 0, 1)) * 1.3).astype(np.int64)


def _children(random: np.random.Generator, villages: int) -> np.ndarray:
    """Return (V, COUNTED, 12) children by village, counted year (to 2024) and age from 0."""
    size = (random.lognormal(3.4, 0.6, villages) + 2) / 6
    made = np.zeros((villages, COUNTED, 12), np.int64)
    for age in range(12):
        for year in range(COUNTED):
            born = max(0, len(BIRTHS) - COUNTED + year - age)
            if age and year:
                made[:, year, age] = random.binomial(made[:, year - 1, age - 1], 0.98)
            else:
                made[:, year, age] = random.poisson(size * BIRTHS[born] / 1_650 * 0.98**age)
    return made


def _places(random: np.random.Generator, count: int, side: float, towns: np.ndarray) -> np.ndarray:
    """Return places, some anywhere, some around towns."""
    anywhere = random.uniform(0, side, (count, 2))
    in_town = towns[random.integers(len(towns), size=count)]
    in_town = in_town + random.normal(0, side / 25, (count, 2))
    return np.clip(np.where((random.random(count) < 0.45)[:, None], in_town, anywhere), 0, side)
