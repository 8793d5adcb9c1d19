"""A year's settlement out of a YAML file, accounts into a table."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..documents import Document, read_yaml
from ..errors import BadProblem
from .problem import LARGEST, MONTHS, Account, Settlement, SettlementProblem

_FIELDS = (
    *("budget", "spent", "retained", "returned", "fund_bears", "alliance_bears", "due"),
    *("received", "paid", "final", "apart"),
)
_WHOLE = ("pool", "rows", "claimed", "appealed")


def year(path: Path, options: Namespace) -> SettlementProblem:
    """Read classes, alliances, money and appeals; ``claims`` names a Parquet file beside it."""
    document = read_yaml(path)
    document.only("classes", "alliances", "per_head", "deductions", "claims", "appeals")
    classes = document.rows("classes")
    for one in classes:
        one.only("name", "weight")
    of_class = document.places([one.text("name") for one in classes], "classes")
    alliances = document.rows("alliances")
    names = [one.text("name") for one in alliances]
    places = document.places(names, "alliances")
    heads = np.zeros((len(names), len(classes)), np.int64)
    for at, one in enumerate(alliances):
        one.only("name", "heads", "score")
        for name, number in one.amounts("heads", of_class, 10**9):
            heads[at, of_class[name]] = number
    appeals = []
    for one in document.rows("appeals", []):
        one.only("home", "visit", "month", "fen")
        appeals.append(
            (
                one.place("home", places),
                one.place("visit", places),
                one.whole("month", 1, MONTHS),
                one.whole("fen", -LARGEST, LARGEST),
            )
        )
    deductions = document.rows("deductions", [])
    for one in deductions:
        one.only("name", "fen")
    weights = [_thousandths(one, "weight", "0.001", "1000") for one in classes]
    return SettlementProblem(
        alliances=names,
        classes=list(of_class),
        heads=heads,
        weight=np.array(weights, np.int64),
        score=np.array([_thousandths(one, "score", "0", "1") for one in alliances]),
        per_head=document.whole("per_head", 0, LARGEST),
        deductions=tuple((one.text("name"), one.whole("fen", 0, LARGEST)) for one in deductions),
        claims=path.parent / document.text("claims"),
        appeals=tuple(appeals),
        source=str(path),
    )


def _thousandths(one: Document, name: str, low: str, high: str) -> int:
    """Read a number in thousandths; finer ones are refused, not rounded."""
    exact = one.decimal(name, low, high) * 1000
    if exact != int(exact):
        one.refuse_field(name, "settlement.thousandths", name=name)
    return int(exact)


def rulings(problem: SettlementProblem, path: Path) -> tuple[tuple[int, int, int, int], ...]:
    """Read rulings on appeals: home, visit, month, fen (negative takes off)."""
    table = tables.read(
        path,
        {
            "home": tables.Column(kind="text"),
            "visit": tables.Column(kind="text"),
            "month": tables.Column(kind="int", low=1, high=MONTHS),
            "fen": tables.Column(kind="int", low=-LARGEST, high=LARGEST),
        },
    )
    places = {name: at for at, name in enumerate(problem.alliances)}
    for name in ("home", "visit"):
        for row, found in enumerate(table[name]):
            if found not in places:
                params = {"found": str(found), "count": 1}
                line = tables.line_of(path, row)
                raise BadProblem(path, line, "settlement.alliance_unknown", params)
    return tuple(
        (places[home], places[visit], int(month), int(fen))
        for home, visit, month, fen in zip(
            table["home"], table["visit"], table["month"], table["fen"], strict=True
        )
    )


def as_data(problem: SettlementProblem, solution: Settlement) -> dict[str, Any]:
    return asdict(solution)


def write(problem: SettlementProblem, solution: Settlement, path: Path) -> None:
    accounts = solution.accounts
    columns: dict[str, list[Any]] = {"alliance": [one.alliance for one in accounts]}
    columns |= {name: [getattr(one, name) for one in accounts] for name in _FIELDS}
    for month in range(MONTHS):
        columns[f"prepaid_{month + 1}"] = [one.prepaid[month] for one in accounts]
    columns |= {name: [getattr(solution, name)] * len(accounts) for name in _WHOLE}
    tables.write(path, columns)


def read_solution(problem: SettlementProblem, path: Path) -> Settlement:
    """Read what ``write`` wrote."""
    months = [f"prepaid_{month + 1}" for month in range(MONTHS)]
    number = tables.Column(kind="int")
    columns = {"alliance": tables.Column(kind="text", unique=True)}
    columns |= dict.fromkeys((*_FIELDS, *months, *_WHOLE), number)
    table = tables.read(path, columns)
    if not len(table["alliance"]):
        raise BadProblem(path, 1, "settlement.account_missing", {})
    accounts = tuple(
        Account(
            alliance=str(table["alliance"][row]),
            prepaid=tuple(int(table[name][row]) for name in months),
            **{name: int(table[name][row]) for name in _FIELDS},
        )
        for row in range(len(table["alliance"]))
    )
    return Settlement(accounts=accounts, **{name: int(table[name][0]) for name in _WHOLE})
