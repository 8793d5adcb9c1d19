"""Lists of a mechanism's matters: filters as a sentence, columns to choose, views to keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dingzi.city.viewer import Viewer
from dingzi.core import keyset, registry
from dingzi.core.errors import NotFound
from dingzi.core.registry import Mechanism
from dingzi.matters import registry as processes
from dingzi.matters import selectors, views_kept
from dingzi.matters.models import Matter
from dingzi.matters.process import Process
from dingzi.matters.visibility import has_role
from dingzi.ui import words

from . import columns, filters
from .desk import desk, language, page, viewer_of
from .inbox import keys
from .more import pager
from .rows import bulk_actions, bulk_offers, case_url, title_of

SIZE = 50
#: Rows are counted up to here; beyond it the page says "more than".
COUNTED = 500


def mechanism_of(name: str) -> tuple[Mechanism, Process]:
    """Return a mechanism and the newest version of its process; NotFound for an unknown name."""
    mechanism = registry.mechanism(name)
    if mechanism is None:
        raise NotFound.of("not_found")
    return mechanism, processes.handle(mechanism.process).latest


def rows_of(process: Process) -> QuerySet[Matter]:
    """Return the rows that a list reads: a child with what it belongs to, by which it is called."""
    return (
        Matter.objects.select_related("parent__parent") if process.child else Matter.objects.all()
    )


@desk
@require_safe
def matters(request: HttpRequest, mechanism: str) -> HttpResponse:
    """Show one page of what the viewer sees of a mechanism's matters."""
    viewer, tongue, now = viewer_of(request), language(), timezone.now()
    one, process = mechanism_of(mechanism)
    asked = filters.read(request.GET, process, one, viewer)
    found = selectors.listed(viewer, one.process, **asked.asked(one))
    cut = keyset.page(
        found,
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        size=SIZE,
        rows=rows_of(process),
    )
    shown = columns.chosen(request.GET)
    attrs = [(c, _attrs(c)) for c in shown]
    kept = _kept(request, shown, asked)
    pick = _("选中：%(title)s")
    context: dict[str, Any] = {
        "mechanism": one,
        "now": now,
        "choices": list(filters.choices(asked, process, one, viewer, tongue).values()),
        "asked": asked,
        "filtered": bool(asked.query()),
        "count": _count(found, cut, request),
        "columns": shown,
        "all_columns": columns.all_columns(),
        "chosen": {c.name for c in shown},
        "chosen_asked": [c.name for c in shown] if request.GET.getlist("col") else [],
        "rows": [
            {
                "number": m.number,
                "title": title_of(m),
                "pick": pick % {"title": title_of(m)},
                "url": case_url(m),
                "cells": SafeString("".join(_cell(c, a, m, tongue, now) for c, a in attrs)),
                "acts": " ".join(a.name for a in bulk_actions(m, viewer)),
            }
            for m in cut
        ],
        "offers": bulk_offers(cut.items, viewer, tongue),
        "views": [
            {"id": v.id, "name": v.name, "url": f"?{v.query}", "current": v.query == kept}
            for v in views_kept.of(viewer, one.process)
        ],
        "kept": kept,
        "new_url": _new_url(one, process, viewer),
        "new_label": "" if one.filing else _opening_label(one, process),
        "keys": keys(),
        **pager(request, cut),
    }
    return page(request, "list", context, current=f"list:{one.name}")


def _new_url(one: Mechanism, process: Process, viewer: Viewer) -> str:
    """Return where the viewer opens one, "" where he may not; the counter's door is shown to all."""
    action = processes.action(process, registry.desk_action(one))
    if action is None or not (one.filing or has_role(viewer, action, True)):
        return ""
    if one.pages and one.pages.new_url:
        return reverse(one.pages.new_url)
    return reverse("workbench:new", args=[one.name])


def _opening_label(one: Mechanism, process: Process) -> str:
    action = processes.action(process, registry.desk_action(one))
    return str(action.label) if action else ""


def _attrs(column: columns.Column) -> tuple[str, str]:
    """Return the attributes of a column's cells, full and empty: on a phone a full one has its
    label beside it, an empty one is left out."""
    line = "nowrap" if column.name in columns.ONE_LINE else ""
    full = format_html(' data-label="{}" class="{}"', column.label, line)
    return full, SafeString(' class="desk-only"')


def _cell(
    column: columns.Column, attrs: tuple[str, str], matter: Matter, tongue: str, now: datetime
) -> str:
    """Return one cell's HTML: a page has hundreds, and a template takes three times as long."""
    text, note = column.cell(matter, tongue)
    said = escape(text)
    if column.name == "due" and matter.active and matter.due_at and matter.due_at < now:
        said = SafeString(f'<b class="late">{said}</b>')
    below = f"<small>{escape(note)}</small>" if note else ""
    return f"<td{attrs[0] if text else attrs[1]}><div>{said or '–'}{below}</div></td>"


def _kept(request: HttpRequest, shown: list[columns.Column], asked: filters.Filters) -> str:
    """Return filters and columns as an address keeps them, in one order."""
    pairs = list(asked.query().items())
    if request.GET.getlist("col"):
        pairs += [("col", c.name) for c in shown]
    return urlencode(pairs)


def _count(found: Any, cut: keyset.Page[Any], request: HttpRequest) -> str:
    """Say how many there are; a short first page needs no counting."""
    if not request.GET.get("after") and not request.GET.get("before") and cut.next is None:
        number, more = len(cut.items), False
    else:
        number, more = keyset.capped_count(found, COUNTED)
    if more:
        return _("%(n)s件以上") % {"n": words.number(number)}
    return ngettext("%(n)s件", "%(n)s件", number) % {"n": words.number(number)}


@desk
@require_POST
def keep_view(request: HttpRequest, mechanism: str) -> HttpResponse:
    """Keep the filters and columns of a list under a name, or forget one that was kept."""
    viewer = viewer_of(request)
    one, process = mechanism_of(mechanism)
    url = reverse("workbench:list", args=[one.name])
    given = request.POST
    if forget := given.get("forget"):
        if forget.isascii() and forget.isdigit() and len(forget) < 19:
            views_kept.forget(viewer, int(forget))
        messages.success(request, _("去掉了。"))
        return redirect(url)
    wanted = QueryDict(given.get("query", "")[:1000])
    asked = filters.read(wanted, process, one, viewer)
    pairs = list(asked.query().items())
    if wanted.getlist("col"):
        pairs += [("col", c.name) for c in columns.chosen(wanted)]
    name = given.get("name", "").strip() or filters.told(asked, process, one, viewer, language())
    if not pairs:
        messages.warning(request, _("先选好要看哪些，再存。"))
        return redirect(url)
    views_kept.keep(viewer, one.process, name, urlencode(pairs))
    messages.success(request, _("存好了，下次从“常用”里打开。"))
    return redirect(f"{url}?{urlencode(pairs)}")
