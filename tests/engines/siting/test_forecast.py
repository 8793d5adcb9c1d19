"""Cohort survival: known ratios come back, and intervals hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingzi.engines.errors import BadSettings
from dingzi.engines.siting import forecast
from dingzi.engines.siting.forecast import ratios


def grown(random: np.random.Generator, villages: int, years: int, spread: float) -> np.ndarray:
    """Make counts by age 0 to 12 over years: each cohort shrinks a little each year."""
    now = random.poisson(40.0, (villages, 13))
    rows = []
    for _ in range(years):
        change = 0.98 * np.exp(random.normal(0, spread, 12))
        born = random.poisson(40.0, villages)
        now = np.column_stack([born, random.poisson(now[:, :-1] * change)])
        rows.append(now)
    return np.stack(rows, axis=1)


def test_ratios_are_those_of_all_villages() -> None:
    """One year older, one year later."""
    children = np.array([[[10, 8], [12, 5]], [[10, 8], [10, 5]]])
    assert ratios(children).tolist() == [[0.5]]


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_intervals_are_in_order_and_repeatable(seed) -> None:
    """low ≤ middle ≤ high, none negative, the same again for the same seed."""
    children = grown(np.random.default_rng(seed), 4, 5, 0.02)
    one, two = (
        forecast(children, ((6, 8), (9, 12)), 3, level=0.8, seed=3, draws=50) for _ in range(2)
    )
    assert (one.low <= one.middle).all()
    assert (one.middle <= one.high).all()
    assert (one.low >= 0).all()
    assert (one.middle == two.middle).all()


def test_intervals_hold_as_often_as_they_say() -> None:
    """90 % intervals of simulated villages hold between 84 and 97 % of what then came."""
    inside = []
    for seed in range(8):
        lived = grown(np.random.default_rng(seed), 40, 12, 0.02)
        found = forecast(lived[:, :9], ((6, 8), (9, 11)), 3, level=0.9, seed=1, draws=200)
        came = np.stack([lived[:, 9:, 6:9].sum(2), lived[:, 9:, 9:12].sum(2)], axis=1)
        inside.append(((found.low <= came) & (came <= found.high)).mean())
    assert 0.84 <= np.mean(inside) <= 0.97


@pytest.mark.parametrize(
    ("shape", "bands", "level", "code"),
    [
        ((1, 2, 9), ((6, 8),), 0.9, "forecast.children"),
        ((1, 3, 9), ((6, 9),), 0.9, "forecast.ages"),
        ((1, 3, 9), ((6, 8),), 1.0, "forecast.level"),
    ],
)
def test_a_forecast_that_cannot_be_made_is_refused(shape, bands, level, code) -> None:
    """Too few years, ages that were not counted, a level that is none."""
    with pytest.raises(BadSettings) as told:
        forecast(np.ones(shape, np.int64), bands, 2, level=level, seed=0)
    assert told.value.reason[0] == code
