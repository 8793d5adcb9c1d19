"""What a matter is shown with: reasons of a date, timeline, papers, slip, inbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dingzi.ui import days, words
from dingzi.ui.tags import Item, moment_of

register = template.Library()


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
    now = moment_of(context)
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
    return {"items": items, "now": moment_of(context)}


@register.inclusion_tag("ui/parts/papers.html")
def papers(items: Sequence[Item]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/parts/seal.html")
def seal(text: str, links: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Draw the seal of what is proven; pressed, it says how. Only for what stands in the log."""
    return {"text": text, "links": links}


@register.simple_tag
def registered(at: datetime) -> str:
    """Say when a matter was registered, with its year: a slip outlives it."""
    day = words.day(at, date.min)  # no date of ours lies in that year, so the year is written
    return _("%(day)s%(time)s登记") % {"day": day, "time": f"{words.local(at):%H:%M}"}


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
    now = moment_of(context)
    shown = []
    told: dict[Any, words.Due] = {}  # many rows are due at one moment
    for group in groups:
        rows = []
        for row in group["rows"]:
            due = row.get("due")
            if due and due not in told:
                told[due] = words.due(due, now)
            rows.append({"said": told[due] if due else None, **row})
        shown.append({**group, "rows": rows})
    return {"groups": shown, "select": select}


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Sequence[Item], lined: bool = False) -> dict[str, Any]:
    """List facts; a row is {"term", "text"} and may have "note", "url"."""
    return {"rows": rows, "lined": lined}
