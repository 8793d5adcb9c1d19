"""The index in the database: FTS5 over the entries on SQLite, GIN over tsvector on PostgreSQL."""

from __future__ import annotations

from typing import Any

TABLE = "core_searchentry"
FTS = "core_search_fts"
GIN = "core_searchentry_tokens_gin"


def create_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {GIN} ON {TABLE} USING gin (tokens)")
        return
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {FTS} USING fts5(tokens, content='{TABLE}', content_rowid='matter',"
        " detail=none, columnsize=0, tokenize=\"ascii tokenchars ':'\")"
    )


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {GIN}")
    else:
        schema_editor.execute(f"DROP TABLE {FTS}")
