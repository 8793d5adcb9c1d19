"""An act sent from a case page: done once, or refused with everything that was typed kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi import matters
from dingzi.core import reasons
from dingzi.core.errors import NotFound, Refusal, Stale
from dingzi.matters import registry, selectors, telling
from dingzi.matters.acts import State
from dingzi.matters.clocks import LOCAL
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.models import Event
from dingzi.matters.process import Action
from dingzi.ui import words

from . import case
from .desk import desk, language, viewer_of

#: Names of the inputs that stand beside an act's own.
LATE_AT, LATE_WHY = "late-at", "late-why"


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do an act and go back to the case; a reload of the address opens its form."""
    if request.method != "POST":
        return HttpResponseRedirect(_case(request, number) + f"?do={action}")
    viewer = viewer_of(request)
    state = selectors.state_of(selectors.get(number, viewer))
    declared = registry.action(state.process, action)
    if declared is None or declared.opens:
        raise NotFound.of("no_such_action", action=action)
    form = form_for(
        declared, viewer, state.matter, request.POST, request.FILES, prefix=declared.name
    )
    key, late = key_of(request), _late(request)
    again: dict[str, Any] = {"opened": action, "bound": form, "token": key, "late": late}
    if not form.is_valid() or late["wrong"]:
        return case.show(request, state, **again, status=422)
    try:
        done = matters.act(
            number,
            action,
            form.data_of(),
            by=viewer,
            seen=_seen(request),
            key=key,
            occurred_at=late["at"],
            reason=late["why"],
        )
    except Stale as stale:
        return _stale(request, number, stale, again)
    except Refusal as refusal:
        return _refused(request, state, form, refusal, again)
    messages.success(request, _told(declared, again=done.again))
    return HttpResponseRedirect(_case(request, number))


def key_of(request: HttpRequest) -> UUID:
    """Return the key under which this form is done once; a new one where none was sent."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _late(request: HttpRequest) -> dict[str, Any]:
    """Return what was written under "earlier": the moment, the reason, the text of the moment."""
    text = request.POST.get(LATE_AT, "").strip()
    why = request.POST.get(LATE_WHY, "").strip()[:500]
    at: datetime | None = None
    wrong = ""
    if text:
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if at is None:
            wrong = reasons.say(("not_a_date", {"field": "occurred_at", "value": text[:60]}))
        elif at.tzinfo is None:
            at = at.replace(tzinfo=LOCAL)
    return {"text": text, "at": at, "why": why, "wrong": wrong}


def _case(request: HttpRequest, number: str) -> str:
    via = request.POST.get("via", "")
    url = reverse("workbench:case", args=[number])
    return f"{url}?via={via}" if via.replace(".", "").replace("_", "").isalnum() else url


def _told(action: Action, *, again: bool) -> str:
    label = str(action.label)
    if again:
        return _("“%(act)s”先前已经记下，没有重复记。") % {"act": label}
    return _("已记下：%(act)s。") % {"act": label}


def _stale(request: HttpRequest, number: str, stale: Stale, again: dict[str, Any]) -> HttpResponse:
    """Show the matter as it is now, what changed, and the form as it was typed."""
    state = selectors.state_of(selectors.get(number, viewer_of(request)))
    changes = [_change(event) for event in stale.changes]
    return case.show(request, state, **again, changes=changes, status=stale.status)


def _change(event: Event) -> dict[str, str]:
    tongue = language()
    action = registry.action(registry.process(event.process, event.version), event.action)
    who = telling.post_name(event.post_id, tongue)
    return {
        "at": words.when(event.recorded_at),
        "who": who or _("当事人或系统"),
        "what": action.label.in_language(tongue) if action else event.action,
        "id": f"e{event.id}",
    }


def _refused(
    request: HttpRequest, state: State, form: ActForm, refusal: Refusal, again: dict[str, Any]
) -> HttpResponse:
    """Put what was refused beside its fields; what blames none stands above the page."""
    above = []
    for reason in refusal.reasons:
        field = str(reason[1].get("field", "")).split(".")[0]
        if field in ("occurred_at", "reason"):
            again["late"]["wrong"] = reasons.say(reason)
        elif field not in form.fields:
            above.append(("", reasons.say(reason)))
    form.refuse(refusal)
    return case.show(request, state, **again, refusal=above, status=refusal.status)
