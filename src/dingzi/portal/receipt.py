"""The receipt: shown after filing and after every act that its holder sees; printed as often as he likes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import NotFound
from dingzi.ledger import references, telling
from dingzi.ledger.receipts import WITHIN
from dingzi.matters import slips
from dingzi.matters.models import Event, Matter, event_id
from dingzi.matters.timeline import timeline
from dingzi.ui import downloads, words

from . import drafts
from .holder import holder
from .pages import language, page
from .steps import public_forms


def _shows_code(request: HttpRequest, matter: Matter) -> bool:
    """Tell whether this device has just filed the matter: only then is the code written out."""
    filed = drafts.filed(request)
    return filed is not None and filed.matter == matter.id and filed.fresh


@holder
@require_safe
def receipt(request: HttpRequest, matter: Matter, viewer: Viewer, seq: int = 0) -> HttpResponse:
    """Show number, code and QR, and what happens next; with ``seq`` the receipt of a later act."""
    code = _shows_code(request, matter)
    filed = drafts.filed(request)
    form = next((f for f in public_forms() if filed and f.name == filed.name), None)
    slip = _slip(matter, viewer, seq, code)
    context: dict[str, Any] = {
        "matter": matter,
        "slip": slip,
        "seq": seq,
        "code_shown": code,
        "tail": phone_tail(matter),
        "can_print": slips.can_print(),
        "done_drafts": [
            f"file-{form.name}-{n}" for n in range(1, len(form.filing.steps) + 1)
        ] if form else [],
    }  # fmt: skip
    return page(request, "receipt", context, private=True)


def _slip(matter: Matter, viewer: Viewer, seq: int, code: bool) -> slips.Slip:
    """Return the receipt of an act that its holder sees, the filing by default; NotFound else."""
    tongue = language()
    act = ""
    if seq:
        entries = timeline(matter, viewer, tongue)
        one = next((e for e in entries if (e.event.stream, e.event.seq) == (matter.id, seq)), None)
        if one is None:
            raise NotFound.of("not_found")
        event = one.event
        gap = ", " if tongue.startswith("en") else "，"
        when = f"{words.day(one.at, date.min)} {words.local(one.at):%H:%M}"  # a slip keeps its year
        act = gap.join(filter(None, [when, one.title, one.who]))
    else:
        event = Event.objects.get(id=event_id(matter.id, 1))
    url = references.url(matter, event)
    return slips.slip_of(matter, tongue, code=code, url=url, act=act, seal=_sealing(event))


def _sealing(event: Event) -> str:
    """Say that an act is in the public log, or by when it is promised to be."""
    told = telling.told([event.id], language())
    if event.id in told:
        return str(told[event.id]["text"])
    return reasons.say(("seal_promised", {"until": event.recorded_at + WITHIN}))


@holder
@require_safe
def receipt_pdf(
    request: HttpRequest, matter: Matter, viewer: Viewer, seq: int = 0
) -> HttpResponseBase:
    """Give the receipt as a PDF; NoPrinter says what is missing where it cannot be made."""
    code = _shows_code(request, matter)
    slip = _slip(matter, viewer, seq, code)
    text = _("查进展时要用，请收好。") if code else _("扫码就能查进展，请收好。")
    made = slips.pdf(slip, language(), text)
    return downloads.given(made, "application/pdf", "receipt.pdf")


def phone_tail(matter: Matter) -> str:
    """Return the last four digits of the telephone that the applicant left, "" without one."""
    for person in matter.people:
        if person.get("side") == "applicant" and len(person.get("phone", "")) >= 4:
            return str(person["phone"])[-4:]
    return ""
