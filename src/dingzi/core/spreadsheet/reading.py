"""Reading a table of either kind."""

from __future__ import annotations

import csv
import io
import os
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain, islice
from typing import IO, Any, NamedTuple, Protocol

from dingzi.core.errors import Invalid, Reason

Cell = str | int | Decimal | date | datetime | None

MAX_BYTES = 100 * 1024 * 1024
MAX_ROWS = 1_048_576
MAX_COLUMNS = 500
MAX_CELL = 32_767
_HEADER_WITHIN = 20  # rows: titles and remarks may stand above the header
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel until 2003, and any file with a password
_PROTECTED = re.compile(r"'[=+\-@\t\r]").match
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANK = " \t\r\n\u00a0\u3000\ufeff\u200b"


class Row(NamedTuple):
    """One row: its number as the spreadsheet shows it, values by column title, what is wrong.

    A cell that cannot be taken is None in ``cells`` and named in ``reasons``.
    """

    number: int
    cells: dict[str, Cell]
    reasons: tuple[Reason, ...] = ()


class Raw(NamedTuple):
    """A row before the titles are known: values and faults by column index from 0."""

    number: int
    values: dict[int, Cell]
    faults: list[tuple[int, str, dict[str, Any]]]


class Source(Protocol):
    def rows(self) -> Iterator[Raw]: ...


@dataclass(frozen=True)
class Table:
    """A table that can be iterated more than once; each time it is read anew from the file.

    Attributes
    ----------
    kind : ``xlsx`` or ``csv``.
    header : the column titles, made unique; a column without one is called by its letter.
    header_row : the number of the row in which they stand.
    sheets : the names of the workbook's visible sheets; empty for csv.
    """

    kind: str
    header: tuple[str, ...]
    header_row: int
    sheets: tuple[str, ...]
    _source: Source = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows under the header, without the empty ones."""
        for raw in self._source.rows():
            if raw.number <= self.header_row or not (raw.values or raw.faults):
                continue
            yield self._named(raw)

    def _named(self, raw: Raw) -> Row:
        header = self.header
        cells: dict[str, Cell] = dict.fromkeys(header)
        reasons: list[Reason] = []
        for column, value in raw.values.items():
            if column < len(header):
                cells[header[column]] = value
            else:
                reasons.append(_fault("beyond_header", raw.number, column, ""))
        for column, code, params in raw.faults:
            title = header[column] if column < len(header) else ""
            reasons.append(_fault(code, raw.number, column, title, **params))
        return Row(raw.number, cells, tuple(reasons))


def read(
    file: IO[bytes],
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    max_bytes: int = MAX_BYTES,
) -> Table:
    """Open a spreadsheet (xlsx or csv in UTF-8, UTF-16 or GB 18030, told apart by content).

    ``file`` stays open while the table is used. Without ``header_row`` the titles are the first row
    among 20 with at least two texts in it. Raises Invalid: ``too_large``, ``old_excel``,
    ``macros``, ``unpacks_too_large``, ``broken_file``, ``empty_file``, ``empty_table``,
    ``wrong_type``, ``unknown_sheet``, ``too_many_columns``.
    """
    if file.seek(0, os.SEEK_END) > max_bytes:
        raise Invalid.of("too_large", field="file", limit=max_bytes)
    file.seek(0)
    head = file.read(8)
    if not head:
        raise Invalid.of("empty_file", field="file")
    if head.startswith(_OLE):
        raise Invalid.of("old_excel", field="file")
    source: Source
    if head.startswith(b"PK"):
        from .workbook import Workbook

        kind, source = "xlsx", Workbook(file, sheet)
        sheets = source.sheets
    else:
        kind, source, sheets = "csv", _Csv(file, head), ()
    number, header = _header(source, header_row)
    return Table(kind, header, number, sheets, source)


def as_text(value: Cell) -> str:
    """A cell as a person would type it; the empty text for an empty one."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes" if not value.second else "seconds")
    return value.isoformat() if isinstance(value, date) else f"{value}"


def tidy(text: str) -> str | None:
    """A text without blanks at its ends and control characters in it; None if nothing is left."""
    return _CONTROL.sub("", text).strip(_BLANK) or None


@cache
def letters(column: int) -> str:
    """Column index from 0 as letters: 0 is A, 27 is AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _fault(code: str, row: int, column: int, title: str, **params: Any) -> Reason:
    return code, {"field": title, "row": row, "cell": f"{letters(column)}{row}", **params}


def _header(source: Source, wanted: int | None) -> tuple[int, tuple[str, ...]]:
    first: Raw | None = None
    for raw in islice(source.rows(), wanted or _HEADER_WITHIN):
        if wanted is not None:
            if raw.number == wanted:
                first = raw
                break
            continue
        texts = [value for value in raw.values.values() if isinstance(value, str)]
        if len(texts) >= 2:
            first = raw
            break
        if first is None and texts:
            first = raw
    if first is None or not first.values:
        raise Invalid.of("empty_table", field="file")
    width = max(first.values) + 1
    if width > MAX_COLUMNS:
        raise Invalid.of("too_many_columns", field="file", limit=MAX_COLUMNS)
    return first.number, _titles([first.values.get(column) for column in range(width)])


def _titles(cells: list[Cell]) -> tuple[str, ...]:
    titles: dict[str, None] = {}
    for column, cell in enumerate(cells):
        title = " ".join(as_text(cell).split())[:100] or f"{letters(column)}列"
        again = 1
        unique = title
        while unique in titles:
            again += 1
            unique = f"{title}（{again}）"
        titles[unique] = None
    return tuple(titles)


class _Csv:
    """Text with a delimiter; every value is text."""

    def __init__(self, file: IO[bytes], head: bytes) -> None:
        self.file = file
        self.encoding = _encoding(file, head)
        self.delimiter = self._delimiter()

    def rows(self) -> Iterator[Raw]:
        with self._text() as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            number = 0
            try:
                for number, values in enumerate(reader, 1):
                    if number > MAX_ROWS:
                        raise Invalid.of("too_many_rows", field="file", limit=MAX_ROWS)
                    yield Raw(number, dict(self._filled(values)), [])
            except csv.Error as error:
                raise Invalid.of("broken_row", field="file", row=number + 1) from error

    @staticmethod
    def _filled(values: list[str]) -> Iterator[tuple[int, Cell]]:
        for column, value in enumerate(values):
            # our own export puts ' before what a spreadsheet would take for a formula
            cell = tidy(value[1:] if _PROTECTED(value) else value)
            if cell is not None:
                yield column, cell

    def _delimiter(self) -> str:
        with self._text() as text:
            line = next((line for line in islice(text, 20) if line.strip()), "")
        return max(",;\t", key=line.count)

    def _text(self) -> io.TextIOWrapper:
        self.file.seek(0)
        return _Kept(self.file, encoding=self.encoding, newline="")


class _Kept(io.TextIOWrapper):
    """A text reader that leaves its file open."""

    def close(self) -> None:
        if not self.closed:
            self.detach()

    def __exit__(self, *_: object) -> None:
        self.detach()


def _encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        decoder = getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            for chunk in chain(iter(lambda: file.read(1 << 16), b""), [b""]):
                if "\0" in decoder.decode(chunk, final=not chunk):
                    raise Invalid.of("wrong_type", field="file", allowed=["xlsx", "csv"])
        except UnicodeDecodeError:
            continue
        return encoding
    raise Invalid.of("wrong_type", field="file", allowed=["xlsx", "csv"])
