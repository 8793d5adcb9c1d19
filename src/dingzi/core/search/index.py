"""Writing entries and finding them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from . import tokens as cutting
from .storage import FTS, TABLE

_BATCH = 5_000


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
    (unit); a viewer's filter is a set of them. Raises ValueError for a malformed scope.
    """
    found = cutting.cut("\n".join(texts))
    found.update(cutting.scope_tokens(scopes))
    return Row(matter_id, tuple(sorted(found)))


def put(entries: Iterable[Row]) -> None:
    """Write entries, replacing those of the same matters; any number, in one transaction."""
    with transaction.atomic():
        batch: dict[int, Row] = {}
        for entry in entries:
            batch[entry.matter] = entry
            if len(batch) >= _BATCH:
                _put(list(batch.values()))
                batch.clear()
        if batch:
            _put(list(batch.values()))


def delete(ids: Iterable[int]) -> None:
    """Remove the entries of matters."""
    places = list(ids)
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(places), _BATCH):
            _remove(cursor, places[start : start + _BATCH])


def match(
    query: str, scopes: set[str] | None = None, before: int | None = None, limit: int = 50
) -> Found:
    """Find the matters whose texts hold every part of ``query``, newest (highest id) first.

    ``scopes`` is what the viewer may see: a matter is found only if it has one of them; None sees
    all, the empty set nothing. ``before`` continues a list after that id.
    """
    wanted = cutting.cut_query(query)
    if not wanted:
        return Found([], False, searchable=False)
    if scopes is not None and not scopes:
        return Found([], False)
    allowed = cutting.scope_tokens(sorted(scopes or ()))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ids = _match_postgresql(cursor, wanted, allowed, before, limit + 1)
        else:
            ids = _match_sqlite(cursor, wanted, allowed, before, limit + 1)
    return Found(ids[:limit], len(ids) > limit)


def _put(batch: Sequence[Row]) -> None:
    with connection.cursor() as cursor:
        _remove(cursor, [entry.matter for entry in batch])
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {TABLE} (matter, tokens) FROM STDIN") as copy:
                for entry in batch:
                    copy.write_row((entry.matter, " ".join(map(_lexeme, entry.tokens))))
            return
        values = [(entry.matter, " ".join(entry.tokens)) for entry in batch]
        cursor.executemany(f"INSERT INTO {TABLE} (matter, tokens) VALUES (%s, %s)", values)
        cursor.executemany(f"INSERT INTO {FTS} (rowid, tokens) VALUES (%s, %s)", values)


def _remove(cursor: Any, ids: Sequence[int]) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(f"DELETE FROM {TABLE} WHERE matter = ANY(%s)", [list(ids)])
        return
    some = ",".join(map(str, map(int, ids)))
    cursor.execute(
        f"INSERT INTO {FTS} ({FTS}, rowid, tokens)"
        f" SELECT 'delete', matter, tokens FROM {TABLE} WHERE matter IN ({some})"
    )
    cursor.execute(f"DELETE FROM {TABLE} WHERE matter IN ({some})")


def _match_sqlite(
    cursor: Any, wanted: list[str], allowed: list[str], before: int | None, limit: int
) -> list[int]:
    parts = [f'"{token}"' for token in wanted]
    if allowed:
        parts.append("(" + " OR ".join(f'"{scope}"' for scope in allowed) + ")")
    condition, values = f"{FTS} MATCH %s", [" AND ".join(parts)]
    if before is not None:
        condition += f" AND rowid < {int(before)}"
    cursor.execute(
        f"SELECT rowid FROM {FTS} WHERE {condition} ORDER BY rowid DESC LIMIT {int(limit)}", values
    )
    return [row[0] for row in cursor.fetchall()]


def _match_postgresql(
    cursor: Any, wanted: list[str], allowed: list[str], before: int | None, limit: int
) -> list[int]:
    parts = list(map(_lexeme, wanted))
    if allowed:
        parts.append("(" + "|".join(map(_lexeme, allowed)) + ")")
    condition = "" if before is None else f" AND matter < {int(before)}"
    cursor.execute(
        f"SELECT matter FROM {TABLE} WHERE tokens @@ %s::tsquery{condition}"
        f" ORDER BY matter DESC LIMIT {int(limit)}",
        ["&".join(parts)],
    )
    return [row[0] for row in cursor.fetchall()]


def _lexeme(token: str) -> str:
    """A token as tsvector and tsquery read it; tokens hold neither quotes nor backslashes."""
    return f"'{token}'"
