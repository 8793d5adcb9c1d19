"""The head of a PDF's table in several lines: 受理 over 件数 and 人数, 县（市、区） beside both.

Where a head spans columns no rule of the page says so that text alone could show; it is told by its
middle, which is the middle of the columns below it. What fits in two ways is no head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

#: words of a line: from and to where they reach, in points, and what they are
Cells = list[tuple[float, float, str]]
Cell = tuple[float, float, str]
#: a head is over columns where its middle lies this near to theirs, as a part of a column's width
_NEAR = 0.25
_SAME = 3.0  # points
_UNIT = re.compile(r" ?[(（][^()（）]{1,8}[)）]$")


def columns(lines: list[Cells], row: Cells) -> Cells | None:
    """The columns that lines of a head make, left to right; None where it is not clear.

    ``row`` is the first row below it: where its cells do not stand at the middle of their columns,
    no head is taken to be over several.
    """
    head = lines[-1]
    spread = all(_middle(below, cell) for cell in row for below in head if _overlap(below, cell))
    alone: Cells = []
    for above in reversed(lines[:-1]):
        told = _over(above, head, alone, row, spread=spread)
        if told is None:
            return None
        head = told
    return head


def _over(above: Cells, head: Cells, alone: Cells, row: Cells, *, spread: bool) -> Cells | None:
    """A head with the line above it: each cell over one column, over several, or a column of its own.

    Every column must be below a cell but those that were found ``alone``.
    """
    free = [cell for cell in row if not any(_overlap(column, cell) for column in head)]
    runs = [list(_runs(cell, head, free, spread=spread)) for cell in above]
    wanted = {at for at, column in enumerate(head) if column not in alone}
    ways = list(_apart(runs, wanted))
    if all((0, 0) in one for one in runs):
        ways.append([(0, 0)] * len(runs))
    if len(ways) != 1:
        return None
    made = list(head)
    for cell, (first, last) in zip(above, ways[0], strict=True):
        if first == last:
            alone.append(cell)
            made.append(cell)
        for at in range(first, last):
            left, right, words = head[at]
            if last - first == 1:
                left, right = min(left, cell[0]), max(right, cell[1])
            made[at] = left, right, _joined(cell[2], words)
    made.sort()
    return None if any(_overlap(one, two) for one, two in pairwise(made)) else made


def _runs(cell: Cell, head: Cells, free: Cells, *, spread: bool) -> Iterator[tuple[int, int]]:
    """Which columns a cell can be over: from and to; none where only a ``free`` cell is below it."""
    below = [at for at, column in enumerate(head) if _overlap(column, cell)]
    if not below and any(_overlap(cell, one) for one in free):
        yield 0, 0
    if len(below) == 1:
        at = below[0]
        if min(abs(cell[0] - head[at][0]), abs(cell[1] - head[at][1])) <= _SAME or _middle(head[at], cell):  # fmt: skip
            yield at, at + 1
    for start in range(len(head) if spread else 0):
        for end in range(start + 2, len(head) + 1):
            first, last = sum(head[start][:2]) / 2, sum(head[end - 1][:2]) / 2
            near = _NEAR * (last - first) / (end - 1 - start)
            if abs(sum(cell[:2]) - first - last) / 2 <= near and head[start][0] < cell[0] and cell[1] < head[end - 1][1]:  # fmt: skip
                yield start, end


def _overlap(one: Cell, two: Cell) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _middle(one: Cell, two: Cell) -> bool:
    """Whether the middles of two cells are the same."""
    return abs(sum(one[:2]) - sum(two[:2])) / 2 <= _SAME


def _apart(
    runs: list[list[tuple[int, int]]], wanted: set[int], floor: int = 0
) -> Iterator[list[tuple[int, int]]]:
    """All ways to take one run for each cell, in order, so that each wanted column is below one."""
    if not runs:
        if not any(at >= floor for at in wanted):
            yield []
        return
    for first, last in runs[0]:
        beside = first == last
        if not beside and set(range(floor, last)) & wanted != set(range(first, last)):
            continue
        for rest in _apart(runs[1:], wanted, floor if beside else last):
            yield [(first, last), *rest]


def _joined(group: str, words: str) -> str:
    """受理数（件） over 2025年 is 受理数2025年（件）: a unit stays at the end."""
    unit = _UNIT.search(group)
    if unit is None or words.startswith(("(", "（")):
        return group + words
    return group[: unit.start()] + words + ("" if _UNIT.search(words) else unit[0].strip())
