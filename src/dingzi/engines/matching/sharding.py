"""A matching in shares: each worker finds candidates for its seekers and lets them ask.

Every share runs deferred acceptance among its own seekers against all seats. Whom a vacancy
refuses among some, it refuses among all: adding seekers never makes one welcome who was not. So
the shares' answers are put together vacancy by vacancy, those refused now ask on in their share,
and when nobody is refused the answer is that of one machine, lot for lot.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BadSettings
from . import acceptance, eligible
from .lists import Lists
from .people import JobsProblem, Seekers
from .reasons import forbidden_conditions
from .settings import MatchingSettings

Asked = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]


class Share:
    """The seekers from ``first`` on that one worker keeps."""

    def __init__(self, problem: JobsProblem, settings: MatchingSettings, first: int) -> None:
        open_ = np.ones(len(problem.vacancies), dtype=bool)
        open_[list(forbidden_conditions(problem, settings))] = False
        self.settings = settings
        self.first = first
        self.found = eligible.lists_of(
            problem, settings, eligible.prepared(problem, settings, open_)
        )

    def lists(self) -> Lists:
        return self.found

    def ask(self, begin: NDArray[np.int32]) -> Asked:
        """Let all ask from their place ``begin``; return place, vacancy and priority, or -1."""
        held = acceptance.hold(
            self.found,
            seed=self.settings.seed,
            hard_reserve=self.settings.hard_reserve,
            begin=begin,
            first_seeker=self.first,
        )
        at = held.choice
        return at, self.found.at(self.found.vacancy, at), self.found.at(self.found.priority, at)


def matched(
    problem: JobsProblem, settings: MatchingSettings
) -> tuple[Lists, NDArray[np.int32] | None]:
    """Return the lists of all seekers and, with method ``stable``, what each got of his."""
    cuts = np.linspace(0, len(problem.seekers), settings.shards + 1).astype(int)
    parts = [
        (replace(problem, seekers=_slice(problem.seekers, a, b), names=None), settings, int(a))
        for a, b in itertools.pairwise(cuts)
    ]
    with _on_ray(parts) if settings.ray else _here(parts) as call:
        lists = _joined(call("lists", [() for _ in parts]), problem)
        choice = None
        if settings.method == "stable":
            choice = _asked_out(call, cuts, lists, settings)
    return lists, choice


Call = Callable[[str, Sequence[tuple[Any, ...]]], list[Any]]


def _asked_out(
    call: Call, cuts: NDArray[np.int64], lists: Lists, settings: MatchingSettings
) -> NDArray[np.int32]:
    count, length = lists.vacancy.shape
    begin = np.zeros(count, dtype=np.int32)
    while True:
        asked = call("ask", [(begin[a:b],) for a, b in itertools.pairwise(cuts)])
        at, vacancy, priority = (np.concatenate(column) for column in zip(*asked, strict=True))
        together = replace(
            lists,
            vacancy=vacancy[:, None],
            score=np.zeros((count, 1), dtype=np.int32),
            priority=np.maximum(priority, 0)[:, None],
        )
        held = acceptance.hold(together, seed=settings.seed, hard_reserve=settings.hard_reserve)
        refused = (held.choice < 0) & (vacancy >= 0)
        if not refused.any():
            return at
        # who came to the end of his list stays there
        begin = np.where(at < 0, length, at + refused).astype(np.int32)


@contextmanager
def _here(parts: Sequence[tuple[Any, ...]]) -> Iterator[Call]:
    shares = [Share(*part) for part in parts]
    yield lambda name, given: [
        getattr(share, name)(*ones) for share, ones in zip(shares, given, strict=True)
    ]


@contextmanager
def _on_ray(parts: Sequence[tuple[Any, ...]]) -> Iterator[Call]:
    """Keep each share in a worker of the ``ray`` cluster that is running, or of one for this call."""
    try:
        import ray
    except ModuleNotFoundError:
        raise BadSettings("matching_ray_missing", {}) from None
    ours = not ray.is_initialized()
    if ours:
        ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    worker = ray.remote(Share)
    shares = [worker.remote(*part) for part in parts]

    def call(name: str, given: Sequence[tuple[Any, ...]]) -> list[Any]:
        pairs = zip(shares, given, strict=True)
        found: list[Any] = ray.get([getattr(share, name).remote(*ones) for share, ones in pairs])
        return found

    try:
        yield call
    finally:
        if ours:
            ray.shutdown()


def _slice(seekers: Seekers, begin: int, end: int) -> Seekers:
    first, last = seekers.want_offsets[begin], seekers.want_offsets[end]
    columns = {one.name: getattr(seekers, one.name)[begin:end] for one in fields(Seekers)}
    columns["want_codes"] = seekers.want_codes[first:last]
    columns["want_offsets"] = seekers.want_offsets[begin : end + 1] - first
    return Seekers(**columns)


def _joined(parts: Sequence[Lists], problem: JobsProblem) -> Lists:
    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    return Lists(
        vacancy=column("vacancy"),
        score=column("score"),
        priority=column("priority"),
        category=column("category"),
        guaranteed=column("guaranteed"),
        seats=problem.vacancies.seats,
        reserved=problem.vacancies.reserved,
        names=problem.names,
    )
