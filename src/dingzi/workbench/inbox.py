"""The inbox: what a post must do, in four groups, and what its posts have handled."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from dingzi.city.viewer import Viewer
from dingzi.core import registry
from dingzi.matters import clocks, selectors
from dingzi.matters import registry as processes
from dingzi.matters.models import Matter
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .rail import Counts
from .rows import bulk_offers, row

#: Lines shown of each group before "more".
SHOWN = 20


@desk
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the four groups, and to a supervisor what ran late below."""
    viewer, now = viewer_of(request), timezone.now()
    whole = request.GET.get("whose") == "unit"
    process = process_of(request)
    mine = selectors.desk_counts(viewer, now=now)
    shown = selectors.desk_counts(viewer, whole_unit=True, now=now) if whole else mine
    counts = {
        group: sum(n[group] for name, n in shown.items() if process in ("", name))
        for group in selectors.GROUPS
    }
    groups = selectors.inbox(
        viewer, whole_unit=whole, process=process, limit=SHOWN, now=now, counts=counts
    )
    late = [] if process else selectors.supervised(viewer, limit=SHOWN)
    via = via_of(whole, process)
    matters = [m for group in groups for m in group.rows]
    context = {
        "now": now,
        "groups": [_group(group, viewer, now, via, request) for group in groups if group.count],
        "supervised": _supervised(late, viewer),
        "total": sum(counts.values()),
        "whole": whole,
        "process": process,
        "kinds": _kinds(shown, process, whole),
        "offers": bulk_offers(matters, viewer, language()),
        "keys": keys(),
    }
    return page(request, "inbox", context, current="inbox", counts=mine)


def keys() -> list[dict[str, str]]:
    return [
        {"key": "j", "label": _("下一件")},
        {"key": "k", "label": _("上一件")},
        {"key": "Enter", "label": pgettext("按键", "打开")},
        {"key": "x", "label": _("选中")},
        {"key": "/", "label": _("搜索")},
        {"key": "?", "label": _("全部按键")},
    ]


def via_of(whole: bool, process: str) -> str:
    """Name the list one comes from, for previous and next on a case page."""
    return f"{'unit' if whole else 'mine'}.{process}"


def process_of(request: HttpRequest) -> str:
    name = request.GET.get("process", "")
    return name if name in {h.name for h in processes.handles()} else ""


def _group(
    group: selectors.Group, viewer: Viewer, now: datetime, via: str, request: HttpRequest
) -> dict[str, Any]:
    rest = group.count - len(group.rows)
    query = request.GET.urlencode()
    more = reverse("workbench:inbox_more", args=[group.name])
    return {
        "key": group.name,
        "title": title_of(group.name),
        "sub": _sub(group.name, group.count, now),
        "rows": [row(m, viewer, language(), via=via) for m in group.rows],
        "more_url": (f"{more}?{query}" if query else more) if rest > 0 else "",
        "more": ngettext("再看%(n)s件", "再看%(n)s件", rest) % {"n": words.number(rest)},
    }


def title_of(group: str) -> str:
    titles = {
        "overdue": _("已逾期"),
        "today": _("今天"),
        "week": _("本周"),
        "later": _("以后"),
    }
    return titles[group]


def many(count: int) -> str:
    return ngettext("%(n)s件", "%(n)s件", count) % {"n": words.number(count)}


def _sub(group: str, count: int, now: datetime) -> str:
    """Say how many, and for today and this week which days that is."""
    said = many(count)
    _late, _end, week = selectors.bounds(now)
    if group == "today":
        return _("%(many)s，%(day)s") % {"many": said, "day": words.day(now, now)}
    if group == "week":
        last = words.day(clocks.local_day(week), now)
        return _("%(many)s，到%(day)s") % {"many": said, "day": last}
    return said


def _supervised(late: list[Matter], viewer: Viewer) -> list[dict[str, Any]]:
    if not late:
        return []
    return [
        {
            "key": "supervised",
            "title": _("督办"),
            "sub": _("下级岗位超期、报到您这里的%(many)s") % {"many": many(len(late))},
            "rows": [row(m, viewer, language()) for m in late],
        }
    ]


def _kinds(counts: Counts, process: str, whole: bool) -> list[dict[str, Any]]:
    """Return the kinds of matters that wait here, for the sentence and the chips."""
    found = [{"name": "", "label": _("全部"), "n": sum(sum(g.values()) for g in counts.values())}]
    for name, groups in sorted(counts.items(), key=lambda pair: -sum(pair[1].values())):
        mechanism = registry.of_process(name)
        title = mechanism.title if mechanism else processes.handle(name).latest.title
        found.append({"name": name, "label": str(title), "n": sum(groups.values())})
    for kind in found:
        query = {"whose": "unit"} if whole else {}
        if kind["name"]:
            query["process"] = str(kind["name"])
        kind["url"] = "?" + urlencode(query)
        kind["current"] = kind["name"] == process
    return found
