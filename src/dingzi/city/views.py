"""The one page of sign-on that allauth has no answer for."""

from __future__ import annotations

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dingzi.core.doors import staff

from .models import Account


@staff
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the password; who signs on elsewhere has none here and is told so."""
    assert isinstance(request.user, Account)
    if not request.user.has_usable_password():
        return render(request, "account/password_elsewhere.html")
    response: HttpResponse = account.password_change(request)
    return response
