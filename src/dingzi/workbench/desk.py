"""The staff's door: who comes in, what stands around every page, how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.doors import staff
from dingzi.core.errors import Refusal

from . import rail

View = Callable[..., HttpResponseBase]


def desk(view: View) -> View:
    """Let in who has signed in; answer a refusal that the view leaves in plain words."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    return staff(answered)


def viewer_of(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]


def language() -> str:
    return get_language() or "zh-hans"


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    counts: rail.Counts | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page in the staff's frame; ``current`` names its line in the rail."""
    around = rail.around(request, viewer_of(request), current, counts)
    return render(request, f"workbench/{template}.html", around | (context or {}), status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say what could not be done, with nothing of what may not be seen."""
    titles = {
        403: _("您的岗位不能做这一步"),
        404: _("没有找到"),
        409: _("现在不能这样做"),
        422: _("有的地方要改"),
    }
    context = {
        "heading": titles.get(refusal.status, _("这样做不行")),
        "lines": reasons.say_all(refusal),
    }
    return page(request, "refused", context, status=refusal.status)
