"""The hard conditions and the scores, pair by pair, as they read; what the kernels must agree with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import occupations
from .people import JobsProblem
from .settings import MatchingSettings

Rows = NDArray[np.int64]

#: the parts of a score, in the order of ``parts``
WORTH_PARTS = ("occupation", "wage", "travel", "education", "hours")
RANK_PARTS = ("fit", "experience", "schooling", "nearness")


def level_of(problem: JobsProblem, seeker: Rows, vacancy: Rows) -> Rows:
    """Return the level of the narrowest want that covers each pair's vacancy; 0 for none."""
    seekers = problem.seekers
    begin, end = seekers.want_offsets[seeker], seekers.want_offsets[seeker + 1]
    occupation = problem.vacancies.occupation[vacancy]
    levels = occupations.level(seekers.want_codes)
    spans = occupations.spans(seekers.want_codes)
    best = np.zeros(len(seeker), dtype=np.int64)
    for step in range(int((end - begin).max(initial=0))):
        has = begin + step < end
        want = np.where(has, begin + step, 0)
        code = seekers.want_codes[want]
        under = has & (occupation >= code) & (occupation < code + spans[want])
        best = np.where(under, np.maximum(best, levels[want]), best)
    return best


def met(problem: JobsProblem, seeker: Rows, vacancy: Rows) -> NDArray[np.bool_]:
    """Return whether each pair meets all conditions but the occupation."""
    s, v, travel = problem.seekers, problem.vacancies, problem.travel
    home, work = s.place[seeker], v.place[vacancy]
    minutes = travel.minutes[home, work]
    missing = v.certificates[vacancy] & ~s.certificates[seeker]
    impossible = v.shifts[vacancy] & ~s.shifts[seeker]
    there = (s.area[seeker] < 0) | (s.area[seeker] == travel.area[work])
    return (
        (s.education[seeker] >= v.education[vacancy])
        & (s.experience_years[seeker] >= v.experience_years[vacancy])
        & (missing == 0)
        & (impossible == 0)
        & (v.weekly_hours[vacancy] <= s.most_weekly_hours[seeker])
        & (v.wage_fen[vacancy] >= s.least_wage_fen[seeker])
        & there
        & (minutes >= 0)
        & (minutes <= s.most_minutes[seeker])
    )


def worth_parts(
    problem: JobsProblem, settings: MatchingSettings, seeker: Rows, vacancy: Rows, level: Rows
) -> NDArray[np.int64]:
    """Return (pairs, 5) points of ``WORTH_PARTS``, 0 to 100 each."""
    s, v, points = problem.seekers, problem.vacancies, settings.points
    step = points.wage_step_fen
    steps = v.wage_fen[vacancy] // step - s.least_wage_fen[seeker] // step
    unused = s.education[seeker].astype(np.int64) - v.education[vacancy]
    spare = s.most_weekly_hours[seeker].astype(np.int64) - v.weekly_hours[vacancy]
    return np.stack(
        [
            25 * level,
            np.minimum(steps, 100),
            _near(problem, settings, seeker, vacancy),
            np.maximum(0, 100 - points.education_rank * unused),
            np.minimum(100, points.weekly_hour * spare),
        ],
        axis=1,
    ).astype(np.int64)


def worth(
    problem: JobsProblem, settings: MatchingSettings, seeker: Rows, vacancy: Rows, level: Rows
) -> NDArray[np.int64]:
    """Return what each pair's vacancy is worth to the seeker: weights times points."""
    weights = np.array([getattr(settings.weights, part) for part in WORTH_PARTS])
    return worth_parts(problem, settings, seeker, vacancy, level) @ weights


def rank_parts(
    problem: JobsProblem, settings: MatchingSettings, seeker: Rows, vacancy: Rows, level: Rows
) -> NDArray[np.int64]:
    """Return (pairs, 4) points of ``RANK_PARTS``, 0 to 100 each."""
    s, v, points = problem.seekers, problem.vacancies, settings.points
    years = s.experience_years[seeker].astype(np.int64) - v.experience_years[vacancy]
    ranks = s.education[seeker].astype(np.int64) - v.education[vacancy]
    return np.stack(
        [
            25 * level,
            np.minimum(100, points.experience_year * years),
            np.minimum(100, points.education_rank * ranks),
            _near(problem, settings, seeker, vacancy),
        ],
        axis=1,
    ).astype(np.int64)


def rank(
    problem: JobsProblem, settings: MatchingSettings, seeker: Rows, vacancy: Rows, level: Rows
) -> NDArray[np.int64]:
    """Return how each pair's vacancy ranks the seeker: weights times points."""
    weights = np.array([getattr(settings.weights, part) for part in RANK_PARTS])
    return rank_parts(problem, settings, seeker, vacancy, level) @ weights


def _near(
    problem: JobsProblem, settings: MatchingSettings, seeker: Rows, vacancy: Rows
) -> NDArray[np.int64]:
    home, work = problem.seekers.place[seeker], problem.vacancies.place[vacancy]
    minutes = problem.travel.minutes[home, work].astype(np.int64)
    return np.maximum(0, 100 - minutes // settings.points.minutes_per_point)
