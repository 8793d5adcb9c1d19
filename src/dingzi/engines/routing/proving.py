"""What is proven of a problem while its plan is searched for: the best bound so far."""

from __future__ import annotations

import math
import threading

from ..interrupting import interrupted
from .bounding import lower_bound, walks_bound
from .problem import RoutingProblem


class Proof:
    """The best bound of a problem, raised here or by a thread of its own.

    ``bound`` is in the problem's whole units; None where nothing is proven.
    """

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.bound = lower_bound(problem)
        self.upper = math.inf
        self._thread: threading.Thread | None = None
        self._fault: BaseException | None = None

    def known(self, cost: float | None) -> None:
        """Tell what the best plan so far costs."""
        if cost is not None:
            self.upper = float(cost)

    def raise_by_walks(self, turns: int, seconds: float) -> None:
        """Raise the bound by walks, unless the best plan is proven already."""
        if seconds > 0 and not (self.bound is not None and self.bound >= self.upper):
            # an end asked for is heard as a plan that nothing can better
            upper = lambda: -math.inf if interrupted() else self.upper  # noqa: E731
            walks_bound(self.problem, upper, turns, seconds, self._better)

    def start(self, turns: int, seconds: float) -> None:
        """Do so in a thread; it ends with the process."""

        def run() -> None:
            try:
                self.raise_by_walks(turns, seconds)
            except BaseException as fault:  # handed on by finish
                self._fault = fault

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def finish(self) -> int | None:
        """End the thread, if there is one, after its present turn; return the bound."""
        if self._thread is not None:
            self.upper = -math.inf
            self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self.bound

    def _better(self, bound: int) -> None:
        self.bound = bound if self.bound is None else max(self.bound, bound)
