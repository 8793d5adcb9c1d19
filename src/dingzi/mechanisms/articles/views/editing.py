"""At the desk: write, rewrite, correct; look at an article that is not public, numbers and all."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dingzi import matters
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Forbidden, Refusal, WrongState
from dingzi.figures import Period, today
from dingzi.figures import registry as declared
from dingzi.figures.texts import drafts, living
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.models import Matter
from dingzi.matters.process import Action
from dingzi.matters.visibility import has_role, may
from dingzi.ui import frames

from .. import selectors
from ..process import article
from ..services import pictures
from .reading import body, webp

PREFIX = "page"


@frames.desk
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Ask for a new article; on POST keep it as a draft."""
    viewer = _viewer(request)
    action = _opening(viewer)
    if request.method != "POST":
        start = {"category": "results", "byline": "unit"}
        return _form(request, action, form_for(action, viewer, prefix=PREFIX, initial=start))
    form = form_for(action, viewer, None, request.POST, prefix=PREFIX)
    if form.is_valid():
        try:
            sent = pictures.take(request.FILES.getlist("pictures"))
            done = matters.open_matter(
                "article", action.name, form.data_of(), by=viewer, key=_key(request)
            )
            _add(done.number, sent, viewer, _key(request))
        except Refusal as refusal:
            form.refuse(refusal)
            return _form(request, action, form, status=refusal.status)
        messages.success(request, _("存成草稿了。"))
        return redirect("articles_desk:preview", done.number)
    return _form(request, action, form, status=422)


@frames.desk
@require_POST
def from_text(request: HttpRequest) -> HttpResponse:
    """Begin an article with a text that was checked; ``live`` sets its verified numbers as figures."""
    viewer = _viewer(request)
    action = _opening(viewer)
    draft = drafts.given(request)
    text = living.markup(draft.text, draft.day, live=bool(request.POST.get("live")))
    first = draft.text.strip().partition("\n")[0].strip()
    rest = text.partition("\n")[2].strip("\n")
    start = {"category": "results", "byline": "unit", "text": text}
    if len(first) <= 30 and rest:  # a headline is words, without markup or live figures
        start |= {"headline": first, "text": rest}
    return _form(request, action, form_for(action, viewer, prefix=PREFIX, initial=start))


@frames.desk
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Rewrite a draft, or correct what is public."""
    viewer = _viewer(request)
    matter, found = selectors.get(number, viewer)
    action = _changing(matter, viewer)
    if request.method != "POST":
        start = {
            "headline": found.headline, "summary": found.summary, "text": found.text,
            "category": found.category, "tags": "，".join(found.tags), "byline": found.byline,
        }  # fmt: skip
        form = form_for(action, viewer, matter, prefix=PREFIX, initial=start)
        return _form(request, action, form, matter=matter)
    form = form_for(action, viewer, matter, request.POST, prefix=PREFIX)
    if not form.is_valid():
        return _form(request, action, form, matter=matter, status=422)
    seen = request.POST.get("seen", "")
    try:
        sent = pictures.take(request.FILES.getlist("pictures"))
        matters.act(
            number, action.name, form.data_of(), by=viewer, key=_key(request),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
        )  # fmt: skip
        _add(number, sent, viewer, _key(request))
    except Refusal as refusal:
        form.refuse(refusal)
        return _form(request, action, form, matter=matter, status=refusal.status)
    messages.success(
        request, _("更正了，公开写在文章下面。") if action.name == "amend" else _("改好了。")
    )
    return redirect("articles_desk:preview", number)


@frames.desk
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Show an article to who may see its matter, with what its numbers are beside the record."""
    matter, found = selectors.get(number, _viewer(request))
    pictures_at = reverse("articles_desk:picture", args=[number, 0])
    context = body(found, pictures_at) | {
        "matter": matter,
        "case_url": frames.matter_url(matter.number),
        "edit_url": _edit_url(matter, _viewer(request)),
        "public_url": selectors.url(found) if found.live else "",
    }
    answer = frames.page(
        request, frames.DESK, "articles/preview.html", context, current="list:articles"
    )  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@frames.desk
@require_safe
def picture(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """Give a picture of an article to who may see its matter, shown in the text or not yet."""
    _matter, found = selectors.get(number, _viewer(request))
    return webp(pictures.content(found.pk, place), "private, max-age=300")


def _add(number: str, sent: list[dict[str, Any]], viewer: Viewer, key: UUID) -> None:
    """Add uploaded pictures to the papers of an article, once however often the form is sent."""
    if sent:
        own = uuid5(key, "pictures")
        matters.act(number, "add_paper", {"papers": sent}, by=viewer, key=own)


def _form(
    request: HttpRequest,
    action: Action,
    form: ActForm,
    *,
    matter: Matter | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "label": str(action.label),
        "help": str(action.help) if action.help else "",
        "matter": matter,
        "key": uuid4(),
        "groups": declared.public(),
        "period": _period(today()),
        "pictures": pictures.of(matter.pk) if matter else {},
        "types": ",".join(pictures.TYPES),
        "action_url": reverse("articles_desk:edit", args=[matter.number])
        if matter
        else reverse("articles_desk:write"),
    }
    return frames.page(
        request, frames.DESK, "articles/write.html", context, current="list:articles", status=status
    )


def _period(now: date) -> str:

    return Period.whole_months(now).code


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]


def _opening(viewer: Viewer) -> Action:
    action = article.latest.actions["write"]
    if viewer.post is None or not has_role(viewer, action, True):
        raise Forbidden.of("not_your_role", action=action.label)
    return action


def _changing(matter: Matter, viewer: Viewer) -> Action:
    """Return the act by which the viewer changes the page in its state."""
    process = article.versions[matter.version]
    for name in ("rewrite", "amend"):
        action = process.actions[name]
        if process.allows(action, matter.state):
            if not has_role(viewer, action, False):
                raise Forbidden.of("not_your_role", action=action.label)
            if not may(viewer, action, matter):
                raise Forbidden.of("not_in_your_hands", action=action.label)
            return action
    label = process.actions["amend"].label
    raise WrongState.of("wrong_state", action=label, state=process.states[matter.state].label)


def _edit_url(matter: Matter, viewer: Viewer) -> str:
    try:
        _changing(matter, viewer)
    except Refusal:
        return ""
    return reverse("articles_desk:edit", args=[matter.number])


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
