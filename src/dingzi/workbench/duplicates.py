"""Matters that may be one thing, in groups: looked at by a person, merged by acts."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi import matters
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import Forbidden, Refusal
from dingzi.core.search.tokens import normalise
from dingzi.matters import alike, registry, selectors
from dingzi.matters.models import Matter
from dingzi.matters.visibility import may

from .acting import key_of
from .desk import desk, language, page, viewer_of
from .rows import case_url, holder_of, place_of, title_of

#: Groups on a page, and lines of one that are shown.
SIZE, LINES = 10, 100


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Show the groups of one mechanism; on POST compare anew, or merge what was picked."""
    viewer = viewer_of(request)
    offered = alike.merging(viewer)
    if not offered:
        raise Forbidden.of("duplicates_not_your_role")
    name = (request.POST if request.method == "POST" else request.GET).get("of", "")
    one = next((m for m in offered if m.mechanism.name == name), offered[0])
    if request.method == "POST" and "into" in request.POST:
        return _merge(request, one)
    if request.method == "POST":
        alike.renew(viewer, one.mechanism.process)
        return redirect(f"{reverse('workbench:duplicates')}?of={one.mechanism.name}")
    found = alike.found(viewer, one.mechanism.process)
    first = _first(request)
    groups, total = alike.shown(found, viewer, first, SIZE)
    context = {
        "mechanism": one.mechanism,
        "kinds": [
            {
                "label": str(m.mechanism.title),
                "url": f"?of={m.mechanism.name}",
                "current": m.mechanism.name == one.mechanism.name,
            }
            for m in offered
        ],
        "found": found,
        "groups": [_group(n, g, one, viewer) for n, g in enumerate(groups, first + 1)],
        "total": total,
        "act": one.action.label.in_language(language()),
        "token": key_of(request),
        "newer": _page_url(one, first - SIZE) if first else "",
        "older": _page_url(one, first + SIZE) if first + SIZE < total else "",
    }
    return page(request, "duplicates", context, current="duplicates")


def _first(request: HttpRequest) -> int:
    given = request.GET.get("from", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def _page_url(one: alike.Merging, first: int) -> str:
    return f"?of={one.mechanism.name}&from={max(0, first)}"


def _group(number: int, found: alike.Alike, one: alike.Merging, viewer: Viewer) -> dict[str, Any]:
    first, *others = found.matters
    phones = _phones(found.matters)
    rows = [_row(first, found.words, viewer, phones)]
    for matter in others[: LINES - 1]:
        row = _row(matter, found.words, viewer, phones)
        process = selectors.process_of(matter)
        action = registry.action(process, one.action.name)
        row["can"] = bool(
            action and process.allows(action, matter.state) and may(viewer, action, matter)
        )
        rows.append(row)
    return {
        "number": number,
        "size": len(found.matters),
        "words": found.words,
        "into": first.number,
        "rows": rows,
        "more": max(0, len(found.matters) - LINES),
        "can": sum(row["can"] for row in rows),
    }


def _row(matter: Matter, words: list[str], viewer: Viewer, phones: set[str]) -> dict[str, Any]:
    tongue = language()
    holder, note = holder_of(matter, viewer, tongue)
    return {
        "number": matter.number,
        "url": case_url(matter),
        "title": marked(title_of(matter), words),
        "at": matter.opened_at,
        "place": place_of(matter, tongue),
        "state": selectors.process_of(matter).states[matter.state].label.in_language(tongue),
        "holder": f"{holder} {note}".strip(),
        "phone": bool({p.get("phone") for p in matter.people} & phones),
        "can": False,
    }


def _phones(found: list[Matter]) -> set[str]:
    """Return the telephones that stand in more than one of the matters."""
    seen: set[str] = set()
    again: set[str] = set()
    for matter in found:
        own = {str(p["phone"]) for p in matter.people if p.get("phone")}
        again |= own & seen
        seen |= own
    return again


def marked(title: str, words: list[str]) -> list[tuple[str, bool]]:
    """Cut a title into (part, is shared); templates escape and mark the parts."""
    if not words:
        return [(title, False)]
    even = normalise(title)
    if len(even) != len(title):
        return [(title, False)]
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts, place = [], 0
    for hit in re.finditer(pattern, even):
        if hit.start() > place:
            parts.append((title[place : hit.start()], False))
        parts.append((title[hit.start() : hit.end()], True))
        place = hit.end()
    if place < len(title):
        parts.append((title[place:], False))
    return parts


def _merge(request: HttpRequest, one: alike.Merging) -> HttpResponse:
    """Merge each picked matter into the one that stays, each by an act of its own."""
    viewer, token = viewer_of(request), key_of(request)
    into = selectors.get(request.POST.get("into", ""), viewer)
    numbers = list(dict.fromkeys(request.POST.getlist("pick")))[:LINES]
    picked = {m.number: m for m in selectors.by_numbers(numbers, viewer)}
    rows = []
    for number in numbers:
        if number not in picked:
            continue
        told = ""
        try:
            matters.act(
                number, one.action.name, {one.field: into.number}, by=viewer,
                key=uuid5(token, number),
            )  # fmt: skip
        except Refusal as refusal:  # also of one that he no longer sees: what is done stays told
            told = " ".join(reasons.say_all(refusal))
        matter = picked[number]
        rows.append(
            {"number": number, "title": title_of(matter), "url": case_url(matter), "told": told}
        )
    context = {
        "mechanism": one.mechanism,
        "into": {"number": into.number, "title": title_of(into), "url": case_url(into)},
        "rows": rows,
        "done": sum(not row["told"] for row in rows),
        "back": f"{reverse('workbench:duplicates')}?of={one.mechanism.name}",
        "nothing": _("没有选要并过去的。"),
    }
    status = 200 if rows else 422
    return page(request, "duplicates_merged", context, current="duplicates", status=status)
