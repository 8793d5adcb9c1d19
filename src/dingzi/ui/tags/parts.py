"""Small parts: icon, brand, headings, doors, navigation, progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dingzi.ui import charts, sprite, words
from dingzi.ui.tags import Item

register = template.Library()


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

    def kind(at: int) -> str:
        if total < at:
            return "over"
        return "here" if at == passed else "gone" if at < passed else ""

    kinds = [kind(at) for at in range(1, shown + 1)]
    return {"kinds": kinds, "passed": passed, "total": total}


@register.inclusion_tag("ui/parts/process_line.html")
def process_line(states: Sequence[str], current: int) -> dict[str, Any]:
    """Draw the states of a process; ``current`` is the 0-based index of the one it is in."""
    shown = [
        {"label": label, "kind": "done" if i < current else "now" if i == current else "todo"}
        for i, label in enumerate(states)
    ]
    return {"states": shown}
