"""The resources of the standard, each as ``.xml`` and ``.json``."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.core.doors import public

from . import reports, services
from .formats import FORMATS, Wrong, answer, told

#: Of the standard, and of what we made of it.
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-26T00:00:00+08:00"


@public
@require_safe
@told
def discovery(request: HttpRequest, *, kind: str) -> HttpResponse:
    """Say where the standard's resources are, and in which formats."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.SITE_URL.rstrip('/')}/open311/v2",
        "changeset": CHANGED,
        "type": "test" if settings.DEMO else "production",
    }
    formats = [media.partition(";")[0] for media in FORMATS.values()]
    body = {
        "changeset": CHANGED,
        "contact": directory.name_of(directory.city(), "en"),
        "key_service": settings.SITE_URL,
    }
    if kind == "xml":
        plain = " ".join(formats)
        return answer(
            kind, "discovery", body | {"endpoints": {"endpoint": endpoint | {"formats": plain}}}
        )
    return answer(kind, "discovery", body | {"endpoints": [endpoint | {"formats": formats}]})


@public
@require_safe
@told
def service_list(request: HttpRequest, *, kind: str) -> HttpResponse:
    """List what may be reported."""
    reports.jurisdiction(request.GET.get("jurisdiction_id", ""))
    return answer(kind, "services", [services.entry(one) for one in services.all_services()])


@public
@require_safe
@told
def service_definition(request: HttpRequest, code: str, *, kind: str) -> HttpResponse:
    """Say what a report of one service is asked for."""
    reports.jurisdiction(request.GET.get("jurisdiction_id", ""))
    return answer(kind, "service_definition", services.definition(services.get(code)))


@public
@csrf_exempt
@told
def requests(request: HttpRequest, *, kind: str) -> HttpResponse:
    """List requests; on POST take one in."""
    if request.method == "POST":
        return answer(kind, "service_requests", [reports.report(request)], status=201)
    if request.method not in ("GET", "HEAD"):
        raise Wrong(405, ("open311_no_method", {}))
    reports.jurisdiction(request.GET.get("jurisdiction_id", ""))
    return answer(kind, "service_requests", reports.listed(request.GET))


@public
@require_safe
@told
def one_request(request: HttpRequest, alias: str, *, kind: str) -> HttpResponse:
    """Show one request."""
    reports.jurisdiction(request.GET.get("jurisdiction_id", ""))
    return answer(kind, "service_requests", [reports.one(alias)])


@public
@require_safe
@told
def token(request: HttpRequest, alias: str, *, kind: str) -> HttpResponse:
    """Give the request of a token: numbers are given at once here, so the token is the number."""
    reports.jurisdiction(request.GET.get("jurisdiction_id", ""))
    found = reports.one(alias)
    body = {"service_request_id": found["service_request_id"], "token": alias}
    return answer(kind, "service_requests", [body])
