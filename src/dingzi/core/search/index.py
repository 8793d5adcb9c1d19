# ruff: noqa: S608 (statements are put together from our own names and integers)
"""Writing entries and finding them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from .. import inserting
from . import tokens as cutting
from .storage import FTS, TABLE, array, blocks, hashed, windows

_BATCH = 5_000
_MAX_TEXT = 20_000  # characters
_SHORT_LIST, _LONG_LIST = 64, 65_536  # kB of entries that GIN has not sorted in yet
_MERGED_PAGES = 2_000  # of FTS5 in one step of purge, about 0.2 s


@dataclass(frozen=True, slots=True)
class Row:
    """One entry ready to be put: a matter's id and its tokens."""

    matter: int
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of matters, newest first.

    ``more`` says that there are further ones (ask again with ``before=ids[-1]``);
    ``searchable`` is False where the query holds nothing that can be looked up.
    """

    ids: list[int]
    more: bool
    searchable: bool = True

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def rows(matter_id: int, texts: Iterable[str], scopes: Iterable[str]) -> Row:
    """Make the entry of a matter from its texts and from the scopes in which it is visible.

    A scope is a token such as ``c:360902`` (county), ``t:360902001`` (township) or ``u:17``
    (unit); a viewer's filter is a set of them. Of very long texts the first 20,000 characters count.
    Raises ValueError for a malformed scope.
    """
    found = cutting.cut("\n".join(texts)[:_MAX_TEXT])
    found.update(cutting.scope_tokens(scopes))
    return Row(matter_id, tuple(sorted(found)))


def put(entries: Iterable[Row]) -> None:
    """Write entries, replacing those of the same matters; any number, in one transaction."""
    with transaction.atomic(savepoint=False):
        put_batch = _put_postgresql if connection.vendor == "postgresql" else _put_sqlite
        batch: dict[int, Row] = {}
        for entry in entries:
            batch[entry.matter] = entry
            if len(batch) >= _BATCH:
                put_batch(list(batch.values()))
                batch.clear()
        if batch:
            put_batch(list(batch.values()))


def delete(ids: Iterable[int]) -> None:
    """Remove the entries of matters. After an erasure call ``purge`` as well."""
    places = list(ids)
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(places), _BATCH):
            some = places[start : start + _BATCH]
            if connection.vendor == "postgresql":
                cursor.execute(f"DELETE FROM {TABLE} WHERE matter = ANY(%s)", [some])
            else:
                listed = ",".join(map(str, map(int, some)))
                cursor.execute(f"DELETE FROM {TABLE} WHERE matter IN ({listed})")


def purge() -> None:
    """Rewrite the index so that nothing is left in it of entries that were deleted.

    On SQLite FTS5 keeps the tokens of deleted entries until its segments are merged: all are merged
    here, in steps with a lock of 0.2 s each (4 s at a million entries). With ``secure_delete`` and
    a truncating checkpoint no byte is left. On PostgreSQL VACUUM does it, and what the index holds
    are hashes.
    """
    if connection.vendor != "sqlite":
        return
    pages = -_MERGED_PAGES  # a negative number begins to merge everything, positive ones go on
    while _merge(pages):
        pages = _MERGED_PAGES


def match(
    query: str, scopes: Iterable[str] | None = None, before: int | None = None, limit: int = 50
) -> Found:
    """Find the matters whose texts hold every part of ``query``, newest (highest id) first.

    ``scopes`` is what the viewer may see: a matter is found only if it has one of them; None sees
    all, the empty set nothing. ``before`` continues a list after that id.
    """
    wanted = cutting.cut_query(query)
    if not wanted:
        return Found([], False, searchable=False)
    allowed = None if scopes is None else cutting.scope_tokens(sorted(scopes))
    if allowed is not None and not allowed:
        return Found([], False)
    find = _match_postgresql if connection.vendor == "postgresql" else _match_sqlite
    with connection.cursor() as cursor:
        ids = find(cursor, wanted, allowed, before, limit + 1)
    return Found(ids[:limit], len(ids) > limit)


def _put_sqlite(batch: Sequence[Row]) -> None:
    inserting.insert(
        f"INSERT INTO {TABLE} (matter, tokens) VALUES ",
        2,
        [(entry.matter, " ".join(entry.tokens)) for entry in batch],
        " ON CONFLICT (matter) DO UPDATE SET tokens = excluded.tokens"
        " WHERE tokens <> excluded.tokens",
    )


def _put_postgresql(batch: Sequence[Row]) -> None:
    """COPY all but the last and insert that.

    GIN collects what is new in a list that every search reads through (7 µs a row), until it is
    longer than a limit: then whoever adds to it sorts it in. COPY may fill it, the last row has it
    sorted in here and not by somebody's click; a single act now and then pays some milliseconds.
    """
    *most, last = [(entry.matter, _integers(entry)) for entry in batch]
    with connection.cursor() as cursor:
        if most:
            cursor.execute(
                f"SET LOCAL gin_pending_list_limit = {_LONG_LIST};"
                f"DELETE FROM {TABLE} WHERE matter = ANY(%s)",
                [[matter for matter, _ in most]],
            )
            with cursor.copy(f"COPY {TABLE} (matter, tokens) FROM STDIN") as copy:
                for row in most:
                    copy.write_row(row)
        cursor.execute(
            f"SET LOCAL gin_pending_list_limit = {_SHORT_LIST};"
            f"INSERT INTO {TABLE} AS old (matter, tokens) VALUES (%s, %s::int[])"
            " ON CONFLICT (matter) DO UPDATE SET tokens = excluded.tokens"
            " WHERE old.tokens <> excluded.tokens",
            last,
        )


def _integers(entry: Row) -> str:
    return array([*map(hashed, entry.tokens), *blocks(entry.matter)])


def _merge(pages: int) -> bool:
    """Do one step of FTS5's merge; whether there was anything to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        (before,) = cursor.fetchone()
        cursor.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('merge', {int(pages)})")
        cursor.execute("SELECT total_changes()")
        (after,) = cursor.fetchone()
    return bool(after - before >= 2)  # the statement itself counts as one


def _match_sqlite(
    cursor: Any, wanted: list[str], allowed: list[str] | None, before: int | None, limit: int
) -> list[int]:
    parts = [f'"{token}"' for token in wanted]
    if allowed:
        parts.append("(" + " OR ".join(f'"{scope}"' for scope in allowed) + ")")
    below = "" if before is None else f" AND rowid < {int(before)}"
    cursor.execute(
        f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s{below}"
        f" ORDER BY rowid DESC LIMIT {int(limit)}",
        [" AND ".join(parts)],
    )
    return [row[0] for row in cursor.fetchall()]


def _match_postgresql(
    cursor: Any, wanted: list[str], allowed: list[str] | None, before: int | None, limit: int
) -> list[int]:
    below = "" if before is None else f" WHERE matter < {int(before)}"
    cursor.execute(f"SELECT max(matter) + 1 FROM {TABLE}{below}")
    top = cursor.fetchone()[0] or 0
    condition = f"tokens @> '{array(list(map(hashed, wanted)))}'"
    if allowed:
        condition += f" AND tokens && '{array(list(map(hashed, allowed)))}'"
    # OFFSET 0 keeps the planner from walking down the primary key; the parts are read one after
    # the other and no further than the outer LIMIT needs
    parts = [
        f"(SELECT matter FROM (SELECT matter FROM {TABLE} WHERE {condition}"
        f" AND tokens && '{array(window)}' AND matter < {int(top)} OFFSET 0) part"
        f" ORDER BY matter DESC LIMIT {int(limit)})"
        for window in windows(top)
    ]
    if not parts:
        return []
    cursor.execute(f"SELECT matter FROM ({' UNION ALL '.join(parts)}) found LIMIT {int(limit)}")
    return [row[0] for row in cursor.fetchall()]
