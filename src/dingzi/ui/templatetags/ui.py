"""``{% load ui %}``: the components of every page. README.md of this app lists them with examples.

All take plain values: words already in the active language, ints, Decimals, Fractions, dates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dingzi.ui import charts, days, scale, sprite, words

register = template.Library()
Item = Mapping[str, Any]


def _now(context: Context) -> datetime:
    """Return the moment a page speaks at; a view may fix it by giving ``now``."""
    return context.get("now") or timezone.now()


def _block(part: str, content: str, /, **values: Any) -> SafeString:
    return SafeString(render_to_string(f"ui/parts/{part}.html", {"content": content, **values}))


# --- words ------------------------------------------------------------------------------------


@register.simple_tag(name="number")
def number_tag(value: words.Exact | None, places: int | None = None) -> str:
    return words.number(value, places)


@register.simple_tag
def percent(share: words.Exact | None, places: int = 1, sign: bool = True) -> str:
    return words.percent(share, places, sign=sign)


@register.simple_tag
def money(fen: int | None) -> str:
    return words.money(fen)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: date | datetime | None) -> SafeString | str:
    if moment is None:
        return words.NONE
    at = words.local(moment)
    stamp = at.isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()
    return format_html('<time datetime="{}">{}</time>', stamp, words.when(moment, _now(context)))


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date | datetime | None, week: bool = True) -> str:
    return words.NONE if moment is None else words.day(moment, _now(context), week=week)


@register.simple_tag(takes_context=True)
def due(
    context: Context,
    moment: date | datetime | None,
    now: date | datetime | None = None,
    to: str = "",
    part: str = "sentence",
) -> SafeString | str:
    """Put a deadline into words; ``part`` is sentence, short, sub or left."""
    if moment is None:
        return words.NONE
    said = words.due(moment, now or _now(context), to)
    text = getattr(said, part)
    if said.overdue and part in ("short", "left"):
        return format_html('<b class="late">{}</b>', text)
    return text


# --- small things -----------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", turn: bool = False) -> SafeString:
    """Draw one of Tabler's icons; without a label it is hidden from screen readers."""
    if name not in sprite.ICONS:
        raise template.TemplateSyntaxError(f"no icon {name!r}; see ui/sprite.py")
    named = format_html('role="img" aria-label="{}"', label) if label else "aria-hidden=true"
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>',
        " turn" if turn else "",
        SafeString(named),
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def script_words() -> SafeString:
    """Give our scripts their words, as data that no policy needs to allow."""
    return json_script(
        {
            "saved": _("已存在这台设备上"),
            "restored": _("上次写到这里，接着写吧"),
            "drop": _("清掉"),
            "count": _("{n}字，最多{max}字"),
            "over": _("多了{n}字"),
            "broken": _("打不开"),
            "large": _("太大"),
            "remove": _("去掉"),
            "sending": _("正在送出"),
        },
        "words",
    )


@register.inclusion_tag("ui/parts/brand.html")
def brand(url: str = "/", city: str = "") -> dict[str, Any]:
    return {"url": url, "city": city}


@register.inclusion_tag("ui/parts/section.html")
def section(
    title: str, sub: str = "", more: str = "", url: str = "", id: str = ""
) -> dict[str, Any]:
    return {"title": title, "sub": sub, "more": more, "url": url, "id": id}


@register.inclusion_tag("ui/parts/door.html")
def door(
    title: str,
    url: str,
    text: str = "",
    solid: bool = False,
    links: Sequence[tuple[str, str]] = (),
    action: str = "",
    name: str = "number",
    label: str = "",
    example: str = "",
    button: str = "",
) -> dict[str, Any]:
    return dict(locals())


@register.inclusion_tag("ui/parts/crumbs.html")
def crumbs(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Item], label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/chips.html")
def chips(items: Sequence[Item], label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/pager.html")
def pager(newer: str = "", older: str = "") -> dict[str, Any]:
    return {"newer": newer, "older": older}


@register.inclusion_tag("ui/parts/stepper.html")
def stepper(step: int, total: int, after: str = "") -> dict[str, Any]:
    return {"step": step, "total": total, "after": after, "range": range(1, total + 1)}


@register.inclusion_tag("ui/parts/progress.html")
def progress(part: words.Exact, whole: words.Exact, label: str) -> dict[str, Any]:
    return {"width": charts.width(part, whole), "part": part, "whole": whole, "label": label}


@register.inclusion_tag("ui/parts/ticks.html")
def ticks(passed: int, total: int) -> dict[str, Any]:
    """Draw the days of a deadline; ``passed`` counts today."""
    shown = min(max(total, passed, 1), 90)
    kinds = []
    for at in range(1, shown + 1):
        kinds.append(
            "here" if at == passed else "over" if total < at else "gone" if at < passed else ""
        )
    return {"kinds": kinds, "passed": passed, "total": total}


@register.inclusion_tag("ui/parts/process_line.html")
def process_line(states: Sequence[str], current: int) -> dict[str, Any]:
    """Draw the states of a process; ``current`` is the 0-based index of the one it is in."""
    shown = [
        {"label": label, "kind": "done" if i < current else "now" if i == current else "todo"}
        for i, label in enumerate(states)
    ]
    return {"states": shown}


# --- figures and charts -----------------------------------------------------------------------


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
        "spark": charts.spark(points, before),
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
    # with fewer than five groups the darkest is still the highest
    offset = 1 if len(limits) < 4 else 0
    drawn, empty = [], False
    for code, shape in shapes.items():
        value, label = values.get(code, (None, words.NONE))
        step = 0 if value is None else scale.step_of(value, limits) + 1 + offset
        empty = empty or not step
        drawn.append({**shape, "step": step, "label": label, "url": (links or {}).get(code, "")})
    first = [{"step": 1 + offset, "above": None, "below": limits[0]}] if limits else []
    steps = first + [
        {
            "step": i + 2 + offset,
            "above": words.number(low, places),
            "below": limits[i + 1] if i + 1 < len(limits) else None,
        }
        for i, low in enumerate(limits)
    ]
    for entry in steps:
        if entry["below"] is not None:
            last = entry["below"] - Decimal(1).scaleb(-places)
            entry["last"] = words.number(last, places)
            entry["below"] = words.number(entry["below"], places)
    return {
        "shapes": drawn,
        "box": box or "0 0 600 480",
        "title": title,
        "unit": unit,
        "steps": steps,
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
            "kind": "key" if at < key else "",
        }
        for at, row in enumerate(rows)
    ]
    return {"rows": shown, "unit": unit, "label": label}


# --- matters ----------------------------------------------------------------------------------


@register.inclusion_tag("ui/parts/why_date.html", takes_context=True)
def why_date(
    context: Context,
    moment: date | datetime,
    reasons: Sequence[Item],
    marks: Mapping[date, Collection[str]],
    to: str = "",
    open: bool = False,
    start: str = "",
    nominal: str = "",
    paused: str = "",
) -> dict[str, Any]:
    """Show a deadline with its reasons ({"text", "source"}) and the days that were counted.

    ``marks[date]`` is a set of start, counted, paused, rest, nominal, due; ``start``, ``paused``
    and ``nominal`` name those kinds in the legend.
    """
    now = _now(context)
    today = words.as_day(now)
    shown = days.weeks(marks, today)
    return {
        "due": words.due(moment, now, to),
        "reasons": reasons,
        "weeks": [
            {"days": week.days, "name": date_format(week.month, _("n月")) if week.month else ""}
            for week in shown
        ],
        "kinds": set().union(*marks.values()) if marks else set(),
        "today": today,
        "has_today": bool(shown) and shown[0].days[0].date <= today <= shown[-1].days[-1].date,
        "open": open,
        "start": start,
        "nominal": nominal,
        "paused": paused,
    }


@register.inclusion_tag("ui/parts/timeline.html", takes_context=True)
def timeline(context: Context, items: Sequence[Item]) -> dict[str, Any]:
    return {"items": items, "now": _now(context)}


@register.inclusion_tag("ui/parts/papers.html")
def papers(items: Sequence[Item]) -> dict[str, Any]:
    return {"items": items}


@register.simple_tag
def registered(at: datetime) -> str:
    """Say when a matter was registered, with its year: a slip outlives it."""
    moment = f"{words.day(at, date.min)} {words.local(at):%H:%M}"
    return _("%(when)s登记") % {"when": moment}


@register.inclusion_tag("ui/parts/slip.html")
def slip(
    number: str,
    at: datetime,
    code: str = "",
    qr: str = "",
    text: str = "",
) -> dict[str, Any]:
    """Show a receipt; ``qr`` is SVG markup made by us (segno), never a user's."""
    return {
        "number": number,
        "at": registered(at),
        "code": code,
        "qr": SafeString(qr),
        "text": text,
    }


@register.inclusion_tag("ui/parts/inbox.html", takes_context=True)
def inbox(context: Context, groups: Sequence[Item], select: bool = True) -> dict[str, Any]:
    """List what a post must do, in groups; see README.md for the keys of groups and rows."""
    now = _now(context)
    shown = []
    for group in groups:
        rows = []
        for row in group["rows"]:
            said = words.due(row["due"], now) if row.get("due") else None
            rows.append({"said": said, **row})
        shown.append({**group, "rows": rows})
    return {"groups": shown, "select": select}


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Sequence[Item], lined: bool = False) -> dict[str, Any]:
    """List facts; a row is {"term", "text"} and may have "note", "url"."""
    return {"rows": rows, "lined": lined}


# --- forms ------------------------------------------------------------------------------------


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(
    form: BaseForm | None = None, reasons: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Sum up what must be put right: a form's errors, then (field id or "", text) pairs."""
    lines: list[tuple[str, str]] = []
    if form is not None and form.is_bound:
        lines += [("", str(text)) for text in form.non_field_errors()]
        for field in form:
            lines += [(field.id_for_label or field.auto_id, str(text)) for text in field.errors]
    lines += list(reasons)
    return {"lines": lines}


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Render a form's fields without its error summary and without ``<form>``."""
    return SafeString(form.render("ui/forms/fields.html"))


# --- blocks -----------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def act(
    context: Context,
    content: str,
    title: str,
    url: str = "",
    key: str = "",
    submit: str = "",
    says: str = "",
    open: bool = False,
    files: bool = False,
    name: str = "",
) -> SafeString:
    """Wrap the fields of an act into a panel that opens in place, with its form and button."""
    token = context.get("csrf_token", "")
    values = {k: v for k, v in locals().items() if k not in ("context", "content")}
    return _block("act", content, **values)


@register.simple_block_tag
def said(content: str, label: str, inside: bool = False) -> SafeString:
    """Frame a public reply (steel, solid) or an internal note (``inside=True``, dashed)."""
    return _block("said", content, label=label, inside=inside)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Say why a list is empty; the content says what to do next."""
    return _block("empty", content, title=title)


@register.simple_block_tag
def saved(content: str) -> SafeString:
    """Tell that something was done."""
    return _block("saved", content)


@register.simple_block_tag(takes_context=True)
def ask(
    context: Context,
    content: str,
    title: str,
    text: str,
    yes: Item,
    no: Item,
    url: str,
    name: str = "answer",
) -> SafeString:
    """Ask for one of two answers with equal buttons; the content is further fields of the form.

    ``yes`` and ``no`` are {"value", "label", "leads"}.
    """
    token = context.get("csrf_token", "")
    values = {k: v for k, v in locals().items() if k not in ("context", "content")}
    return _block("ask", content, **values)
