"""The ranges of the guards: seldom wrong about honest cities, and not blind."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from dingzi.figures.guards import usual
from tests.figures import honest

ALARMS = 0.005
BEFORE = 24


def shouts(seed: int, *, moved: float = 0, dropped: float = 0) -> set[str]:
    """Return the guards that find the last month of a city worth looking at."""
    history, closings, workdays = honest.simulate(seed, moved=moved, dropped=dropped)
    found = set()
    for name, months in history.items():
        *before, (k, of) = months[-BEFORE - 1 :]
        usually = usual.share(before, of, ALARMS)
        assert usually is not None, name
        if k > usually.high:
            found.add(name)
    ratios = [
        (now * then_days) / (then * now_days)
        for now, then, now_days, then_days in zip(
            closings[12:], closings, workdays[12:], workdays, strict=False
        )
    ]
    *earlier, now = ratios[-BEFORE - 1 :]
    usually = usual.change(earlier, (closings[-1], closings[-13]), ALARMS)
    assert usually is not None
    if not usually.low <= now <= usually.high:
        found.add("denominator")
    return found


def test_honest_cities_are_seldom_worth_looking_at(campaign: Callable[[int, int], int]) -> None:
    """Of honest cities at most one in twenty has any guard speak up, all seven taken together."""
    cities = campaign(40, 1_000)
    loud = [found for seed in range(cities) if (found := shouts(seed))]
    assert len(loud) <= 0.05 * cities + (0 if cities >= 1_000 else 2), loud


def test_what_is_moved_before_the_deadline_is_seen() -> None:
    """Where most of the late are written down as in time, the guards of deadlines speak up."""
    assert sum("bunching" in shouts(seed, moved=0.9) for seed in range(100, 110)) >= 8


def test_what_is_left_out_of_the_denominator_is_seen() -> None:
    """Half of the cases not counted is a change that no season makes."""
    assert sum("denominator" in shouts(seed, dropped=0.5) for seed in range(100, 110)) >= 9


@pytest.mark.parametrize(
    ("p", "free", "known"),
    [(0.975, 1, 12.7062), (0.975, 5, 2.5706), (0.975, 10, 2.2281), (0.995, 23, 2.8073)],
)
def test_student_is_the_printed_table(p: float, free: int, known: float) -> None:
    """Quantiles agree with the tables that every book prints."""
    assert math.isclose(usual.student(p, free), known, abs_tol=1e-4)


def test_too_little_says_nothing() -> None:
    """Few months, few rows, or an empty month give no range."""
    assert usual.share([(1, 50)] * 11, 50, ALARMS) is None
    assert usual.share([(1, 50)] * 24, 19, ALARMS) is None
    assert usual.share([(0, 2)] * 24, 50, ALARMS) is None
    assert usual.change([1.0] * 5, (100, 100), ALARMS) is None
    # months that doubled and halved tell nothing of the next: no range of a hundredfold
    assert usual.change([0.3, 3.0, 1.0, 0.5, 2.0, 0.2, 5.0], (100, 100), ALARMS) is None
    assert usual.change([0.9, 1.1, 1.0, 1.05, 0.95, 1.0, 1.1], (100, 100), ALARMS) is not None


def test_many_rows_have_the_range_of_fewer() -> None:
    """Where the normal law takes over, the range hardly moves."""
    history = [(300 + n % 7, 3_000) for n in range(24)]
    few, many = (usual.share(history, n, ALARMS) for n in (usual.MANY, usual.MANY + 1))
    assert few is not None and many is not None
    assert abs(few.high - many.high) <= 8 and abs(few.low - many.low) <= 8


def test_nothing_ever_before_leaves_little_room() -> None:
    """A share that was nought for two years is unusual after a few, not after one."""
    usually = usual.share([(0, 200)] * 24, 200, ALARMS)
    assert usually is not None and usually.low == 0 and 0 < usually.high <= 3
