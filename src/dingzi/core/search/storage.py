# ruff: noqa: S608 (statements are put together from our own names)
"""The index in the database.

**SQLite**: an FTS5 table over ``core_searchentry`` (external content, document ids only), kept in
step by triggers. It lists ids downwards from the newest, so the first page ends early.

**PostgreSQL**: GIN over an array of integers, each the hash of a token: half the work of a tsvector
in writing and a third of the room. GIN gives all ids of a token at once and in no order, too many
for a common one; so every entry also carries its blocks (the id without its last 8, 11, 14 ... bits)
as tokens, and a query looks into the newest few thousand ids first, then eight times as many, and
so on until its page is full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

TABLE = "core_searchentry"
FTS = "core_search_fts"
GIN = "core_searchentry_tokens_gin"

_FIRST_BITS = 8
_STEP_BITS = 3
_LEVELS = 5
_LEVEL_SHIFT = 28  # a block token is level and block number in one positive 31-bit integer

_SQLITE = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5(tokens, content='{TABLE}', content_rowid='matter',"
    " detail=none, columnsize=0, tokenize=\"ascii tokenchars ':'\")",
    f"CREATE TRIGGER core_search_added AFTER INSERT ON {TABLE} BEGIN"
    f" INSERT INTO {FTS} (rowid, tokens) VALUES (new.matter, new.tokens); END",
    f"CREATE TRIGGER core_search_removed AFTER DELETE ON {TABLE} BEGIN"
    f" INSERT INTO {FTS} ({FTS}, rowid, tokens) VALUES ('delete', old.matter, old.tokens); END",
    f"CREATE TRIGGER core_search_changed AFTER UPDATE ON {TABLE} BEGIN"
    f" INSERT INTO {FTS} ({FTS}, rowid, tokens) VALUES ('delete', old.matter, old.tokens);"
    f" INSERT INTO {FTS} (rowid, tokens) VALUES (new.matter, new.tokens); END",
)
_POSTGRESQL = (
    # without statistics the planner always takes the index; with them it guesses wrong for
    # words that are neither common nor absent and reads a million rows
    f"ALTER TABLE {TABLE} ALTER COLUMN tokens SET STATISTICS 0",
    f"CREATE INDEX {GIN} ON {TABLE} USING gin (tokens)",
)


def create_index(apps: Any, schema_editor: Any) -> None:
    """Make the index (a migration's step)."""
    vendor = schema_editor.connection.vendor
    for statement in _POSTGRESQL if vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def drop_index(apps: Any, schema_editor: Any) -> None:
    """Undo ``create_index``; triggers and the index go with the table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {FTS}")


@lru_cache(50_000)
def hashed(token: str) -> int:
    """A token as a negative 32-bit integer. Two tokens share one with a chance of 2**-31."""
    return -1 - (crc32(token.encode()) >> 1)


def blocks(matter: int) -> list[int]:
    """The block tokens of an id, one for each level."""
    return [_block(level, matter >> _bits(level)) for level in range(_LEVELS)]


def windows(top: int) -> Iterator[list[int]]:
    """Yield, from the newest down to 0, the block tokens of growing ranges of ids below ``top``.

    The first holds 2,000 to 4,000 ids, each further one about eight times as many.
    """
    upper = -(-top >> _bits(0)) << _bits(0)
    for level in range(_LEVELS):
        here, above = _bits(level), _bits(level + 1)
        last = level == _LEVELS - 1
        lower = 0 if last else max(0, ((upper >> above) - 1) << above)
        if lower < upper:
            yield [_block(level, block) for block in range(lower >> here, upper >> here)]
        upper = lower


def _bits(level: int) -> int:
    return _FIRST_BITS + _STEP_BITS * level


def _block(level: int, block: int) -> int:
    return level << _LEVEL_SHIFT | block


def array(values: Sequence[int]) -> str:
    """Integers as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, values)) + "}"
