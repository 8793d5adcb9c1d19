"""Why an item was not chosen, or not in its best version: told from the solution alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..contract import Reason
from .problem import Portfolio, PortfolioProblem, PortfolioSettings
from .rows import chain


def losers(
    problem: PortfolioProblem, settings: PortfolioSettings, solution: Portfolio
) -> list[Reason]:
    """Return a reason for each item without its most valuable version, in the items' order."""
    state = _State(problem, settings, solution.chosen)
    order = np.lexsort((-problem.value, problem.item))
    best = order[np.searchsorted(problem.item[order], np.arange(len(problem.items)))]
    found: list[Reason] = []
    for place in range(len(problem.items)):
        taken = state.taken[place]
        if taken >= 0:
            if problem.value[best[place]] > problem.value[taken]:
                found.append(_smaller(problem, state, int(best[place]), int(taken)))
            continue
        found.append(state.why_not(place, int(best[place])))
    return found


def _smaller(problem: PortfolioProblem, state: _State, best: int, taken: int) -> Reason:
    short = state.short(problem.use[:, best] - problem.use[:, taken])
    params = {
        "item": problem.items[problem.item[best]],
        "version": problem.versions[taken],
        "better": problem.versions[best],
    }
    if short is None:
        return ("portfolio.smaller_version", params)
    return ("portfolio.smaller_no_room", params | {"resource": short[0], "short": short[1]})


class _State:
    """What a solution takes, and what is left."""

    def __init__(
        self, problem: PortfolioProblem, settings: PortfolioSettings, chosen: NDArray[np.bool_]
    ) -> None:
        self.problem, self.total = problem, settings.total
        self.taken = np.full(len(problem.items), -1, np.int64)
        self.taken[problem.item[chosen]] = np.flatnonzero(chosen)
        self.used = problem.use[:, chosen].sum(axis=1)
        self.chains = [chain(problem, place) for place in range(len(problem.resources))]
        self.needs: dict[int, list[int]] = {}
        self.others: dict[int, list[int]] = {}
        for a, b in problem.requires:
            self.needs.setdefault(a, []).append(b)
        for a, b in problem.excludes:
            self.others.setdefault(a, []).append(b)
            self.others.setdefault(b, []).append(a)
        self.rest = problem.capacity - self.used

    def short(self, more: NDArray[np.int64]) -> tuple[str, int] | None:
        """Return the resource of which most is missing for ``more`` (R,), and how much."""
        missing = [int(more[at].sum() - self.rest[at].sum()) for at in self.chains]
        worst = int(np.argmax(missing)) if missing else 0
        if missing and missing[worst] > 0:
            return self.problem.resources[worst], missing[worst]
        if self.total is not None:
            over = int(self.used.sum() + more.sum()) - self.total
            if over > 0:
                return "Σ", over
        return None

    def why_not(self, place: int, version: int) -> Reason:
        problem = self.problem
        name = problem.items[place]
        for needed in self.needs.get(place, ()):
            if self.taken[needed] < 0:
                return ("portfolio.needs", {"item": name, "needs": problem.items[needed]})
        for other in self.others.get(place, ()):
            if self.taken[other] >= 0:
                return ("portfolio.kept_out", {"item": name, "other": problem.items[other]})
        full = self._full_group(place, version)
        if full is not None:
            return ("portfolio.group_full", {"item": name, "group": full})
        short = self.short(problem.use[:, version])
        if short is not None:
            return (
                "portfolio.no_room",
                {"item": name, "resource": short[0], "short": short[1]},
            )
        if problem.value[version] == 0:
            return ("portfolio.worth_nothing", {"item": name})
        return ("portfolio.could_be_added", {"item": name})

    def _full_group(self, place: int, version: int) -> str | None:
        for group in self.problem.groups:
            if place not in group.items:
                continue
            members = self.taken[list(group.items)]
            members = members[members >= 0]
            if group.most is not None and len(members) >= group.most:
                return group.name
            if group.ceiling is not None:
                counted = list(group.resources) or list(range(len(self.problem.resources)))
                used = int(self.problem.use[counted][:, members].sum())
                if used + int(self.problem.use[counted, version].sum()) > group.ceiling:
                    return group.name
        return None
