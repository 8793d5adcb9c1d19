"""Lists of a mechanism's matters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .desk import desk, page


@desk
@require_safe
def matters(request: HttpRequest, mechanism: str) -> HttpResponse:
    return page(request, "list", {}, current=f"list:{mechanism}")
