"""Bring the cells up to date: add what waits, or tally a projection from its first row.

One refresh at a time holds the projection's line in ``Tallied``. What waits is read, added and
deleted in one transaction, so nothing is added twice, and what commits later is found later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import islice
from typing import Any

from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from dingzi.matters.writer import Batch, insert_all

from . import tallying, triggers
from .layout import Cuboid, Layout, all_layouts
from .models import Cell, Pending, Series, Tallied
from .tally import Tally
from .tallying import Tallier

log = logging.getLogger(__name__)

#: Changes added in one transaction.
STEP = 5_000
#: Rows read at once.
CHUNK = 5_000
#: With more waiting it is quicker to tally everything anew.
MANY = 50_000
#: PostgreSQL refuses a transaction whose snapshot another refresh has overtaken.
TRIES = 3


def refresh() -> int:
    """Bring the cells of every projection up to date; return how many changes were added.

    Safe to call at any time by anybody. A projection without cells, or whose declarations have
    changed, is tallied from nothing.
    """
    return sum(_refresh(plan) for plan in all_layouts())


def rebuild(*, progress: Callable[[int], None] | None = None) -> int:
    """Tally every projection from nothing; return the number of rows read."""
    return sum(_rebuild(plan, progress) for plan in all_layouts())


def edition() -> str | None:
    """Return a text that changes whenever numbers do, for pages that keep them; None while rows are
    counted directly, when nothing should be kept."""
    found = {state.rows: state for state in Tallied.objects.all()}
    states = [(plan, found.get(plan.rows)) for plan in all_layouts()]
    if any(state is None or state.layout != plan.name for plan, state in states):
        return None
    return "-".join(f"{plan.name[:8]}.{state.version}" for plan, state in states if state)


def _refresh(plan: Layout) -> int:
    state = Tallied.objects.filter(rows=plan.rows).first()
    waiting = Pending.objects.filter(rows=plan.rows)
    if state is None or state.layout != plan.name or waiting[MANY : MANY + 1].exists():
        if not triggers.stand(plan, connection):
            _warn(plan.rows, plan.name)
            return 0
        return _rebuild(plan, None)
    done = 0
    while step := _step(plan):
        done += step
        if step < STEP:
            break
    return done


@cache
def _warn(rows: str, layout: str) -> None:
    """Say once that a projection is counted from its rows until ``migrate`` puts up its triggers."""
    log.warning("no triggers for figures", extra={"fields": {"rows": rows, "layout": layout}})


def _step(plan: Layout) -> int:
    """Add up to `STEP` waiting changes to the cells."""
    waiting = Pending.objects.filter(rows=plan.rows).order_by("id")[:STEP]
    if not waiting.exists():
        return 0
    with transaction.atomic():
        state = Tallied.objects.select_for_update().get(rows=plan.rows)
        if state.layout != plan.name:
            return 0
        changes = list(waiting)
        tallier, reads = Tallier(plan), tallying.readers(plan)
        for change in changes:
            for sign, data in ((-1, change.old), (1, change.new)):
                if data is not None:
                    values = [data[name] for name in plan.columns]
                    tallier.add(tallying.converted(values, reads), sign)
        _apply(plan, tallier)
        Pending.objects.filter(id__in=[change.id for change in changes]).delete()
        state.version += 1
        state.at = timezone.now()
        state.save(update_fields=["version", "at"])
    return len(changes)


def _tells(tally: Tally) -> bool:
    return bool(tally.n or tally.total or any(tally.spread.values()))


def _apply(plan: Layout, deltas: Tallier) -> None:
    """Add the deltas to the cells; a cell of nothing is deleted."""
    ids = _series(plan)
    batch = Batch()
    empty: list[int] = []
    for series, tallies in deltas.series():
        tallies = {place: tally for place, tally in tallies.items() if _tells(tally)}
        if not tallies:
            continue
        number, spread = ids[series], series[0].keep == "spread"
        cells = Cell.objects.filter(
            series=number, at__in={at for at, _ in tallies}, key__in={key for _, key in tallies}
        )
        found = {(cell.at, cell.key): cell for cell in cells}
        for (at, key), tally in tallies.items():
            cell = found.get((at, key))
            if cell is not None:
                tally.add(_tally(cell))
            made = _cell(number, at, key, tally, spread, cell.id if cell else None)
            if cell is None:
                batch.insert(made)
            elif _tells(tally):
                batch.update(made)
            else:
                empty.append(cell.id)
    batch.flush()
    if empty:
        Cell.objects.filter(id__in=empty).delete()


def _tally(cell: Cell) -> Tally:
    return Tally(cell.n, cell.total, {int(k): n for k, n in (cell.spread or {}).items()})


def _cell(
    series: int, at: date, key: str, tally: Tally, spread: bool, number: int | None = None
) -> Cell:
    counts = {str(v): n for v, n in sorted(tally.spread.items()) if n} if spread else None
    return Cell(
        id=number, series_id=series, at=at, key=key, n=tally.n, total=tally.total, spread=counts
    )


def _series(plan: Layout) -> dict[tuple[Any, Cuboid, str], int]:
    """Return the numbers of the layout's series, making those that are missing."""
    wanted = {
        (part.name, part.keep, ",".join(one.name for one in cuboid), grain): (part, cuboid, grain)
        for part, cuboid, grain in plan.series()
    }
    rows = Series.objects.filter(rows=plan.rows)
    fields = ("part", "keep", "dimensions", "grain", "id")
    missing = wanted.keys() - set(rows.values_list(*fields[:4]))
    Series.objects.bulk_create(
        Series(rows=plan.rows, **dict(zip(fields, name, strict=False))) for name in sorted(missing)
    )
    found = ((tuple(name), number) for *name, number in rows.values_list(*fields))
    return {wanted[name]: number for name, number in found if name in wanted}


# -- from nothing -------------------------------------------------------------------------------


def _rebuild(plan: Layout, progress: Callable[[int], None] | None) -> int:
    for again in range(TRIES):
        try:
            return _tally_all(plan, progress)
        except OperationalError:
            if again == TRIES - 1 or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def _tally_all(plan: Layout, progress: Callable[[int], None] | None) -> int:
    """Read all rows and all that waits as of one moment; replace the cells.

    On PostgreSQL writers go on meanwhile: what they commit is not in this snapshot, and waits
    afterwards. On SQLite they wait.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        now = timezone.now()
        state, _ = Tallied.objects.select_for_update().get_or_create(
            rows=plan.rows, defaults={"at": now, "layout": ""}
        )
        Pending.objects.filter(rows=plan.rows).delete()
        tallier = Tallier(plan)
        count = 0
        for row in _rows(plan):
            tallier.add(row)
            count += 1
            if progress and count % 10_000 == 0:
                progress(count)
        wanted = set(plan.series())
        ids = _series(plan)
        # by number: without statistics a join of cells to series is planned as one of every pair
        all_series = list(Series.objects.filter(rows=plan.rows).values_list("id", flat=True))
        Cell.objects.filter(series__in=all_series).delete()
        Series.objects.filter(rows=plan.rows).exclude(id__in=[ids[s] for s in wanted]).delete()
        cells = _cells(ids, tallier)
        while some := list(islice(cells, CHUNK)):
            insert_all(some)
        state.layout, state.version, state.at = plan.name, state.version + 1, now
        state.save()
    return count


def _rows(plan: Layout) -> Iterator[tallying.Row]:
    """Yield all rows as the database gives them: a field's own conversions cost more than counting."""
    manager: models.Manager[Any] = plan.model._default_manager
    sql, params = manager.order_by().values_list(*plan.columns).query.sql_with_params()
    reads = tallying.readers(plan)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield tallying.converted(row, reads) if reads else row


def _cells(ids: dict[Any, int], tallier: Tallier) -> Iterator[Cell]:
    for series, tallies in tallier.series():
        number, spread = ids[series], series[0].keep == "spread"
        for (at, key), tally in tallies.items():
            yield _cell(number, at, key, tally, spread)
