"""Who holds a receipt: a signed cookie that opens one matter on this device for a day's work.

It holds the matter's id and the receipt's version, never the secret; a newer receipt shuts it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from dingzi.city.viewer import Viewer, receipt
from dingzi.core import doors
from dingzi.core.errors import NotFound
from dingzi.matters import selectors
from dingzi.matters.models import Matter

from .pages import keep_from_others, told

COOKIE = "__Host-receipt" if settings.CONFIG.secure else "dingzi-receipt"
#: Seconds: a working day. Who comes back later has the receipt.
AGE = 12 * 60 * 60
_SALT = "dingzi.receipt"


def let_in(answer: HttpResponseBase, matter: Matter) -> None:
    """Give the cookie that opens ``matter``; the caller has checked number and code."""
    answer.set_cookie(
        COOKIE,
        signing.dumps({"m": matter.id, "v": matter.receipt}, salt=_SALT, compress=False),
        max_age=AGE,
        secure=settings.CONFIG.secure,
        httponly=True,
        samesite="Lax",
    )


def let_go(answer: HttpResponseBase) -> None:
    answer.delete_cookie(COOKIE, samesite="Lax")
    if settings.CONFIG.secure:
        answer.cookies[COOKIE]["secure"] = True  # a __Host- cookie is only replaced by one


def held(request: HttpRequest) -> tuple[Matter, Viewer] | None:
    """Return the matter that this device's receipt opens, None where it holds none."""
    text = request.COOKIES.get(COOKIE)
    if not text:
        return None
    try:
        kept = signing.loads(text, salt=_SALT, max_age=AGE)
        viewer = receipt(int(kept["m"]))
        matter = selectors.by_id(int(kept["m"]), viewer)
    except (signing.BadSignature, KeyError, TypeError, ValueError, NotFound):
        return None
    return (matter, viewer) if matter.receipt == kept["v"] else None


def holder(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in who holds a receipt, ``view(request, matter, viewer)``; send others to ask for it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = held(request)
        if found is None:
            answer: HttpResponseBase = HttpResponseRedirect(reverse("portal:track"))
        else:
            request.viewer = found[1]  # type: ignore[attr-defined]
            answer = told(view)(request, *found, *args, **kwargs)
        keep_from_others(answer)
        return answer

    return doors.receipt(guarded)
