"""Numbers to be screened out of tables, findings into them."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..errors import BadProblem
from .problem import LARGEST, Finding, Findings, Kind, ScreeningProblem

_TEXT = tables.Column(kind="text", default="–")
_JOINED = " · "


def values(path: Path, options: Namespace) -> ScreeningProblem:
    """Read value, and group where there is one."""
    return _grouped(path, "values", ("group",), "value")


def purchases(path: Path, options: Namespace) -> ScreeningProblem:
    """Read buyer, supplier, day (2026-03-02) and fen; they are summed by year."""
    return _grouped(path, "purchases", ("buyer", "supplier", "day"), "fen")


def bids(path: Path, options: Namespace) -> ScreeningProblem:
    """Read tender and price (fen)."""
    return _grouped(path, "bids", ("tender",), "price")


def _grouped(path: Path, kind: Kind, names: tuple[str, ...], number: str) -> ScreeningProblem:
    needed = tables.Column(kind="text")
    columns = dict.fromkeys(names, _TEXT if kind == "values" else needed)
    table = tables.read(path, {**columns, number: tables.Column(kind="int", low=0, high=LARGEST)})
    if not len(table[number]):
        raise BadProblem(path, 1, "screening.empty", {})
    keys = []
    for row, parts in enumerate(zip(*(table[name] for name in names), strict=True)):
        if kind == "purchases":
            parts = (*parts[:2], _year(path, row, parts[2]))
        # what joins the parts stands in none of them, so that no two groups have one name
        keys.append(_JOINED.join(part.replace(_JOINED, "·") for part in parts))
    groups, group = np.unique(np.array(keys), return_inverse=True)
    return ScreeningProblem(
        kind=kind,
        groups=groups.tolist(),
        group=group.astype(np.int64),
        value=table[number],
        source=str(path),
    )


def _year(path: Path, row: int, day: str) -> str:
    try:
        return f"{date.fromisoformat(day).year:04}"
    except ValueError:
        params = {"name": "day", "found": day}
        raise BadProblem(path, tables.line_of(path, row), "document_day", params) from None


def as_data(problem: ScreeningProblem, solution: Findings) -> list[dict[str, Any]]:
    return [asdict(one) for one in solution.findings]


def write(problem: ScreeningProblem, solution: Findings, path: Path) -> None:
    names = ("screen", "group", "count", "seen", "chance", "probability")
    tables.write(path, {name: [getattr(one, name) for one in solution.findings] for name in names})


def read_solution(problem: ScreeningProblem, path: Path) -> Findings:
    """Read what ``write`` wrote."""
    number = tables.Column(kind="float")
    table = tables.read(
        path,
        {
            "screen": _TEXT,
            "group": _TEXT,
            "count": tables.Column(kind="int", low=0),
            **dict.fromkeys(("seen", "chance", "probability"), number),
        },
    )
    return Findings(
        findings=tuple(
            Finding(
                screen=str(table["screen"][row]), group=str(table["group"][row]),
                count=int(table["count"][row]), seen=float(table["seen"][row]),
                chance=float(table["chance"][row]), probability=float(table["probability"][row]),
            )
            for row in range(len(table["count"]))
        )
    )  # fmt: skip
