"""How many people live in each division, as a CSV file: read, judged line by line, loaded through
the book.

One line is one division from one day on. Columns (English or Chinese headings): code 代码, since
起始日期, people 人口, source 出处; simulated 模拟 (yes or 是) marks numbers that are made up.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from dingzi.core.errors import Invalid, Reason

from . import book, divisions
from .appliers.places import MOST_PEOPLE
from .models import Division
from .viewer import SYSTEM, Viewer

COLUMNS = {
    "code": ("code", "代码", "区划代码"),
    "since": ("since", "起始日期"),
    "people": ("people", "人口", "常住人口"),
    "source": ("source", "出处"),
    "simulated": ("simulated", "模拟"),
}
_FIELD = {heading: field for field, headings in COLUMNS.items() for heading in headings}
_MARKS = {"": False, "no": False, "否": False, "yes": True, "是": True}
#: Lines in one event: its facts stand in the public log, whose entries hold 65,535 bytes.
BATCH = 100

Row = dict[str, Any]


def read(content: bytes) -> list[Row]:
    """Read a CSV file in UTF-8 or GB 18030 and return its rows as the book takes them.

    Raises Invalid: ``residents_columns``, ``residents_empty``, and for each bad line, with its
    number, ``residents_line_length``, ``residents_division``, ``residents_date``,
    ``residents_people``, ``residents_source``, ``residents_mark``, ``residents_twice``.
    """
    if len(content) > divisions.LIMIT:
        raise Invalid.of("too_large", limit=divisions.LIMIT)
    lines = csv.reader(io.StringIO(divisions.decoded(content), newline=""), strict=False)
    fields = [_FIELD.get(head.strip(), head.strip()) for head in next(lines, [])]
    if set(fields) - {"simulated"} != set(COLUMNS) - {"simulated"} or len(set(fields)) < len(
        fields
    ):
        raise Invalid.of("residents_columns", found=fields, known=[n[1] for n in COLUMNS.values()])
    known = set(Division.objects.values_list("code", flat=True))
    rows: list[Row] = []
    bad: list[Reason] = []
    seen: set[tuple[str, str]] = set()
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        at = {"line": lines.line_num}
        if len(cells) != len(fields):
            bad.append(("residents_line_length", at | {"found": len(cells), "wanted": len(fields)}))
            continue
        row = dict(zip(fields, (cell.strip() for cell in cells), strict=True))
        faults = list(_faults(row, known))
        if (key := (row["code"], row["since"])) in seen:
            faults.append(("residents_twice", {"code": row["code"], "since": row["since"]}))
        seen.add(key)
        bad += [(code, at | params) for code, params in faults]
        if not faults:
            rows.append(_facts(row))
    if bad:
        raise Invalid(*bad[: divisions.NAMED])
    if not rows:
        raise Invalid.of("residents_empty")
    return rows


def _faults(row: dict[str, str], known: set[str]) -> list[Reason]:
    found: list[Reason] = []
    if row["code"] not in known:
        found.append(("residents_division", {"value": row["code"]}))
    try:
        date.fromisoformat(row["since"])
    except ValueError:
        found.append(("residents_date", {"value": row["since"][:40]}))
    people = row["people"].replace(",", "")
    if not (people.isascii() and people.isdigit() and 0 < int(people[:12]) <= MOST_PEOPLE):
        found.append(("residents_people", {"value": row["people"][:40]}))
    source = row["source"]
    if not 0 < len(source) <= 200 or any(ord(char) < 32 for char in source):
        found.append(("residents_source", {"limit": 200}))
    if row.get("simulated", "").lower() not in _MARKS:
        found.append(("residents_mark", {"value": row["simulated"][:40]}))
    return found


def _facts(row: dict[str, str]) -> Row:
    return {
        "division": row["code"],
        "since": date.fromisoformat(row["since"]).isoformat(),
        "people": int(row["people"].replace(",", "")),
        "source": row["source"],
        "simulated": _MARKS[row.get("simulated", "").lower()],
    }


def record(rows: list[Row], *, by: Viewer = SYSTEM) -> int:
    """Record counts in the city's book, a hundred an event; return how many."""
    for first in range(0, len(rows), BATCH):
        book.record("residents_loaded", {"rows": rows[first : first + BATCH]}, by=by)
    return len(rows)
