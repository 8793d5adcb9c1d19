"""A case as its citizen sees it: where it stands, who has it, what happens next and by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.city import selectors as places
from dingzi.city.viewer import Viewer
from dingzi.core import blobs, reasons
from dingzi.core import registry as mechanisms
from dingzi.core.errors import NotFound, Reason
from dingzi.ledger import references
from dingzi.ledger import telling as ledger
from dingzi.matters import clocks, letters, selectors, slips, telling
from dingzi.matters.acts import State
from dingzi.matters.models import Matter
from dingzi.matters.timeline import Entry, timeline
from dingzi.notices import gateways
from dingzi.ui.downloads import given

from . import asking, photos, story
from .asking import Bound
from .holder import AGE, holder
from .pages import language, page
from .receipt import phone_tail


@holder
@require_safe
def case(request: HttpRequest, matter: Matter, viewer: Viewer) -> HttpResponse:
    return show(request, selectors.state_of(matter), viewer)


@holder
@require_safe
def paper(
    request: HttpRequest, matter: Matter, viewer: Viewer, paper_id: int
) -> HttpResponseBase:  # fmt: skip
    """Give one of the case's papers; another case's is not there."""
    found = selectors.paper(paper_id, viewer)
    if found.blob_id is None:
        raise NotFound.of("not_found")
    return blobs.respond(found.blob_id, found.name, found.media_type)


@holder
@require_safe
def letter(request: HttpRequest, matter: Matter, viewer: Viewer, seq: int) -> HttpResponse:
    """Give the letter that an act left, as a PDF."""
    made = letters.letter(matter, seq, viewer, language())
    return given(letters.pdf(made, language()), letters.MEDIA["pdf"], f"{made.title}.pdf")


def show(
    request: HttpRequest,
    state: State,
    viewer: Viewer,
    *,
    bound: Bound | None = None,
    wrong: list[Reason] | None = None,
    since: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the case page; ``since`` is the version that a stale page had shown."""
    tongue, now = language(), timezone.now()
    matter = state.matter
    entries = timeline(matter, viewer, tongue)
    ask, offers = asking.can(state, viewer, tongue, bound)
    asked_papers = any(o.first and o.paper_names for o in offers)
    due = deadlines(state, now, tongue)
    coming = _next(state, tongue)
    ways = [
        (_("自己核对"), reverse("portal:check_receipt")),
        (_("下载证明"), reverse("portal:proof")),
    ]
    sealed = ledger.told([one.event.id for one in entries], tongue, ways)
    context: dict[str, Any] = {
        "matter": matter,
        "now": now,
        "where": places.full_name(matter.place_id, tongue),
        "standing": state.process.states[matter.state].public.in_language(tongue),
        "unit": directory.name_of(directory.unit(matter.holder_unit_id), tongue),
        "over": not matter.active,
        "deadlines": due,
        "reply": story.reply(entries, tongue),
        "ask": ask,
        "firsts": [o for o in offers if o.first],
        "adds": [o for o in offers if o.paper_names and not o.first and not asked_papers],
        "acts": [o for o in offers if not o.paper_names and not o.first],
        "coming": coming,
        "items": story.items(entries, coming, due, now, tongue, sealed),
        "papers": story.papers(entries),
        "facts": facts(state, viewer, tongue),
        "qr": slips.qr(references.url_of_filing(matter)),
        "can_print": slips.can_print(),
        "wrong": [("", reasons.say(reason)) for reason in wrong or []],
        "bad": bound.form if bound else None,
        "changes": _changes(entries, since),
        "most": photos.MOST,
        "hours": AGE // 3600,
        "ways": _ways(matter, tongue),
    }
    return page(request, "case/case", context, status=status, private=True)


def _ways(matter: Matter, tongue: str) -> list[tuple[str, str]]:
    """Return how the holder may be told of what happens; of a confidential matter in no way."""
    if matter.confidential:
        return []
    return [(one.name, one.label.in_language(tongue)) for one in gateways.offered()]


def _next(state: State, tongue: str) -> str:
    """Return what comes next, in the words of the mechanism; "" where it gives none."""
    mechanism = mechanisms.of_process(state.process.name)
    if mechanism is None or mechanism.filing is None:
        return ""
    text = mechanism.filing.next.get(state.matter.state)
    return text.in_language(tongue) if text else ""


def deadlines(state: State, now: datetime, tongue: str) -> list[dict[str, Any]]:
    """Return the running deadlines, the earliest first, each with its explanation."""
    found = []
    today = clocks.local_day(now)
    for clock in state.matter.clocks.values():
        if clock["state"] == "done" or not clock["due"]:
            continue
        told = clocks.explain(clock, state.process)
        due = date.fromisoformat(clock["due"])
        title = told.rule.en if tongue.startswith("en") else told.rule.zh
        found.append(
            {
                "title": title,
                "due": clocks.end_of(due),
                "paused": clock["state"] == "paused",
                "since": date.fromisoformat(clock["pauses"][-1][0]) if clock["pauses"] else None,
                "reasons": telling.reasons(told, tongue, today),
                "marks": telling.marks(told),
            }
        )
    return sorted(found, key=lambda one: (one["paused"], one["due"]))


def facts(state: State, viewer: Viewer, tongue: str) -> list[dict[str, str]]:
    """Return what the page tells of the case at its side."""
    matter = state.matter
    mechanism = mechanisms.of_process(matter.process)
    category = mechanism.categories.get(matter.category) if mechanism else None
    lead = directory.unit(matter.lead_unit_id or matter.holder_unit_id)
    helping = dict.fromkeys(
        directory.name_of(directory.unit(child.holder_unit_id), tongue)
        for child in selectors.children(matter, viewer)
        if child.active and child.holder_unit_id != (lead.id if lead else None)
    )
    tail = phone_tail(matter)
    gap = ", " if tongue.startswith("en") else "，"
    where = gap.join(filter(None, [places.full_name(matter.place_id, tongue), matter.spot]))
    rows = [
        (_("主办"), directory.name_of(lead, tongue)),
        (_("协办"), reasons.listed(helping, tongue)),
        (_("类别"), category.in_language(tongue) if category else ""),
        (_("地方"), where),
        (_("电话"), _("尾号%(tail)s") % {"tail": tail} if tail else ""),
        (_("谁能看"), _("您，办这件事的单位和它的上级")),
    ]
    return [{"term": term, "text": text} for term, text in rows if text]


def _changes(entries: list[Entry], since: int | None) -> list[dict[str, Any]] | None:
    """Return the acts that came after the version a stale page had shown; None for a fresh one."""
    if since is None:
        return None
    return [
        {"at": one.at, "title": one.title, "who": one.who}
        for one in entries
        if one.event.seq > since
    ]
