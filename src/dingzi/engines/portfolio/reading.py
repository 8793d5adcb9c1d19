"""Portfolios out of our YAML files, solutions into tables."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..documents import Document, read_yaml
from ..errors import BadProblem
from .problem import LARGEST, Group, Ints, Portfolio, PortfolioProblem


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
