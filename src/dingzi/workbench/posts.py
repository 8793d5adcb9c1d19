"""Which of one's posts one acts from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dingzi.city import viewers
from dingzi.core.errors import Forbidden

from .desk import desk


@desk
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act from another of one's posts, from the inbox on."""
    given = request.POST.get("post", "")
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Forbidden.of("city_not_your_post")
    viewers.choose_post(request, int(given))
    return redirect("workbench:inbox")
