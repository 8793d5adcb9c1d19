"""Registering for somebody: at the counter, from a call, from another unit; then his receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dingzi import matters
from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Forbidden, NotFound, Refusal
from dingzi.core.registry import Mechanism
from dingzi.ledger import references
from dingzi.matters import duplicates, registry, selectors, slips
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.models import Matter
from dingzi.matters.process import Action
from dingzi.matters.visibility import has_role
from dingzi.matters.work import BACKDATE
from dingzi.ui.downloads import given as given_out
from dingzi.ui.forms import name_what_is_missing

from . import fields, given, keeping
from .acting import sent_of
from .desk import desk, language, page, viewer_of
from .lists import mechanism_of
from .offers import Sent
from .rows import case_url, why_alike

PREFIX = "new"
#: What a clerk asks first, in this order; the rest follows as declared.
FIRST = ("channel", "name", "phone", "text", "place", "spot")


@dataclass(frozen=True, slots=True)
class Alike:
    """A matter that may be the same thing as the one that is being registered."""

    number: str
    title: str
    url: str
    why: str


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, mechanism: str) -> HttpResponse:
    """Show the form of one page; on POST register, unless it looks told before."""
    viewer = viewer_of(request)
    one, action = opening(mechanism, viewer)
    if request.method != "POST":
        form = form_for(
            action, viewer, None, prefix=PREFIX, initial=_start(request, action, viewer)
        )
        return _show(request, one, action, form, Sent(action.name))
    form, earlier = keeping.bound(request, action, None, PREFIX)
    _fitted(form, viewer)
    sent, at = sent_of(request, action.name)
    sent.form = form
    good = form.is_valid() and not sent.late_wrong
    sent.kept = keeping.kept(request, form, earlier)
    if not good:
        return _show(request, one, action, form, sent, status=422)
    data = keeping.data_of(form, earlier)
    told = bool(request.POST.get("alike")) or one.filing is None
    alike = [] if told else _alike(one, data, viewer)
    if alike:
        return _show(request, one, action, form, sent, alike=alike)
    try:
        done = matters.open_matter(
            one.process,
            action.name,
            data,
            by=viewer,
            key=sent.token,
            occurred_at=at,
            reason=sent.late_why,
        )
    except Refusal as refusal:
        above = _blame(refusal, form, sent)
        return _show(request, one, action, form, sent, above=above, status=refusal.status)
    if one.filing is None:  # nobody stands at the counter who would take a receipt
        return redirect("workbench:case", done.number)
    given.remember(request, done.stream)
    return redirect("workbench:receipt", done.number)


def opening(name: str, viewer: Viewer) -> tuple[Mechanism, Action]:
    """Return a mechanism with the action by which the viewer opens its matters."""
    one, process = mechanism_of(name)
    if not mechanisms.desk_action(one):
        raise NotFound.of("not_found")
    action = registry.action(process, mechanisms.desk_action(one))
    assert action is not None
    if viewer.post is None or not has_role(viewer, action, True):
        raise Forbidden.of("not_your_role", action=action.label)
    return one, action


def _start(request: HttpRequest, action: Action, viewer: Viewer) -> dict[str, str]:
    """Begin with the viewer's own place and with somebody standing at the counter."""
    start: dict[str, str] = {}
    names = {f.name: f for f in action.fields}
    if "channel" in names and "counter" in names["channel"].choices:
        start["channel"] = "counter"
    unit = directory.unit(viewer.unit)
    if unit and len(unit.division) >= 9:
        start["place"] = unit.division
    return start


def _show(
    request: HttpRequest,
    one: Mechanism,
    action: Action,
    form: ActForm,
    sent: Sent,
    *,
    alike: list[Alike] | None = None,
    above: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    _fitted(form, viewer)
    if one.filing:
        form.order_fields([name for name in FIRST if name in form.fields])
    context = {
        "mechanism": one,
        "form": form,
        "sent": sent,
        "alike": alike or [],
        "above": above or [],
        "backdate": BACKDATE in viewer.roles,
        "says": _("登记以后，给来人打一张回执；他凭编号和查询码查进展。") if one.filing else "",
        "label": str(action.label),
    }
    return page(request, "new", context, current=f"list:{one.name}", status=status)


def _fitted(form: ActForm, viewer: Viewer) -> None:
    """Make the public's form one for the counter: places in one list, words for a clerk."""
    fields.fit(form, viewer)
    labels = {"name": _("来人姓名"), "phone": _("来人电话")}
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            name_what_is_missing(form, name)
    for one in form.declared:
        if one.name == "channel" and isinstance(field := form.fields["channel"], forms.ChoiceField):
            said = language()
            field.choices = [
                (code, label.in_language(said))
                for code, label in one.choices.items()
                if code != "web"
            ]


def _alike(one: Mechanism, data: dict[str, Any], viewer: Viewer) -> list[Alike]:
    """Return what was told before and may be the same; decided by who stands at the counter."""
    found = duplicates.like(
        one.process,
        str(data.get("place", "")),
        str(data.get("text", "")),
        str(data.get("phone", "")),
        viewer,
    )
    return [Alike(f.matter.number, f.matter.title, case_url(f.matter), why_alike(f)) for f in found]


def _blame(refusal: Refusal, form: ActForm, sent: Sent) -> list[tuple[str, str]]:
    above = []
    for reason in refusal.reasons:
        field = str(reason[1].get("field", "")).split(".")[0]
        if field in ("occurred_at", "reason"):
            sent.late_wrong = reasons.say(reason)
        elif field not in form.fields:
            above.append(("", reasons.say(reason)))
    form.refuse(refusal)
    return above


# -- the receipt ------------------------------------------------------------------------------


def _filed(request: HttpRequest, number: str) -> Matter:
    """Return a matter whose receipt was made in this session; Forbidden for any other."""
    matter = selectors.get(number, viewer_of(request))
    if not given.may_print(request, matter.id):
        raise Forbidden.of("receipt_only_once")
    return matter


@desk
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show the receipt to hand over: number, code, QR, what happens next."""
    matter = _filed(request, number)
    context = {
        "matter": matter,
        "slip": _slip(matter),
        "can_print": slips.can_print(),
        "url": case_url(matter),
        "again": _again(matter),
    }
    answer = page(request, "receipt", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _slip(matter: Matter) -> slips.Slip:
    """Return the receipt of the filing, its QR signed."""
    return slips.slip_of(matter, language(), url=references.url_of_filing(matter))


def _again(matter: Matter) -> str:
    one = mechanisms.of_process(matter.process)
    return reverse("workbench:new", args=[one.name]) if one else ""


@desk
@require_safe
def receipt_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Give the receipt as a PDF; says what is missing where it cannot be made."""
    matter = _filed(request, number)
    made = slips.pdf(_slip(matter), language(), _("查进展时要用，请收好。"))
    return given_out(made, "application/pdf", "receipt.pdf")
