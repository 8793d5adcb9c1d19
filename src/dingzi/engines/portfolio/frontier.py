"""What more or less money buys: the efficient frontier, the next million, how sure a choice is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..contract import Number, Reason
from ..errors import BadSettings
from ..interrupting import interrupted
from .deciding import decide
from .problem import Portfolio, PortfolioProblem, PortfolioSettings

Word = Literal["stop", "defer", "guarantee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The best for a total: objective and proven bound in points; None: nothing holds or found."""

    total: int
    objective: Number | None
    bound: Number | None
    solution: Portfolio | None


def frontier(
    problem: PortfolioProblem, settings: PortfolioSettings, totals: Sequence[int]
) -> list[Point]:
    """Solve for each total (fen), rising; each with the whole stop of the settings.

    A solution for less money also holds for more, so the objective never falls along the line:
    where a later search ended lower, the earlier solution is kept. Where one interrupts it, the
    line ends with the point then sought.
    """
    points: list[Point] = []
    for total in sorted(totals):
        if points and interrupted():
            break
        found = decide(problem, replace(settings, total=total, tell=None))
        objective, solution = found.objective, found.solution
        before = points[-1].objective if points and not settings.in_order else None
        if before is not None and (objective is None or before > objective):
            objective, solution = before, points[-1].solution
        points.append(Point(total=total, objective=objective, bound=found.bound, solution=solution))
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What more money buys: points gained, at least and at most; items added and given up."""

    extra: int
    gain: Number
    most: Number | None
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def next_money(
    problem: PortfolioProblem, settings: PortfolioSettings, extra: int, resource: int
) -> Next | None:
    """Return what ``extra`` fen more of a resource (and of the total) buy; None without an answer.

    ``most`` is proven: the bound with the extra money less the objective without it.
    """
    capacity = problem.capacity.copy()
    capacity[resource] += extra
    total = None if settings.total is None else settings.total + extra
    before = decide(problem, settings)
    after = decide(replace(problem, capacity=capacity), replace(settings, total=total))
    if before.solution is None or after.solution is None:
        return None
    assert before.objective is not None and after.objective is not None
    was, now = _items(problem, before.solution), _items(problem, after.solution)
    gain = after.objective - before.objective
    if gain < 0:  # more money never buys less: the old choice still holds
        gain, now = 0, was
    return Next(
        extra=extra,
        gain=gain,
        most=None if after.bound is None else max(gain, after.bound - before.objective),
        added=tuple(name for name in problem.items if name in now - was),
        dropped=tuple(name for name in problem.items if name in was - now),
    )


def _items(problem: PortfolioProblem, solution: Portfolio) -> set[str]:
    return {problem.items[at] for at in problem.item[solution.chosen]}


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """What was found about each item, (I,) bool: needed, urgent, ready, under construction."""

    needed: NDArray[np.bool_]
    urgent: NDArray[np.bool_]
    ready: NDArray[np.bool_]
    started: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An item's word, why, and in what share of the disturbed problems it was chosen."""

    item: str
    word: Word
    chosen_share: float
    reason: Reason


def sort_out(
    problem: PortfolioProblem, settings: PortfolioSettings, facts: Facts, *,
    money: Sequence[float] = (0.9, 1.0, 1.1), values: float = 0.1, draws: int = 5,
    sure: float = 0.8,
) -> list[Standing]:  # fmt: skip
    """Put each item into stop, defer or guarantee, and say how sure that is.

    Stop: not needed. Guarantee: under construction, or urgent, ready and within the money. Defer:
    the rest. The money is tried with each factor of ``money``, the values disturbed by up to
    ``values`` in ``draws`` draws for each: an item is within the money where it is chosen in at
    least ``sure`` of them. All of these are settings; none is of law.
    """
    if not (money and draws >= 1 and 0 < sure <= 1 and 0 <= values < 1 and min(money) >= 0):
        raise BadSettings("portfolio.sensitivity", {})
    random = np.random.default_rng(settings.seed)
    times = np.zeros(len(problem.items), np.int64)
    answered = 0
    for factor in money:
        for draw in range(draws):
            noise = random.uniform(1 - values, 1 + values, len(problem.value)) if draw else 1.0
            tried = replace(
                problem,
                value=np.round(problem.value * noise).astype(np.int64),
                capacity=np.round(problem.capacity * factor).astype(np.int64),
            )
            found = decide(tried, replace(settings, tell=None))
            if found.solution is not None:
                answered += 1
                times[problem.item[found.solution.chosen]] += 1
    shares = times / max(answered, 1)
    return [_standing(problem, facts, at, float(shares[at]), sure) for at in range(len(shares))]


def _standing(
    problem: PortfolioProblem, facts: Facts, at: int, share: float, sure: float
) -> Standing:
    name = problem.items[at]
    word: Word = "defer"
    if not facts.needed[at]:
        word, code = "stop", "portfolio.stop_not_needed"
    elif facts.started[at]:
        word, code = "guarantee", "portfolio.guarantee_started"
    elif not facts.ready[at]:
        code = "portfolio.defer_not_ready"
    elif not facts.urgent[at]:
        code = "portfolio.defer_not_urgent"
    elif share < sure:
        code = "portfolio.defer_no_money"
    else:
        word, code = "guarantee", "portfolio.guarantee_urgent"
    return Standing(item=name, word=word, chosen_share=share, reason=(code, {"item": name}))
