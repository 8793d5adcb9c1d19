"""What of a matter anybody may know, one by one: as coarse as its leaf in the public log.

County, top category and month; open or closed, what its state is called. Where fewer than
``figures.smallest_cell`` matters share county, category and month, the matter is not among those
that are listed. What is confidential is never here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from dingzi.city import directory

from . import aliases, registry
from .clocks import LOCAL, local_day
from .models import Matter

#: Seconds for which counts are kept.
KEPT = 60
#: What of a matter is read.
_READ = (
    "id", "process", "version", "state", "closed_at", "county", "category", "lead_unit",
    "holder_unit", "opened_at", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One matter as strangers see it. ``opened``, ``changed`` : the first of the month."""

    alias: str
    process: str
    version: int
    state: str
    open: bool
    county: str
    category: str
    unit: int | None
    opened: date
    changed: date


def one(alias: str) -> Seen | None:
    """Return the matter of an alias; None where there is none, or nobody may know of it."""
    found = aliases.matter_id(alias)
    row = (
        Matter.objects.filter(pk=found, confidential=False, parent=None).first() if found else None
    )
    return _seen(row) if row is not None and not _hidden(row.process) else None


def _hidden(process: str) -> bool:
    return registry.handle(process).latest.confidential


def _seen(row: Matter) -> Seen:
    unit = directory.unit(row.lead_unit_id or row.holder_unit_id)
    return Seen(
        alias=aliases.of(row.id),
        process=row.process,
        version=row.version,
        state=row.state,
        open=row.closed_at is None,
        county=row.county,
        category=row.category,
        unit=unit.id if unit and unit.level in ("city", "county") else None,
        opened=local_day(row.opened_at).replace(day=1),
        changed=local_day(row.changed_at).replace(day=1),
    )


def cells(
    processes: Collection[str], first: date, last: date
) -> Counter[tuple[str, str, str, date]]:
    """Count matters by process, county, category and month, for whole months from ``first`` on.

    Kept for a minute: the same for everyone.
    """
    key = f"abroad:{','.join(sorted(processes))}:{first}:{last}"
    known: Counter[tuple[str, str, str, date]] | None = cache.get(key)
    if known is not None:
        return known
    rows = (
        _rows(processes, first, last)
        .annotate(month=TruncMonth("opened_at", tzinfo=LOCAL))
        .values_list("process", "county", "category", "month")
        .annotate(n=Count("id"))
        .order_by()
    )
    known = Counter({(p, c, k, m.date()): n for p, c, k, m, n in rows})
    cache.set(key, known, KEPT)
    return known


def _rows(processes: Iterable[str], first: date, last: date) -> QuerySet[Matter]:
    begin = datetime.combine(first, time(), LOCAL)
    end = datetime.combine(last, time(23, 59, 59, 999_999), LOCAL)
    wanted = [name for name in processes if not _hidden(name)]
    return Matter.objects.filter(
        process__in=wanted, confidential=False, parent=None, opened_at__gte=begin, opened_at__lte=end
    )  # fmt: skip


def listed(
    processes: Collection[str], first: date, last: date, *, least: int, most: int,
    categories: Collection[tuple[str, str]] | None = None, closed: bool | None = None,
) -> list[Seen]:  # fmt: skip
    """Return the newest ``most`` matters opened in the whole months from ``first`` to ``last``.

    Those that share process, county, category and month with fewer than ``least`` are left out.
    Their order tells nothing but the month.
    """
    counted = cells(processes, first, last)
    rows = _rows(processes, first, last).exclude(category="").only(*_READ)
    if closed is not None:
        rows = rows.filter(closed_at__isnull=not closed)
    if categories is not None:
        wanted = Q(pk__in=())
        for process in processes:
            codes = [category for name, category in categories if name == process]
            wanted |= Q(process=process, category__in=codes)
        rows = rows.filter(wanted)
    found = []
    for row in rows.order_by("-opened_at").iterator(chunk_size=1_000):
        seen = _seen(row)
        if counted[seen.process, seen.county, seen.category, seen.opened] >= least:
            found.append(seen)
            if len(found) >= most:
                break
    return sorted(found, key=lambda s: (-s.opened.toordinal(), s.alias))


def standing(process: str, category: str, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Count by county those opened in the months from ``first`` on: how many are open, how many done."""
    rows = _rows([process], first, last)
    if category:
        rows = rows.filter(category=category)
    counted = rows.values_list("county").annotate(
        open=Count("id", filter=Q(closed_at=None)), done=Count("closed_at")
    )
    return {county: (open_, done) for county, open_, done in counted.order_by() if county}
