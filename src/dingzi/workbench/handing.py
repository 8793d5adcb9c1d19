"""Hand-over: everything on a post, signed for item by item by who leaves, who comes, and above."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.matters import handover as logic
from dingzi.matters import selectors, signing, telling
from dingzi.matters.models import HandOver
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .inbox import keys
from .rows import case_url, place_of, title_of


@desk
@require_http_methods(["GET", "HEAD"])
def handovers(request: HttpRequest) -> HttpResponse:
    """List the hand-overs that wait for the viewer, and those below him."""
    viewer = viewer_of(request)
    found = logic.of_viewer(viewer)
    rows = [_listed(one, viewer) for one in found]
    if len(rows) == 1 and rows[0]["mine"]:
        return redirect("workbench:handover", found[0].id)
    context = {
        "rows": rows,
        "now": timezone.now(),
        "can_prepare": viewer.post is not None and not any(row["mine"] for row in rows),
    }
    return page(request, "handovers", context, current="handovers")


def _listed(one: HandOver, viewer: Viewer) -> dict[str, Any]:
    items, side = logic.items(one, viewer), signing.side_of(one, viewer)
    return {
        "handover": one,
        "post": telling.post_name(one.post_id, language()),
        "signed": sum(i.complete for i in items),
        "total": len(items),
        "mine": one.post_id in viewer.posts,
        "waits": sum(i.waits_for(side) for i in items),
    }


@desk
@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """List one's own post ahead, to sign for handing it over while one still sits on it."""
    viewer = viewer_of(request)
    one = logic.prepare(viewer.post or 0, viewer)
    messages.success(request, _("单子列好了，请一件一件签交。"))
    return redirect("workbench:handover", one.id)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, handover: int) -> HttpResponse:
    """Show one hand-over with its progress; on POST sign for what was ticked."""
    viewer = viewer_of(request)
    one = logic.get(handover, viewer)
    side = signing.side_of(one, viewer)
    refused: list[str] = []
    remark = request.POST.get("remark", "").strip()[:500]
    if request.method == "POST" and side:
        numbers = list(dict.fromkeys(request.POST.getlist("pick")))
        report = logic.sign(one.id, numbers, viewer, side, remark)
        refused = list(dict.fromkeys(" ".join(reasons.say_all(w)) for _i, w in report.refused))
        if report.done:
            said = ngettext("签了%(n)s件。", "签了%(n)s件。", len(report.done))
            messages.success(request, said % {"n": words.number(len(report.done))})
        elif not refused:
            messages.warning(request, _("请先勾上要签的。"))
        if not refused:
            return redirect("workbench:handover", one.id)
    context = _context(one, viewer, side) | {
        "refused": [("", text) for text in refused],
        "remark": remark if refused else "",
    }
    return page(request, "handover", context, current="handovers", status=409 if refused else 200)


def _context(one: HandOver, viewer: Viewer, side: str) -> dict[str, Any]:
    tongue, items = language(), logic.items(one, viewer)
    needed = {name for i in items for name in (*i.needs, *i.signs)}
    sides = [s for s in (signing.GIVES, signing.TAKES, signing.WITNESS) if s in needed]
    labels = {"gives": _("交"), "takes": _("接"), "witness": _("监交")}
    buttons = {"gives": _("签交勾上的"), "takes": _("签收勾上的"), "witness": _("监交勾上的")}
    waits = sum(i.waits_for(side) for i in items)
    return {
        "now": timezone.now(),
        "handover": one,
        "whose": telling.post_name(one.post_id, tongue),
        "items": [_item(i, side, sides, tongue) for i in items],
        "sides": [labels[s] for s in sides],
        "signed": sum(i.complete for i in items),
        "total": len(items),
        "mine": one.post_id in viewer.posts,
        "side": side if waits else "",
        "button": buttons.get(side, ""),
        "next": _next(one, items, viewer, side, waits),
        "keys": keys(),
    }


def _item(item: logic.Item, side: str, sides: list[str], tongue: str) -> dict[str, Any]:
    matter = item.matter
    return {
        "number": matter.number,
        "title": title_of(matter),
        "url": case_url(matter),
        "place": place_of(matter, tongue),
        "ask": selectors.asks(matter, tongue),
        "due": matter.due_at,
        "signs": [{"at": item.signs.get(s), "needed": s in item.needs} for s in sides],
        "can": item.waits_for(side),
    }


def _next(one: HandOver, items: list[logic.Item], viewer: Viewer, side: str, waits: int) -> str:
    """Say in one sentence what comes next, and whose it is."""
    if one.closed_at is not None:
        lacking = sum(not i.complete for i in items)
        said = _("这次交接已经结束。")
        return said + (_("有%(n)s件签字不全。") % {"n": lacking} if lacking else "")
    if waits:
        return {
            "gives": _("请您在离任以前一件一件签交，写上办到哪里、答应过什么。"),
            "takes": _("签收就是您看过、接过来了；到期没签的，交给上级岗位。期限照常走。"),
            "witness": _("请您监交：交的、接的都签了，您再签。离任的人没有签的，写明情况。"),
        }[side]
    if side == signing.GIVES:
        return _("您签完了。接任的人到任以后签收，再由上级岗位监交。")
    if side == signing.TAKES:
        return _("您签完了，等上级岗位监交。")
    return _("到期没签收的，会到您手上。")
