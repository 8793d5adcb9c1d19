"""An import at work, in the steward: chunk by chunk, so that it can go on where it broke off."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.cache import caches
from django.utils import timezone

from dingzi.city import viewers
from dingzi.city.viewer import Viewer
from dingzi.core import collecting
from dingzi.core.errors import Forbidden, Reason, Refusal
from dingzi.core.spreadsheet import Row

from . import runs
from .models import ImportFault, ImportRun
from .running import CHUNK, Bad, Outcome, run

log = logging.getLogger(__name__)
#: Seconds for which it is said how far a run is.
TOLD = 24 * 60 * 60


def work(number: int) -> None:
    """Bring in what a run was started with; go on where an earlier try was broken off."""
    one = ImportRun.objects.select_related("account").get(pk=number)
    if one.state not in (ImportRun.State.WAITING, ImportRun.State.RUNNING):
        return
    ImportRun.objects.filter(pk=number).update(state=ImportRun.State.RUNNING)
    one.state = ImportRun.State.RUNNING
    try:
        _bring_in(one)
    except Refusal as refusal:
        _fail(one, refusal.reasons)
    except Exception:
        _fail(one, [("import_broke_off", {"row": one.at_row})])
        raise


def _bring_in(one: ImportRun) -> None:
    by = _viewer(one)
    total = one.profile.get("rows", 0)
    outcome = Outcome(
        rows=0, opened=one.opened, corrected=one.corrected, same=one.same, bad_count=one.bad,
        at=one.at_row,
    )  # fmt: skip
    outcome.rows = one.opened + one.corrected + one.same + one.bad

    def told(now: Outcome) -> None:
        if not (one.whole and now.bad_count):
            _keep(one, now)
        tell(one.pk, now.rows, total, now.bad_count)
        collect()

    tell(one.pk, outcome.rows, total, outcome.bad_count)
    with (
        collecting.seldom() as collect,
        runs.open_table(one, header_row=one.header_row) as table,
        closing(ahead(table)) as rows,
    ):
        run(rows, runs.plan_of(one, by), by, good_only=not one.whole, told=told, outcome=outcome)
    _keep(one, outcome)
    one.state, one.ended_at = ImportRun.State.DONE, timezone.now()
    one.rows = outcome.rows
    one.save(update_fields=["state", "ended_at", "rows"])
    caches["shared"].delete(_key(one.pk))


def ahead(rows: Iterable[Row]) -> Generator[Row, None, None]:
    """Yield the rows; the next chunk is read while the database writes the last one."""
    source = iter(rows)
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(lambda: list(islice(source, CHUNK)))
        while part := coming.result():
            coming = reader.submit(lambda: list(islice(source, CHUNK)))
            yield from part


def _viewer(one: ImportRun) -> Viewer:
    """Return who started it, with the rights that he has now."""
    by = viewers.viewer_for(one.account, one.post_id)
    action = runs.action_of(one.process, one.action)
    if by.post != one.post_id or not runs.may_import(by, action):
        raise Forbidden.of("not_your_role", action=action.label)
    return by


def _keep(one: ImportRun, now: Outcome) -> None:
    """Write down how far the run is, in the transaction that wrote the rows."""
    _name(one, now.bad)
    now.bad = []
    one.at_row = now.at
    one.opened, one.corrected, one.same, one.bad = (
        now.opened, now.corrected, now.same, now.bad_count,
    )  # fmt: skip
    one.save(update_fields=["at_row", "opened", "corrected", "same", "bad"])


def _name(one: ImportRun, bad: list[Bad]) -> None:
    ImportFault.objects.bulk_create(
        [ImportFault(run=one, row=row, reasons=runs.stored(reasons)) for row, reasons in bad],
        ignore_conflicts=True,
    )


def _fail(one: ImportRun, reasons: Any) -> None:
    kept: list[Reason] = list(reasons)
    ImportRun.objects.filter(pk=one.pk).update(
        state=ImportRun.State.FAILED, ended_at=timezone.now(), faults=runs.stored(kept)
    )
    caches["shared"].delete(_key(one.pk))


# -- how far it is ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: rows done of how many, how many were not taken, rows a second."""

    rows: int
    total: int
    bad: int
    rate: int


def tell(number: int, rows: int, total: int, bad: int) -> None:
    """Say how far a run is. Through files: what a transaction has written nobody else sees yet."""
    key, now = _key(number), time.time()
    first = caches["shared"].get(key) or {"since": now, "from": rows}
    caches["shared"].set(
        key,
        {
            "since": first["since"],
            "from": first["from"],
            "at": now,
            "rows": rows,
            "total": total,
            "bad": bad,
        },
        TOLD,
    )


def progress(number: int) -> Progress | None:
    """Return how far a run is, None where nothing has been said yet."""
    found = caches["shared"].get(_key(number))
    if not found:
        return None
    seconds = found["at"] - found["since"]
    rate = round((found["rows"] - found["from"]) / seconds) if seconds > 0 else 0
    return Progress(found["rows"], max(found["total"], found["rows"]), found["bad"], rate)


def _key(number: int) -> str:
    return f"import-{number}"
