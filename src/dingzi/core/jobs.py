"""What the steward does again and again. An app declares it in its ``jobs.py``:

    @job("escalate", every=timedelta(minutes=1))
    def escalate() -> None: ...

A job is called without arguments, one at a time, in the order of their due times; it may be called
again after a crash in its middle, so it must be safe to repeat. It should return within a minute:
longer work is a task of django-tasks. A job declared ``alone`` must not wait for the others: it
runs in a thread of its own, beside them; declared ``rung`` too, also when something was written
(``core.bell``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.utils.module_loading import autodiscover_modules

F = TypeVar("F", bound=Callable[[], object])


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: timedelta
    run: Callable[[], object]
    alone: bool = False
    rung: bool = False


JOBS: dict[str, Job] = {}


def job(
    name: str, *, every: timedelta, alone: bool = False, rung: bool = False
) -> Callable[[F], F]:
    """Have the steward call the function every so often, the first time when it starts."""

    def declare(run: F) -> F:
        if name in JOBS and JOBS[name].run.__module__ != run.__module__:
            raise ValueError(f"two jobs are called {name!r}")
        if every <= timedelta(0):
            raise ValueError(f"job {name!r}: every must be more than nothing")
        JOBS[name] = Job(name, every, run, alone, rung)
        return run

    return declare


def load() -> dict[str, Job]:
    """Import every app's ``jobs.py`` and return all jobs by name."""
    autodiscover_modules("jobs")
    return JOBS
