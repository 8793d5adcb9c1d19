"""Numbers, money, dates and deadlines as tags."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dingzi.ui import words
from dingzi.ui.tags import moment_of

register = template.Library()


@register.simple_tag(name="number")
def number_tag(value: words.Exact | None, places: int | None = None) -> str:
    return words.number(value, places)


@register.simple_tag
def percent(share: words.Exact | None, places: int = 1, sign: bool = True) -> str:
    return words.percent(share, places, sign=sign)


@register.filter
def apart(unit: str) -> str:
    """Return a unit as it stands behind a number: a Latin word apart from it, 件 and % close."""
    word = str(unit)
    return f" {word}" if word[:1].isascii() and word[:1].isalpha() else word


@register.simple_tag
def money(fen: int | None) -> str:
    return words.money(fen)


@register.simple_tag(takes_context=True)
def when(context: Context, moment: date | datetime | None) -> SafeString | str:
    if moment is None:
        return words.NONE
    at = words.local(moment)
    stamp = at.isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()
    return format_html(
        '<time datetime="{}">{}</time>', stamp, words.when(moment, moment_of(context))
    )


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date | datetime | None, week: bool = True) -> str:
    return words.NONE if moment is None else words.day(moment, moment_of(context), week=week)


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
    said = words.due(moment, now or moment_of(context), to)
    text = getattr(said, part)
    if said.overdue and part in ("short", "left"):
        return format_html('<b class="late">{}</b>', text)
    return text
