"""Writing tables: xlsx and csv through one function, row by row.

A text that a spreadsheet would take for a formula stays a text: csv puts an apostrophe before it
(our reader takes it off again), xlsx says that the cell is text.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from .reading import MAX_CELL, letters

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
SHEET_ROWS = 1_000_000
#: Rows by which the columns' widths are set, and the widest, in figures.
_LOOKED_AT, _WIDEST = 100, 60
_CITY = ZoneInfo("Asia/Shanghai")
_CHUNK = 1 << 16
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_SHEET_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_HEAD, _DAY, _MOMENT, _QUOTED = 1, 2, 3, 4  # places in cellXfs below


def export(
    header: Sequence[object], rows: Iterable[Sequence[Any]], kind: str, title: str = ""
) -> Iterator[bytes]:
    """Yield the file in pieces; ``kind`` is ``xlsx`` or ``csv`` (UTF-8 with a mark for Excel).

    Cells are text, ``int``, ``Decimal``, ``bool``, dates, datetimes (shown in Asia/Shanghai),
    None, or anything with a text. ``title`` names the sheet. Raises ValueError for another kind.
    """
    if kind == "csv":
        return _csv(header, rows)
    if kind == "xlsx":
        return _xlsx(header, rows, title)
    raise ValueError(f"{kind!r}: xlsx or csv")


def _csv(header: Sequence[object], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow([_csv_cell(str(cell)) for cell in header])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if text.tell() > _CHUNK:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _csv_cell(value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RISKY) else value
    return value


def _plain(value: Any) -> Any:
    """One of str, int, Decimal, date, naive datetime of the city, None."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, datetime):
        return value.astimezone(_CITY).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    return _ILLEGAL.sub("", str(value))


# ---- xlsx --------------------------------------------------------------------------------------


def _xlsx(header: Sequence[object], rows: Iterable[Sequence[Any]], title: str) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
            name = _SHEET_NAME.sub(" ", title).strip()[:25] or "Sheet"
            sheets = 0
            pending = iter(rows)
            more = True
            while more:
                sheets += 1
                with packed.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as part:
                    more = _write_sheet(part, header, pending)
            for path, content in _frame(name, sheets):
                packed.writestr(path, content)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _write_sheet(part: IO[bytes], header: Sequence[object], rows: Iterator[Sequence[Any]]) -> bool:
    """Write rows until the sheet is full; whether there may be more."""
    titles = [str(cell) for cell in header]
    first = list(islice(rows, min(_LOOKED_AT, SHEET_ROWS)))
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(_widths(titles, first), 1)
    )
    last = letters(max(0, len(titles) - 1))
    part.write(
        f"{_DECLARATION}<worksheet {_SPACE}>"
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>".encode()
    )
    lines = [_line(1, titles, _HEAD)]
    count, more = 0, False
    for row in chain(first, rows):
        count += 1
        lines.append(_line(count + 1, row))
        if len(lines) >= 500:
            part.write("".join(lines).encode())
            lines.clear()
        if count == SHEET_ROWS:
            more = True
            break
    part.write("".join(lines).encode())
    part.write(f'</sheetData><autoFilter ref="A1:{last}{count + 1}"/></worksheet>'.encode())
    return more


def _widths(titles: Sequence[str], first: Sequence[Sequence[Any]]) -> Iterator[int]:
    """Yield a width for each column, in figures: too narrow a moment is shown as ``####``."""
    for n, title in enumerate(titles):
        cells = (row[n] for row in first if n < len(row))
        yield min(_WIDEST, 2 + max(8, _width(title) + 2, *map(_width, cells)))


def _width(value: Any) -> int:
    """Return how many figures wide a cell is; a Chinese character takes the room of two."""
    if isinstance(value, datetime):
        return 19
    line = str("" if value is None else value).partition("\n")[0][:_WIDEST]
    return sum(1 + (east_asian_width(sign) in "WF") for sign in line)


def _line(number: int, cells: Iterable[Any], style: int = 0) -> str:
    written = [_cell(f"{letters(n)}{number}", cell, style) for n, cell in enumerate(cells)]
    return f'<row r="{number}">{"".join(written)}</row>'


def _cell(place: str, value: Any, style: int) -> str:
    value = _plain(value)
    if value is None or value == "":
        return ""
    if isinstance(value, int | Decimal):
        return f'<c r="{place}"><v>{value}</v></c>'
    if isinstance(value, date):
        if value.year < 1901:  # a spreadsheet knows no earlier days
            value = value.isoformat()
        elif isinstance(value, datetime):
            since = value - datetime(1899, 12, 30)  # noqa: DTZ001
            return (
                f'<c r="{place}" s="{_MOMENT}"><v>{since.days + since.seconds / 86400:.9f}</v></c>'
            )
        else:
            return f'<c r="{place}" s="{_DAY}"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if len(value) > MAX_CELL:
        value = value[: MAX_CELL - 1] + "…"
    style = style or (_QUOTED if value.startswith(_RISKY) else 0)
    mark = f' s="{style}"' if style else ""
    text = _ESCAPE.sub("_x005F_", value).translate(_XML)
    return f'<c r="{place}" t="inlineStr"{mark}><is><t xml:space="preserve">{text}</t></is></c>'


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f"{_DECLARATION}<styleSheet {_SPACE}>"
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf quotePrefix="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _frame(name: str, sheets: int) -> Iterator[tuple[str, str]]:
    """The parts of a workbook around its sheets."""
    numbers = range(1, sheets + 1)
    name = name.translate(_XML).replace('"', "&quot;")
    yield (
        "[Content_Types].xml",
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml"'
            f' ContentType="{_TYPE}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
    )
    yield (
        "_rels/.rels",
        f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{_DECLARATION}<workbook {_SPACE} xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{name}{f" {n}" if n > 1 else ""}" sheetId="{n}" r:id="rId{n}"/>'
            for n in numbers
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet"'
            f' Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + "</Relationships>",
    )
    yield "xl/styles.xml", _STYLES
