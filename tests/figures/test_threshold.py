"""Amounts just under a threshold: seen when moved there, left alone when honest or round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from dingzi.core.text import Text
from dingzi.figures import guards
from dingzi.figures.guards import declare, threshold
from dingzi.mechanisms.disputes.figures import populations, results
from tests.figures.rows import closed
from tests.world import build

LIMIT, ALARMS = 1_000_000, 0.005


def amounts(seed: int, n: int = 2_000, moved: float = 0, round_to: int = 1) -> Counter[int]:
    """Return amounts in fen of which a share was moved from above the limit to just under it."""
    rng = np.random.default_rng(seed)
    found = np.floor(LIMIT * np.exp(rng.normal(-0.1, 0.6, n))).astype(int) // round_to * round_to
    above = np.flatnonzero((found >= LIMIT) & (found < LIMIT * 5 // 4))
    chosen = rng.choice(above, int(n * moved), replace=False)
    found[chosen] = LIMIT - 1 - rng.integers(0, LIMIT // 33, len(chosen))
    return Counter(found.tolist())


def loud(amounts: Counter[int]) -> bool:
    found = threshold.under(amounts, LIMIT, ALARMS)
    assert found is not None
    return found.seen > found.high


def test_honest_amounts_are_seldom_worth_looking_at(campaign: Callable[[int, int], int]) -> None:
    """At most one in fifty of honest sets, and of those written in whole hundreds."""
    sets = campaign(100, 1_000)
    for round_to in (1, 10_000):
        found = sum(loud(amounts(seed, round_to=round_to)) for seed in range(sets))
        assert found <= 0.02 * sets + (0 if sets >= 1_000 else 1), (round_to, found)


@pytest.mark.parametrize(("moved", "seen"), [(0.02, 24), (0.05, 30)])
def test_amounts_moved_under_the_limit_are_seen(moved: float, seen: int) -> None:
    """Two in a hundred mostly, five in a hundred always."""
    assert sum(loud(amounts(seed, moved=moved)) for seed in range(30)) >= seen


def test_too_few_amounts_say_nothing() -> None:
    """A few amounts, none at all, and amounts of nought."""
    assert threshold.under({}, LIMIT, ALARMS) is None
    assert threshold.under({0: 5_000, -3: 5_000, LIMIT: 5_000}, LIMIT, ALARMS) is None


@pytest.mark.django_db
def test_a_guard_reads_a_year_of_amounts(at: Any) -> None:
    """The threshold is a parameter; what lies around it is compared with what lies just under."""
    at("2026-11-20T10:00+08:00")
    build()
    for value in [*range(16, 56)] * 8 + [29] * 40:
        closed(date(2026, 3, 1), days=value)
    guard = declare.Bunched(
        "disputes.guard_try", zh="看", en="look", means=Text("看", "look"),
        harmless=Text("没事", "nothing"), beside=(results.days_median,), of=populations.closed,
        column="days", threshold="disputes.mediation_days",
    )  # fmt: skip
    assert declare.fault(guard) is None
    found = guards.read(guard)
    assert found.of == 344 and found.n == 48 and found.value == Fraction(48, 344)
    assert found.high is not None and found.says == (
        "look" if found.value > found.high else "usual"
    )
    other = declare.Bunched(**(vars(guard) | {"threshold": "no.such"}))
    assert "no parameter is called" in str(declare.fault(other))
