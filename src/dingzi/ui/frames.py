"""The frames of the doors, for pages that a mechanism shows in them: doors say what stands around a
page and how a refusal is told; a mechanism knows neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from dingzi.core import doors
from dingzi.core.errors import Refusal

View = Callable[..., HttpResponseBase]
PUBLIC, DESK = "public", "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a door lends.

    Attributes
    ----------
    base : template that the page extends, as ``frame``.
    around : what that template wants to know: (request, name of the current page) -> variables.
    refused : the page that tells a refusal.
    figure_url : address of a figure's page, with what is asked of it.
    matter_url : address of a matter's page, by its number.
    check_url : address where anybody checks the numbers of a text.
    """

    base: str
    around: Callable[[HttpRequest, str], dict[str, Any]]
    refused: Callable[[HttpRequest, Refusal], HttpResponse]
    figure_url: Callable[..., str] | None = None
    matter_url: Callable[[str], str] | None = None
    check_url: Callable[[], str] | None = None


_frames: dict[str, Frame] = {}


def connect(door: str, frame: Frame) -> None:
    """Say what a door puts around pages; called by the door when it starts."""
    _frames[door] = frame


def public(view: View) -> View:
    """Mark a view as open to everybody; tell its refusals as the public's door does."""
    return doors.public(_told(PUBLIC, view))


def desk(view: View) -> View:
    """Let in who has signed in; tell refusals as the staff's door does."""
    return doors.staff(_told(DESK, view))


def _told(door: str, view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return _frames[door].refused(request, refusal)

    return answered


def page(
    request: HttpRequest,
    door: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    current: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a page in a door's frame; its template extends ``frame``."""
    frame = _frames[door]
    around = frame.around(request, current) | {"frame": frame.base}
    return render(request, template, around | (context or {}), status=status)


def figure_url(name: str, **asked: str) -> str:
    """Return the public address of a figure."""
    found = _frames[PUBLIC].figure_url
    return found(name, **asked) if found else ""


def check_url() -> str:
    """Return the public address where a text is checked."""
    found = _frames[PUBLIC].check_url
    return found() if found else ""


def matter_url(number: str) -> str:
    """Return the staff's address of a matter."""
    found = _frames[DESK].matter_url
    return found(number) if found else ""
