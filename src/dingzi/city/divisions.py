"""A city's divisions as a CSV file: read, judged line by line, loaded through the book.

One line is one division. Columns (English or Chinese headings; only ``code`` and ``name`` must be
there): code 代码, name 名称, name_en 英文名称, also 别名 (other names, separated by spaces), short
简称 (the county's character in case numbers), level 级别, parent 上级, population 人口, since
起始日期, until 终止日期, successor 继任, note 备注 (not loaded).

Codes have 4, 6, 9 or 12 digits by level (GB/T 2260, GB/T 10114 and the statistical codes below
them); a code begins with its parent's.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dingzi.core import blobs
from dingzi.core.errors import Invalid, Reason

from . import book
from .models import Division, Level
from .viewer import SYSTEM, Viewer

DATA = Path(__file__).resolve().parent / "data"
YICHUN = DATA / "divisions.csv"
#: Digits of a code by level.
LEVELS = {4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN, 12: Level.VILLAGE}
COLUMNS = {
    "code": ("code", "代码", "区划代码"),
    "name": ("name", "名称"),
    "name_en": ("name_en", "英文名称"),
    "also": ("also", "别名"),
    "short": ("short", "简称"),
    "level": ("level", "级别"),
    "parent": ("parent", "上级"),
    "population": ("population", "人口"),
    "since": ("since", "起始日期"),
    "until": ("until", "终止日期"),
    "successor": ("successor", "继任"),
    "note": ("note", "备注"),
}
_FIELD = {heading: field for field, headings in COLUMNS.items() for heading in headings}
_LEVEL = {name: level for level in Level for name in (level.value, level.label)}
_CODE = re.compile(r"\d{4}|\d{6}|\d{9}|\d{12}").fullmatch
LIMIT = 16 * 1024 * 1024  # bytes of a file
#: More bad lines than these are counted, not named.
NAMED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was written; dates and numbers are judged, not yet converted."""

    line: int
    code: str
    name: str
    name_en: str = ""
    also: str = ""
    short: str = ""
    level: str = ""
    parent: str = ""
    population: str = ""
    since: str = ""
    until: str = ""
    successor: str = ""
    note: str = ""

    @property
    def above(self) -> str:
        """Code of the parent, as the code itself says."""
        return {4: "", 6: self.code[:4], 9: self.code[:6], 12: self.code[:9]}[len(self.code)]


def read(content: bytes) -> list[Row]:
    """Read a CSV file in UTF-8 (with or without mark) or GB 18030, as Excel writes it.

    Raises Invalid for what is no table of divisions: ``divisions_no_text``,
    ``divisions_columns_missing``, ``divisions_column_unknown``, ``divisions_empty``,
    ``divisions_line_length``.
    """
    if len(content) > LIMIT:
        raise Invalid.of("too_large", limit=LIMIT)
    lines = csv.reader(io.StringIO(decoded(content), newline=""), strict=False)
    heads = [head.strip() for head in next(lines, [])]
    fields = [_FIELD.get(head, "") for head in heads]
    if missing := [f"{n} ({COLUMNS[n][1]})" for n in ("code", "name") if n not in fields]:
        raise Invalid.of("divisions_columns_missing", columns=missing)
    if unknown := [head for head, field in zip(heads, fields, strict=True) if not field]:
        raise Invalid.of(
            "divisions_column_unknown", columns=unknown, known=[n for n, _, *_ in COLUMNS.values()]
        )
    if twice := sorted({heads[i] for i, field in enumerate(fields) if fields.count(field) > 1}):
        raise Invalid.of("divisions_column_twice", columns=twice)
    rows, bad = [], []
    for cells in lines:
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if len(cells) != len(fields):
            bad.append((lines.line_num, len(cells)))
            continue
        rows.append(Row(line=lines.line_num, **dict(zip(fields, cells, strict=True))))
    if bad:
        raise Invalid(*_named([
            ("divisions_line_length", {"line": line, "found": found, "wanted": len(fields)})
            for line, found in bad
        ]))  # fmt: skip
    if not rows:
        raise Invalid.of("divisions_empty")
    return rows


def decoded(content: bytes) -> str:
    """Return a file's text, of UTF-8 or GB 18030; Invalid ``divisions_no_text``."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid.of("divisions_no_text")


def judge(rows: Iterable[Row], since: date) -> None:
    """Look at every line, against the others and what is loaded; ``since`` is for lines without.

    Raises Invalid with one reason for each fault, each with its line.
    """
    rows = list(rows)
    loaded = {code: (short, level) for code, short, level in Division.objects.filter(until=None).values_list("code", "short", "level")}  # fmt: skip
    first: dict[str, int] = {}
    reasons: list[Reason] = []
    for row in rows:
        if row.code in first:
            reasons.append(("divisions_code_twice", {"line": row.line, "code": row.code, "first": first[row.code]}))  # fmt: skip
        first.setdefault(row.code, row.line)
        reasons += _form(row, since)
    known = first.keys() | loaded.keys()
    for row in rows:
        if _CODE(row.code):
            if row.above and row.above not in known:
                reasons.append(("divisions_no_parent", {"line": row.line, "code": row.code, "parent": row.above}))  # fmt: skip
            if row.successor and row.successor not in known:
                reasons.append(("divisions_no_successor", {"line": row.line, "successor": row.successor}))  # fmt: skip
    reasons += _cities(rows, loaded)
    reasons += _shorts(rows, loaded)
    if reasons:
        raise Invalid(*_named(sorted(reasons, key=lambda reason: reason[1].get("line", 0))))


def _form(row: Row, since: date) -> Iterable[Reason]:
    at = {"line": row.line}
    if not _CODE(row.code):
        yield "divisions_code", at | {"value": row.code}
        return
    if not row.name:
        yield "divisions_no_name", at | {"code": row.code}
    for field, limit in (("name", 60), ("name_en", 80), ("also", 120), ("short", 4)):
        value = getattr(row, field)
        if len(value) > limit:
            yield "divisions_too_long", at | {"column": field, "limit": limit}
        if any(ord(char) < 32 or char in "<>" for char in value):
            yield "divisions_characters", at | {"column": field}
    level = LEVELS[len(row.code)]
    if row.level and _LEVEL.get(row.level) != level:
        yield "divisions_level", at | {"code": row.code, "value": row.level, "wanted": level.value}
    if row.parent and row.parent != row.above:
        yield "divisions_parent", at | {"code": row.code, "value": row.parent, "wanted": row.above}
    if row.population and not (row.population.isascii() and row.population.isdigit() and len(row.population) <= 10):  # fmt: skip
        yield "divisions_population", at | {"value": row.population}
    days: dict[str, date] = {"since": since}
    for field in ("since", "until"):
        if value := getattr(row, field):
            try:
                days[field] = date.fromisoformat(value)
            except ValueError:
                yield "divisions_date", at | {"column": field, "value": value}
                return
    if "until" in days and days["until"] < days["since"]:
        yield "divisions_dates", at | {"code": row.code}


def _cities(rows: list[Row], loaded: Mapping[str, tuple[str, str]]) -> Iterable[Reason]:
    here = next((code for code, (_, level) in loaded.items() if level == Level.CITY), "")
    for row in rows:
        if _CODE(row.code):
            here = here or row.code[:4]
            if row.code[:4] != here:
                yield "divisions_other_city", {"line": row.line, "code": row.code, "city": here}


def _shorts(rows: list[Row], loaded: Mapping[str, tuple[str, str]]) -> Iterable[Reason]:
    """Two counties with one character would give two cases one number; so would the city's."""
    taken: dict[str, str] = {short: code for code, (short, _) in loaded.items() if short}
    for row in rows:
        short = short_of(row)
        if not short or row.until:
            continue
        if taken.setdefault(short, row.code) != row.code:
            yield "divisions_short", {"line": row.line, "name": row.name, "short": short}


def short_of(row: Row) -> str:
    """Return what stands for a county, or for the city itself, in case numbers.

    What its line says; else 市 for the city and a county's first character.
    """
    return row.short or {4: "市", 6: row.name[:1]}.get(len(row.code), "")


def _named(reasons: list[Reason]) -> list[Reason]:
    if len(reasons) <= NAMED:
        return reasons
    return [*reasons[:NAMED], ("divisions_more", {"count": len(reasons) - NAMED})]


def load(content: bytes, *, since: date, by: Viewer = SYSTEM) -> int:
    """Load a file through the city's book and return the number of its divisions.

    Raises Invalid; nothing is written then.
    """
    rows = read(content)
    judge(rows, since)
    stored = blobs.store(_File(content), limit=LIMIT)
    facts = {"file": stored.digest, "since": since.isoformat(), "count": len(rows)}
    book.record("divisions_loaded", facts, by=by)
    return len(rows)


class _File(io.BytesIO):
    name = "divisions.txt"
