"""A figure's tables as files: CSV and Excel, the same numbers that the page shows."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi import figures as counted
from dingzi.core import spreadsheet
from dingzi.core.errors import NotFound
from dingzi.figures import Figure, Value
from dingzi.figures import registry as declared

from .choices import Chosen, chosen, public_dimensions
from .pages import open_to_all

Cell = str | int | Decimal | None
#: Kinds of files, in the order in which they are offered.
KINDS = ("csv", "xlsx", "parquet")
NAMES = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
MONTHS = "months"


def query(asked: Chosen) -> str:
    text = urlencode(asked.asked)
    return f"?{text}" if text else ""


def downloads(figure: Figure, asked: Chosen, told: Collection[str]) -> list[dict[str, str]]:
    """Return what can be downloaded of a figure, by months and by the dimensions ``told``: title,
    kind, address."""
    names = [(MONTHS, _("各月"))]
    if not asked.dims:
        names += [
            (one.name, _("各%(by)s") % {"by": one.title})
            for one in public_dimensions(figure)
            if one.name in told
        ]
    return [
        {
            "title": title,
            "kind": NAMES[kind],
            "url": reverse("portal:download", args=[figure.name, name, kind]) + query(asked),
        }
        for name, title in names
        for kind in KINDS
    ]


@open_to_all
@require_safe
def download(request: HttpRequest, name: str, table: str, kind: str) -> HttpResponse:
    """Give one table of a figure as a file."""
    figure = declared.get(name)
    known = {MONTHS, *(one.name for one in public_dimensions(figure))}
    if not figure.listed or table not in known or kind not in KINDS:
        raise NotFound.of("not_found")
    asked = chosen(figure, request.GET)
    with asked.answered():
        lines = months(figure, asked) if table == MONTHS else parts(figure, asked, table)
    if kind == "parquet":
        from dingzi.figures import parquet  # DuckDB takes a while to load

        body, content_type = parquet.file(lines[0], lines[1:]), parquet.CONTENT_TYPE
    else:
        body = b"".join(spreadsheet.export(lines[0], lines[1:], kind, str(figure.title)))
        content_type = spreadsheet.CONTENT_TYPES[kind]
    answer = HttpResponse(body, content_type=content_type)
    file = f"{figure.name}-{table}-{asked.period.code}".replace("..", "_")
    answer["Content-Disposition"] = f'attachment; filename="{file}.{kind}"'
    return answer


def parts(figure: Figure, asked: Chosen, by: str) -> list[list[Cell]]:
    """Return a figure by one dimension, its heading first."""
    from .figures import divided

    table = divided(figure, asked, by)
    compared = table.total.comparison is not None
    head = [str(table.by_title), _("代码"), _heading(figure), *_behind(table.total.value)]
    if compared:
        head += [_("去年同期"), _("相差")]
    lines: list[list[Cell]] = [list(head)]
    for row in (table.total, *table.rows):
        line: list[Cell] = [str(row.label), row.key, _number(row.value), *_counts(row.value)]
        if compared:
            then = row.comparison.then if row.comparison else None
            line += [_number(then), row.comparison.shown if row.comparison else None]
        lines.append(line)
    return lines


def months(figure: Figure, asked: Chosen) -> list[list[Cell]]:
    """Return the months of the year and of the year before, its heading first."""
    trend = counted.trend(figure, asked.period.last.year, asked.dims)
    behind = next((p.value for p in (*trend.then, *trend.now) if p.value), None)
    lines: list[list[Cell]] = [[_("月份"), _heading(figure), *_behind(behind)]]
    for point in (*trend.then, *trend.now):
        if point.value is not None:
            counts = _counts(point.value)
            lines.append([point.period.code, _number(point.value), *counts])
    return lines


def _heading(figure: Figure) -> str:
    return _("%(title)s（%(unit)s）") % {"title": figure.title, "unit": figure.unit}


def _behind(value: Value | None) -> list[str]:
    several = value is not None and len(value.behind) > 1
    return [str(one.label) for one in value.behind] if value is not None and several else []


def _counts(value: Value) -> list[Cell]:
    return [one.n for one in value.behind] if len(value.behind) > 1 else []


def _number(value: Value | None) -> Cell:
    return value.shown if value is not None else None
