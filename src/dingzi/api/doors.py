"""Who calls: an API client by its token, a citizen by his receipt, staff by their session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyHeader, HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core.errors import Forbidden, Refusal
from dingzi.matters import receipts


class Token(HttpBearer):
    """An API client's token, from `dingzi client open`. It acts on the client's post."""

    openapi_name = "token"
    openapi_description = __doc__

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        # The middleware has looked it up.
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        return viewer if viewer.kind == "client" else None


class Receipt(APIKeyHeader):
    """A citizen's receipt: `reference` of the answer that opened the matter, which is what the
    QR of the printed receipt holds after `#`. It opens this one matter."""

    param_name = "X-Receipt"
    openapi_description = __doc__

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        if not key:
            return None
        try:
            _, viewer = receipts.open_by_reference(key)
        except Refusal:
            return None
        return viewer


class Session(AuthBase):
    """A member of staff, signed in with the browser. Writing also needs the header `X-CSRFToken`
    with the token of a page of ours, so only our own pages can."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = __doc__

    def __call__(self, request: HttpRequest) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if viewer.kind != "staff" or viewer.post is None:
            return None
        if request.method not in ("GET", "HEAD") and check_csrf(request) is not None:
            raise Forbidden.of("api_no_csrf")
        return viewer


class Anybody(AuthBase):
    """Nobody in particular: only where no token was sent. A wrong one is never taken for none."""

    openapi_type = "none"

    def __call__(self, request: HttpRequest) -> Viewer | None:
        return None if request.headers.get("Authorization") else PUBLIC


#: Names under which the document lists them.
NAMES = {"Token": "token", "Receipt": "receipt", "Session": "session"}
ANY = [Token(), Receipt(), Session()]
STAFF = [Token(), Session()]
HOLDER = [Receipt()]
OPEN = [Token(), Session(), Anybody()]


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who asks, as authenticated."""
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    return viewer
