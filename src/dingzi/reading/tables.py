"""Tables in a text, one row a line with tabs: what the head of a column says of the numbers in it.

A table is two lines or more with the same number of cells, of which the first, the head, holds no
number of its own. ``受理数（件）`` gives the cells below it a unit, ``2024年`` a period, ``排名`` makes
them ranks; the first cell of a row that names a place is the place of its numbers. A line above with
``单位：万元`` gives its unit to columns that have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import units

_NUMBER = re.compile(r" *(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) *$")
_UNIT = re.compile(r" ?\((?:单位[:]? ?)?(?P<unit>[^()\d]{1,8})\) *$|[,/] ?(?P<bare>[%‰]) *$")
_CAPTION_UNIT = re.compile(r"单位[:] ?(?P<unit>[^\s,;()、\d]{1,8})\)? *$", re.M)
_NUMBERED = re.compile("(?P<unit>人次|件次|批次|[件人户个套宗起家名项次所条])数$")
_RANK = re.compile("排名|位次|名次|排位")
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
#: a column of what is still to come, and one of changes that go both ways
TO_COME = re.compile("目标|计划|任务数|预算数?$")
BOTH_WAYS = re.compile("(?:同比|环比|增减|变化)(?:幅度?|率)?$")
#: columns whose numbers count nothing
_COUNTS_NOTHING = re.compile("^(?:序号|编号|代码|年份|年度|电话|日期|时间)$")
#: a table has no more columns, and its caption stands in so many lines above it
_COLUMNS, _ABOVE = 40, 2


class Cell(NamedTuple):
    """A cell that holds one number and nothing else, or a number with its unit.

    ``end`` is where the number ends, ``head`` the words over the column without their unit, ``at`` and
    ``until`` the head cell, ``row`` the first cell of the row, ``above`` where the caption ends.
    """

    end: int
    head: str
    unit: units.Unit | None
    rank: bool
    at: int
    until: int
    row: tuple[int, int]
    above: int


def cells(text: str, folded: str) -> dict[int, Cell]:
    """The number cells of all tables of a text, by where their numbers begin."""
    if "\t" not in text:
        return {}
    found: dict[int, Cell] = {}
    for lines, above in _blocks(text):
        found.update(_cells(folded, lines, above))
    return found


def _blocks(text: str) -> Iterator[tuple[list[list[tuple[int, int]]], int]]:
    """Lines with equally many cells, as places of the cells, and where the line above them ends."""
    block: list[list[tuple[int, int]]] = []
    above, at = 0, 0
    for line in [*text.split("\n"), ""]:
        places, start = [], at
        if 1 <= line.count("\t") < _COLUMNS:
            for cell in line.split("\t"):
                places.append((start, start + len(cell)))
                start += len(cell) + 1
        if block and len(places) != len(block[0]):
            if len(block) > 1:
                yield block, above
            block = []
        if places:
            if not block:
                above = max(0, at - 1)
            block.append(places)
        at += len(line) + 1


def _cells(text: str, lines: list[list[tuple[int, int]]], above: int) -> Iterator[tuple[int, Cell]]:
    head = lines[0]
    words = [text[start:end].strip() for start, end in head]
    if any(_NUMBER.match(one) for one in words):
        return
    begin = above
    for _ in range(_ABOVE):
        begin = text.rfind("\n", 0, begin) if begin > 0 else 0
    caption = _CAPTION_UNIT.search(text[max(0, begin) : above])
    common = _unit(caption["unit"]) if caption else None
    columns = [_column(one, common) for one in words]
    for line in lines[1:]:
        for (start, end), (unit, rank, name), place in zip(line, columns, head, strict=True):
            if name is None:
                continue
            number = _NUMBER.match(text[start:end])
            at = start + (number.start("number") if number else _first(text, start, end))
            stop = start + number.end("number") if number else -1
            yield at, Cell(stop, name, unit, rank, *place, line[0], above)


def _first(text: str, start: int, end: int) -> int:
    while start < end and text[start] == " ":
        start += 1
    return start


def _column(words: str, common: units.Unit | None) -> tuple[units.Unit | None, bool, str | None]:
    """Unit, whether its numbers are ranks, and the words of a head; no words: it counts nothing."""
    if _COUNTS_NOTHING.match(words.replace(" ", "")):
        return None, False, None
    if _RANK.search(words):
        return None, True, words
    if told := _UNIT.search(words):
        return _unit(told["unit"] or told["bare"]), False, words[: told.start()]
    if told := _NUMBERED.search(words):
        return _unit(told["unit"]), False, words
    return common, False, words


def _unit(words: str) -> units.Unit | None:
    """The unit that a head names: 件, 万元, %."""
    factor, words = 1, words.strip()
    while len(words) > 1 and words[0] in _TIMES and not words.endswith("分点"):
        factor, words = factor * _TIMES[words[0]], words[1:]
    found = units.after(words, 0)
    if found is None or found[1] != len(words):
        return None
    unit = found[0]
    return units.Unit(unit.name, unit.kind, unit.factor * factor) if factor > 1 else unit
