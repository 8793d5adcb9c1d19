"""Search by number, title, place, people and text, under the viewer's rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dingzi.core.search import marks
from dingzi.matters import finding, selectors

from .desk import desk, language, page, viewer_of
from .more import state_row
from .rows import case_url, title_of


def _where(text: str, query: str) -> list[tuple[str, bool]]:
    """Return the part of a text in which the query stands, nothing where it does not."""
    parts = marks.snippet(text, query) if text else []
    return parts if any(hit for _part, hit in parts) else []


@desk
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what is found; a whole number goes straight to its case."""
    viewer, query = viewer_of(request), request.GET.get("q", "").strip()[:200]
    if exact := finding.by_number(query, viewer):
        return redirect(case_url(exact))
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    hits = finding.find(query, viewer, start)
    stories = selectors.stories(hits.matters)
    rows = [
        state_row(m, language())
        | {
            "marked": marks.snippet(title_of(m), query),
            "told": _where(stories.get(m.id, ""), query),
        }
        for m in hits.matters
    ]
    context: dict[str, Any] = {
        "q": query,
        "now": timezone.now(),
        "rows": rows,
        "after": hits.before,
        "searchable": hits.searchable or not query,
    }
    return page(request, "search", context, current="search")
