"""Checking a text: pasted or sent as a file, compared with the public figures, kept by nobody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dingzi.core import reasons, throttle
from dingzi.core.errors import Invalid
from dingzi.figures import texts, today
from dingzi.figures.texts import drafts

from .pages import open_to_all, page

#: Texts checked from one place.
CHECKED = throttle.Limit("texts", 40, 600)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """Ask for a text and say of each of its numbers whether the record has it so."""
    context: dict[str, Any] = {"day": today().isoformat(), "longest": drafts.LONGEST}
    if request.method != "POST":
        return page(request, "check/text", context, current="check")
    where = throttle.address(request)
    CHECKED.check(where)
    CHECKED.count(where)
    status = 200
    try:
        draft = drafts.given(request)
        context |= {"checked": texts.check(draft.text, draft.day), "day": draft.day.isoformat()}
    except Invalid as refusal:
        context["wrong"] = [
            (f"id_{r[1].get('field', '')}", reasons.say(r)) for r in refusal.reasons
        ]
        context["typed"] = request.POST.get("text", "")[: drafts.LONGEST]
        status = refusal.status
    return page(request, "check/text", context, current="check", status=status, private=True)
