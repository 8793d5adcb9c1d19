"""Portfolios out of files: our YAML, and the multi-constraint knapsacks of the OR-Library."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..documents import Document, read_yaml
from ..errors import BadProblem
from ..tokens import Tokens
from .problem import LARGEST, Group, Ints, Portfolio, PortfolioProblem

_SMALLEST_PART = -9


def orlib(path: Path, options: Namespace) -> PortfolioProblem:
    """Read problem ``options.number`` of an OR-Library mknap file.

    The file: how many problems; for each n, m, the best known value (0 where unknown), n profits,
    m rows of n weights, m capacities. Every problem is read, so a file that is cut off is refused.
    """
    tokens = Tokens(path)
    count = tokens.integer("number of problems", 1)
    if not 1 <= options.number <= count:
        raise BadProblem(path, 1, "portfolio.number", {"found": options.number, "count": count})
    found: PortfolioProblem | None = None
    for number in range(1, count + 1):
        made = _orlib_problem(tokens, path)
        found = made if number == options.number else found
    tokens.end()
    assert found is not None
    return found


def _orlib_problem(tokens: Tokens, path: Path) -> PortfolioProblem:
    n = tokens.integer("number of items", 1)
    m = tokens.integer("number of constraints", 1)
    tokens.number("best known value")
    value, unit = _whole([[tokens.number("profit", 0, LARGEST) for _ in range(n)]], path)
    weights = [[tokens.number("weight", 0, LARGEST) for _ in range(n)] for _ in range(m)]
    capacity = [tokens.number("capacity", 0, LARGEST) for _ in range(m)]
    balances = [
        _whole([[*row, top]], path)[0][0] for row, top in zip(weights, capacity, strict=True)
    ]
    rows = np.array(balances, np.int64)
    names = [str(at + 1) for at in range(n)]
    return PortfolioProblem(
        items=names,
        versions=[""] * n,
        item=np.arange(n),
        value=np.array(value[0], np.int64),
        resources=[str(at + 1) for at in range(m)],
        use=np.ascontiguousarray(rows[:, :n]),
        capacity=rows[:, n].copy(),
        carries=np.full(m, -1),
        must=np.zeros(n, np.bool_),
        tier=np.zeros(n, np.int64),
        unit=unit,
        source=str(path),
    )


def _whole(rows: Sequence[Sequence[float]], path: Path) -> tuple[list[list[int]], int]:
    """Return decimal numbers in the largest power of ten that makes all of them whole."""
    exact = [[Decimal(repr(one)).normalize() for one in row] for row in rows]
    least = min(int(one.as_tuple().exponent) for row in exact for one in row)
    if least < _SMALLEST_PART:
        raise BadProblem(path, None, "portfolio.decimals", {"most": -_SMALLEST_PART})
    unit = 10 ** max(0, -least)
    return [[int(one * unit) for one in row] for row in exact], unit


def plan(path: Path, options: Namespace) -> PortfolioProblem:
    """Read our own form, a YAML file: resources, items with versions, groups, links."""
    document = read_yaml(path)
    document.only("resources", "items", "groups", "requires", "excludes")
    resources = document.rows("resources")
    names = [one.text("name") for one in resources]
    items = document.rows("items")
    titles = [one.text("name") for one in items]
    versions: list[str] = []
    item: list[int] = []
    value: list[int] = []
    use: list[list[int]] = []
    places = document.places(titles, "items")
    of = document.places(names, "resources")
    for at, one in enumerate(items):
        one.only("name", "tier", "must", "versions")
        for version in one.rows("versions"):
            version.only("name", "value", "use")
            versions.append(version.text("name", ""))
            item.append(at)
            value.append(version.whole("value", 0, LARGEST))
            use.append([0] * len(names))
            for name, amount in version.amounts("use", of, LARGEST):
                use[-1][of[name]] = amount
    for one in resources:
        one.only("name", "capacity", "carries")
    return PortfolioProblem(
        items=titles,
        versions=versions,
        item=np.array(item, np.int64),
        value=np.array(value, np.int64),
        resources=names,
        use=np.array(use, np.int64).reshape(len(versions), len(names)).T.copy(),
        capacity=np.array([one.whole("capacity", 0, LARGEST) for one in resources], np.int64),
        carries=_carries(resources, of),
        must=np.array([one.flag("must", False) for one in items], np.bool_),
        tier=np.array([one.whole("tier", 0, 1000, 0) for one in items], np.int64),
        groups=tuple(_group(one, places, of) for one in document.rows("groups", [])),
        requires=document.pairs("requires", places),
        excludes=document.pairs("excludes", places),
        source=str(path),
    )


def _carries(resources: Sequence[Document], of: Mapping[str, int]) -> Ints:
    return np.array([one.place("carries", of, -1) for one in resources], np.int64)


def _group(one: Document, places: Mapping[str, int], of: Mapping[str, int]) -> Group:
    one.only("name", "items", "least", "most", "floor", "ceiling", "resources")
    return Group(
        name=one.text("name"),
        items=one.listed("items", places),
        least=one.whole("least", 0, LARGEST, 0),
        most=one.whole("most", 0, LARGEST, None),
        floor=one.whole("floor", 0, LARGEST, 0),
        ceiling=one.whole("ceiling", 0, LARGEST, None),
        resources=one.listed("resources", of, ()),
    )


def as_data(problem: PortfolioProblem, solution: Portfolio) -> dict[str, Any]:
    """Return what is chosen and what it uses."""
    places = np.flatnonzero(solution.chosen)
    used = problem.use[:, places].sum(axis=1)
    return {
        "chosen": [
            {"item": problem.items[problem.item[at]], "version": problem.versions[at]}
            for at in places.tolist()
        ],
        "used": dict(zip(problem.resources, used.tolist(), strict=True)),
    }


def write(problem: PortfolioProblem, solution: Portfolio, path: Path) -> None:
    places = np.flatnonzero(solution.chosen)
    columns = {
        "item": [problem.items[problem.item[at]] for at in places.tolist()],
        "version": [problem.versions[at] for at in places.tolist()],
    }
    tables.write(path, columns)


def read_solution(problem: PortfolioProblem, path: Path) -> Portfolio:
    """Read what ``write`` wrote; a version may be left out where an item has only one."""
    columns = {
        "item": tables.Column(kind="text", unique=True),
        "version": tables.Column(kind="text", default=""),
    }
    table = tables.read(path, columns)
    known = {
        (problem.items[item], problem.versions[at]): at for at, item in enumerate(problem.item)
    }
    chosen = np.zeros(len(problem.versions), np.bool_)
    for line, key in enumerate(zip(table["item"], table["version"], strict=True), 2):
        if key not in known:
            params = {"item": key[0], "version": key[1]}
            raise BadProblem(path, line, "portfolio.unknown", params)
        chosen[known[key]] = True
    return Portfolio(chosen=chosen)
