"""Processes and dated parameters, as they hold today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .desk import desk, page


@desk
@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    return page(request, "processes", {}, current="processes")


@desk
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return page(request, "rules", {}, current="rules")
