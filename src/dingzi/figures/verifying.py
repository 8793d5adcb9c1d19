"""Whether the three places where numbers lie say the same: cells, snapshot, and the rows themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dingzi.core.errors import Refusal
from dingzi.ledger import receipts
from dingzi.matters.models import Outbox

from . import cells, layout, refreshing, rowstore, snapshots
from .declare import Part
from .fetching import Found, Query, fetch
from .period import month_end, today

#: A city at work writes between two counts: what differs so often in a row differs.
TIMES = 3


def differences() -> list[tuple[str, Part]]:
    """Return ``cells`` or ``snapshot`` with every part that it tallies otherwise than the rows.

    By month from the first day on, of the city and by what is public. The snapshot is compared where nothing waits for its
    seal. Takes as long as counting all rows does.
    """
    found = list(dict.fromkeys(_differences()))
    for _ in range(TIMES - 1):
        if not found:
            break
        again = set(_differences())
        found = [one for one in found if one in again]
    return found


def _differences() -> Iterator[tuple[str, Part]]:
    refreshing.refresh()
    for query in _queries():
        rows = rowstore.fetch(query)
        for where, other in (("cells", cells.fetch(query)), ("snapshot", _snapshot(query))):
            if other is not None:
                for part in query.parts:
                    if _told(other, part) != _told(rows, part):
                        yield where, part


def _queries() -> Iterator[Query]:
    """Ask for every part the days and months of the city, and the months of what is public."""
    last = month_end(today().year, today().month)
    for plan in layout.all_layouts():
        kept = dict.fromkeys(cuboid for several in plan.cuboids.values() for cuboid in several)
        for by in kept:
            if len(by) < 2 and all(one.public for one in by):
                parts = tuple(part for part, several in plan.cuboids.items() if by in several)
                yield Query(parts, None, last, by, "month")
                if not by:
                    yield Query(parts, None, last, by, "day")


def _snapshot(query: Query) -> Found | None:
    head = receipts.head()
    if head is None or Outbox.objects.exists():
        return None
    try:
        with snapshots.as_of() as tree:
            return fetch(query) if tree.size == head.size else None
    except Refusal:
        return None


def _told(found: Found, part: Part) -> dict[Any, Any]:
    tallies = found.tallies[part].items()
    return {key: (one.n, one.total, one.spread) for key, one in tallies if one.n or one.total}
