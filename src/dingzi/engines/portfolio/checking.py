"""Check a portfolio from problem and solution alone, by plain counting."""

from __future__ import annotations

from ..contract import Reason, Verdict
from .problem import Portfolio, PortfolioProblem, PortfolioSettings
from .reasons import losers


def check(problem: PortfolioProblem, settings: PortfolioSettings, solution: Portfolio) -> Verdict:
    """Count what the solution uses and name every demand that it breaks."""
    places = [at for at, one in enumerate(solution.chosen.tolist()) if one]
    taken: dict[int, int] = {}
    broken: list[Reason] = []
    for at in places:
        item = int(problem.item[at])
        if item in taken:
            broken.append(("portfolio.twice", {"item": problem.items[item]}))
        taken[item] = at
    broken += _money(problem, settings, places)
    broken += _links(problem, taken)
    broken += _groups(problem, taken)
    worth = sum(int(problem.value[at]) for at in places)
    objective = worth // problem.unit if worth % problem.unit == 0 else worth / problem.unit
    reasons = [] if broken else losers(problem, settings, solution)
    return Verdict(objective=objective, broken=broken, reasons=reasons)


def _money(
    problem: PortfolioProblem, settings: PortfolioSettings, places: list[int]
) -> list[Reason]:
    broken: list[Reason] = []
    used = [sum(int(row[at]) for at in places) for row in problem.use]
    for resource, name in enumerate(problem.resources):
        spent, had, at = 0, 0, resource
        while at >= 0:
            spent += used[at]
            had += int(problem.capacity[at])
            at = int(problem.carries[at])
        if spent > had:
            params = {"resource": name, "over": spent - had}
            broken.append(("portfolio.over_capacity", params))
    if settings.total is not None and sum(used) > settings.total:
        broken.append(("portfolio.over_total", {"over": sum(used) - settings.total}))
    return broken


def _links(problem: PortfolioProblem, taken: dict[int, int]) -> list[Reason]:
    broken: list[Reason] = []
    for item, name in enumerate(problem.items):
        if problem.must[item] and item not in taken:
            broken.append(("portfolio.must", {"item": name}))
    for a, b in problem.requires:
        if a in taken and b not in taken:
            names = {"item": problem.items[a], "needs": problem.items[b]}
            broken.append(("portfolio.requires", names))
    for a, b in problem.excludes:
        if a in taken and b in taken:
            names = {"item": problem.items[a], "other": problem.items[b]}
            broken.append(("portfolio.excludes", names))
    return broken


def _groups(problem: PortfolioProblem, taken: dict[int, int]) -> list[Reason]:
    broken: list[Reason] = []
    for group in problem.groups:
        members = [taken[item] for item in group.items if item in taken]
        counted = group.resources or range(len(problem.resources))
        money = sum(int(problem.use[r, at]) for r in counted for at in members)
        name = {"group": group.name}
        if len(members) < group.least:
            broken.append(("portfolio.group_least", name | {"least": group.least}))
        if group.most is not None and len(members) > group.most:
            broken.append(("portfolio.group_most", name | {"most": group.most}))
        if money < group.floor:
            broken.append(("portfolio.group_floor", name | {"floor": group.floor}))
        if group.ceiling is not None and money > group.ceiling:
            broken.append(("portfolio.group_ceiling", name | {"ceiling": group.ceiling}))
    return broken
