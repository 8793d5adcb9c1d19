"""The receipt as a thing to keep: what stands on it, its QR code, the page to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dingzi import law
from dingzi.city import directory
from dingzi.city.parameters import overrides
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Refusal
from dingzi.core.registry import Coming
from dingzi.law import phrases, words
from dingzi.ui import words as shown

from . import clocks, receipts, registry
from .models import Matter


@dataclass(frozen=True, slots=True)
class Next:
    """One line of what happens next: the sentence, what it means, on what it rests."""

    text: str
    about: str
    note: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What a receipt shows. ``code`` is empty where it is not to be shown again.

    ``act`` says what was done where it is not the filing, ``seal`` that it is sealed or by when.
    """

    number: str
    at: datetime
    code: str
    qr: str
    steps: tuple[Next, ...]
    track_url: str
    act: str = ""
    seal: str = ""


def slip_of(
    matter: Matter, language: str, *, code: bool = True, url: str = "", act: str = "",
    seal: str = "",
) -> Slip:  # fmt: skip
    """Return the receipt of a matter; who asks has shown that he holds it.

    ``url`` is what the QR holds: the ledger signs it for an act.
    """
    return Slip(
        number=matter.number,
        at=matter.opened_at,
        code=receipts.secret_of(matter) if code else "",
        qr=qr(url or receipts.url(matter)),
        steps=tuple(coming(matter, language)),
        track_url=f"{settings.SITE_URL}/track/",
        act=act,
        seal=seal,
    )


def qr(text: str) -> str:
    """Return a QR code as SVG, black on white on any page."""
    import segno

    made = segno.make_qr(text, error="m")
    return made.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2, light="#fff")


def coming(matter: Matter, language: str) -> list[Next]:
    """Return what happens after filing, with days where they are known; nothing once it has."""
    mechanism = mechanisms.of_process(matter.process)
    begun = matter.state != registry.process(matter.process, matter.version).start
    if mechanism is None or mechanism.filing is None or begun:
        return []
    return [_next(one, matter, language) for one in mechanism.filing.coming]


def _next(one: Coming, matter: Matter, language: str) -> Next:
    title = one.title.in_language(language)
    today = clocks.local_day(timezone.now())
    note = ""
    clock = matter.clocks.get(one.clock) if one.clock else None
    if clock is not None and clock["state"] == "running" and clock["due"]:
        title = shown.due(date.fromisoformat(clock["due"]), to=title).by
        rule = law.rule(clock["rule"], date.fromisoformat(clock["start"]), overrides())
        gap = ", " if language.startswith("en") else "，"
        note = f"{length(rule, language)}{gap}{cite(rule, language)}"
    elif one.rule:
        rule = law.rule(one.rule, today, overrides())
        title = title.format(length=length(rule, language))
        note = cite(rule, language)
    if one.law:
        name, article = one.law
        source = [{"law": law.PARAMETERS.law(name), "article": article}]
        note = phrases.cited(source, language, words.load())
    return Next(title, one.text.in_language(language) if one.text else "", note)


def length(rule: law.Rule, language: str) -> str:
    """Say a length of time: 3个工作日 / 3 working days."""
    value = (rule.amount, rule.unit, rule.kind)
    return phrases.fill("{n:length}", {"n": value}, language, words=words.load())


def cite(rule: law.Rule, language: str) -> str:
    """Say on what a length of time rests: its law, or that the city set it."""
    source = {"local": True} if rule.local else _law(rule)
    return phrases.cited([source], language, words.load())


def _law(rule: law.Rule) -> dict[str, object]:
    return {"law": law.PARAMETERS.law(rule.source), "article": rule.article}


class NoPrinter(Refusal):
    """This machine lacks the libraries that make PDFs; the reason names them."""

    status = 503


def pdf(slip: Slip, language: str, text: str = "") -> bytes:
    """Return the receipt as a PDF, A5; ``text`` stands under the code.

    Raises NoPrinter where Pango is missing.
    """
    weasyprint = printer()
    steps = [{"text": one.text, "note": one.about} for one in slip.steps]
    shown_on_it = {
        "number": slip.number,
        "at": slip.at,
        "code": slip.code,
        "qr": slip.qr,
        "text": text,
        "steps": steps,
        "track_url": slip.track_url,
        "act": slip.act,
        "seal": slip.seal,
        "city": directory.name_of(directory.city(), language),
        "sample": settings.DEMO,
    }
    with translation.override(language):
        html = render_to_string("ui/print/slip.html", shown_on_it)
    # a receipt refers to nothing outside itself
    alone = weasyprint.urls.URLFetcher(allowed_protocols=())
    return bytes(weasyprint.HTML(string=html, url_fetcher=alone).write_pdf())


def printer() -> Any:
    """Return WeasyPrint; NoPrinter where it cannot be loaded."""
    try:
        import weasyprint
    except OSError as missing:
        raise NoPrinter.of("no_pdf_library") from missing
    return weasyprint


def can_print() -> bool:
    """Tell whether PDFs can be made here."""
    try:
        printer()
    except NoPrinter:
        return False
    return True
