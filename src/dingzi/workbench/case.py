"""The case page: left the facts, middle what happened, right what can be done now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.forms import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dingzi.city.viewer import Viewer
from dingzi.core import blobs
from dingzi.core import registry as mechanisms
from dingzi.core.errors import NotFound
from dingzi.matters import duplicates, letters, selectors
from dingzi.matters.acts import State
from dingzi.matters.models import Matter
from dingzi.matters.timeline import timeline
from dingzi.ui import words
from dingzi.ui.downloads import given

from . import facts, history
from .desk import desk, language, page, viewer_of
from .offers import Sent, offers
from .rows import case_url, title_of, why_alike

#: How far down the inbox a case page counts for "3 of 11".
NEAR = 300


@desk
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a matter; ``?do=`` opens one of its acts, ``?show=`` a tab of what happened."""
    viewer = viewer_of(request)
    state = selectors.state_of(selectors.get(number, viewer))
    asked = request.GET.get("do", "")
    return show(request, state, sent=Sent(asked) if asked else None)


def show(
    request: HttpRequest,
    state: State,
    *,
    sent: Sent | None = None,
    changes: list[dict[str, str]] | None = None,
    refusal: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the case page; the arguments after ``state`` come from an act that was refused."""
    viewer, now, tongue = viewer_of(request), timezone.now(), language()
    matter = state.matter
    if state.parent is not None:
        matter.parent = state.parent.matter
    via = request.GET.get("via", "") or request.POST.get("via", "")
    shown = request.GET.get("show", "")
    entries = timeline(matter, viewer, tongue)
    children = selectors.children(matter, viewer)
    can = offers(state, viewer, now, tongue, sent=sent, start=_start(request))
    gone = sent is not None and not any(o.name == sent.action and o.form is not None for o in can)
    papers = history.all_papers(matter, entries)
    context: dict[str, Any] = {
        "matter": matter,
        "now": now,
        "heading": title_of(matter) if matter.parent_id else matter.title or _("（没有标题）"),
        "kind": state.process.title.in_language(tongue),
        "state_label": state.process.states[matter.state].label.in_language(tongue),
        "sentence": _sentence(state, now, tongue),
        "line": _line(state, tongue),
        "facts": facts.facts(state, viewer, entries, tongue),
        "story": facts.story(state, entries, viewer),
        "clocks": facts.deadlines(state, now, tongue),
        "progress": facts.progress(matter, tongue),
        "who": facts.who(matter, children, state, tongue),
        "related": facts.related(matter, _kin(state, viewer), tongue, via),
        "asks_similar": state.process.alike
        and matter.parent_id is None
        and matter.closed_at is None,
        "below": facts.below(children, now, tongue),
        "tabs": history.tabs(shown, len(papers), via),
        "shown": shown,
        "items": history.items(entries, shown, tongue),
        "papers": papers,
        "offers": can,
        "changes": changes,
        "refusal": refusal if gone else None,
        "typed": _typed(sent) if gone and sent else [],
        "via": via,
        "back": {"url": _back(via), "label": _("收件箱")},
        "place": _place(matter, viewer, via),
        "then": _next(request, viewer, via),
        "keys": _keys(),
        "as_page": _as_page(matter),
    }
    return page(request, "case", context, status=status)


def _as_page(matter: Matter) -> str:
    """Return where the matter can be looked at as the page that it is or will be; "" for most."""
    mechanism = mechanisms.of_process(matter.process)
    preview = mechanism.pages.preview if mechanism and mechanism.pages else ""
    return reverse(preview, args=[matter.number]) if preview else ""


def _sentence(state: State, now: datetime, tongue: str) -> str:
    """Say where it stands: what is asked of a child, what is waited for, by when."""
    matter = state.matter
    label = state.process.states[matter.state]
    parts = [matter.title] if matter.parent_id else []
    if matter.closed_at is not None:
        parts.append(label.label.in_language(tongue))
    else:
        parts.append((label.asks or label.label).in_language(tongue))
        if matter.due_at:
            parts.append(words.due(matter.due_at, now, _("办完")).sentence)
    stop = pgettext("句号", "。")
    return "".join(part.rstrip("。. ") + stop for part in parts if part).strip()


def _start(request: HttpRequest) -> dict[str, str]:
    """Return what a link fills in beforehand: the number to merge into, and the like."""
    return {
        k: str(v)[:60] for k, v in request.GET.items() if k not in ("do", "via", "show", "then")
    }


def _typed(sent: Sent) -> list[dict[str, str]]:
    """Return what was written into a form that is not there any more, to be copied."""
    if sent.form is None:
        return []
    rows = []
    for name, field in sent.form.fields.items():
        value = sent.form[name].value()
        if isinstance(value, str) and value and isinstance(field, CharField):
            rows.append({"term": str(field.label), "text": value})
    return rows


def _line(state: State, tongue: str) -> dict[str, Any]:
    """Return the milestones of the process and where the matter stands among them."""
    process, now = state.process, state.matter.state
    names = [s.name for s in process.states.values() if s.line]
    if now in names:
        current = names.index(now)
    else:
        order = list(process.states)
        before = [n for n in names if order.index(n) < order.index(now)]
        current = len(before) - 1
    return {
        "states": [process.states[n].label.in_language(tongue) for n in names],
        "current": current,
        "aside": "" if now in names else process.states[now].label.in_language(tongue),
    }


def _keys() -> list[dict[str, str]]:
    return [
        {"key": "1–9", "label": _("打开能做的")},
        {"key": "j", "label": _("下一件")},
        {"key": "k", "label": _("上一件")},
        {"key": "/", "label": _("搜索")},
        {"key": "?", "label": _("全部按键")},
    ]


def _kin(state: State, viewer: Viewer) -> list[Matter]:
    """Return parent, what this was merged into, and what was merged into this."""
    matter = state.matter
    ids = [i for i in (matter.parent_id, matter.merged_into_id) if i]
    found = list(selectors.found(ids, viewer)) if ids else []
    return found + selectors.merged(matter, viewer)


def _back(via: str) -> str:
    whose, _dot, process = via.partition(".")
    query = "&".join(
        f"{k}={v}"
        for k, v in (("whose", "unit" if whose == "unit" else ""), ("process", process))
        if v
    )
    url = reverse("workbench:inbox")
    return f"{url}?{query}" if query else url


def numbers_of(viewer: Viewer, via: str) -> list[str]:
    """Return the numbers of the inbox that one came from, in its order, as far as ``NEAR``."""
    whose, _dot, process = via.partition(".")
    if whose not in ("mine", "unit"):
        return []
    rows = selectors.on_desk(viewer, whole_unit=whose == "unit")
    if process:
        rows = rows.filter(process=process)
    return list(selectors.desk_order(rows, "later").values_list("number", flat=True)[:NEAR])


def after(number: str, viewer: Viewer, via: str) -> str:
    """Return the number that comes after this one in the inbox, "" at its end."""
    numbers = numbers_of(viewer, via)
    at = numbers.index(number) + 1 if number in numbers else 0
    return numbers[at] if at < len(numbers) and numbers[at] != number else ""


def _next(request: HttpRequest, viewer: Viewer, via: str) -> dict[str, str] | None:
    """Return the matter to go on with after an act that took the present one off the desk."""
    number = request.GET.get("then", "")
    found = selectors.by_numbers([number], viewer) if number else []
    if not found:
        return None
    return {"title": title_of(found[0]), "url": case_url(found[0], via=via)}


def _place(matter: Matter, viewer: Viewer, via: str) -> dict[str, Any] | None:
    """Return which of the inbox's matters this is, with those before and after it."""
    numbers = numbers_of(viewer, via)
    if matter.number not in numbers or len(numbers) >= NEAR:
        return None
    at = numbers.index(matter.number)

    def url(i: int) -> str:
        if not 0 <= i < len(numbers):
            return ""
        return reverse("workbench:case", args=[numbers[i]]) + f"?via={via}"

    return {"n": at + 1, "total": len(numbers), "previous": url(at - 1), "next": url(at + 1)}


@desk
@require_safe
def similar(request: HttpRequest, number: str) -> HttpResponse:
    """Show what may be the same thing: a part of the case page, or a page of its own."""
    viewer = viewer_of(request)
    matter = selectors.get(number, viewer)
    state = selectors.state_of(matter)
    merge = next(
        (
            (one.action, field.name)
            for one in selectors.possible(state, viewer)
            for field in one.action.fields
            if field.kind == "matter" and one.refusal is None
        ),
        None,
    )
    rows = []
    for found in duplicates.similar(matter, viewer) if state.process.alike else ():
        into = ""
        if merge is not None and found.matter.closed_at is None:
            query = urlencode({"do": merge[0].name, merge[1]: found.matter.number})
            into = f"{case_url(matter)}?{query}#can"
        rows.append(
            {
                "number": found.matter.number,
                "title": title_of(found.matter),
                "url": case_url(found.matter),
                "why": why_alike(found),
                "closed": "" if found.matter.closed_at is None else state_label(found.matter),
                "into": into,
            }
        )
    context = {"matter": matter, "rows": rows, "merge": merge and str(merge[0].label)}
    if request.headers.get("HX-Request"):
        return render(request, "workbench/parts/similar.html", context)
    return page(request, "similar", context)


def state_label(matter: Matter) -> str:
    """Return what the state of a matter is called."""
    process = selectors.process_of(matter)
    return process.states[matter.state].label.in_language(language())


@desk
@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """Give a paper out as a download."""
    found = selectors.paper(paper_id, viewer_of(request))
    if found.blob_id is None:
        raise NotFound.of("not_found")
    return blobs.respond(found.blob_id, found.name, found.media_type)


__all__ = ["case", "case_url", "paper", "show"]


@desk
@require_safe
def letter(request: HttpRequest, number: str, seq: str, kind: str) -> HttpResponse:
    """Give the letter that an act left, to print or to edit."""
    viewer, tongue = viewer_of(request), language()
    made = letters.letter(selectors.get(number, viewer), int(seq), viewer, tongue)
    return given(letters.MAKERS[kind](made, tongue), letters.MEDIA[kind], f"{made.title}.{kind}")
