"""Seals in words, for the pages of every door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dingzi.core import reasons

from .receipts import seals


def told(
    events: Iterable[int], language: str, links: Sequence[tuple[str, str]] = ()
) -> dict[int, dict[str, Any]]:
    """Return what ``{% seal %}`` takes, by event, of those that stand under a published head."""
    return {
        event: {
            "text": reasons.say(
                ("seal_told", {"index": one.index, "head": one.head, "at": one.at}), language
            ),
            "links": links,
        }
        for event, one in seals(events).items()
    }
