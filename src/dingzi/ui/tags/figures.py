"""Figures, maps and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import template

from dingzi.ui import charts, scale, words
from dingzi.ui.tags import Item

register = template.Library()


@register.inclusion_tag("ui/parts/figure_card.html")
def figure_card(
    title: str,
    value: str | words.Exact | None,
    unit: str = "",
    change: str = "",
    period: str = "",
    url: str = "",
    points: charts.Values = (),
    before: charts.Values = (),
) -> dict[str, Any]:
    shown = value if isinstance(value, str) else words.number(value)
    return {
        "title": title,
        "value": shown,
        "unit": unit,
        "change": change,
        "period": period,
        "url": url,
        "spark": charts.spark(points, before[: len(points)]),
    }


@register.inclusion_tag("ui/parts/county_map.html")
def county_map(
    shapes: Mapping[str, Item],
    values: Mapping[str, tuple[words.Exact | None, str]],
    title: str,
    unit: str = "",
    places: int = 1,
    links: Mapping[str, str] | None = None,
    box: str = "",
) -> dict[str, Any]:
    """Draw a choropleth; ``shapes[code] = {"name", "d", "x", "y"}``, ``values[code] = (value, label)``."""
    known = [value for value, _label in values.values() if value is not None]
    limits = scale.five_steps(known, places)
    drawn, empty = [], False
    for code, shape in shapes.items():
        value, label = values.get(code, (None, words.NONE))
        step = 0 if value is None else scale.step_of(value, limits)
        empty = empty or not step
        drawn.append({**shape, "step": step, "label": label, "url": (links or {}).get(code, "")})
    return {
        "shapes": drawn,
        "box": box or "0 0 600 480",
        "title": title,
        "unit": unit,
        "steps": scale.legend(limits, places),
        "empty": empty,
    }


@register.inclusion_tag("ui/parts/line_chart.html")
def line_chart(
    labels: Sequence[str],
    now: charts.Values,
    then: charts.Values = (),
    now_name: str = "",
    then_name: str = "",
    unit: str = "",
    title: str = "",
    places: int = 1,
    zero: bool = False,
    table: bool = True,
) -> dict[str, Any]:
    def row(values: charts.Values) -> list[str]:
        padded = [*values, *[None] * (len(labels) - len(values))]
        return [words.number(v, places) if v is not None else "" for v in padded]

    def last(values: charts.Values) -> str:
        known = [v for v in values if v is not None]
        return words.number(known[-1], places) if known else ""

    chart = charts.trend(labels, now, then, zero=zero)
    present = [i for i, v in enumerate(now) if v is not None]
    same = then[present[-1]] if present and present[-1] < len(then) else None
    return {
        "chart": chart,
        "labels": labels,
        "now_row": row(now),
        "then_row": row(then) if then else [],
        "now_last": last(now),
        "then_last": last(then),
        "then_same": words.number(same, places) if same is not None else "",
        "now_name": now_name,
        "then_name": then_name,
        "unit": unit,
        "title": title,
        "table": table,
    }


@register.inclusion_tag("ui/parts/bars.html")
def bars(
    rows: Sequence[tuple[str, words.Exact] | tuple[str, words.Exact, str]],
    unit: str = "",
    label: str = "",
    key: int = 1,
) -> dict[str, Any]:
    """Draw horizontal bars from zero; the first ``key`` rows are strong.

    A row is (label, value) or (label, value, what is written for the value).
    """
    top = max((words.exact(row[1]) for row in rows), default=Fraction(0))
    shown = [
        {
            "label": row[0],
            "width": charts.width(row[1], top),
            "value": row[2] if len(row) > 2 else words.number(row[1]),
            "kind": "key" if at < key else "mid" if len(rows) > 2 else "",
        }
        for at, row in enumerate(rows)
    ]
    told = str(unit)
    apart = " " if told[:1].isalpha() and told.isascii() else ""  # 270 cases, 270件, 80.9%
    return {"rows": shown, "unit": apart + told, "label": label}
