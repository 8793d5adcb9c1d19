"""The way from the city to its book.

The book is a stream of events and lives above the city, in ``matters``; it calls ``appliers`` to
make an event take effect. What the city itself wants recorded goes through here: ``matters``
connects its ``record`` when it starts.
"""

from __future__ import annotations

from typing import Any, Protocol

from .viewer import Viewer


class Record(Protocol):
    def __call__(self, action: str, facts: dict[str, Any], *, by: Viewer) -> Any: ...


_record: Record | None = None


def connect(record: Record | None) -> None:
    """Say who writes the book."""
    global _record
    _record = record


def record(action: str, facts: dict[str, Any], *, by: Viewer) -> Any:
    """Record one event in the city's book; it takes effect in the same transaction.

    Raises
    ------
    Invalid
        What ``appliers.BOOK[action]`` refuses; nothing is written then.
    """
    if _record is None:
        raise RuntimeError("no book is connected: matters calls city.book.connect when it starts")
    return _record(action, facts, by=by)
