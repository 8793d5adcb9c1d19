"""The front page: two doors, what the city promised, where it stands county by county."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from . import drafts
from .pages import open_to_all, page
from .steps import public_forms


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    forms = public_forms()
    links = [
        (str(label), f"{reverse('portal:begin', args=[form.name])}?category={code}")
        for form in forms
        for code, label in form.filing.quick.items()
    ]
    context: dict[str, Any] = {
        "quick": links[:5],
        "begun": drafts.begun(request) if request.session.session_key else "",
    }
    return page(request, "home", context)
