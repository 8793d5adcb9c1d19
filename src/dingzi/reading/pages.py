"""The lines of a PDF's page: those of a paragraph joined, the rows of a table with tabs between cells.

A page holds letters at places and no tables. Where the plain text shows numbers that stand alone, it is
asked where on the page its words stand: a line of words followed by lines with numbers under them is a
table, and each cell belongs to the one word of the head that is above it. A cell that is below none or
below two ends the table: better no table than a number under another's head.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from . import heads
from .heads import Cells

if TYPE_CHECKING:
    from pypdf import PageObject

#: a line that is shorter, in halves of a Chinese character, ends a paragraph, and one that is less
#: than this part of the page's longest
_FULL_LINE, _FULL_PART = 36, 0.7
#: in a narrow column the lines of a paragraph are as long as the longest, but for the room of a mark
_COLUMN, _RAGGED = 20, 3
_OF_PROSE = re.compile("[^\\s,，、;；]*[,，、;；]\\S*")
_BEGINS = re.compile(
    "[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\\d]{1,2}[)）]|\\d{1,2}[、.．](?!\\d)"
)
_PAGE_NUMBER = re.compile(r"[-—–\s\d/第页共]+")
#: numbers that stand alone on a page: with fewer it has no table
_ALONE = re.compile(r"(?<!\S)-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?!\S)")
_FEWEST = 3
_CELL = re.compile(r"\S+(?: \S+)*")
_NUMBER = re.compile(r"-?\d[\d,.]*\D{0,4}$|[-—–]+$")
_CAPTION = re.compile("[:：]|^[附图表]")
_YEAR = re.compile(r"(?:19|20)\d{2}年?$")
#: a head has no more lines, a table no more columns
_HEAD_LINES, _COLUMNS = 6, 30

#: lines of one cell are no further apart, in heights of a letter, and nearer than those of two cells
_LINE, _NEARER = 1.7, 1.1


class Line(NamedTuple):
    """A line of a page: how far it is along the page, in points, and its words."""

    y: float
    cells: Cells


def text_of(page: PageObject) -> str:
    """The text of a page: a paragraph in one line, tables with tabs."""
    plain = page.extract_text()
    if len(_ALONE.findall(plain)) < _FEWEST:
        return joined(plain.splitlines())
    return with_tables(plain, _lines(page))


def with_tables(plain: str, lines: list[Line]) -> str:
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
            for line in lines[at : at + used]:
                told = " ".join(cell for _, _, cell in line.cells)
                words.append(as_written.get("".join(told.split()), told))
        at += used
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
        if open_end and words and not _PAGE_NUMBER.fullmatch(words) and not _BEGINS.match(words):
            made[-1] += words
        else:
            made.append(words)
        wide = _width(words)
        column = longest - wide <= _RAGGED and wide >= _COLUMN and _OF_PROSE.fullmatch(words)
        open_end = (wide >= full or bool(column)) and words[-1] not in "。!！?？;；"
    return "\n".join(made)


def _width(words: str) -> int:
    return len(words) + sum(char > "ÿ" for char in words)


def _lines(page: PageObject) -> list[Line]:
    """Where the words of a page stand, line by line; two spaces part them."""
    from pypdf._text_extraction import _layout_mode
    from pypdf.generic import ContentStream

    try:
        stream = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
        groups = _layout_mode.text_show_operations(
            iter(stream.operations), page._layout_mode_fonts()
        )
        rows = _layout_mode.y_coordinate_groups(groups).items()
    except Exception:  # some fonts can be read in the plain way alone
        return []
    return [
        Line(y, [cell for group in sorted(row, key=lambda one: one["tx"]) for cell in _cells(group["text"], group["tx"], group["displaced_tx"], group["font_height"])])
        for y, row in rows
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


def _table(lines: list[Line], at: int) -> tuple[list[str], int]:
    """The rows of a table that begins at a line, and how many lines it takes; none: no table.

    A head that is not clear is passed over as a whole, so that no part of it is taken for the head.
    """
    if not 2 <= len(lines[at].cells) <= _COLUMNS or _counts(lines[at]):
        return [], 1
    main = _next(lines, at)
    last = max((n for n in range(at, main) if len(lines[n].cells) > 1), default=at)
    start = _parted(lines, last, main)
    if start is None or main == len(lines):
        return [], 1
    head = heads.columns([line.cells for line in lines[at:start]], lines[main].cells)
    if head is None or not 2 <= len(head) <= _COLUMNS:
        caption = any(_CAPTION.search(words) for _, _, words in lines[at].cells)
        return [], 1 if caption else start - at
    rows: list[list[str]] = []
    while start is not None and main < len(lines):
        following = _next(lines, main + 1)
        end = _parted(lines, main, following)
        row = _row(lines[start : main + 1 if end is None else end], main - start, head)
        if row is None:
            break
        rows.append(row)
        start, main = (main + 1 if end is None else end), following
        if end is None:
            break
    if not rows:
        return [], 1
    told = [[words for _, _, words in head], *rows]
    return ["\t".join(row) for row in told], start - at


def _next(lines: list[Line], at: int) -> int:
    """The next line with numbers that only lines without any part from this one; else the last."""
    stop = min(len(lines), at + _HEAD_LINES)
    return next((n for n in range(at, stop) if _counts(lines[n])), len(lines))


def _parted(lines: list[Line], above: int, below: int) -> int | None:
    """Where the words above the row or head ``above`` end and those of the row ``below`` begin.

    The lines of a cell stand closer than two rows. None where it cannot be told; without a row below
    the words end where lines stand further apart than those of a cell.
    """
    if below == len(lines):
        end = above + 1
        while end < below and _continues(lines[end - 1], lines[end]):
            end += 1
        return end
    gaps = [abs(two.y - one.y) for one, two in pairwise(lines[above : below + 1])]
    widest = max(gaps)
    if sum(gap * _NEARER > widest for gap in gaps) > 1:
        return None
    return above + 1 + gaps.index(widest)


def _continues(line: Line, more: Line) -> bool:
    """Whether a line of one cell goes on with the one above it."""
    if len(more.cells) != 1 or _counts(more):
        return False
    left, right, words = more.cells[0]
    return abs(more.y - line.y) < _LINE * 2 * (right - left) / max(1, _width(words))


def _row(lines: list[Line], main: int, head: Cells) -> list[str] | None:
    """A row of the line with its numbers and lines with more words of its cells; None: it does not fit."""
    numbers = _placed(lines[main].cells, head)
    if numbers is None or len(lines[main].cells) < 2:
        return None
    row = [""] * len(head)
    for at, line in enumerate(lines):
        placed = _placed(line.cells, head)
        if placed is None:
            return None
        if at != main and any(more and _NUMBER.match(own) for more, own in zip(placed, numbers, strict=True)):  # fmt: skip
            return None
        row = [words + more for words, more in zip(row, placed, strict=True)]
    return row


def _counts(line: Line) -> bool:
    return any(_NUMBER.match(words) and not _YEAR.match(words) for _, _, words in line.cells)


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
