"""The independent checker: everything again from the problem, in plain numpy, nothing compiled.

Lists: every line meets every condition, is worth what it says and stands where it should, and no
vacancy left out is worth more than the last line (for all seekers while people times vacancies
are below ``ALL_PAIRS``, else for as many, evenly spread, as that allows). Seats: none given twice,
none reserved given to others. ``stable``: no pair would rather have each other. ``assignment``: no
chain of moves raises the sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason, Verdict
from ..errors import BadSettings
from . import conditions, eligible, optimality, stability
from .deciding import prepare
from .lists import Lists
from .people import JobsProblem
from .reasons import forbidden_conditions, reasons
from .settings import MatchingSettings
from .solution import Claimed, Matching

ALL_PAIRS = 20_000_000
_MOST_TOLD = 100


def check(
    problem: JobsProblem | Lists, settings: MatchingSettings, solution: Matching | Claimed
) -> Verdict:
    """Recompute feasibility, objective and reasons; a claim without lists is put on its lists."""
    if isinstance(solution, Claimed):
        found = _placed(problem, settings, solution)
        if not isinstance(found, Matching):
            return Verdict(objective=None, broken=found[:_MOST_TOLD], reasons=())
        solution = found
    lists = solution.lists
    broken: list[Reason] = []
    if isinstance(problem, JobsProblem):
        broken += _lines(problem, settings, lists)
    elif not _same(problem, lists):
        broken.append(("matching_other_lists", {}))
    if broken:
        return Verdict(objective=None, broken=broken[:_MOST_TOLD], reasons=())
    broken += _choices(lists, solution)
    if not broken and settings.method != "candidates":
        broken += stability.overfull(lists, settings, solution)
    if not broken and settings.method == "stable":
        pairs = stability.blocking_pairs(lists, settings, solution)
        broken += [("matching_blocking", {"seeker": int(s), "vacancy": int(v)}) for s, v in pairs]
    if not broken and settings.method == "assignment":
        broken += optimality.improvable(lists, solution)
    ready = prepare(problem, settings) if isinstance(problem, JobsProblem) else None
    objective = solution.score
    if settings.method == "candidates":
        objective = int(lists.score.sum(dtype=np.int64))
    return Verdict(
        objective=objective,
        broken=broken[:_MOST_TOLD],
        reasons=() if broken else reasons(problem, settings, solution, ready),
    )


def _placed(
    problem: JobsProblem | Lists, settings: MatchingSettings, claim: Claimed
) -> Matching | list[Reason]:
    """Find each claimed vacancy on its seeker's list; the lists are checked like any others."""
    if settings.method == "candidates":
        raise BadSettings("matching_check_method", {})
    lists = problem
    if isinstance(problem, JobsProblem):
        lists = eligible.lists_of(problem, settings, prepare(problem, settings))
    assert isinstance(lists, Lists)
    here = (lists.vacancy == claim.vacancy[:, None]) & (claim.vacancy >= 0)[:, None]
    missing = np.flatnonzero((claim.vacancy >= 0) & ~here.any(axis=1))
    if len(missing):
        pairs = [(int(s), int(claim.vacancy[s])) for s in missing]
        return [("matching_not_listed", {"seeker": s, "vacancy": v}) for s, v in pairs]
    choice = np.where(here.any(axis=1), here.argmax(axis=1), -1).astype(np.int32)
    return Matching(lists=lists, choice=choice)


def _same(one: Lists, other: Lists) -> bool:
    names = ("vacancy", "score", "priority", "seats", "reserved", "category", "guaranteed")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def _choices(lists: Lists, solution: Matching) -> list[Reason]:
    outside = (solution.choice < -1) | (solution.choice >= lists.lengths)
    broken: list[Reason] = [
        ("matching_choice_outside", {"seeker": int(s)}) for s in np.flatnonzero(outside)
    ]
    return broken


def _lines(problem: JobsProblem, settings: MatchingSettings, lists: Lists) -> list[Reason]:
    """Check all lines of the lists, and that nothing better was left out."""
    if lists.vacancy.shape != (len(problem.seekers), settings.choices):
        return [("matching_other_lists", {})]
    shut = np.zeros(len(problem.vacancies), dtype=bool)
    shut[list(forbidden_conditions(problem, settings))] = True
    seeker, at = np.nonzero(lists.vacancy >= 0)
    vacancy = lists.vacancy[seeker, at].astype(np.int64)
    level = conditions.level_of(problem, seeker, vacancy)
    wrong = (level == 0) | shut[vacancy] | ~conditions.met(problem, seeker, vacancy)
    worth = conditions.worth(problem, settings, seeker, vacancy, level)
    rank = conditions.rank(problem, settings, seeker, vacancy, level)
    false = (lists.score[seeker, at] != worth) | (lists.priority[seeker, at] != rank)
    broken: list[Reason] = []
    for code, some in (("matching_line_unmet", wrong), ("matching_line_worth", false & ~wrong)):
        which = np.flatnonzero(some)[:_MOST_TOLD]
        broken += [(code, {"seeker": int(seeker[n]), "vacancy": int(vacancy[n])}) for n in which]
    if not broken:
        broken += _left_out(problem, settings, lists, shut)
    return broken


def _left_out(
    problem: JobsProblem, settings: MatchingSettings, lists: Lists, shut: NDArray[np.bool_]
) -> list[Reason]:
    """Look for a vacancy that should have stood on a list: compare with all, seeker by seeker."""
    count, everything = len(problem.seekers), np.flatnonzero(~shut)
    if count == 0 or len(everything) == 0:
        return []
    some = min(count, max(1, ALL_PAIRS // len(everything)))
    for s in np.unique(np.linspace(0, count - 1, some).astype(int)):
        one = np.full(len(everything), s)
        level = conditions.level_of(problem, one, everything)
        fits = (level > 0) & conditions.met(problem, one, everything)
        vacancy = everything[fits]
        worth = conditions.worth(problem, settings, one[fits], vacancy, level[fits])
        best = vacancy[np.lexsort((vacancy, -worth))][: settings.choices]
        listed = lists.vacancy[s][lists.vacancy[s] >= 0]
        if not np.array_equal(best, listed):
            return [("matching_list_incomplete", {"seeker": int(s)})]
    return []
