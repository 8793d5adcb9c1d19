"""One act on many matters: each in a transaction of its own, each with its own result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dingzi import matters
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.core.text import Text
from dingzi.matters import selectors
from dingzi.matters.fields import FieldDef
from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.models import Matter
from dingzi.matters.process import Action
from dingzi.ui import words

from . import fields, triaging
from .acting import key_of
from .desk import desk, language, page, viewer_of
from .rows import bulk_actions, case_url, title_of

#: More than a page of the inbox shows is never picked by hand.
MOST = 200


@dataclass(slots=True)
class Picked:
    """One matter of a bulk act: whether the act is possible on it, what became of it.

    Where the act asks for a category, each has its own: its ``words`` propose one, ``signs`` say
    what kind of message it may be.
    """

    matter: Matter
    title: str
    url: str
    why_not: str = ""
    done: bool = False
    told: str = ""
    category: str = ""
    words: tuple[str, ...] = ()
    signs: tuple[Text, ...] = ()


@desk
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Show the picked matters with the form of one act; do it on each where it was filled in."""
    viewer = viewer_of(request)
    rows = _picked(request, viewer)
    if (many := len(set(request.POST.getlist("pick")))) > MOST:
        said = _("选了%(many)s件，一次最多一起办%(most)s件：先办前面这些，其余的没有动。")
        messages.warning(request, said % {"many": words.number(many), "most": MOST})
    if not rows:
        messages.warning(request, _("请先选中要一起办的事。"))
        return redirect("workbench:inbox")
    action = _action(request.POST.get("action", ""), rows, viewer)
    if action is None:
        return page(request, "bulk", {"rows": rows, "action": None}, current="inbox", status=409)
    for one in rows:
        one.why_not = _why_not(one.matter, action, viewer)
    able = [one for one in rows if not one.why_not]
    sent = request.POST.get("step") == "do"
    sorted_by = triaging.asked(action)
    if sorted_by is not None:
        triaging.propose(able, sorted_by, request.POST if sent else None)
    form = form_for(
        action,
        viewer,
        _near([one.matter for one in able or rows]),
        request.POST if sent else None,
        request.FILES if sent else None,
        prefix="all",
    )
    if sorted_by is not None:
        triaging.fit(form)
    fields.fit(form, viewer, _near([one.matter for one in rows]))
    token = key_of(request)
    context: dict[str, Any] = {
        "rows": rows, "able": len(able), "action": action, "form": form, "token": token,
        "label": action.label.in_language(language()),
        "categories": triaging.choices(sorted_by, language()),
    }  # fmt: skip
    if not sent:
        return page(request, "bulk", context, current="inbox")
    good = form.is_valid()
    if not (good and (sorted_by is None or triaging.settle(able, form))):
        return page(request, "bulk", context, current="inbox", status=422)
    _do(able, action, form, viewer, token, sorted_by)
    context["finished"] = True
    context["done"] = sum(one.done for one in able)
    return page(request, "bulk", context, current="inbox")


def _picked(request: HttpRequest, viewer: Viewer) -> list[Picked]:
    """Return what was picked and exists for the viewer, in the order of the page."""
    numbers = list(dict.fromkeys(request.POST.getlist("pick")))[:MOST]
    found = {m.number: m for m in selectors.by_numbers(numbers, viewer)}
    return [Picked(found[n], title_of(found[n]), case_url(found[n])) for n in numbers if n in found]


def _action(name: str, rows: list[Picked], viewer: Viewer) -> Action | None:
    for one in rows:
        for action in bulk_actions(one.matter, viewer):
            if action.name == name:
                return action
    return None


def _why_not(matter: Matter, action: Action, viewer: Viewer) -> str:
    """Return why the act cannot be done on this one now, "" where it can."""
    for one in selectors.possible(selectors.state_of(matter), viewer):
        if one.name == action.name:
            return " ".join(reasons.say_all(one.refusal)) if one.refusal else ""
    state = selectors.process_of(matter).states[matter.state].label
    return _("现在是“%(state)s”，不能做这一步。") % {"state": state}


def _near(found: list[Matter]) -> Matter | None:
    """Return a matter around whose place units are offered: any, where all lie in one town."""
    towns = {m.town for m in found}
    return found[0] if len(towns) == 1 else None


def _do(
    rows: list[Picked], action: Action, form: ActForm, viewer: Viewer, token: UUID,
    sorted_by: FieldDef | None,
) -> None:  # fmt: skip
    data = form.data_of()
    for one in rows:
        if sorted_by is not None:
            data[sorted_by.name] = one.category
        try:
            matters.act(
                one.matter.number, action.name, data, by=viewer,
                key=uuid5(token, one.matter.number),
            )  # fmt: skip
        except Refusal as refusal:  # also of one that he no longer sees: what is done stays told
            one.told = " ".join(reasons.say_all(refusal))
        else:
            one.done = True
