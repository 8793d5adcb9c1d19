"""Marks on views: through which door one comes in. A house test refuses a route without one.

``public`` lets everybody in; ``receipt`` is for the holder of one matter's secret, the view itself
asks for it; ``staff`` sends away who has not signed in. What he may see and do there is decided by
selectors and acts with his Viewer, never by the mark.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Mark a view that anybody may open."""
    view.door = "public"  # type: ignore[attr-defined]
    return view


def receipt(view: View) -> View:
    """Mark a view that asks for a receipt's secret before it shows anything."""
    view.door = "receipt"  # type: ignore[attr-defined]
    return view


def staff(view: View) -> View:
    """Let in who has signed in; send everybody else to the sign-in page and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request"):
            # htmx would put the sign-in page into the middle of this one
            away = redirect_to_login(request.headers.get("Referer") or "/work/")
            return HttpResponse(status=401, headers={"HX-Redirect": away.url})
        return redirect_to_login(request.get_full_path())

    guarded.door = "staff"  # type: ignore[attr-defined]
    return guarded


def door_of(view: Any) -> str:
    """Return the mark of a view as the URL resolver holds it, "" without one."""
    return str(getattr(view, "door", "") or getattr(getattr(view, "view_class", None), "door", ""))
