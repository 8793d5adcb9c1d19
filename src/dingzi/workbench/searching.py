"""Search by number, title, place, people and text, under the viewer's rights."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import search
from dingzi.core.errors import NotFound
from dingzi.core.search import marks
from dingzi.matters import selectors
from dingzi.matters.models import Matter

from .desk import desk, language, page, viewer_of
from .more import state_row
from .rows import case_url

SHOWN = 30
#: Hits looked through in one go, and how often, where most are another unit's.
BATCH, ROUNDS = 200, 5
_FULL_WIDTH = str.maketrans({"(": "〔", ")": "〕", "[": "〔", "]": "〕", "（": "〔", "）": "〕"})


@desk
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what is found; a whole number goes straight to its case."""
    viewer, query = viewer_of(request), request.GET.get("q", "").strip()[:200]
    if exact := _by_number(query, viewer):
        return redirect(case_url(exact))
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found, after, searchable = _found(query, viewer, start)
    rows = [
        state_row(m, language())
        | {"marked": marks.snippet(m.title or "", query), "spot": marks.snippet(m.spot, query)}
        for m in found
    ]
    context: dict[str, Any] = {
        "q": query,
        "now": timezone.now(),
        "rows": rows,
        "after": after,
        "searchable": searchable or not query,
    }
    return page(request, "search", context, current="search")


def _by_number(query: str, viewer: Viewer) -> Matter | None:
    """Return the matter whose number this is, however its brackets were typed."""
    number = query.translate(_FULL_WIDTH).replace(" ", "")
    if "〔" not in number:
        return None
    for given in (number, f"{number}号"):
        try:
            return selectors.get(given, viewer)
        except NotFound:
            continue
    return None


def tokens(viewer: Viewer) -> set[str]:
    """Return the scopes of the index in which the viewer's matters lie.

    Who sees no place as such is looked for around his unit; ``selectors.found`` then leaves out
    what is not his.
    """
    code = viewer.scope
    if not code:
        unit = directory.unit(viewer.unit)
        code = unit.division[:6] if unit else ""
    if not code:
        return set()
    if len(code) <= 4:
        return {"a:all"}
    return {f"c:{code}"} if len(code) == 6 else {f"t:{code[:9]}"}


def _found(query: str, viewer: Viewer, before: int | None) -> tuple[list[Matter], int | None, bool]:
    """Return a page of hits, the id after which the next begins, and whether one can search so."""
    shown: list[Matter] = []
    for _round in range(ROUNDS):
        hits = search.match(query, tokens(viewer), before=before, limit=BATCH)
        if not hits.searchable:
            return [], None, False
        for matter in selectors.found(hits.ids, viewer):
            if len(shown) == SHOWN:
                return shown, shown[-1].id, True
            shown.append(matter)
        if not hits.more:
            return shown, None, True
        before = hits.ids[-1]
    return shown, before, True
