"""Puts ``request.viewer`` and ``request.seats`` on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from . import second_factor, viewers
from .models import Account
from .viewer import PUBLIC, Viewer


class ViewerMiddleware:
    """Say who looks: staff by session, an API client by bearer token, else the public.

    Stands after allauth's middleware. The portal replaces PUBLIC by a receipt holder where its own
    cookie says so. ``request.seats`` lists the posts between which staff may choose.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seats = []  # type: ignore[attr-defined]
        request.viewer = self._viewer(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Send who still lacks a second factor that his duties ask for to set one up."""
        if not getattr(request, "lacks_second_factor", False):
            return None
        match = request.resolver_match
        if request.method != "GET" or match is None or not match.route.startswith("work/"):
            return None
        return redirect(reverse("mfa_activate_totp"))

    @staticmethod
    def _viewer(request: HttpRequest) -> Viewer:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return viewers.viewer_of_token(token.strip()) or PUBLIC
        account = request.user
        if not isinstance(account, Account) or not account.is_active:
            return PUBLIC
        seats = viewers.posts_of(account.pk)
        if second_factor.is_lacking(request, account, seats):
            request.lacks_second_factor = True  # type: ignore[attr-defined]
            return viewers.viewer_at(account.pk, [])
        request.seats = seats  # type: ignore[attr-defined]
        return viewers.viewer_at(account.pk, seats, request.session.get(viewers.SESSION_POST))
