"""A process killed at a chosen step, for tests of what must survive that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """The process is gone: nothing that was to follow happens."""


class Fate:
    """Counts steps and kills at the one chosen: before it or, at the next number, after it."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            self.reach()
            done = call(*args, **kwargs)
            self.reach()
            return done

        return run

    def reach(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed
