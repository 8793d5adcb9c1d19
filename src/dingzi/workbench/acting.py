"""An act sent from a case page: done once, or refused with everything that was typed kept."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
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
from dingzi.matters.models import Event
from dingzi.matters.process import Action
from dingzi.ui import words

from . import case, fields, given, keeping
from .desk import desk, language, viewer_of
from .offers import Sent

#: Names of the inputs that stand beside an act's own.
LATE_AT, LATE_WHY = "late-at", "late-why"


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do an act and go back to the case; a reload of the address opens its form."""
    if request.method != "POST":
        return HttpResponseRedirect(_case(request, number, do=action))
    viewer = viewer_of(request)
    state = selectors.state_of(selectors.get(number, viewer))
    declared = registry.action(state.process, action)
    if declared is None or declared.opens:
        raise NotFound.of("no_such_action", action=action)
    form, earlier = keeping.bound(request, declared, state.matter, declared.name)
    sent, at = sent_of(request, action)
    sent.form = form
    fields.fit(form, viewer, state.matter)
    good = form.is_valid() and not sent.late_wrong
    sent.kept = keeping.kept(request, form, earlier)
    if not good:
        return case.show(request, state, sent=sent, status=422)
    then = case.after(number, viewer, request.POST.get("via", ""))
    try:
        done = matters.act(
            number,
            action,
            keeping.data_of(form, earlier),
            by=viewer,
            seen=_seen(request),
            key=sent.token,
            occurred_at=at,
            reason=sent.late_why,
        )
    except Stale as stale:
        return _stale(request, number, stale, sent)
    except Refusal as refusal:
        return _refused(request, state, refusal, sent)
    messages.success(request, _told(declared, again=done.again))
    if action == registry.RECEIPT and not done.again:
        given.remember(request, done.stream)  # the old one has ended: print the new one now
        return HttpResponseRedirect(reverse("workbench:receipt", args=[number]))
    return HttpResponseRedirect(_case(request, number, then=then))


def key_of(request: HttpRequest) -> UUID:
    """Return the key under which this form is done once; a new one where none was sent."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def sent_of(request: HttpRequest, action: str) -> tuple[Sent, datetime | None]:
    """Return what stands beside an act's own answers, and the earlier time if one is given."""
    text = request.POST.get(LATE_AT, "").strip()[:40]
    sent = Sent(
        action,
        token=key_of(request),
        late_at=text,
        late_why=request.POST.get(LATE_WHY, "").strip()[:500],
    )
    if not text:
        sent.late_why = ""
        return sent, None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        sent.late_wrong = reasons.say(("not_a_date", {"field": "occurred_at", "value": text}))
        return sent, None
    return sent, at if at.tzinfo else at.replace(tzinfo=LOCAL)


def _case(request: HttpRequest, number: str, **query: str) -> str:
    kept = {"via": request.POST.get("via", "")[:60]} | query
    asked = urlencode({name: value for name, value in kept.items() if value})
    url = reverse("workbench:case", args=[number])
    return f"{url}?{asked}" if asked else url


def _told(action: Action, *, again: bool) -> str:
    label = str(action.label)
    if again:
        return _("“%(act)s”先前已经记下，没有重复记。") % {"act": label}
    return _("已记下：%(act)s。") % {"act": label}


def _stale(request: HttpRequest, number: str, stale: Stale, sent: Sent) -> HttpResponse:
    """Show the matter as it is now, what changed, and the form as it was typed."""
    state = selectors.state_of(selectors.get(number, viewer_of(request)))
    changes = [_change(event) for event in stale.changes]
    return case.show(request, state, sent=sent, changes=changes, status=stale.status)


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


def _refused(request: HttpRequest, state: State, refusal: Refusal, sent: Sent) -> HttpResponse:
    """Put what was refused beside its fields; what blames none stands above the page."""
    assert sent.form is not None
    above = []
    for reason in refusal.reasons:
        field = str(reason[1].get("field", "")).split(".")[0]
        if field in ("occurred_at", "reason"):
            sent.late_wrong = reasons.say(reason)
        elif field not in sent.form.fields:
            above.append(("", reasons.say(reason)))
    sent.form.refuse(refusal)
    return case.show(request, state, sent=sent, refusal=above, status=refusal.status)
