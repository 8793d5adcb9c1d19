"""Pupils of the coming years by cohort survival, with intervals.

A cohort of age a in year y is, times a ratio, the cohort of age a + 1 in year y + 1 (C. H. Hamilton
and J. Perry, Social Forces 41, 1962). Ratios are those of all villages together; how they varied
from year to year (whole years are resampled) and how far villages were off them (measured against what
chance alone would give, as in quasi-Poisson models) give the intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.errors import BadSettings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """(V, G, T) pupils each: the middle, and between ``low`` and ``high`` with the level asked."""

    low: Ints
    middle: Ints
    high: Ints


def ratios(children: Ints) -> Floats:
    """Return (Y - 1, A - 1) how a cohort of all villages changed with each year and age.

    ``children`` is (V, Y, A), of consecutive years and ages from 0. Where a cohort was empty the
    ratio is 1.
    """
    total = children.sum(axis=0).astype(float)
    before, after = total[:-1, :-1], total[1:, 1:]
    return np.where(before > 0, after / np.maximum(before, 1.0), 1.0)


def dispersion(children: Ints, change: Floats) -> float:
    """Return how far villages' cohorts were off the common ratios: 1 is as far as Poisson chance."""
    expected = children[:, :-1, :-1] * change
    off = (children[:, 1:, 1:] - expected) ** 2
    counted = expected > 0
    return float((off[counted] / expected[counted]).mean()) if counted.any() else 0.0


def forecast(
    children: Ints, bands: tuple[tuple[int, int], ...], years: int, *, level: float, seed: int,
    draws: int = 400,
) -> Forecast:  # fmt: skip
    """Forecast the pupils of each band of ages for ``years`` years after the last one counted.

    Parameters
    ----------
    children
        (V, Y, A) int64 by village, consecutive year (at least 3) and age from 0; registered births
        are age 0.
    bands
        First and last age of each of G bands.
    level
        Share of futures between ``low`` and ``high``, as 0.9.

    Who is not yet born in the last year counted is taken to be as many as the last three years'
    births, resampled; a band whose ages are at least ``years`` needs none of them.
    """
    if children.ndim != 3 or children.shape[1] < 3 or (children < 0).any():
        raise BadSettings("forecast.children", {})
    if not all(0 <= low <= high < children.shape[2] for low, high in bands) or years < 1:
        raise BadSettings("forecast.ages", {"ages": children.shape[2]})
    if not 0 < level < 1:
        raise BadSettings("forecast.level", {"found": level})
    random = np.random.default_rng(seed)
    change = ratios(children)
    spread = dispersion(children, change)
    futures = np.empty((draws, len(children), len(bands), years), np.int64)
    for draw in range(draws):
        now = children[:, -1].astype(float)
        for year in range(years):
            grown = now[:, :-1] * change[random.integers(len(change))]
            grown += np.sqrt(spread * grown) * random.standard_normal(grown.shape)
            births = children[:, -1 - random.integers(3), 0].astype(float)
            now = np.column_stack([births, np.maximum(grown, 0.0)])
            for place, (low, high) in enumerate(bands):
                futures[draw, :, place, year] = np.rint(now[:, low : high + 1].sum(axis=1))
    cuts = np.quantile(futures, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    low, middle, high = np.rint(cuts).astype(np.int64)
    return Forecast(low, middle, high)
