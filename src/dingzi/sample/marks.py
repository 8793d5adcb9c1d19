"""Two entries of the city's book that say: this installation holds a simulated city."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dingzi.core.errors import Invalid
from dingzi.matters.models import BOOK, Event

BEGUN, MADE = "sample_begun", "sample_made"


def check(facts: dict[str, Any]) -> None:
    if not all(isinstance(value, int | str) for value in facts.values()):
        raise Invalid.of("city_not_text", field="facts")


def apply(facts: dict[str, Any], at: datetime) -> None:
    """They change nothing: the city is made by the events that follow."""


def facts(action: str) -> dict[str, Any] | None:
    """Return what was recorded when the sample was begun or made; None if it was not."""
    found = Event.objects.of(BOOK).filter(action=action).order_by("seq").first()
    return dict(found.facts) if found else None
