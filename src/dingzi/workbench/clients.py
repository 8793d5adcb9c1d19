"""API clients: which machines act on which post; a steward opens them, gives tokens, ends them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dingzi.city import tokens
from dingzi.city.models import ApiClient, Post
from dingzi.core.errors import Forbidden, NotFound

from . import office_acts as acts
from . import office_fields as fields
from .desk import desk, page

#: Clients on a page.
SIZE = 50


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def clients(request: HttpRequest) -> HttpResponse:
    """List the clients with their posts; open one, on the post that ``?post=`` names if any."""
    _demand(request)
    on = Post.objects.filter(code=request.GET.get("post", "")[:80]).first()
    refused: Any = None
    if request.method == "POST":
        refused = acts.done(request, (acts.NEW_CLIENT,), on)
        if isinstance(refused, dict):
            made = ApiClient.objects.get(name=refused["name"])
            messages.success(request, _("开好了。再给它一个令牌。"))
            return redirect("workbench:client", made.pk)
    found = ApiClient.objects.select_related("post__unit")
    cut = Paginator(found.order_by(F("until").asc(nulls_first=True), "name"), SIZE)
    shown = cut.get_page(request.GET.get("page"))
    context = {
        "rows": [_row(one) for one in shown],
        "shown": shown,
        "total": cut.count,
        "offers": [refused] if refused else acts.offers(request, (acts.NEW_CLIENT,), on),
    }
    return page(request, "clients", context, current="clients", status=422 if refused else 200)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def client(request: HttpRequest, client: int) -> HttpResponse:
    """Show a client; give it a token, which is shown this once, or end it."""
    _demand(request)
    one = ApiClient.objects.select_related("post__unit").filter(pk=client).first()
    if one is None:
        raise NotFound.of("not_found")
    own = () if _row(one)["ended"] else (acts.END_CLIENT,)
    refused: Any = None
    token = ""
    if request.method == "POST":
        if request.POST.get("do") == "token":
            token = tokens.renew(one.name, timezone.localdate())
            one.refresh_from_db()
        else:
            refused = acts.done(request, own, one)
            if isinstance(refused, dict):
                messages.success(request, acts.written())
                return redirect("workbench:client", one.pk)
    context = _row(one) | {
        "token": token,
        "offers": [refused] if refused else acts.offers(request, own, one),
    }
    answer = page(request, "client", context, current="clients", status=422 if refused else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _row(one: ApiClient) -> dict[str, Any]:
    ended = one.until is not None and one.until <= timezone.localdate()
    return {"client": one, "post": fields.post_label(one.post), "ended": ended}


def _demand(request: HttpRequest) -> None:
    if not acts.may(request):
        raise Forbidden.of("not_your_role", action=_("看接口用户"))
