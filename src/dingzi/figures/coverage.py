"""From when on there is anything to count: before that day a number would say nought and mean
nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from . import registry, rowstore


def counted_since(model: Any) -> date | None:
    """Return the first day of the month in which the first row of a projection lies."""
    seen: set[str] = set()
    days = []
    for part in registry.parts():
        of = part.population
        if of.model is model and of.on not in seen:
            seen.add(of.on)
            if day := rowstore.first_day(part):
                days.append(day)
    return min(days).replace(day=1) if days else None
