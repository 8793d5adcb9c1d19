"""Whether somebody has said this before: looked up only in what his own receipt opens.

A telephone number that he writes is no proof of whose it is, so nothing is looked up by it alone.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dingzi.matters import duplicates
from dingzi.matters.models import Matter

from . import holder


def said_before(request: HttpRequest, process: str, data: dict[str, Any]) -> Matter | None:
    """Return the holder's own open matter if it is about the same thing as ``data``."""
    found = holder.held(request)
    place, text = str(data.get("place", "")), str(data.get("text", ""))
    if found is None or not place or not text:
        return None
    phone = str(data.get("phone", ""))
    alike = duplicates.like(process, place, text, phone, found[1])
    return next((one.matter for one in alike if one.matter.closed_at is None), None)
