"""The further questions of ``portfolio`` as the command asks them: frontier, next money, sorting."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

import numpy as np

from .. import tables
from ..errors import BadProblem, BadSettings
from ..options import percent, positive
from ..registry import Study, Told
from .frontier import Facts, frontier, next_money, sort_out
from .problem import Portfolio, PortfolioProblem, PortfolioSettings

_FLAGS = ("needed", "urgent", "ready", "started")
_MOST_STEPS = 1000


def arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--frontier", type=_span, metavar="LOW:HIGH:STEPS",
        help="总额从低到高各能做到多少 what each total (fen) buys, at best",
    )  # fmt: skip
    add(
        "--next", type=positive, metavar="FEN",
        help="再加这么多钱（分）能换来什么 what so much more money buys",
    )  # fmt: skip
    add(
        "--resource", metavar="NAME",
        help="--next 加在哪一笔钱上 to which money --next adds (the first)",
    )  # fmt: skip
    add(
        "--sort", type=Path, metavar="FACTS",
        help="分成停、缓、保：表里有 item, needed, urgent, ready, started "
        "stop, defer or guarantee each item, by a table of facts",
    )  # fmt: skip
    add(
        "--values-off", type=percent, default=10, metavar="PERCENT",
        help="--sort 时分值上下浮动多少 by how much values are disturbed (%(default)s)",
    )  # fmt: skip
    add(
        "--money-off", type=percent, default=10, metavar="PERCENT",
        help="--sort 时资金上下浮动多少 by how much money is disturbed (%(default)s)",
    )  # fmt: skip
    add(
        "--sure", type=percent, default=80, metavar="PERCENT",
        help="--sort 时多少次里选中才算稳 in how many of them an item must be chosen (%(default)s)",
    )  # fmt: skip


def _span(text: str) -> list[int]:
    parts = text.split(":")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 18 for p in parts):
        raise ArgumentTypeError(f"{text!r}: 请写 100:500:5 这样 write like 100:500:5")
    low, high, steps = map(int, parts)
    if not (low <= high and 2 <= steps <= _MOST_STEPS):
        raise ArgumentTypeError(
            f"{text!r}: 低的在前，2 到 {_MOST_STEPS} 步 low first, 2 steps or more"
        )
    return sorted({low + (high - low) * step // (steps - 1) for step in range(steps)})


def _frontier(problem: PortfolioProblem, settings: PortfolioSettings, options: Namespace) -> Told:
    points = frontier(problem, settings, options.frontier)
    return Told(
        table={
            "total": [one.total for one in points],
            "objective": [one.objective for one in points],
            "bound": [one.bound for one in points],
            "used": [_used(problem, one.solution) for one in points],
            "chosen": [_names(problem, one.solution) for one in points],
        },
        holds=any(one.solution is not None for one in points),
    )


def _used(problem: PortfolioProblem, solution: Portfolio | None) -> int | None:
    return None if solution is None else int(problem.use[:, solution.chosen].sum())


def _names(problem: PortfolioProblem, solution: Portfolio | None) -> str:
    if solution is None:
        return ""
    return "；".join(
        f"{problem.items[problem.item[at]]} {problem.versions[at]}".strip()
        for at in np.flatnonzero(solution.chosen).tolist()
    )


def _next(problem: PortfolioProblem, settings: PortfolioSettings, options: Namespace) -> Told:
    names = list(problem.resources)
    name = names[0] if options.resource is None and names else options.resource
    if name not in names:
        known = ", ".join(names)
        raise BadSettings("portfolio.resource_unknown", {"found": str(name), "known": known})
    found = next_money(problem, settings, options.next, names.index(name))
    if found is None:
        return Told(table={}, holds=False)
    return Told(
        table={
            "resource": [name],
            "extra": [found.extra],
            "gain": [found.gain],
            "at_most": [found.most],
            "added": ["；".join(found.added)],
            "dropped": ["；".join(found.dropped)],
        }
    )


def _sort(problem: PortfolioProblem, settings: PortfolioSettings, options: Namespace) -> Told:
    money = options.money_off / 100
    found = sort_out(
        problem, settings, facts(problem, options.sort), money=(1 - money, 1.0, 1 + money),
        values=min(options.values_off / 100, 0.99), sure=max(options.sure, 1) / 100,
    )  # fmt: skip
    return Told(
        table={
            "item": [one.item for one in found],
            "word": [one.word for one in found],
            "chosen_share": [round(one.chosen_share, 4) for one in found],
            "why": [one.reason for one in found],
        }
    )


def facts(problem: PortfolioProblem, path: Path) -> Facts:
    """Read what was found about each item; every item needs a row."""
    flag = tables.Column(kind="bool")
    read = tables.read(
        path, {"item": tables.Column(kind="text", unique=True), **dict.fromkeys(_FLAGS, flag)}
    )
    rows = {name: row for row, name in enumerate(read["item"])}
    places = {name: at for at, name in enumerate(problem.items)}
    for name, row in rows.items():
        if name not in places:
            raise BadProblem(
                path, tables.line_of(path, row), "portfolio.fact_unknown", {"item": name}
            )
    if missing := [name for name in problem.items if name not in rows]:
        raise BadProblem(path, None, "portfolio.fact_missing", {"item": missing[0]})
    order = [rows[name] for name in problem.items]
    return Facts(**{name: read[name][order] for name in _FLAGS})


STUDIES = (
    Study(option="frontier", run=_frontier, anytime=True),
    Study(option="next", run=_next),
    Study(option="sort", run=_sort),
)
