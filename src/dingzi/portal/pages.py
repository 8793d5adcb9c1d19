"""The public's door: what stands around every page, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.core import doors, reasons, registry
from dingzi.core.errors import NotFound, Refusal

View = Callable[..., HttpResponseBase]


def language() -> str:
    return get_language() or "zh-hans"


def open_to_all(view: View) -> View:
    """Mark a view as public; answer a refusal that it leaves in plain words."""
    return doors.public(told(view))


def told(view: View) -> View:
    """Answer a refusal that the view leaves with a page that says it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    return answered


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    status: int = 200,
    private: bool = False,
) -> HttpResponse:
    """Answer with a page in the public's frame.

    ``current`` names its item in the navigation; a ``private`` page is kept by nobody.
    """
    answer = render(
        request,
        f"portal/{template}.html",
        around(current) | {"private": private} | (context or {}),
        status=status,
    )
    if private:
        keep_from_others(answer)
    return answer


def keep_from_others(answer: HttpResponseBase) -> None:
    """Let no cache and no search engine keep what one person sees."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"


def around(current: str = "") -> dict[str, Any]:
    """Return what the frame of every public page shows."""
    nav = [
        ("figures", reverse("portal:figures"), _("数字")),
        *(
            (one.name, reverse(own.nav_url), str(own.nav))
            for one, own in registry.with_pages()
            if own.nav
        ),
        ("map", reverse("portal:map"), _("地图")),
        ("progress", reverse("portal:progress_overview"), _("进展")),
        ("track", reverse("portal:track"), _("查一件事")),
    ]
    foot = [
        (reverse("portal:check_text"), _("核对一段话")),
        (reverse("portal:notices"), _("有进展时告诉我")),
        (reverse("portal:data"), _("开放数据")),
        (reverse("portal:accessibility"), _("无障碍")),
        (reverse("portal:privacy"), _("隐私")),
    ]
    return {
        "city": city_name(),
        "search_url": reverse("portal:search"),
        "nav": [
            {"url": url, "label": label, "current": name == current} for name, url, label in nav
        ],
        "foot": [{"url": url, "label": label} for url, label in foot],
    }


def city_name() -> str:
    return directory.name_of(directory.city(), language())


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Say what could not be done, with nothing of what may not be seen."""
    titles = {
        404: _("没有找到"),
        409: _("现在不能这样做"),
        422: _("有的地方要改"),
        429: _("请稍等一会儿"),
        503: _("现在做不出来"),
    }
    context = {
        "heading": titles.get(refusal.status, _("这样做不行")),
        "lines": reasons.say_all(refusal),
        "track": isinstance(refusal, NotFound),
    }
    return page(request, "refused", context, status=refusal.status, private=True)
