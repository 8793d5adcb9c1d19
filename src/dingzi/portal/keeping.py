"""Keeping what costs to count for a minute, for everyone alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from dingzi import figures

from .pages import language

#: Seconds for which numbers of a page are kept.
KEPT = 60


def kept(place: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what ``make`` gives, or gave within the last minute in this language on this day.

    What is kept is the same for everyone and made of built-in values, Decimals and dates.
    """
    key = f"portal:{language()}:{figures.today()}:{place}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT)
    return found
