"""Made-up labour markets by a seed, at any size; benchmarks use them too."""

from __future__ import annotations

import numpy as np

from dingzi.engines.contract import Stop
from dingzi.engines.matching import (
    JobsProblem,
    Lists,
    MatchingSettings,
    Seekers,
    Travel,
    Vacancies,
    occupations,
)


def settings(**given) -> MatchingSettings:
    return MatchingSettings(**({"stop": Stop(work=1)} | given))


def market(
    seekers: int, vacancies: int, *, seed: int = 1, places: int = 186, categories: int = 0,
    nested: bool = False,
) -> JobsProblem:  # fmt: skip
    """A city some 100 minutes across, occupations of uneven popularity.

    Wants name occupations and groups of the two levels above; where ``nested``, one may lie under
    another of the same seeker.
    """
    draw = np.random.default_rng(seed)
    codes = np.array(sorted(int(code.replace("-", "")) for code in occupations.names()))
    narrow = codes[occupations.level(codes) == 4]
    popular = draw.dirichlet(np.full(len(narrow), 0.5))
    count = draw.integers(1, 4, seekers)
    owner = np.repeat(np.arange(seekers), count)
    span = occupations.SPANS[draw.choice([4, 3, 2], len(owner), p=[0.3, 0.6, 0.1])]
    want = draw.choice(narrow, len(owner), p=popular) // span * span
    if not nested:
        _, kept = np.unique(owner * 100 + want // 1_000_000 * 10, return_index=True)
        kept = np.sort(kept)
        owner, want = owner[kept], want[kept]
        count = np.bincount(owner, minlength=seekers)
    spots = draw.random((places, 2)) * 50
    minutes = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) * 2 + 5
    area = (spots[:, 0] // 17 * 3 + spots[:, 1] // 17).astype(int)
    home = draw.integers(0, places, seekers)
    asks = draw.random(vacancies) < 0.2
    return JobsProblem(
        seekers=Seekers(
            place=home,
            area=np.where(draw.random(seekers) < 0.3, area[home], -1),
            most_minutes=draw.choice([15, 30, 45, 60], seekers),
            least_wage_fen=draw.integers(300, 900, seekers) * 1_000,
            education=draw.integers(0, 6, seekers),
            certificates=(1 << draw.integers(0, 8, seekers)) | (1 << draw.integers(0, 8, seekers)),
            experience_years=draw.integers(0, 20, seekers),
            shifts=draw.choice([1, 3, 7, 15], seekers),
            most_weekly_hours=draw.choice([40, 48, 56], seekers),
            category=np.where(draw.random(seekers) < 0.2, 0, -1),
            guaranteed=np.zeros(seekers, dtype=bool),
            want_offsets=np.concatenate([[0], np.cumsum(count)]),
            want_codes=want,
        ),
        vacancies=Vacancies(
            place=draw.integers(0, places, vacancies),
            occupation=draw.choice(narrow, vacancies, p=popular),
            wage_fen=draw.integers(350, 1_200, vacancies) * 1_000,
            education=draw.integers(0, 4, vacancies),
            certificates=np.where(asks, 1 << draw.integers(0, 8, vacancies), 0),
            experience_years=draw.integers(0, 5, vacancies) * (draw.random(vacancies) < 0.4),
            shifts=draw.choice([1, 2, 3], vacancies, p=[0.7, 0.15, 0.15]),
            weekly_hours=draw.choice([40, 44, 48], vacancies),
            seats=draw.integers(1, 12, vacancies),
            reserved=draw.integers(0, 2, (vacancies, categories)),
        ),
        travel=Travel(minutes=minutes.astype(int), area=area),
    )


def lists(
    seekers: int, vacancies: int, choices: int, *, seed: int = 1, categories: int = 0,
    seats: int = 3, ranks: int = 6, guaranteed: float = 0.0,
) -> Lists:  # fmt: skip
    """Lists of uneven length with few different ranks, so that lots decide often."""
    draw = np.random.default_rng(seed)
    choices = min(choices, vacancies)
    vacancy = np.argsort(draw.random((seekers, vacancies)), axis=1)[:, :choices]
    vacancy[np.arange(choices) >= draw.integers(0, choices + 1, seekers)[:, None]] = -1
    room = draw.integers(0, seats + 1, vacancies)
    kept = np.zeros((vacancies, categories), dtype=int)
    for category in range(categories):
        kept[:, category] = draw.integers(0, room - kept.sum(axis=1) + 1)
    return Lists(
        vacancy=vacancy,
        score=-np.sort(-draw.integers(0, 50, (seekers, choices)), axis=1),
        priority=draw.integers(0, ranks, (seekers, choices)),
        seats=room,
        reserved=kept,
        category=draw.integers(-1, categories + 1, seekers),
        guaranteed=draw.random(seekers) < guaranteed,
    )
