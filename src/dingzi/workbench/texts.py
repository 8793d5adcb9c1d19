"""Checking a draft at the desk: its numbers beside the record, words bound by hand, an article begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi.city.viewer import Viewer
from dingzi.core import reasons, registry
from dingzi.core.errors import Invalid, Refusal
from dingzi.figures import registry as declared
from dingzi.figures import texts, today
from dingzi.figures.texts import drafts, naming
from dingzi.matters import book

from .desk import desk, page, viewer_of


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """Ask for a draft; on POST check it, and say first what words mean where that was asked."""
    viewer = viewer_of(request)
    context: dict[str, Any] = {
        "day": today().isoformat(),
        "longest": drafts.LONGEST,
        "binding": declared.public() if _may_bind(viewer) else None,
        "next": [reverse(own.from_text) for _, own in registry.with_pages() if own.from_text],
        "may_write": naming.EDITOR in viewer.roles,
    }
    if request.method != "POST":
        return page(request, "check", context, current="check")
    try:
        draft = drafts.given(request)
    except Invalid as refusal:
        context["wrong"] = [
            (f"id_{r[1].get('field', '')}", reasons.say(r)) for r in refusal.reasons
        ]
        context["typed"] = request.POST.get("text", "")[: drafts.LONGEST]
        return page(request, "check", context, current="check", status=refusal.status)
    checked = texts.check(draft.text, draft.day)
    status = 200
    if asked := request.POST.get("bind") or request.POST.get("unbind"):
        try:
            _name(request, checked, asked, viewer)
            checked = texts.check(draft.text, draft.day)
        except Refusal as refusal:
            context["wrong"] = [("", line) for line in reasons.say_all(refusal)]
            status = refusal.status
    context |= {"checked": checked, "draft": draft, "day": draft.day.isoformat()}
    answer = page(request, "check", context, current="check", status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _may_bind(viewer: Viewer) -> bool:
    return not viewer.roles.isdisjoint({book.STEWARD, naming.EDITOR})


def _name(request: HttpRequest, checked: texts.Checked, asked: str, viewer: Viewer) -> None:
    """Say what the words of one claim mean: the figure chosen beside it, or none."""
    mark = next((m for m in checked.marks if str(m.n) == asked and m.words), None)
    if mark is None:
        raise Invalid.of("words_to_name", field="words", most=naming.LONGEST)
    if request.POST.get("unbind"):
        texts.unbind(mark.words, by=viewer)
        messages.success(request, _("记住了：“%(words)s”哪个数字都不是。") % {"words": mark.words})
        return
    figure = request.POST.get(f"figure-{mark.n}", "")
    if not figure:
        raise Invalid.of("no_figure_chosen", field=f"figure-{mark.n}")
    texts.bind(mark.words, figure, by=viewer)
    told = {"words": mark.words, "title": str(declared.get(figure).title)}
    messages.success(request, _("记住了：“%(words)s”就是“%(title)s”。") % told)
