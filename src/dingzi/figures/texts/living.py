"""A plain text made into the markup of articles, its verified numbers into live figures."""

from __future__ import annotations

import re
from datetime import date

from dingzi.city import directory
from dingzi.core.errors import Refusal
from dingzi.reading import VERIFIED, catalogue

from .. import asking
from ..period import Period
from . import rich
from .marking import Mark, check
from .records import WHOLE

_SPECIAL = re.compile(r"([\\*_\[\]~]|^[>\-+](?= )|^#{1,6}(?= )|^\d+(?=[.)] ))", re.M)


def markup(text: str, day: date, *, live: bool) -> str:
    """Return a text as markup, a line a paragraph; with ``live``, verified numbers become figures.

    A number becomes one only where the figure's own words say the same with the unit written: a
    change, a rounded number or one in 万 stays as it was written.
    """
    pieces = check(text, day).pieces() if live else iter([text])
    out = [_escaped(one) if isinstance(one, str) else _token(one) or _escaped(one.claim.text) for one in pieces]  # fmt: skip
    lines = (line.strip() for line in "".join(out).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _escaped(text: str) -> str:
    """Return plain words so that the markup makes nothing of them; a live figure stays one."""
    made, at = [], 0
    for live in rich.LIVE.finditer(text):
        made += [_SPECIAL.sub(r"\\\1", text[at : live.start()]), live[0]]
        at = live.end()
    return "".join([*made, _SPECIAL.sub(r"\\\1", text[at:])])


def _token(mark: Mark) -> str:
    """Return a live figure for a claim that it would show just so; "" where it would not."""
    span = catalogue.days(mark.claim.period)
    if (
        mark.verdict != VERIFIED
        or mark.figure is None
        or span is None
        or mark.claim.kind == "change"
    ):
        return ""
    try:
        period = Period(date.fromisoformat(span[0] or span[1]), date.fromisoformat(span[1]))
        county = _county(mark.claim.scope)
        dims = {"county": county} if county else None
        shown = asking.value(mark.figure, period, dims).text.zh
    except Refusal:
        return ""
    if shown.replace(",", "") != mark.claim.text.replace(",", "").replace(" ", ""):
        return ""
    place = f"|{mark.claim.scope}" if county else ""
    return f"[[{mark.figure.name}|{period.code}{place}]]"


def _county(scope: str) -> str:
    city = directory.city()
    if scope in WHOLE or (city and scope == city.name):
        return ""
    return next((c.code for c in directory.divisions("county") if c.name == scope), "")
