"""A draft as somebody sends it to be checked: pasted or as a file, with the day it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dingzi.core.errors import Invalid
from dingzi.reading import Unreadable, dated
from dingzi.reading.apart import text_apart

from ..period import YEARS, today

#: Characters of the longest draft that is checked on a page.
LONGEST = 40_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and the day of which its 今年 and 1至10月 are."""

    text: str
    day: date


def given(request: HttpRequest) -> Draft:
    """Return the draft that a form brings. Raises Invalid that names ``text``, ``file`` or ``day``."""
    day = _day(request.POST.get("day", "").strip())
    upload: Any = request.FILES.get("file")
    if upload is not None:
        text = _taken_out(upload)
    else:
        text = request.POST.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
        text = "".join(c for c in text if c in "\n\t" or ord(c) >= 32)
    if not text.strip():
        raise Invalid.of("no_text_to_check", field="text")
    if len(text) > LONGEST:
        raise Invalid.of("too_long", field="text", limit=LONGEST, length=len(text))
    return Draft(text, _written(text, day))


def _written(text: str, day: date) -> date:
    """The day that was given; where it is only today's, the one by which the text dates itself.

    A text of an earlier year by its title alone is taken as of the end of that year.
    """
    if day != today():
        return day
    year, signed = dated(text)
    if signed and signed.year in YEARS:
        return signed
    return date(year, 12, 31) if year and year in YEARS and year < day.year else day


def _day(written: str) -> date:
    if not written:
        return today()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Invalid.of("not_a_date", field="day", value=written[:20]) from None
    if day.year not in YEARS:
        raise Invalid.of("not_a_date", field="day", value=written)
    return day


def _taken_out(upload: Any) -> str:
    if upload.size > settings.UPLOAD_LIMIT:
        raise Invalid.of("too_large", field="file", limit=settings.UPLOAD_LIMIT)
    name = str(upload.name or "")[:80]
    try:
        return text_apart(upload.read(), name.encode("utf-8", "replace").decode())
    except Unreadable as error:
        code, params = error.reason
        raise Invalid((code, {**params, "field": "file"})) from error
