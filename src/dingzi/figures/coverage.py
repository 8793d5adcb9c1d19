"""From when on there is anything to count: before that day a number would say nought and mean
nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from . import cells, rowstore
from .layout import layout


def counted_since(model: Any) -> date | None:
    """Return the first day of the month in which the first row of a projection lies."""
    if cells.as_of(model) is not None:
        return cells.first_month(model)
    firsts = {one.population.on: one.parts[0][0] for one in layout(model).counted}
    days = [day for part in firsts.values() if (day := rowstore.first_day(part))]
    return min(days).replace(day=1) if days else None
