"""Every route says through which door one comes in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from inspect import unwrap
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from dingzi.core.doors import door_of

#: Views of packages that guard themselves; each stands here by name, never by prefix.
THEIRS = {
    # signing in and out, the second factor, the city's own sign-on: allauth's own guards
    "allauth.account.views": "public",
    "allauth.mfa.base.views": "staff",
    "allauth.mfa.totp.views": "staff",
    "allauth.mfa.recovery_codes.views": "staff",
    "allauth.socialaccount.views": "public",
    "allauth.socialaccount.providers.openid_connect.views": "public",
    # the document of the machines' door
    "ninja.openapi.views": "public",
    # choosing a language
    "django.views.i18n": "public",
}
DOORS = {"public", "receipt", "staff", "client"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from routes(entry, route)


def test_every_route_is_guarded_or_declared_public() -> None:
    """A view carries core.doors.public, receipt, staff (or client, on the machines' door)."""
    bare = []
    for route, view in routes():
        module = _module(view)
        if door_of(view) not in DOORS and module not in THEIRS and not _of_the_api(view):
            bare.append(f"{route} -> {module}.{getattr(view, '__name__', view)}")
    assert not bare


def test_every_operation_of_the_api_asks_who_calls_or_is_declared_public() -> None:
    """Each operation of the machines' door has authentication, or its function is marked public."""
    bare = [
        f"{method} {route}"
        for route, view in routes()
        for method, operation in _operations(view)
        if not operation.auth_callbacks and door_of(operation.view_func) != "public"
    ]
    assert not bare


def _module(view: Any) -> str:
    while isinstance(view, partial):
        view = view.func
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


def _of_the_api(view: Any) -> bool:
    return bool(_operations(view))


def _operations(view: Any) -> list[tuple[str, Any]]:
    """Return the operations behind a route of django-ninja."""
    view = unwrap(view)
    path_view = getattr(view, "__self__", None) or next(
        (
            cell.cell_contents
            for cell in getattr(view, "__closure__", None) or ()
            if type(cell.cell_contents).__name__ == "PathView"
        ),
        None,
    )
    return [
        (method, operation)
        for operation in getattr(path_view, "operations", ())
        for method in operation.methods
    ]
