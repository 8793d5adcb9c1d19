"""Check a portfolio from problem and solution alone, by plain counting."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Reason, Verdict
from .problem import Portfolio, PortfolioProblem, PortfolioSettings


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
    reasons = [] if broken else list(_reasons(problem, settings, taken))
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


def _reasons(
    problem: PortfolioProblem, settings: PortfolioSettings, taken: dict[int, int]
) -> Iterator[Reason]:
    """Yield why each item is left out, or is not in its dearest version, by plain counting."""
    versions: dict[int, list[int]] = {}
    for at, item in enumerate(problem.item.tolist()):
        versions.setdefault(item, []).append(at)
    used = [sum(int(row[at]) for at in taken.values()) for row in problem.use]
    for item, name in enumerate(problem.items):
        best = max(versions[item], key=lambda at: (int(problem.value[at]), -at))
        if item not in taken:
            yield _left_out(problem, settings, taken, used, item, best)
        elif problem.value[best] > problem.value[taken[item]]:
            short = _missing(problem, settings, used, best, instead=taken[item])
            params = {
                "item": name,
                "version": problem.versions[taken[item]],
                "better": problem.versions[best],
            }
            if short is None:
                yield ("portfolio.smaller_version", params)
            else:
                yield (
                    "portfolio.smaller_no_room",
                    params | {"resource": short[0], "short": short[1]},
                )


def _left_out(
    problem: PortfolioProblem, settings: PortfolioSettings, taken: dict[int, int], used: list[int],
    item: int, best: int,
) -> Reason:  # fmt: skip
    name = {"item": problem.items[item]}
    for a, b in problem.requires:
        if a == item and b not in taken:
            return ("portfolio.needs", name | {"needs": problem.items[b]})
    for a, b in problem.excludes:
        other = b if a == item else a if b == item else None
        if other is not None and other in taken:
            return ("portfolio.kept_out", name | {"other": problem.items[other]})
    for group in problem.groups:
        if item not in group.items:
            continue
        members = [taken[one] for one in group.items if one in taken]
        counted = group.resources or range(len(problem.resources))
        money = sum(int(problem.use[r, at]) for r in counted for at in (*members, best))
        if (group.most is not None and len(members) >= group.most) or (
            group.ceiling is not None and money > group.ceiling
        ):
            return ("portfolio.group_full", name | {"group": group.name})
    short = _missing(problem, settings, used, best)
    if short is not None:
        return ("portfolio.no_room", name | {"resource": short[0], "short": short[1]})
    if problem.value[best] == 0:
        return ("portfolio.worth_nothing", name)
    return ("portfolio.could_be_added", name)


def _missing(
    problem: PortfolioProblem, settings: PortfolioSettings, base: list[int], more: int,
    instead: int | None = None,
) -> tuple[str, int] | None:  # fmt: skip
    """Return the resource of which most would be missing with ``more``, and how much; Σ: in all."""
    used = [
        had + int(row[more]) - (0 if instead is None else int(row[instead]))
        for had, row in zip(base, problem.use, strict=True)
    ]
    worst: tuple[str, int] | None = None
    for resource, name in enumerate(problem.resources):
        short, at = 0, resource
        while at >= 0:
            short += used[at] - int(problem.capacity[at])
            at = int(problem.carries[at])
        if short > 0 and (worst is None or short > worst[1]):
            worst = name, short
    if worst is None and settings.total is not None and sum(used) > settings.total:
        return "Σ", sum(used) - settings.total
    return worst
