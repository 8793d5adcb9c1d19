"""Why: a reason for each seeker without his first choice, and for each vacancy with a seat left.

A million reasons are columns of numbers; each becomes a ``(code, params)`` when it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from . import eligible
from .lists import Lists
from .people import JobsProblem, Names
from .settings import Forbidden, MatchingSettings
from .solution import Matching


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Reasons of one code: its parameters as columns of one length."""

    code: str
    columns: dict[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, row: int) -> Reason:
        return self.code, {name: _plain(column[row]) for name, column in self.columns.items()}


class Reasons(Sequence[Reason]):
    """Blocks of reasons, read as one sequence."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = [block for block in blocks if len(block)]
        self.ends = np.cumsum([len(block) for block in self.blocks])

    def __len__(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0

    @overload
    def __getitem__(self, at: int) -> Reason: ...

    @overload
    def __getitem__(self, at: slice) -> list[Reason]: ...

    def __getitem__(self, at: int | slice) -> Reason | list[Reason]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        row = at + len(self) if at < 0 else at
        if not 0 <= row < len(self):
            raise IndexError(at)
        which = int(np.searchsorted(self.ends, row, side="right"))
        block = self.blocks[which]
        return block[row - (int(self.ends[which]) - len(block))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def forbidden_conditions(
    problem: JobsProblem, settings: MatchingSettings
) -> dict[int, list[Forbidden]]:
    """Return the vacancies that are shut out, and for which conditions."""
    rules = {rule.kind: rule for rule in settings.forbidden}
    found: dict[int, list[Forbidden]] = {}
    for vacancy, kind in problem.vacancies.conditions:
        if kind in rules and rules[kind] not in found.setdefault(vacancy, []):
            found[vacancy].append(rules[kind])
    return {vacancy: kinds for vacancy, kinds in sorted(found.items()) if kinds}


def reasons(
    problem: JobsProblem | Lists,
    settings: MatchingSettings,
    solution: Matching,
    ready: eligible.Prepared | None,
) -> Reasons:
    """Return all of them; ``ready`` is what candidates were found with, None for given lists."""
    lists = solution.lists
    names = problem.names
    shut: dict[int, list[Forbidden]] = {}
    if isinstance(problem, JobsProblem):
        shut = forbidden_conditions(problem, settings)
    blocks = _without_any(lists, names, ready)
    if settings.method != "candidates":
        blocks += _with_less(lists, names, settings, solution)
    blocks += _shut_out(names, shut)
    if settings.method != "candidates":
        blocks += _unfilled(lists, names, settings, solution, ready, np.array(sorted(shut), int))
    return Reasons(blocks)


def _without_any(lists: Lists, names: Names | None, ready: eligible.Prepared | None) -> list[Block]:
    """Seekers to whom nothing can be offered: at which gate the last vacancy was lost."""
    none = np.flatnonzero(lists.lengths == 0)
    if ready is None:
        return [Block("matching_list_empty", {"seeker": _seekers(names, none)})]
    left = eligible.funnel(ready, none)
    blocks = []
    for gate, name in enumerate(eligible.GATES):
        before = left[:, gate - 1] if gate else np.ones(len(none), dtype=np.int64)
        lost = (left[:, gate] == 0) & (before > 0)
        columns: dict[str, Any] = {"seeker": _seekers(names, none[lost])}
        if gate:
            columns["left"] = before[lost]
        blocks.append(Block(f"matching_none_{name}", columns))
    return blocks


def _with_less(
    lists: Lists, names: Names | None, settings: MatchingSettings, solution: Matching
) -> list[Block]:
    """Seekers refused by the first on their list: by which numbers, and what they got."""
    if lists.vacancy.shape[1] == 0:
        return []
    listed = lists.lengths > 0
    column = lists.priority if settings.method == "stable" else lists.score
    got = solution.vacancy
    held = got >= 0
    lowest = np.full(len(lists.seats), np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(lowest, got[held], lists.at(column, solution.choice)[held])
    blocks = []
    for code, some in (
        ("nothing", listed & ~held),
        ("less", held & (solution.choice > 0)),
    ):
        who = np.flatnonzero(some)
        first = lists.vacancy[who, 0]
        there = solution.taken[first] > 0
        ways = [("", there), ("_no_seat", ~there)]
        if settings.method == "stable":  # who is no worse was not refused for his points
            own, last = column[who, 0], lowest[first]
            kept = there & (own >= last) & (lists.reserved[first].sum(axis=1) > 0)
            lot = there & (own == last) & ~kept
            ways = [("", there & ~kept & ~lot), ("_kept", kept), ("_lot", lot), ways[1]]
        for suffix, part in ways:
            of = who[part]
            columns: dict[str, Any] = {
                "seeker": _seekers(names, of),
                "first": _vacancies(names, first[part]),
                "own": column[of, 0],
            }
            if suffix != "_no_seat":
                columns["lowest"] = lowest[first[part]]
            if code == "less":
                columns["place"] = solution.choice[of] + 1
            else:
                columns["listed"] = lists.lengths[of]
            blocks.append(Block(f"matching_{settings.method}_{code}{suffix}", columns))
    return blocks


def _shut_out(names: Names | None, shut: dict[int, list[Forbidden]]) -> list[Block]:
    rows = [(vacancy, rule) for vacancy, rules in shut.items() for rule in rules]
    columns: dict[str, Any] = {
        "vacancy": _vacancies(names, np.array([vacancy for vacancy, _ in rows], dtype=np.int64)),
        "kind": [rule.kind for _, rule in rows],
        "source": [rule.source for _, rule in rows],
        "article": [rule.article for _, rule in rows],
    }
    return [Block("matching_notice_forbidden", columns)]


def _unfilled(
    lists: Lists,
    names: Names | None,
    settings: MatchingSettings,
    solution: Matching,
    ready: eligible.Prepared | None,
    shut: NDArray[np.int64],
) -> list[Block]:
    """Vacancies with a seat left, by how many could be and were on a list."""
    empty = lists.seats - solution.taken
    open_ = empty > 0
    open_[shut] = False
    listed = np.bincount(lists.vacancy[lists.vacancy >= 0], minlength=len(lists.seats))
    unlisted = open_ & (listed == 0)
    suited = np.zeros(len(open_), dtype=np.int64)
    if ready is not None:
        suited = eligible.suited(ready, unlisted)
    held_back = _held_back(lists, settings, solution) & open_
    blocks = []
    for code, some, extra in (
        ("matching_vacancy_unsuited", unlisted & (suited == 0), None),
        ("matching_vacancy_unlisted", unlisted & (suited > 0), suited),
        ("matching_vacancy_reserved", held_back, listed),
        ("matching_vacancy_left", open_ & (listed > 0) & ~held_back, listed),
    ):
        which = np.flatnonzero(some)
        columns: dict[str, Any] = {
            "vacancy": _vacancies(names, which),
            "empty": empty[which],
        }
        if extra is not None:
            columns["asked"] = extra[which]
        blocks.append(Block(code, columns))
    return blocks


def _held_back(lists: Lists, settings: MatchingSettings, solution: Matching) -> NDArray[np.bool_]:
    """Whether seats are left that somebody without them would take: they are kept for others."""
    back = np.zeros(len(lists.seats), dtype=bool)
    if not settings.hard_reserve and settings.method != "assignment":
        return back
    length = lists.vacancy.shape[1]
    until = np.where(solution.choice < 0, length, solution.choice)
    missed = (np.arange(length) < until[:, None]) & (lists.vacancy >= 0)
    back[lists.vacancy[missed]] = True
    return back & (lists.reserved.sum(axis=1) > 0)


def _seekers(names: Names | None, which: NDArray[np.int64]) -> Any:
    return which if names is None else names.seekers[which]


def _vacancies(names: Names | None, which: NDArray[Any]) -> Any:
    return which if names is None else names.vacancies[which]
