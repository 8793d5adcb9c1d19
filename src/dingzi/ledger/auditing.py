"""``dingzi audit``: every row of events, openings, private parts and projections against the log.

Each difference is ``{"sequence", "stream", "kind", "field"}``: the event's number within its stream
(None where there is no event), the stream (None for the log itself), what differs, and in what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from dingzi.matters.book import PROCESS
from dingzi.matters.models import BOOK, SEQ_BITS, Event, Matter, Opening, Private
from dingzi.matters.rebuild import SENSELESS
from dingzi.tlog.checking import Report, check
from dingzi.tlog.errors import TlogError
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Verifier

from . import keys, naming, readable, tables
from .gaps import Erased, erased
from .leaves import pseudonym
from .models import Head, Leaf
from .outside import outside, unpublished
from .projections import projections

CHUNK = 2_000


class Difference(NamedTuple):
    sequence: int | None
    stream: int | None
    kind: str
    field: str

    def told(self) -> dict[str, Any]:
        return self._asdict()


@dataclass
class Audit:
    """What was looked at: leaves compared, and the log's size under the published head."""

    leaves: int = 0
    size: int = 0


def audit(
    done: Audit | None = None, tell: Callable[[int], None] | None = None
) -> Iterator[Difference]:
    """Yield every difference between the database and the published log.

    Events that wait in the outbox are not in the log yet and are left alone.
    """
    done = done or Audit()
    log = TileLog(settings.LOG)
    faults, size = _log_itself(log)
    yield from faults
    done.size = size
    gaps = erased(log, size)
    for start in range(0, size, CHUNK):
        try:
            yield from _chunk(log, start, min(start + CHUNK, size), gaps)
        except TlogError:
            yield Difference(None, None, "log", "tiles")
            break
        done.leaves = min(start + CHUNK, size)
        if tell:
            tell(done.leaves)
    beyond = unpublished(log, size)
    for number, kind, field in outside(size, beyond):
        yield _of(number, kind, field)
    yield from _heads(log, size, beyond)
    yield from (Difference(None, None, "table", name) for name in tables.replaced())
    for number, kind in tables.doubled():
        yield _of(number, kind, "double")
    try:
        for sequence, stream, field in projections():
            yield Difference(sequence, stream, "projection", field)
    except SENSELESS:  # rows that cannot even be read
        yield Difference(None, None, "projection", "unreadable")


def _log_itself(log: TileLog) -> tuple[list[Difference], int]:
    """Check the published head and that the entries make its root; return how far they go."""
    try:
        named = keys.published_under()
    except SENSELESS:  # the book's event is told among the others
        return [Difference(None, None, "log", "keys")], _written(log)
    try:
        signed = log.published()
    except TlogError:
        return [Difference(None, None, "log", "checkpoint")], 0
    if named is None and signed is None:
        return [], 0
    if named is None or signed is None:
        return [Difference(None, None, "log", "checkpoint")], _written(log)
    try:
        report = check(log.folder, Verifier.parse(named.log), named.origin)
    except TlogError:
        return [Difference(None, None, "log", "checkpoint")], _written(log)
    return [
        Difference(None, None, "log", field) for field in _named(report)
    ], report.checkpoint.size


def _named(report: Report) -> list[str]:
    """Return the files of the log that are not what its head commits to; ``root`` for all of them."""
    found = dict.fromkeys(str(params.get("path", "root")) for _, params in report.findings)
    return list(found)


def _written(log: TileLog) -> int:
    try:
        return log.size()
    except TlogError:
        return 0


def _chunk(log: TileLog, start: int, end: int, gaps: Erased) -> Iterator[Difference]:
    rows = readable.rows(Leaf, list(range(start, end)))
    ids = [row.event_id for row in rows.values() if row.event_id is not None]
    events = readable.rows(Event, ids)
    openings, private = readable.rows(Opening, ids), readable.rows(Private, ids)
    for index, entry in enumerate(log.read(start, end), start):
        row = rows.get(index)
        if row is None or row.event_id is None:
            yield Difference(*_whose(entry), "leaf", "row")
            continue
        number = row.event_id
        if readable.odd(row) or bytes(row.hash) != leaf_hash(entry):
            yield _of(number, "leaf", "hash")
        event = events.get(number)
        if event is None:
            yield _of(number, "event", "row")
            continue
        opening, own = openings.get(number), private.get(number)
        odd = [
            (kind, field)
            for kind, one in (("event", event), ("opening", opening), ("private", own))
            for field in readable.odd(one)
        ]
        yield from (_of(number, *one) for one in odd)
        if not odd:
            yield from _compared(event, entry, opening, own, gaps)


def _compared(
    event: Event, entry: bytes, opening: Opening | None, own: Private | None, gaps: Erased
) -> Iterator[Difference]:
    wrong = naming.changed(event, entry, opening)
    for field in wrong:
        yield _of(event.id, "event", field)
    for kind, field in naming.private_faults(event, opening, own, gaps.covers(event)):
        if field not in wrong:
            yield _of(event.id, kind, field)
    if opening is not None and gaps.carried_out(event):
        yield _of(event.id, "opening", "erased")


def _whose(entry: bytes) -> tuple[int | None, int | None]:
    """Return sequence and stream of an entry whose leaf is gone, as far as they can be told."""
    try:
        made = orjson.loads(entry)
    except ValueError:
        return None, None
    sequence = made.get("seq") if isinstance(made, dict) else None
    if not isinstance(sequence, int):
        return None, None
    name = made.get("matter")
    if name is None:
        return sequence, (BOOK if made.get("process") == PROCESS else None)
    ids = Matter.objects.values_list("id", flat=True).iterator(CHUNK)
    return sequence, next((one for one in ids if pseudonym(one) == name), None)


def _of(number: int | None, kind: str, field: str) -> Difference:
    if number is None:
        return Difference(None, None, kind, field)
    return Difference(number & ((1 << SEQ_BITS) - 1), number >> SEQ_BITS, kind, field)


def _heads(log: TileLog, size: int, beyond: range) -> Iterator[Difference]:
    """Yield heads that were signed over another root than the log has now, or over more of it."""
    rows = Head.objects.order_by("size").values_list("size", "root")
    for signed, root in rows.iterator(CHUNK):
        if beyond.start < signed <= beyond.stop:
            yield Difference(signed, None, "head", "beyond")
        elif signed <= size and _root(log, signed) != root:
            yield Difference(signed, None, "head", "root")
    if size and not Head.objects.filter(size=size).exists():
        yield Difference(size, None, "head", "row")


def _root(log: TileLog, size: int) -> bytes | None:
    try:
        return log.root(size)
    except TlogError:  # tiles above the entries that are damaged or gone
        return None


def whole(tell: Callable[[int], None] | None = None) -> tuple[Audit, list[Difference]]:
    """Audit all of it; return what was looked at and every difference once."""
    done = Audit()
    return done, list(dict.fromkeys(audit(done, tell)))
