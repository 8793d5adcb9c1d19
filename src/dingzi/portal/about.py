"""Pages that say how the site keeps its promises: open data, access for everyone, privacy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from dingzi.figures import Figure
from dingzi.figures import registry as declared

from . import choices, holder, showing
from .pages import open_to_all, page


@open_to_all
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Say what can be downloaded, in which form, and what is left out."""
    groups = [
        {
            "title": str(group.title),
            "rows": [
                {
                    "title": str(one.title),
                    "name": one.name,
                    "url": showing.figure_url(one.name),
                    "files": [
                        {"kind": kind, "url": reverse("portal:download", args=[one.name, by, file])}
                        for by in _tables(one)
                        for kind, file in (("CSV", "csv"), ("Excel", "xlsx"))
                    ],
                }
                for one in group.figures
            ],
        }
        for group in declared.public()
    ]
    context: dict[str, Any] = {"groups": groups, "api": _api()}
    return page(request, "about/data", context)


def _tables(figure: Figure) -> list[str]:
    return ["county"] if any(d.name == "county" for d in choices.public_dimensions(figure)) else []


def _api() -> str:
    try:
        return reverse("openapi")
    except NoReverseMatch:
        return ""


@open_to_all
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "about/accessibility")


@open_to_all
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept of a visitor and of a filing, where, and for how long."""
    context = {
        "hours": holder.AGE // 3600,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "logs_addresses": settings.CONFIG.log_ip,
    }
    return page(request, "about/privacy", context)


@open_to_all
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines out of what concerns single cases."""
    closed = ["/case/", "/receipt", "/r", "/track/", "/file/", "/search", "/work/", "/accounts/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
