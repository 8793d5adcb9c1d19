"""Accounts: who can sign in, on which posts they sit; for stewards alone, names are personal."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi.city import selectors
from dingzi.city.models import Account, Tenure
from dingzi.core.errors import Forbidden, Invalid, NotFound

from . import office_acts as acts
from . import office_fields as fields
from .desk import desk, page, viewer_of

#: Accounts on a page.
SIZE = 50
#: Letters of a first password: none that is taken for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts with their posts; open one."""
    _demand(request)
    refused: Any = None
    if request.method == "POST":
        refused = acts.done(request, (acts.NEW_ACCOUNT,), None)
        if isinstance(refused, dict):
            name = str(refused["username"])
            called = request.POST.get("account_opened-display_name", "").strip()[:60]
            Account.objects.filter(username=name).update(display_name=called)
            messages.success(request, _("开好了。再给一个首次登录的口令，请他任职。"))
            return redirect("workbench:account", name)
    query = request.GET.get("q", "").strip()[:60]
    found = Account.objects.order_by("-is_active", "username")
    if query:
        found = found.filter(Q(username__icontains=query) | Q(display_name__icontains=query))
    cut = Paginator(found, SIZE)
    shown = cut.get_page(request.GET.get("page"))
    seats: dict[int, list[str]] = {}
    rows = Tenure.objects.filter(
        selectors.held_on(timezone.localdate()), account__in=[a.pk for a in shown]
    )
    for tenure in rows.select_related("post__unit").order_by("since"):
        seats.setdefault(tenure.account_id, []).append(fields.post_label(tenure.post))
    offers = acts.offers(request, (acts.NEW_ACCOUNT,), None)
    context = {
        "rows": [{"account": a, "seats": seats.get(a.pk, [])} for a in shown],
        "shown": shown, "total": cut.count, "query": query,
        "offers": [refused] if refused else offers,
    }  # fmt: skip
    return page(request, "accounts", context, current="accounts", status=422 if refused else 200)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, username: str) -> HttpResponse:
    """Show an account: where it sits and sat; name it, give it a password, close or open it."""
    _demand(request)
    one = Account.objects.filter(username=username).first()
    if one is None:
        raise NotFound.of("not_found")
    refused: Any = None
    word = ""
    form = fields.NameForm(subject=one, prefix="name")
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "password":
            word = _new_password(one)
        elif do == "name":
            form = fields.NameForm(request.POST, subject=one, prefix="name")
            if form.is_valid():
                Account.objects.filter(pk=one.pk).update(**form.cleaned_data)
                messages.success(request, _("改好了。"))
                return redirect("workbench:account", one.username)
        elif do == "account_opened" and not one.is_active:
            acts.open_again(request, one.username)
            messages.success(request, acts.written())
            return redirect("workbench:account", one.username)
        else:
            if one.pk == viewer_of(request).account:
                raise Invalid.of("own_account")
            refused = acts.done(request, _acts_of(one), one)
            if isinstance(refused, dict):
                messages.success(request, acts.written())
                return redirect("workbench:account", one.username)
    offers = acts.offers(request, _acts_of(one), one)
    bad = bool(refused) or form.is_bound
    context = {
        "account": one,
        "tenures": one.tenures.select_related("post__unit").order_by("-since", "-id"),
        "today": timezone.localdate(),
        "form": form,
        "named": form.is_bound,
        "word": word,
        "offers": [refused] if refused else offers,
        "own": one.pk == viewer_of(request).account,
    }
    answer = page(request, "account", context, current="accounts", status=422 if bad else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _demand(request: HttpRequest) -> None:
    if not acts.may(request):
        raise Forbidden.of("not_your_role", action=_("看账号"))


def _acts_of(one: Account) -> tuple[acts.BookAct, ...]:
    return (acts.CLOSE_ACCOUNT,) if one.is_active else ()


def _new_password(one: Account) -> str:
    """Set a password that is shown this once; whoever was signed in with the old one is out."""
    word = "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _m in range(4))
    one.set_password(word)
    one.save(update_fields=["password"])
    return word
