"""Hand-over: everything on a post, signed for item by item by who comes after."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dingzi.core import reasons
from dingzi.matters import handover as logic
from dingzi.matters import selectors, telling
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .inbox import keys
from .rows import case_url, place_of, title_of


@desk
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """List the hand-overs that wait for the viewer, and those below him."""
    viewer = viewer_of(request)
    rows = []
    for one in logic.of_viewer(viewer):
        items = logic.items(one)
        rows.append(
            {
                "handover": one,
                "post": telling.post_name(one.post_id, language()),
                "signed": sum(i.signed_at is not None for i in items),
                "total": len(items),
                "mine": one.post_id in viewer.posts,
            }
        )
    if len(rows) == 1 and rows[0]["mine"]:
        return redirect("workbench:handover", logic.of_viewer(viewer)[0].id)
    return page(request, "handovers", {"rows": rows, "now": timezone.now()}, current="handovers")


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, handover: int) -> HttpResponse:
    """Show one hand-over with its progress; on POST sign for what was ticked."""
    viewer, tongue = viewer_of(request), language()
    one = logic.get(handover, viewer)
    mine = one.post_id in viewer.posts
    refused: list[str] = []
    if request.method == "POST" and mine:
        numbers = list(dict.fromkeys(request.POST.getlist("pick")))
        report = logic.sign(one.id, numbers, viewer)
        refused = [" ".join(reasons.say_all(why)) for _i, why in report.refused]
        if report.done:
            said = ngettext("签收了%(n)s件。", "签收了%(n)s件。", len(report.done))
            messages.success(request, said % {"n": words.number(len(report.done))})
        elif not refused:
            messages.warning(request, _("请先勾上要签收的。"))
        if not refused:
            return redirect("workbench:handover", one.id)
    items = logic.items(one)
    signed = sum(i.signed_at is not None for i in items)
    context = {
        "now": timezone.now(),
        "handover": one,
        "post": telling.post_name(one.post_id, tongue),
        "items": [
            {
                "number": i.matter.number,
                "title": title_of(i.matter),
                "url": case_url(i.matter),
                "place": place_of(i.matter, tongue),
                "ask": selectors.asks(i.matter, tongue),
                "due": i.matter.due_at,
                "signed_at": i.signed_at,
            }
            for i in items
        ],
        "signed": signed,
        "total": len(items),
        "mine": mine,
        "refused": [("", text) for text in refused],
        "closed": one.closed_at,
        "keys": keys(),
    }
    return page(request, "handover", context, current="handovers", status=409 if refused else 200)
