"""Versions of the projections, folded from events in the order of their leaves.

Every stream is folded by the very ``apply`` that made its rows, from its first event on, and what
its projection is after each sealed event is compared with what it was before. The personal part is
not read: no counted column comes from it. An event that the sealer has not taken yet counts with
the next one of its stream that it took.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from django.db import connection

from dingzi.matters import registry as processes
from dingzi.matters.acts import Act, State
from dingzi.matters.apply import fold
from dingzi.matters.bare import bare
from dingzi.matters.models import FIRST_MATTER, SEQ_BITS

from .tables import OPEN, Table

#: leaf, until, sign, matter, then the counted columns.
Row = tuple[Any, ...]
#: Streams read at once, and so many ranges of keys in a statement.
STREAMS = 1_000
_RANGES = 200
_COLUMNS = (
    'e.id, l."index", e.process, e.version, e.action, e.from_state, e.to_state, e.unit_id, '
    "e.post_id, e.door, {at}, e.facts"
)
#: Times as texts, which are read here: the drivers' own conversion costs more than the fold.
_TIMES = {
    "sqlite": "e.occurred_at || '+00:00', e.recorded_at || '+00:00'",
    "postgresql": "CAST(e.occurred_at AS text), CAST(e.recorded_at AS text)",
}


def versions(
    known: Sequence[Table], start: int, end: int, streams: tuple[int, int] | None = None
) -> Iterator[tuple[Table, Row]]:
    """Yield what the leaves from ``start`` up to, not including, ``end`` changed.

    ``streams``: only of the matters from the first number up to, not including, the second.
    """
    by_process = _tables(known)
    if not by_process:
        return
    names, whole = list(by_process), start == 0
    for some in _streams(start, end, names, streams):
        for stream, events in groupby(
            _events(some, names, whole), key=lambda row: row[0] >> SEQ_BITS
        ):
            rows = list(events)
            yield from _of_stream(stream, rows, by_process[rows[0][2]], start, end)


def _tables(known: Iterable[Table]) -> dict[str, Table]:
    models = {table.model: table for table in known}
    return {h.name: models[h.model] for h in processes.handles() if h.model in models}


def _of_stream(
    stream: int, events: list[Any], table: Table, start: int, end: int
) -> Iterator[tuple[Table, Row]]:
    """Yield one matter's versions of the range, and first what takes away the one before them."""
    places = _places(events, end)
    if not places or places[-1] < start:
        return
    state = _fresh(stream, events[0])
    was: tuple[Any, ...] | None = None
    found: list[tuple[int, tuple[Any, ...]]] = []
    for at, place in enumerate(places):
        fold(state, _act(stream, events[at]))
        if place == (places[at + 1] if at + 1 < len(places) else None):
            continue
        now = table.read(state.own)
        if place < start:
            was = now
        elif now != (found[-1][1] if found else was):
            found.append((place, now))
    if found and was is not None:
        yield table, (found[0][0], OPEN, -1, stream, *was)
    for at, (leaf, values) in enumerate(found):
        until = found[at + 1][0] if at + 1 < len(found) else OPEN
        yield table, (leaf, until, 1, stream, *values)


def _places(events: Sequence[Any], end: int) -> list[int]:
    """Return from which leaf on each event counts; those that do not yet are left out.

    That is the first leaf of it or of a later event of its stream: one that was refused may be
    sealed after those that followed it, and what stood then is not told differently afterwards.
    """
    found: list[int] = []
    least = end
    for row in reversed(events):
        if row[1] is not None and row[1] < least:
            least = row[1]
        if least < end:
            found.append(least)
    return found[::-1]


def _fresh(stream: int, first: Any) -> State:
    model = processes.handle(first[2]).model
    assert model is not None
    return bare(stream, processes.process(first[2], first[3]), model)


def _act(stream: int, row: Any, moment: Any = datetime.fromisoformat) -> Act:
    return Act(
        stream=stream,
        seq=row[0] & ((1 << SEQ_BITS) - 1),
        process=row[2],
        version=row[3],
        action=row[4],
        from_state=row[5],
        to_state=row[6],
        unit=row[7],
        post=row[8],
        door=row[9],
        occurred_at=moment(row[10]),
        recorded_at=moment(row[11]),
        facts=orjson.loads(row[12]),
        private={},
    )


# -- reading ------------------------------------------------------------------------------------


def _streams(
    start: int, end: int, names: list[str], within: tuple[int, int] | None
) -> Iterator[Sequence[int]]:
    """Yield, some at a time and in their order, the matters that leaves of the range belong to."""
    sql = (
        "SELECT DISTINCT l.event_id >> %s AS stream FROM ledger_leaf l "
        'WHERE l."index" >= %s AND l."index" < %s AND l.event_id >= %s'
    )
    params: list[Any] = [SEQ_BITS, start, end, (within[0] if within else FIRST_MATTER) << SEQ_BITS]
    if within:
        sql += " AND l.event_id < %s"
        params.append(within[1] << SEQ_BITS)
    wanted = ", ".join(["%s"] * len(names))
    # a matter's own first event says its process: children of others have no figures
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT s.stream FROM ({sql}) s "
            f"JOIN matters_event f ON f.id = (s.stream << {SEQ_BITS}) + 1 "
            f"WHERE f.process IN ({wanted}) ORDER BY 1",
            [*params, *names],
        )
        while rows := cursor.fetchmany(STREAMS):
            yield [stream for (stream,) in rows]


def _events(streams: Sequence[int], names: list[str], whole: bool) -> Iterator[Any]:
    """Yield the events of these matters in the order of their numbers, with their leaves.

    ``whole``: those of all matters from the first to the last, which is quicker where most are asked.
    """
    wanted = ", ".join(["%s"] * len(names))
    columns = _COLUMNS.format(at=_TIMES[connection.vendor])
    with connection.cursor() as cursor:
        for where, params in _wheres(streams, whole):
            cursor.execute(
                f"SELECT {columns} FROM matters_event e "
                f"LEFT JOIN ledger_leaf l ON l.event_id = e.id "
                f"WHERE ({where}) AND e.process IN ({wanted}) ORDER BY e.id",
                [*params, *names],
            )
            yield from cursor.fetchall()


def _wheres(streams: Sequence[int], whole: bool) -> Iterator[tuple[str, list[int]]]:
    if whole:
        yield "e.id > %s AND e.id < %s", [streams[0] << SEQ_BITS, (streams[-1] + 1) << SEQ_BITS]
        return
    for at in range(0, len(streams), _RANGES):
        some = streams[at : at + _RANGES]
        where = " OR ".join(["e.id > %s AND e.id < %s"] * len(some))
        yield where, [key for one in some for key in (one << SEQ_BITS, (one + 1) << SEQ_BITS)]
