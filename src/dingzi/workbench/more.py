"""One group of the inbox to its end, and what the viewer's posts have handled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.core import keyset
from dingzi.core.errors import NotFound
from dingzi.matters import selectors
from dingzi.matters.models import Matter
from dingzi.matters.visibility import sees

from .desk import desk, language, page, viewer_of
from .inbox import keys, process_of, title_of, via_of
from .rows import bulk_offers, case_url, place_of, row
from .rows import title_of as matter_title

SIZE = 50
#: Stands for "no deadline" where rows are ordered by one.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@desk
@require_safe
def inbox_more(request: HttpRequest, group: str) -> HttpResponse:
    """Page through one group of the inbox."""
    if group not in selectors.GROUPS:
        raise NotFound.of("not_found")
    viewer, now = viewer_of(request), timezone.now()
    whole, process = request.GET.get("whose") == "unit", process_of(request)
    found = selectors.on_desk(viewer, whole_unit=whole).filter(selectors.group_q(group, now))
    if process:
        found = found.filter(process=process)
    order = ("due_at", "id")
    if group == "later":
        found = found.annotate(due_key=Coalesce("due_at", Value(NEVER)))
        order = ("due_key", "id")
    cut = keyset.page(
        found.select_related("parent__parent"),
        order=order,
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        size=SIZE,
    )
    via = via_of(whole, process)
    shown = {
        "key": group,
        "title": title_of(group),
        "sub": "",
        "rows": [row(m, viewer, language(), via=via) for m in cut],
    }
    context = {
        "heading": _("收件箱：%(group)s") % {"group": title_of(group)},
        "now": now,
        "groups": [shown] if cut.items else [],
        "offers": bulk_offers(cut.items, viewer, language()),
        "keys": keys(),
        **pager(request, cut),
    }
    return page(request, "more", context, current="inbox")


def pager(request: HttpRequest, cut: keyset.Page[Any]) -> dict[str, str]:
    """Return the addresses of the pages before and after, "" at the ends."""

    def url(name: str, cursor: str | None) -> str:
        if cursor is None:
            return ""
        query = request.GET.copy()
        for old in ("after", "before"):
            query.pop(old, None)
        query[name] = cursor
        return f"?{query.urlencode()}"

    return {"older": url("after", cut.next), "newer": url("before", cut.previous)}


@desk
@require_safe
def handled(request: HttpRequest) -> HttpResponse:
    """List the matters in which the viewer's posts did something, the newest first."""
    viewer = viewer_of(request)
    cut = keyset.page(
        selectors.handled(viewer),
        order=("-id",),
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        size=SIZE,
        rows=Matter.objects.select_related("parent__parent"),
    )
    context = {
        "now": timezone.now(),
        "rows": [state_row(m, language()) for m in cut if sees(viewer, m)],
        **pager(request, cut),
    }
    return page(request, "handled", context, current="handled")


def state_row(matter: Any, tongue: str) -> dict[str, Any]:
    """Return a matter with where it stands now, whoever has it."""
    process = selectors.process_of(matter)
    unit, post = selectors.holder_name(matter, tongue)
    return row_base(matter, tongue) | {
        "state": process.states[matter.state].label.in_language(tongue),
        "unit": unit,
        "post": post,
        "due": matter.due_at if matter.active and matter.closed_at is None else None,
        "opened": matter.opened_at,
    }


def row_base(matter: Any, tongue: str) -> dict[str, Any]:
    return {
        "number": matter.number,
        "title": matter_title(matter),
        "url": case_url(matter),
        "place": place_of(matter.parent or matter, tongue),
    }
