"""Tables and trends of figures as files: the same numbers that the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import get_language

from dingzi.core import spreadsheet
from dingzi.core.text import Text

from .answers import Table, Trend, Value

Cell = str | int | Decimal | None
CODE = Text("代码", "Code")
BEFORE = Text("去年同期", "Year before")
APART = Text("相差", "Difference")
MONTH = Text("月份", "Month")


def table(one: Table, language: str = "") -> tuple[list[str], list[list[Cell]]]:
    """Return heading and lines of a table, its total first: label, code, value, counts behind it
    and, where it was compared, the year before and the difference. What is withheld is empty."""
    language = language or get_language() or "zh-hans"
    compared = one.total.comparison is not None
    head = [
        one.by_title.in_language(language),
        CODE.in_language(language),
        _heading(one.title, one.unit, language),
        *_behind(one.total.value, language),
    ]
    if compared:
        head += [BEFORE.in_language(language), APART.in_language(language)]
    lines = []
    for row in (one.total, *one.rows):
        label = row.label.in_language(language)
        line: list[Cell] = [label, row.key, row.value.shown, *_counts(row.value)]
        if compared:
            line += [row.then.shown if row.then else None]
            line += [row.comparison.shown if row.comparison else None]
        lines.append(line)
    return head, lines


def trend(one: Trend, language: str = "") -> tuple[list[str], list[list[Cell]]]:
    """Return heading and lines of a trend, one a month, the year before first."""
    language = language or get_language() or "zh-hans"
    told = [point.value for point in (*one.then, *one.now) if point.value]
    behind = _behind(told[0], language) if told else []
    head = [MONTH.in_language(language), _heading(one.title, one.unit, language), *behind]
    lines: list[list[Cell]] = [[v.period.code, v.shown, *_counts(v)] for v in told]
    return head, lines


def export(one: Table | Trend, kind: str, language: str = "") -> Iterator[bytes]:
    """Yield a table or a trend as ``csv`` or ``xlsx``; ValueError for another kind."""
    head, lines = table(one, language) if isinstance(one, Table) else trend(one, language)
    title = one.title.in_language(language or get_language() or "zh-hans")
    return spreadsheet.export(head, lines, kind, title)


def _heading(title: Text, unit: Text, language: str) -> str:
    if language.startswith("en"):
        return f"{title.en} ({unit.en})"
    return f"{title.zh}（{unit.zh}）"


def _behind(value: Value, language: str) -> list[str]:
    return [one.label.in_language(language) for one in value.behind] if _several(value) else []


def _counts(value: Value) -> Sequence[Cell]:
    return [one.n for one in value.behind] if _several(value) else []


def _several(value: Value) -> bool:
    return len(value.behind) > 1
