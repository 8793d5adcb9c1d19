"""The lines of a PDF's page: those of a paragraph joined, the rows of a table with tabs between cells.

A page holds letters at places and no tables. Where the plain text shows numbers that stand alone, it is
asked where on the page its words stand: a line of words followed by lines with numbers under them is a
table, and each cell belongs to the one word of the head that is above it. A cell that is below none or
below two ends the table: better no table than a number under another's head.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject

#: a line that is shorter, in halves of a Chinese character, ends a paragraph, and one that is less
#: than this part of the page's longest
_FULL_LINE, _FULL_PART = 36, 0.7
_PAGE_NUMBER = re.compile(r"[-—–\s\d/第页共]+")
#: numbers that stand alone on a page: with fewer it has no table
_ALONE = re.compile(r"(?<!\S)-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?!\S)")
_FEWEST = 3
_CELL = re.compile(r"\S+(?: \S+)*")
_NUMBER = re.compile(r"-?\d[\d,.]*\D{0,4}$|[-—–]+$")
#: a head has no more lines, a table no more columns
_HEAD_LINES, _COLUMNS = 3, 30

#: words of a line: from and to where they reach, in points, and what they are
Cells = list[tuple[float, float, str]]


def text_of(page: PageObject) -> str:
    """The text of a page: a paragraph in one line, tables with tabs."""
    plain = page.extract_text()
    if len(_ALONE.findall(plain)) < _FEWEST:
        return joined(plain.splitlines())
    return with_tables(plain, _lines(page))


def with_tables(plain: str, lines: list[Cells]) -> str:
    """The plain text of a page with its tables, found in the ``lines`` that say where its words stand."""
    as_written = {"".join(line.split()): line for line in plain.splitlines()}
    pieces: list[str] = []
    words: list[str] = []
    at = 0
    while at < len(lines):
        rows, used = _table(lines, at)
        if rows:
            pieces += [joined(words), *rows]
            words = []
        else:
            told = " ".join(cell for _, _, cell in lines[at])
            words.append(as_written.get("".join(told.split()), told))
        at += used or 1
    if not any("\t" in piece for piece in pieces):
        return joined(plain.splitlines())
    return "\n".join(piece for piece in (*pieces, joined(words)) if piece)


def joined(lines: list[str]) -> str:
    """Lines with those of a paragraph joined: 98. and 2% belong together."""
    longest = max((_width(line.strip()) for line in lines), default=0)
    full = max(_FULL_LINE, _FULL_PART * longest)
    made: list[str] = []
    open_end = False
    for line in lines:
        words = line.strip()
        if open_end and words and not _PAGE_NUMBER.fullmatch(words):
            made[-1] += words
        else:
            made.append(words)
        open_end = _width(words) >= full and words[-1] not in "。!！?？;；"
    return "\n".join(made)


def _width(words: str) -> int:
    return len(words) + sum(char > "ÿ" for char in words)


def _lines(page: PageObject) -> list[Cells]:
    """Where the words of a page stand, line by line; two spaces part them."""
    from pypdf._text_extraction import _layout_mode
    from pypdf.generic import ContentStream

    try:
        stream = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
        groups = _layout_mode.text_show_operations(
            iter(stream.operations), page._layout_mode_fonts()
        )
        rows = _layout_mode.y_coordinate_groups(groups).values()
    except Exception:  # some fonts can be read in the plain way alone
        return []
    return [
        [cell for group in sorted(row, key=lambda one: one["tx"]) for cell in _cells(group["text"], group["tx"], group["displaced_tx"], group["font_height"])]
        for row in rows
    ]  # fmt: skip


def _cells(text: str, start: float, end: float, height: float) -> Cells:
    """The words of a run of text with their places; its spaces share what the letters leave."""

    def wide(words: str) -> float:
        return height * _width(words) / 2

    spaces = text.count(" ")
    space = max(0.0, (end - start - wide("".join(text.split(" ")))) / spaces) if spaces else 0.0
    found: Cells = []
    for cell in _CELL.finditer(text):
        before = text[: cell.start()]
        left = start + wide(before.replace(" ", "")) + space * before.count(" ")
        words = cell[0]
        right = left + wide(words.replace(" ", "")) + space * words.count(" ")
        found.append((left, right, words))
    return found


def _table(lines: list[Cells], at: int) -> tuple[list[str], int]:
    """The rows of a table that begins at a line, and how many lines it takes; none: no table."""
    head = lines[at]
    if not 2 <= len(head) <= _COLUMNS or any(_NUMBER.match(words) for _, _, words in head):
        return [], 0
    rows: list[list[str]] = []
    used = 1
    for cells in lines[at + 1 :]:
        numbers = any(_NUMBER.match(words) for _, _, words in cells)
        row = _placed(cells, head)
        if not rows and not numbers and used < _HEAD_LINES and row:
            head = [(left, right, words + more) for (left, right, words), more in zip(head, row, strict=True)]  # fmt: skip
            used += 1
            continue
        if row is None or not numbers or len(cells) < 2:
            break
        rows.append(row)
        used += 1
    if not rows:
        return [], 0
    return ["\t".join(words for _, _, words in head), *("\t".join(row) for row in rows)], used


def _placed(cells: Cells, head: Cells) -> list[str] | None:
    """The words of each column; None where a cell is below none, below two, or two are below one."""
    row = [""] * len(head)
    columns = []
    for left, right, words in cells:
        above = [n for n, (first, last, _) in enumerate(head) if first < right and left < last]
        if len(above) != 1:
            return None
        columns += above
        row[above[0]] = words
    return None if any(two <= one for one, two in pairwise(columns)) else row
