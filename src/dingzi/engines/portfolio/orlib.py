"""The multi-constraint knapsacks of the OR-Library: both layouts that its files have."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np

from ..errors import BadProblem
from ..tokens import Tokens, text_of
from .problem import LARGEST, PortfolioProblem

_SMALLEST_PART = -9
_TITLE = re.compile(r"problem\s+\S+$", re.IGNORECASE)


def orlib(path: Path, options: Namespace) -> PortfolioProblem:
    """Read problem ``options.number`` of an OR-Library mknap file.

    mknap1 and mknapcb: how many problems; for each n, m, the best known value (0 where unknown),
    n profits, m rows of n weights, m capacities. mknap2: prose, then for each problem a line
    ``problem NAME``, a rule of plus signs, m, n, n profits, m capacities, m rows of n weights, the
    best known value. Every problem is read, so a file that is cut off is refused.
    """
    lines = text_of(path).splitlines()
    titles = [at for at, line in enumerate(lines) if _TITLE.match(line.strip())]
    found = list(_titled(path, lines, titles) if titles else _counted(path))
    if not 1 <= options.number <= len(found):
        params = {"found": options.number, "count": len(found)}
        raise BadProblem(path, 1, "portfolio.number", params)
    return found[options.number - 1]


def _counted(path: Path) -> Iterator[PortfolioProblem]:
    tokens = Tokens(path)
    for _ in range(tokens.integer("number of problems", 1)):
        n = tokens.integer("number of items", 1)
        m = tokens.integer("number of constraints", 1)
        tokens.number("best known value")
        value = _row(tokens, "profit", n)
        weights = [_row(tokens, "weight", n) for _ in range(m)]
        yield _problem(path, value, weights, _row(tokens, "capacity", m))
    tokens.end()


def _titled(path: Path, lines: list[str], titles: list[int]) -> Iterator[PortfolioProblem]:
    for title, end in zip(titles, [*titles[1:], len(lines)], strict=True):
        # rules of plus signs stand before and after a problem
        part = [line if line.strip().strip("+") else "" for line in lines[title + 1 : end]]
        tokens = Tokens(path, "\n".join(part), first=title + 2)
        m = tokens.integer("number of constraints", 1)
        n = tokens.integer("number of items", 1)
        value = _row(tokens, "profit", n)
        capacity = _row(tokens, "capacity", m)
        weights = [_row(tokens, "weight", n) for _ in range(m)]
        tokens.number("best known value")
        tokens.end()
        yield _problem(path, value, weights, capacity)


def _row(tokens: Tokens, what: str, count: int) -> list[float]:
    return [tokens.number(what, 0, LARGEST) for _ in range(count)]


def _problem(
    path: Path, value: list[float], weights: list[list[float]], capacity: list[float]
) -> PortfolioProblem:
    n, m = len(value), len(capacity)
    profits, unit = _whole([value], path)
    rows = np.array(
        [_whole([[*row, top]], path)[0][0] for row, top in zip(weights, capacity, strict=True)],
        np.int64,
    )
    return PortfolioProblem(
        items=[str(at + 1) for at in range(n)],
        versions=[""] * n,
        item=np.arange(n),
        value=np.array(profits[0], np.int64),
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
    if max(one for row in exact for one in row) * unit > LARGEST:
        raise BadProblem(path, None, "portfolio.decimals", {"most": -_SMALLEST_PART})
    return [[int(one * unit) for one in row] for row in exact], unit
