"""A reader's comment: nobody signs in; it is shown when an editor has looked at it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core import reasons, throttle
from dingzi.core.errors import Invalid, Refusal
from dingzi.ui import frames

from .. import selectors
from .reading import show

#: Comments from one place, and on the whole site: a flood must not drown the editors.
ONE_PLACE = throttle.Limit("comments", 5, 15 * 60)
WHOLE_SITE = throttle.Limit("comments of all", 300, 60 * 60)


@frames.public
@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a comment and go back to the article; what is wrong is said beside what was written."""
    found = selectors.get_public(pk)
    where = throttle.address(request)
    text = request.POST.get("text", "").strip()
    name = request.POST.get("name", "").strip()
    try:
        ONE_PLACE.check(where)
        WHOLE_SITE.check("")
        if request.POST.get("website"):  # a field that people do not see
            raise Invalid.of("comment_links", field="text")
        data = {"article": pk, "text": text, "name": name}
        matters.open_matter("comment", "say", data, by=PUBLIC, key=_key(request), door="web")
    except Refusal as refusal:
        typed = {
            "comment_text": text[:500],
            "comment_name": name[:20],
            "wrong": [("id_text", line) for line in reasons.say_all(refusal)],
        }
        return show(request, found, comment=typed, status=refusal.status)
    ONE_PLACE.count(where)
    WHOLE_SITE.count("")
    messages.success(request, _("收到了。编辑看过就放出来。"))
    return redirect(f"{selectors.url(found)}#comments")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
