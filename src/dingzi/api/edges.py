"""What HTTP asks of every address, and django-ninja leaves to us: HEAD, 405, ETag, other origins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from dingzi.core.doors import public

from . import problems
from .bodies import WrongType

View = Callable[..., HttpResponseBase]
#: Seconds for which open data may be kept without asking again.
KEPT = 60


def edge(view: View) -> View:
    """Answer HEAD as GET without its body, and a wrong method with a problem."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            response = _no_method(response)
        if head:
            request.method = "HEAD"
            _cut(response)
        return response

    return answered


def _no_method(response: HttpResponseBase) -> HttpResponse:
    allowed = set(response["Allow"].split(", "))
    allowed |= {"HEAD"} & {"HEAD" for method in allowed if method == "GET"}
    told = sorted(allowed)
    answer = problems.problem(405, [("api_no_method", {"allowed": told})])
    answer["Allow"] = ", ".join(told)
    return answer


def _cut(response: HttpResponseBase) -> None:
    """Leave the headers, with the length that GET would have."""
    if isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response["Content-Length"] = str(length)
    else:
        response.close()
        response.streaming_content = ()  # type: ignore[attr-defined]


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give a read its ETag; 304 where the reader has it already."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if known == ["*"] or tag in {one.removeprefix("W/") for one in known}:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, ("Authorization", "X-Receipt"))
    return response


def for_anybody(view: View) -> View:
    """Let pages of any origin read it (no preflight: GET without headers of their own)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        if response.status_code in (200, 304):
            response["Cache-Control"] = f"public, max-age={KEPT}"
        return response

    return answered


def form_only(view: View) -> View:
    """Take only multipart/form-data."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.content_type != "multipart/form-data":
            return problems.of(WrongType.of("api_want_form"))
        return view(request, *args, **kwargs)

    return answered


@public
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """There is no such address."""
    return problems.problem(404, [("api_no_route", {})])
