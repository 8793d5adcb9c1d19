"""Whether somebody has said this before: looked up only in what his own receipt opens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dingzi.matters.models import Matter

from . import holder


def said_before(request: HttpRequest, process: str, data: dict[str, Any]) -> Matter | None:
    """Return the holder's own open matter if it is about the same thing as ``data``."""
    found = holder.held(request)
    if found is None:
        return None
    matter, _viewer = found
    if matter.process != process or matter.closed_at is not None:
        return None
    return matter if _same_place(matter, data) else None


def _same_place(matter: Matter, data: dict[str, Any]) -> bool:
    place = str(data.get("place", ""))
    return bool(matter.town) and place[:9] == matter.town
