"""Letters: what an act says in writing to who brought the matter, as DOCX and as PDF.

A process names the acts that leave one. What stands in it are the act's own answers that its
addressee may see, so that page, letter and record never differ; nothing is kept twice.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import NotFound
from dingzi.core.reasons import say

from . import registry, telling
from .models import SEQ_BITS, Event, Matter, Private, event_id
from .process import Action
from .slips import printer
from .timeline import Entry, timeline

#: How a letter can be had, by the ending of its address.
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A letter in words; ``parts`` are heading and text, in the order in which they stand."""

    title: str
    number: str
    to: str
    parts: tuple[tuple[str, str], ...]
    remedy: str
    by: str
    at: datetime

    def greeting(self, language: str) -> str:
        return self.to and self.to + (":" if language.startswith("en") else "：")

    def day(self, language: str) -> str:
        with translation.override(language):
            return date_format(timezone.localtime(self.at), _("Y年n月j日"))


def _action(event: Event) -> Action | None:
    return registry.action(registry.process(event.process, event.version), event.action)


def title_of(entry: Entry, language: str) -> str:
    """Return the title of the letter that an act left; "" where it left none or it was erased."""
    action = None if entry.child or entry.erased else _action(entry.event)
    found = action.letter if action else None
    return found.title.in_language(language) if found else ""


def letter(matter: Matter, seq: int, viewer: Viewer, language: str) -> Page:
    """Return the letter of one act of a matter that the viewer sees; NotFound where there is none."""
    wanted = event_id(matter.id, seq) if 0 < seq < 1 << SEQ_BITS else 0
    entries = timeline(matter, viewer, language)
    entry = next((e for e in entries if e.event.id == wanted and title_of(e, language)), None)
    if entry is None:
        raise NotFound.of("not_found")
    event, action = entry.event, _action(entry.event)
    assert action is not None and action.letter is not None
    parts = [
        (one.field.label.in_language(language), telling.value_text(one.field, one.value, language))
        for one in entry.lines
        if one.field.shown
    ]
    remedy = action.letter.remedy
    unit = event.unit_id or matter.lead_unit_id or matter.holder_unit_id
    return Page(
        title=action.letter.title.in_language(language),
        number=matter.number,
        to=_addressee(matter),
        parts=(*_asked(matter, language), *parts),
        remedy=say((remedy, {}), language) if remedy else "",
        by=directory.name_of(directory.unit(unit), language),
        at=event.occurred_at,
    )


def _asked(matter: Matter, language: str) -> list[tuple[str, str]]:
    """Return what was asked for when the matter was opened: a letter begins with it."""
    event = Event.objects.get(id=event_id(matter.id, 1))
    private = Private.objects.filter(event=event.id).first()
    action = _action(event)
    text = str(private.data.get("text", "")) if private else ""
    if action is None or not text:
        return []
    return [(f.label.in_language(language), text) for f in action.fields if f.name == "text"]


def _addressee(matter: Matter) -> str:
    names = [one.get("name", "") for one in matter.people if one.get("side") == "applicant"]
    return next((name for name in names if name), "")


def docx(page: Page, language: str) -> bytes:
    """Return the letter as a Word file, to be numbered and sealed where paper is asked for."""
    import docx as word
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.oxml.ns import qn
    from docx.shared import Pt

    made = word.Document()
    normal = made.styles["Normal"]
    normal.font.size = Pt(12)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "FangSong")

    def line(text: str, align: ALIGN = ALIGN.LEFT, size: int = 0) -> None:
        paragraph = made.add_paragraph()
        paragraph.alignment = align
        run = paragraph.add_run(text)
        if size:
            run.bold, run.font.size = True, Pt(size)

    line(page.title, ALIGN.CENTER, 18)
    line(page.number, ALIGN.CENTER)
    if page.to:
        line(page.greeting(language))
    for title, text in page.parts:
        line(title, size=12)
        for one in text.split("\n"):
            line(one)
    if page.remedy:
        line(page.remedy)
    line(page.by, ALIGN.RIGHT)
    line(page.day(language), ALIGN.RIGHT)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf(page: Page, language: str) -> bytes:
    """Return the letter as a PDF, A4; NoPrinter where Pango is missing."""
    weasyprint = printer()
    shown = {"page": page, "greeting": page.greeting(language), "day": page.day(language)}
    shown["sample"] = settings.DEMO
    with translation.override(language):
        html = render_to_string("ui/print/letter.html", shown)
    # a letter refers to nothing outside itself
    alone = weasyprint.urls.URLFetcher(allowed_protocols=())
    return bytes(weasyprint.HTML(string=html, url_fetcher=alone).write_pdf())


MAKERS: dict[str, Callable[[Page, str], bytes]] = {"docx": docx, "pdf": pdf}
