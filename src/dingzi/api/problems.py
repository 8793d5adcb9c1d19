"""Every refusal as problem+json (RFC 9457): status, words in the reader's language, codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from dingzi.core import canonical, reasons
from dingzi.core.errors import Invalid, Reason, Refusal, Stale
from dingzi.matters.fields import reason_of

from .bodies import BadJson, TooLarge

MEDIA_TYPE = "application/problem+json"


class Unknown(Refusal):
    """Who asks is not known here."""

    status = 401


def problem(status: int, why: Iterable[Reason] = (), **more: Any) -> HttpResponse:
    """Answer with a problem: its title by status, its detail and reasons in words."""
    told = [
        {
            "code": code,
            "text": reasons.say((code, params)),
            "field": str(params.get("field", "")),
        }
        for code, params in why
    ]
    body = {
        "type": "about:blank",
        "title": reasons.say((f"api_title_{status}", {})),
        "status": status,
        "detail": told[0]["text"] if told else "",
        "reasons": told,
        **more,
    }
    return HttpResponse(canonical.canonical(body), status=status, content_type=MEDIA_TYPE)


def of(refusal: Refusal) -> HttpResponse:
    """Answer with a refusal; a stale one also says what happened since."""
    more: dict[str, Any] = {}
    if isinstance(refusal, Stale):
        more["changes"] = [
            {"seq": e.seq, "action": e.action, "at": e.recorded_at} for e in refusal.changes
        ]
    answer = problem(refusal.status, refusal.reasons, **more)
    if refusal.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="dingzi"'
    return answer


def attach(api: NinjaAPI) -> None:
    """Let the API answer with problems whatever is raised in it."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return of(refusal)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter or part of the body is wrong, in our own words."""
    return of(Invalid(*(reason_of(e, _where(e["loc"])) for e in error.errors[:20])))


def _where(place: tuple[Any, ...]) -> str:
    """Return a field's name without ninja's own: ``("body", "body", "data")`` is ``data``."""
    source, *names = place
    if source in ("body", "query") and names and names[0] in ("body", "filters"):
        del names[0]
    return ".".join(map(str, names)) or str(source)


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Tell a wrong token from none."""
    code = "sign_in_first"
    if request.headers.get("Authorization"):
        code = "api_wrong_token"
    elif request.headers.get("X-Receipt"):
        code = "no_such_receipt"
    return of(Unknown.of(code))


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, [("not_found", {})])


def _plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):  # what our parser said
        return of(error.__cause__)
    return problem(error.status_code)


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return of(TooLarge.of("api_body_too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def _bad_form(request: HttpRequest, error: Exception) -> HttpResponse:
    return of(BadJson.of("api_bad_form"))


_HANDLERS: dict[Any, Any] = {
    Refusal: _refused,
    ValidationError: _invalid,
    AuthenticationError: _unknown,
    Http404: _missing,
    HttpError: _plain,
    RequestDataTooBig: _too_big,
    TooManyFilesSent: _bad_form,
    MultiPartParserError: _bad_form,
    SuspiciousOperation: _bad_form,
}
