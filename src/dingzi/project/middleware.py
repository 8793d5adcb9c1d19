"""What stands around every request: the access log, the limit on bodies, further headers."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from . import errors

Next = Callable[[HttpRequest], HttpResponseBase]

#: What no page of ours asks a browser for. Filing may ask where one stands.
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)
#: Seconds for which the rest of a refused body is read and thrown away. A browser shows our answer
#: only once it has sent everything; closing at once shows it "connection reset".
DRAIN = 10.0

access = logging.getLogger("dingzi.access")


class AccessLog:
    """One line a request: method, the route's pattern, status, milliseconds.

    Never the path or the query: they may hold a receipt's reference, a number, what one searched.
    The IP address only where DINGZI_LOG_IP=1.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begin = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        fields: dict[str, object] = {
            "method": request.method if request.method in METHODS else "?",
            "route": match.route if match else "-",
            "status": response.status_code,
            "ms": round((time.perf_counter() - begin) * 1000, 1),
        }
        if settings.CONFIG.log_ip:
            fields["ip"] = client_ip(request)
        access.info("request", extra={"fields": fields})
        return response


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def client_ip(request: HttpRequest) -> str:
    """Return the client's address as our own outermost proxy saw it.

    With n proxies of ours the n-th entry of X-Forwarded-For from the right is what the outermost
    one wrote; everything left of it is the client's own invention.
    """
    proxies = settings.CONFIG.proxies
    remote = request.META.get("REMOTE_ADDR", "")
    if not proxies:
        return remote
    chain = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return chain[-proxies] if len(chain) >= proxies and chain[-proxies] else remote


class BodyLimit:
    """Answer 413 to a body over REQUEST_LIMIT bytes before anything of it is kept."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) <= settings.REQUEST_LIMIT:
            return self.get_response(request)
        self._drain(request, int(length))
        response = errors.too_large(request)
        response["Connection"] = "close"
        return response

    @staticmethod
    def _drain(request: HttpRequest, length: int) -> None:
        stream = request.META.get("wsgi.input")
        peer: socket.socket | None = request.META.get("gunicorn.socket")
        end = time.monotonic() + DRAIN
        try:
            while stream and length > 0 and (left := end - time.monotonic()) > 0:
                if peer:
                    peer.settimeout(left)  # a client that stops sending must not hold the thread
                chunk = stream.read(min(length, 1 << 20))
                if not chunk:
                    return
                length -= len(chunk)
        except OSError:
            return
        finally:
            if peer:
                peer.settimeout(None)


class PlainAddress:
    """Answer 400 to a page's address with a NUL: none of ours has one, and PostgreSQL takes none in
    a text. The machines' door says itself which part is wrong."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.path_info + request.META.get("QUERY_STRING", "")
        if ("\0" in asked or "%00" in asked) and not request.path_info.startswith("/api/"):
            return errors.bad_request(request)
        return self.get_response(request)


class Headers:
    """Headers that no other middleware sets; a view's own stay."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = getattr(request, "session", None)
        if session is not None and session.accessed:
            # What a person saw must not come back from a shared computer's cache.
            kept = "private, no-cache" if session.is_empty() else "private, no-store"
            response.headers.setdefault("Cache-Control", kept)
        return response
