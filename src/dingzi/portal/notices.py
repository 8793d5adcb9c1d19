"""Being told: asking for it, confirming it, ending it, and feeds to be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import reasons, registry, throttle
from dingzi.core.errors import NotFound, Refusal
from dingzi.matters import registry as processes
from dingzi.matters.clocks import LOCAL
from dingzi.matters.models import Event, Matter
from dingzi.notices import gateways, subscribing, wording

from .holder import holder
from .pages import keep_from_others, language, open_to_all, page

#: Acts of a feed; the newest events among which they are looked for.
TOLD, LOOKED = 50, 1_000
_MONTH = "%Y-%m"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponseBase:
    """Offer to be told of what is public, by the ways that this installation has."""
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        where = throttle.address(request)
        try:
            throttle.SUBSCRIBED.check(where)
            throttle.SUBSCRIBED.count(where)
            subscribing.of_public(
                request.POST.get("process", ""),
                request.POST.get("county", ""),
                gateway=request.POST.get("gateway", ""),
                target=request.POST.get("target", "")[:400],
                language=language(),
            )
        except Refusal as refusal:
            wrong = [
                (f"id_{params.get('field', 'target')}", reasons.say((code, params)))
                for code, params in refusal.reasons
            ]
        else:
            messages.success(request, _("确认的通知正在送去。打开里面的网址点“确认”，才会开始。"))
            return redirect("portal:notices")
    tongue = language()
    context: dict[str, Any] = {
        "topics": [(m.process, str(m.title)) for m in registry.mechanisms()],
        "counties": [(c.code, directory.name_of(c, tongue)) for c in directory.divisions("county")],
        "ways": [(g.name, g.label.in_language(tongue)) for g in gateways.offered()],
        "feeds": [
            (str(m.title), reverse("portal:feed", args=[m.name])) for m in registry.mechanisms()
        ],
        "sent": request.POST,
        "wrong": wrong,
    }
    return page(request, "notices/offer", context, status=422 if wrong else 200)


@holder
@require_POST
def case_notices(request: HttpRequest, matter: Matter, viewer: Viewer) -> HttpResponseBase:
    """Take the wish of a receipt's holder: by a gateway, or as a feed."""
    try:
        throttle.SUBSCRIBED.check(throttle.address(request))
        throttle.SUBSCRIBED.count(throttle.address(request))
        if request.POST.get("gateway") == subscribing.FEED:
            one = subscribing.feed_of(matter, language())
            url = wording.address("portal:case_feed", one.key)
            return page(request, "notices/feed", {"url": url}, private=True)
        subscribing.of_matter(
            matter,
            gateway=request.POST.get("gateway", ""),
            target=request.POST.get("target", "")[:400],
            language=language(),
        )
    except Refusal as refusal:
        for said in reasons.say_all(refusal):
            messages.error(request, said)
    else:
        messages.success(request, _("确认的通知正在送去。打开里面的网址点“确认”，才会开始。"))
    return redirect("portal:case")


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for one more press, so that a mail program that looks ahead confirms nothing."""
    one = subscribing.get(key)
    if request.method == "POST":
        one = subscribing.confirm(key)
    context = {
        "topic": wording.topic_of(one),
        "confirmed": one.confirmed_at is not None,
        "secret": one.secret if one.gateway == "webhook" and request.method == "POST" else "",
        "end": reverse("portal:notices_end", args=[key]),
        "rotate": reverse("portal:notices_secret", args=[key]) if one.gateway == "webhook" else "",
    }
    return page(request, "notices/confirm", context, private=True)


@open_to_all
@require_POST
def secret(request: HttpRequest, key: str) -> HttpResponse:
    """Change the secret with which a webhook is signed, and show the new one, once."""
    one = subscribing.rotate(key)
    hours = subscribing.OVERLAP // timedelta(hours=1)
    return page(request, "notices/secret", {"secret": one.secret, "hours": hours}, private=True)


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End it on POST, also on the one that a mail program sends (RFC 8058); on GET ask for a press."""
    if request.method == "POST":
        subscribing.end(key)
        return page(request, "notices/ended", private=True)
    one = subscribing.get(key)
    return page(request, "notices/end", {"topic": wording.topic_of(one)}, private=True)


# -- feeds ------------------------------------------------------------------------------------


@open_to_all
@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """Give what is public of a mechanism as Atom: as coarse as the public log."""
    mechanism = next((m for m in registry.mechanisms() if m.name == name), None)
    if mechanism is None:
        raise NotFound.of("not_found")
    county = request.GET.get("county", "")
    tongue = language()
    counties = {c.code: directory.name_of(c, tongue) for c in directory.divisions("county")}
    if county and county not in counties:
        raise NotFound.of("not_found")
    made = _atom(str(mechanism.title), reverse("portal:feed", args=[name]), tongue)
    count = 0
    newest = Event.objects.filter(process=mechanism.process).order_by("-id")
    for event in newest.select_related("leaf")[:LOOKED]:
        where = event.header.get("county", "")
        told = _told(event, tongue)
        if not told or where not in counties or (county and where != county):
            continue
        label = mechanism.categories.get(event.header.get("category", ""))
        month = datetime.strptime(event.header["month"], _MONTH).replace(tzinfo=LOCAL)
        parts = [counties[where], str(label) if label else "", told]
        made.add_item(
            title=" · ".join(part for part in parts if part),
            link=wording.address("portal:status_map"),
            description="",
            unique_id=f"urn:dingzi:leaf:{event.leaf.index if hasattr(event, 'leaf') else event.pk}",
            updateddate=month,
        )
        count += 1
        if count == TOLD:
            break
    return _answer(made)


@open_to_all
@require_safe
def case_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Give what happened in one matter as Atom, to who has the address that its holder made."""
    one = subscribing.get(key)
    if one.gateway != subscribing.FEED or one.matter is None or one.matter.confidential:
        raise NotFound.of("notices_no_such")
    with translation.override(one.language):
        made = _atom(one.matter.number, reverse("portal:track"), one.language)
        for event in Event.objects.of(one.matter.id).order_by("-seq")[:TOLD]:
            if told := _told(event, one.language):
                made.add_item(
                    title=told,
                    link=wording.address("portal:track"),
                    description="",
                    unique_id=f"urn:dingzi:{one.pk}:{event.seq}",
                    updateddate=event.occurred_at,
                )
    answer = _answer(made)
    keep_from_others(answer)
    return answer


def _told(event: Event, tongue: str) -> str:
    action = processes.action(processes.process(event.process, event.version), event.action)
    if action is None or not action.public or action.told is None:
        return ""
    return action.told.in_language(tongue)


def _atom(title: str, path: str, tongue: str) -> Atom1Feed:
    return Atom1Feed(
        title=f"{wording.city()} {title}",
        link=wording.address("portal:home").rstrip("/") + path,
        description="",
        language=tongue,
    )


def _answer(made: Atom1Feed) -> HttpResponse:
    answer = HttpResponse(content_type=made.content_type)
    made.write(answer, "utf-8")
    return answer
