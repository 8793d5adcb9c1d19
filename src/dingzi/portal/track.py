"""Finding one's matter again: number and code, or the QR's reference; and leaving it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dingzi.core import reasons, throttle
from dingzi.core.errors import NotFound, Reason
from dingzi.ledger import references
from dingzi.matters import numbers, receipts

from . import drafts, holder
from .pages import keep_from_others, open_to_all, page
from .steps import example_number

#: Longer than any number or code; what is longer is none. A reference may be as long as its QR holds.
LONGEST, LONGEST_REFERENCE = 60, references.LONGEST


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponseBase:
    """Ask for number and code; ``?number=`` comes from the home page."""
    if request.method != "POST":
        number = request.GET.get("number", "").strip()[:LONGEST]
        return _form(request, number)
    number = request.POST.get("number", "").strip()[:LONGEST]
    code = request.POST.get("code", "").strip()[:LONGEST]
    missing: list[tuple[str, Reason]] = [
        (f"id_{name}", ("required", {"field": name}))
        for name, text in (("number", number), ("code", code))
        if not text
    ]
    if missing:
        return _form(request, number, missing, 422)
    number = numbers.tidy(number)
    where = throttle.address(request)
    try:
        throttle.WRONG_ANY.check(where)
        throttle.WRONG_CODE.check(where, number)
        matter, _viewer = receipts.open_by_number(number, code)
    except throttle.TooMany as refusal:
        return _form(request, number, [("", r) for r in refusal.reasons], refusal.status)
    except NotFound as refusal:
        throttle.WRONG_ANY.count(where)
        throttle.WRONG_CODE.count(where, number)
        wrong = [("id_code", r) for r in refusal.reasons]
        return _form(request, number, wrong, refusal.status)
    throttle.WRONG_CODE.forget(where, number)
    answer = HttpResponseRedirect(reverse("portal:case"))
    holder.let_in(answer, matter)
    keep_from_others(answer)
    return answer


def _form(
    request: HttpRequest,
    number: str,
    wrong: list[tuple[str, Reason]] | None = None,
    status: int = 200,
) -> HttpResponse:
    said = {
        ("required", "number"): _("“编号”还没有填"),
        ("required", "code"): _("“查询码”还没有填"),
    }
    lines = [
        (at, said.get((reason[0], str(reason[1].get("field"))), "") or reasons.say(reason))
        for at, reason in wrong or []
    ]
    context = {
        "number": number,
        "wrong": lines,
        "at_fault": {at for at, _text in lines},
        "example": example_number(),
    }
    return page(request, "track", context, current="track", status=status, private=True)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def reference(request: HttpRequest) -> HttpResponseBase:
    """Take the reference that the QR holds after ``#``: a script sends it here, in the body.

    Without a script the page asks for number and code.
    """
    if request.method != "POST":
        return page(request, "reference", {"example": example_number()}, private=True)
    where = throttle.address(request)
    throttle.WRONG_ANY.check(where)
    given = request.POST.get("reference", "")[:LONGEST_REFERENCE]
    try:
        matter, _viewer = receipts.open_by_reference(given)
    except NotFound as refusal:
        throttle.WRONG_ANY.count(where)
        return _form(request, "", [("", r) for r in refusal.reasons], refusal.status)
    answer = HttpResponseRedirect(reverse("portal:case"))
    holder.let_in(answer, matter)
    keep_from_others(answer)
    return answer


@open_to_all
@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """Forget on this device what was opened, written and filed."""
    drafts.forget(request)
    answer = HttpResponseRedirect(reverse("portal:home"))
    holder.let_go(answer)
    keep_from_others(answer)
    return answer
