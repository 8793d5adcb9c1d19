"""From when on there is anything to count: before that day a number would say nought and mean
nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from . import cells, rowstore
from .fetching import during, elsewhere
from .layout import layout


def counted_since(model: Any) -> date | None:
    """Return the first day of the month in which the first row of a projection lies."""
    if elsewhere():
        from .snapshots import reading

        return during(("snapshot since", model), lambda: reading.counted_since(model))
    if cells.as_of(model) is not None:
        return cells.first_month(model)
    return during(("rows since", model), lambda: _first_row(model))


def _first_row(model: Any) -> date | None:
    firsts = {of.on: parts[0] for of, parts in layout(model).populations.items()}
    days = [day for part in firsts.values() if (day := rowstore.first_day(part))]
    return min(days).replace(day=1) if days else None
