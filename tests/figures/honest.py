"""An honest city, month by month: offices that work to deadlines, weekends, holidays, moods.

Cases come on working days, more on some weekdays and in some months. Every office has its own habit:
what it does not settle early it closes in the last days before the deadline, which moves to the next
working day; a little is late. Nothing is moved, guessed or left out.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from dingzi import law

FIRST, MONTHS = date(2022, 10, 1), 38
OFFICES, LIMIT = 10, 30
#: Guards by name, with (counted, of) in every month.
History = dict[str, list[tuple[int, int]]]


@cache
def calendar() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for each day from FIRST on: whether it is worked, the working day on or after it, and
    the number of its month."""
    days = [FIRST + timedelta(days=n) for n in range(MONTHS * 31 + 60)]
    worked = np.array([law.calendar().is_workday(day) for day in days])
    following = np.arange(len(days))
    for n in range(len(days) - 2, -1, -1):
        following[n] = n if worked[n] else following[n + 1]
    month = np.array([(d.year - FIRST.year) * 12 + d.month - FIRST.month for d in days])
    return worked, following, month


def simulate(
    seed: int, size: float = 40, *, moved: float = 0, dropped: float = 0
) -> tuple[History, list[int], list[int]]:
    """Return the guards' counts by month, cases closed by month, and working days by month.

    Parameters
    ----------
    size : cases on a working day in the whole city. moved : of those late in the last month, the
        share written down as if closed in time. dropped : of all in the last month, the share left
        out of the count.
    """
    rng = np.random.default_rng(seed)
    worked, following, month = calendar()
    weekday = (np.arange(len(worked)) + FIRST.weekday()) % 7
    season = 1 + 0.15 * np.sin(2 * np.pi * (month % 12) / 12 + rng.uniform(0, 6.28))
    growth = np.exp(rng.normal(0, 0.004) * month)
    mood = np.exp(rng.normal(0, 0.04, MONTHS + 4))[month]
    rate = size * np.where(worked, 1 + 0.25 * (weekday == 0), 0.05) * season * growth * mood
    opened = np.repeat(np.arange(len(worked)), rng.poisson(rate))
    n = len(opened)
    office = rng.integers(0, OFFICES, n)
    due = following[np.minimum(opened + LIMIT, len(following) - 1)]
    at_deadline = rng.beta(4, 8, OFFICES)[office]
    closed = np.where(
        rng.random(n) < at_deadline,
        due - rng.geometric(0.45, n) + 1,
        opened + rng.gamma(2.0, 6.0, n).astype(int),
    )
    late = rng.random(n) < rng.beta(2, 40, OFFICES)[office]
    closed = np.where(late, due + rng.geometric(0.25, n), np.minimum(closed, due))
    closed = np.maximum(closed, opened)
    # offices close on working days, and rather by the deadline than after it
    closed = np.minimum(closed, len(worked) - 40)
    after = following[closed]
    closed = np.where((closed <= due) & (after > due), due, after)
    at = month[closed]
    inside = at < MONTHS
    if moved:
        cheats = (at == MONTHS - 1) & (closed > due) & (rng.random(n) < moved)
        closed = np.where(cheats, due, closed)
    if dropped:
        inside &= ~((at == MONTHS - 1) & (rng.random(n) < dropped))
    left, days = due - closed, closed - opened
    wordless = (
        rng.random(n) < rng.beta(20, 60, OFFICES)[office] * rng.normal(1, 0.03, MONTHS + 4)[at]
    )
    noted = rng.random(n) < rng.beta(2, 60, OFFICES)[office]
    again = rng.random(n) < 0.04

    def counts(some: np.ndarray, of: np.ndarray) -> list[tuple[int, int]]:
        all_of = np.bincount(at[of & inside], minlength=MONTHS)[:MONTHS]
        some_of = np.bincount(at[some & of & inside], minlength=MONTHS)[:MONTHS]
        return list(zip(some_of.tolist(), all_of.tolist(), strict=True))

    everything = np.ones(n, bool)
    history = {
        "last_day": counts(left == 0, left >= 0),
        "bunching": counts(left >= 0, (left >= -3) & (left <= 2)),
        "heaping": counts(days % 5 == 0, days >= 8),
        "wordless": counts(wordless, everything),
        "noted": counts(noted, everything),
        "again": counts(again, everything),
    }
    closings = [of for _, of in history["again"]]
    workdays = np.bincount(month[worked], minlength=MONTHS)[:MONTHS].tolist()
    return history, closings, workdays
