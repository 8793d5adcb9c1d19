"""Rows that have no place in the log, or claim one that it does not have."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from django.db import connection
from django.db.models import Max, Q

from dingzi.matters.models import Opening, Outbox, Private
from dingzi.tlog.errors import TlogError
from dingzi.tlog.log import TileLog

from . import sealing
from .erasing import ACTION
from .models import Erasure, Head, Leaf, Refused

#: Seconds that we wait for who seals just now, and between two looks.
PATIENCE, PAUSE = 60.0, 0.02
#: Places beyond the log that are listed at most; a thousand are as bad as more.
MOST = 1_000

#: An event's number (of the log itself: None), what differs, and in what.
Found = tuple[int | None, str, str]


def unpublished(log: TileLog, size: int) -> range:
    """Return the places that were given beyond the published log, which has ``size`` at least.

    They are given before the head is published: where there are some, whoever seals just now is
    waited for. What is given later still is no matter of this audit.
    """
    given = (Leaf.objects.aggregate(last=Max("index"))["last"] or 0) + 1
    given = max(given, Head.objects.aggregate(last=Max("size"))["last"] or 0)
    if given > (now := _published(log, size)):
        _wait_for_the_sealer(log)
        now = _published(log, size)
    return range(now, max(now, given))


def _published(log: TileLog, size: int) -> int:
    with suppress(TlogError):
        head = log.head()
        return max(size, head.size if head else 0)
    return size


def _wait_for_the_sealer(log: TileLog) -> None:
    lock = sealing.lock(log.folder)
    if not lock.path.exists():
        return
    end = time.monotonic() + PATIENCE
    with suppress(OSError):  # another user's, who may not seal
        while not lock.take():
            if time.monotonic() > end:
                return
            time.sleep(PAUSE)
        lock.release()


def outside(size: int, beyond: range) -> Iterator[Found]:
    """Yield events that neither are in the log nor wait, and rows without their event.

    ``size`` is how far the log was compared, ``beyond`` what was given and not published.
    """
    for number in Refused.objects.order_by("event_id").values_list("event_id", flat=True):
        yield number, "event", "refused"
    yield from _rows(
        "SELECT e.id FROM matters_event e LEFT JOIN ledger_leaf l ON l.event_id = e.id "
        "LEFT JOIN matters_outbox o ON o.event_id = e.id "
        "WHERE l.event_id IS NULL AND o.event_id IS NULL",
        "event",
        "unsealed",
    )
    claimed = Q(index__lt=0) | Q(index__gte=beyond.start, index__lte=beyond.stop - 1)
    leaves = Leaf.objects.filter(claimed).order_by("index")
    for number in leaves.values_list("event_id", flat=True)[:MOST]:
        yield number, "leaf", "beyond"
    for model, kind in ((Private, "private"), (Opening, "opening"), (Outbox, "outbox")):
        yield from _rows(
            f"SELECT p.event_id FROM {model._meta.db_table} p "  # noqa: S608
            "LEFT JOIN matters_event e ON e.id = p.event_id WHERE e.id IS NULL",
            kind,
            "extra",
        )
    both = Outbox.objects.filter(event__leaf__index__gte=0, event__leaf__index__lt=size)
    for number in both.values_list("event_id", flat=True):
        yield number, "outbox", "sealed"
    yield from _erasures()


def _erasures() -> Iterator[Found]:
    """Yield erasures that were decided and are not noted to be carried out, and those of nobody."""
    label = Erasure._meta.label
    yield from _rows(
        "SELECT e.id FROM matters_event e LEFT JOIN ledger_erasure x ON x.event_id = e.id "  # noqa: S608
        f"WHERE e.action = '{ACTION}' AND x.event_id IS NULL",
        "projection",
        f"{label}.row",
    )
    yield from _rows(
        "SELECT x.event_id FROM ledger_erasure x LEFT JOIN matters_event e "  # noqa: S608
        f"ON e.id = x.event_id AND e.action = '{ACTION}' WHERE e.id IS NULL",
        "projection",
        f"{label}.extra",
    )


def _rows(sql: str, kind: str, field: str) -> Iterator[Found]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for (number,) in cursor.fetchall():
            yield number, kind, field
