"""Seals in words, for the pages of every door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dingzi.core import reasons

from .models import Cosignature
from .receipts import Seal, seals


def told(
    events: Iterable[int], language: str, links: Sequence[tuple[str, str]] = ()
) -> dict[int, dict[str, Any]]:
    """Return what ``{% seal %}`` takes, by event, of those that stand under a published head."""
    found = seals(events)
    sizes = list(Cosignature.objects.values_list("size", flat=True)) if found else []
    return {
        event: {"text": _text(one, sizes, language), "links": links} for event, one in found.items()
    }


def _text(one: Seal, sizes: list[int], language: str) -> str:
    said = reasons.say(
        ("seal_told", {"index": one.index, "head": one.head, "at": one.at}), language
    )
    count = sum(size > one.index for size in sizes)
    if not count:
        return said
    gap = " " if language.startswith("en") else ""
    return f"{said}{gap}{reasons.say(('seal_cosigned', {'n': count}), language)}"
