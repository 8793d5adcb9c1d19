"""Answers of figures as the components take them: words, exact numbers, addresses."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from dingzi.city import outlines
from dingzi.core import reasons
from dingzi.figures import Card, Period, Table, Value
from dingzi.figures.answers import Point, Row, Trend
from dingzi.figures.words import span


def figure_url(name: str, **asked: str) -> str:
    query = urlencode({key: value for key, value in asked.items() if value})
    url = reverse("portal:figure", args=[name])
    return f"{url}?{query}" if query else url


def unit_of(value: Value) -> str:
    return str(value.unit)


def card(one: Card, place: str) -> dict[str, Any]:
    """Return a card; ``place`` stands before its period: 全市，今年1月至8月."""
    now, then = points(one.trend.now), points(one.trend.then)
    return {
        "title": str(one.figure.title),
        "value": one.value.amount,
        "unit": unit_of(one.value),
        "change": change_of(one),
        "period": f"{place}{span(one.value)}",
        "url": figure_url(one.figure.name),
        "points": now,
        "before": then[: len(now)],
    }


def change_of(one: Card) -> str:
    """Say the change on the same part of the year before, or why there is none."""
    if one.comparison is not None:
        return str(one.comparison.text)
    return reasons.say(one.refused) if one.refused else ""


def points(series: Sequence[Point]) -> list[Decimal | None]:
    """Return the months' numbers up to the last that is known."""
    shown = [point.shown for point in series]
    while shown and shown[-1] is None:
        shown.pop()
    return shown


def county_map(table: Table, language: str, **asked: str) -> dict[str, Any] | None:
    """Return a table by county as the map takes it; None where the outlines are not known."""
    drawn = outlines.counties(language)
    if not drawn.shapes:
        return None
    rows = {row.key: row.value for row in table.rows}
    values = {code: (v.shown, v.amount) for code, v in rows.items() if code in drawn.shapes}
    places = next((v.places for v in rows.values()), 0)
    links = {code: figure_url(table.figure, county=code, **asked) for code in drawn.shapes}
    return {
        "shapes": drawn.shapes,
        "box": drawn.box,
        "values": values,
        "places": places,
        "unit": str(table.unit),
        "links": links,
    }


def rows(table: Table, **links: str) -> list[dict[str, Any]]:
    """Return the lines of a table, its total first.

    ``links`` are what an address says beside the line's own key; none gives no addresses.
    """
    shown = [_line(table.total, "", all=True)]
    for row in table.rows:
        url = figure_url(table.figure, **{table.by: row.key}, **links) if links else ""
        shown.append(_line(row, url if row.key else ""))
    return shown


def _line(row: Row, url: str, *, all: bool = False) -> dict[str, Any]:
    value, comparison = row.value, row.comparison
    return {
        "key": row.key,
        "label": str(row.label),
        "url": url,
        "all": all,
        "value": value.amount,
        "small": value.suppressed,
        "then": comparison.then.amount if comparison else "",
        "change": signed(comparison.shown) if comparison else "",
        "behind": [behind.n for behind in value.behind] if len(value.behind) > 1 else [],
    }


def signed(number: Decimal | None) -> str:
    """Write a difference with its sign: +1.4, −0.3, 0."""
    if number is None:
        return "–"
    if not number:
        return "0"
    return f"{'+' if number > 0 else '−'}{abs(number):,f}"


def behind_titles(table: Table) -> list[str]:
    """Return the headings of the counts behind each line."""
    behind = table.total.value.behind
    return [str(one.label) for one in behind] if len(behind) > 1 else []


def trend(one: Trend) -> dict[str, Any]:
    """Return a trend as the line chart takes it."""
    return {
        "labels": [str(point.label) for point in one.now],
        "now": points(one.now),
        "then": points(one.then),
        "now_name": str(Period.year(one.year).words()),
        "then_name": str(Period.year(one.year - 1).words()),
    }
