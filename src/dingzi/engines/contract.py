"""What every engine takes and gives back: stop, settings, result, verdict."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from .errors import BadSettings
from .interrupting import interrupted

#: A code and its parameters, all built-in values: put into words by who shows it.
Reason = tuple[str, dict[str, Any]]
Number = int | float
Status = Literal["optimal", "feasible", "infeasible", "unknown", "interrupted"]
Solution = TypeVar("Solution")

#: Called now and then by a long solve with (objective, bound) so far, either None.
Tell = Callable[[Number | None, Number | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When to stop looking for better.

    Parameters
    ----------
    seconds
        Wall-clock limit. With it the same call may end elsewhere another time.
    work
        Limit in the engine's own units of work (iterations, deterministic solver time), each
        engine's docs say which. With ``work``, no ``seconds`` and one core the answer is the
        same every time.
    cores
        How many workers may run at once.
    """

    seconds: float | None = None
    work: int | None = None
    cores: int = 1

    def __post_init__(self) -> None:
        if self.seconds is None and self.work is None:
            raise BadSettings("stop_missing", {})
        if self.seconds is not None and not 0 < self.seconds < math.inf:
            raise BadSettings("stop_seconds", {"found": self.seconds})
        if self.work is not None and self.work < 1:
            raise BadSettings("stop_work", {"found": self.work})
        if self.cores < 1:
            raise BadSettings("stop_cores", {"found": self.cores})

    @property
    def deterministic(self) -> bool:
        """Whether the same answer is promised when the same call is made again."""
        return self.work is not None and self.seconds is None and self.cores == 1

    def start(self) -> Watch:
        return Watch(self)


class Watch:
    """A stop that has begun to run."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        self.begun = time.monotonic()
        self.done = 0

    def work(self, units: int = 1) -> None:
        """Count work done."""
        self.done += units

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def seconds_left(self) -> float:
        """Seconds until the limit; infinite without one, none once an end was asked for."""
        if interrupted():
            return 0.0
        return math.inf if self.stop.seconds is None else self.stop.seconds - self.seconds

    @property
    def work_left(self) -> float:
        return math.inf if self.stop.work is None else self.stop.work - self.done

    @property
    def over(self) -> bool:
        return self.work_left <= 0 or self.seconds_left <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What each engine's settings begin with; an engine adds its own fields in a subclass."""

    stop: Stop
    seed: int = 0
    tell: Tell | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**31:
            raise BadSettings("seed_range", {"found": self.seed})


@dataclass(frozen=True, kw_only=True)
class Result(Generic[Solution]):
    """An answer and how sure it is.

    Parameters
    ----------
    status
        ``optimal``: proven best. ``feasible``: holds, ``gap`` says how far from the best it can
        be. ``infeasible``: proven that nothing holds; ``reasons`` then is an irreducible set of
        demands. ``unknown``: the stop came before either. ``interrupted``: somebody ended it, with
        the best solution so far or without one; an engine itself calls these ``feasible`` and
        ``unknown``.
    objective, bound
        In the problem's own units. No solution is better than ``bound``.
    reasons
        One for each who did not get what he wanted.
    solver, version
        What solved it: the library and its version.
    seconds
        Wall-clock time of ``decide``.
    """

    status: Status
    solution: Solution | None
    objective: Number | None
    bound: Number | None
    reasons: Sequence[Reason]
    seed: int
    solver: str
    version: str
    seconds: float

    @property
    def gap(self) -> float | None:
        """How far the objective can be from the best, as a share of the objective."""
        if self.objective is None or self.bound is None:
            return None
        if self.objective == self.bound:
            return 0.0
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an independent checker finds, from problem, settings and solution alone.

    ``broken`` names each demand that the solution breaks; ``reasons`` are recomputed, so they can
    be compared with the ones a result carries.
    """

    objective: Number | None
    broken: Sequence[Reason]
    reasons: Sequence[Reason]

    @property
    def feasible(self) -> bool:
        return not self.broken
