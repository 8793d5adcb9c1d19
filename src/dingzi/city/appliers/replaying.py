"""A replay of the city's book: which rows the events have made so far.

A rebuild lets the events take effect again over rows that are there already, each with its id. What
an event finds must then be what it found the first time: a tenure that only a later event begins is
not there yet. At the end, a row that no event has made was put there by nobody's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

Made = set[tuple[type[Model], Any]]
_made: ContextVar[Made | None] = ContextVar("made", default=None)


@contextmanager
def replaying() -> Iterator[Made]:
    """Replay the book in here; gives the rows that its events have made, by model and key."""
    found: Made = set()
    token = _made.set(found)
    try:
        yield found
    finally:
        _made.reset(token)


def made(rows: Iterable[Model]) -> None:
    """Note rows that an event has made. A query is only asked during a replay."""
    found = _made.get()
    if found is not None:
        found.update((type(row), row.pk) for row in rows)


def put(model: type[Model], defaults: dict[str, Any], **key: Any) -> Model:
    """Make the row of a key, or set it anew, note that an event has made it, and return it."""
    row, _ = model._default_manager.update_or_create(defaults=defaults, **key)
    made([row])
    return row


def there(row: Model) -> bool:
    """Tell whether a row is there at this point of the book; always, but for a replay."""
    found = _made.get()
    return found is None or (type(row), row.pk) in found
