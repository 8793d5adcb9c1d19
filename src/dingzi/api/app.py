"""The machines' door: one NinjaAPI, problem+json for every refusal, bearer tokens and receipts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import APIKeyHeader, HttpBearer, SessionAuth

from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core import canonical, reasons
from dingzi.core.errors import Refusal, Stale
from dingzi.matters import receipts

PROBLEM = "application/problem+json"


class Token(HttpBearer):
    """An API client's token; the middleware has already looked it up."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return viewer if viewer.kind == "client" else None


class Receipt(APIKeyHeader):
    """A citizen's receipt: the text of its QR after ``#``."""

    param_name = "X-Receipt"
    openapi_name = "receipt"

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        if not key:
            return None
        try:
            _, viewer = receipts.open_by_reference(key)
        except Refusal:
            return None
        return viewer


class Session(SessionAuth):
    """A member of staff, signed in with the browser (needs the CSRF token to write)."""

    openapi_name = "session"

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return viewer if viewer.kind == "staff" and viewer.post is not None else None


ANY = [Token(), Receipt(), Session()]
STAFF = [Token(), Session()]

api = NinjaAPI(
    title="Dingzi 钉子",
    version="1",
    description=(
        "Matters, acts, figures of a city. Every refusal is problem+json (RFC 9457) with codes. "
        "Writing takes an Idempotency-Key (UUID). Lists are paged by cursor."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    auth=ANY,
)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who asks: as authenticated, else the public."""
    found = getattr(request, "auth", None)
    return found if isinstance(found, Viewer) else PUBLIC


def problem(status: int, title: str, **more: Any) -> HttpResponse:
    body = canonical.canonical({"type": "about:blank", "title": title, "status": status, **more})
    return HttpResponse(body, status=status, content_type=PROBLEM)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    told = [
        {"code": code, "text": reasons.say((code, params)), "field": str(params.get("field", ""))}
        for code, params in refusal.reasons
    ]
    more: dict[str, Any] = {"reasons": told}
    if isinstance(refusal, Stale):
        more["changes"] = [{"seq": e.seq, "action": e.action} for e in refusal.changes]
    return problem(refusal.status, told[0]["text"] if told else "", **more)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [
        {
            "code": "wrong_value",
            "text": str(e.get("msg", "")),
            "field": ".".join(str(p) for p in e.get("loc", ())[1:]),
        }
        for e in error.errors
    ]
    return problem(422, reasons.say(("wrong_value", {})), reasons=told)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = problem(401, reasons.say(("sign_in_first", {})), reasons=[])
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, reasons.say(("not_found", {})), reasons=[])


@api.exception_handler(HttpError)
def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error), reasons=[])
