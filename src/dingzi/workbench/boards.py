"""A mechanism's board: the viewer's own numbers, and what of it waits for him."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dingzi.city.viewer import Viewer
from dingzi.core.errors import NotFound
from dingzi.core.registry import Section
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .inbox import keys, many
from .rail import boards_of
from .rows import row

#: Lines shown of each section; what is beyond them is in the mechanism's list.
SHOWN = 20


@desk
@require_safe
def board(request: HttpRequest, mechanism: str) -> HttpResponse:
    """Show one board; a section costs two statements, its count and its rows."""
    viewer, tongue = viewer_of(request), language()
    found = dict(boards_of(viewer)).get(mechanism)
    if found is None:
        raise NotFound.of("not_found")
    sections = [_section(one, viewer, tongue) for one in found.sections]
    context = {
        "heading": str(found.title),
        "about": str(found.about),
        "counts": [
            {"term": str(label), "text": words.number(n)}
            for label, n in (found.counts(viewer) if found.counts else ())
            if n
        ],
        "groups": [one for one in sections if one["rows"]],
        "nothing": [one for one in sections if not one["rows"]],
        "mechanism": mechanism,
        "now": timezone.now(),
        "keys": keys(),
    }
    return page(request, "board", context, current=f"board:{mechanism}")


def _section(one: Section, viewer: Viewer, tongue: str) -> dict[str, Any]:
    found = one.rows(viewer)
    rows = list(found[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    more = count - SHOWN
    return {
        "key": "board",
        "title": str(one.title),
        "sub": many(count),
        "rows": [
            row(m, viewer, tongue) | ({"ask": str(one.note(m))} if one.note else {})
            for m in rows[:SHOWN]
        ],
        "more": ngettext("还有%(n)s件，在列表里", "还有%(n)s件，在列表里", more)
        % {"n": words.number(more)}
        if more > 0
        else "",
    }
