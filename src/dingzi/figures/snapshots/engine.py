"""DuckDB as snapshots use it: how much memory and how many threads, for who writes and who reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

#: Folder of the snapshots in the installation; all of it can be made anew.
FOLDER = "figures"
#: The steward sorts millions of rows; what does not fit goes to the disk.
WRITER: dict[str, Any] = {"memory_limit": "768MB", "threads": 2}
#: A web worker keeps a base open all day; each has its own.
READER: dict[str, Any] = {"memory_limit": "384MB", "threads": 2}


def folder() -> Path:
    found: Path = settings.CONFIG.home / FOLDER
    return found


def spill(where: Path) -> Path:
    """Return where DuckDB puts what does not fit into memory."""
    return where / "spill"


def _connect(where: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(":memory:", config=config | {"temp_directory": str(spill(where))})
    # what takes long would draw a bar into the steward's log
    made.execute("SET enable_progress_bar = false")
    return made


def writer(where: Path) -> duckdb.DuckDBPyConnection:
    return _connect(where, WRITER)


def reader(where: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection for queries alone: it keeps what it learned of Parquet files."""
    made = _connect(where, READER)
    made.execute("SET parquet_metadata_cache = true")
    return made


def text(path: Path) -> str:
    """Return a path as a text in SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def parquet(paths: Iterable[Path]) -> str:
    return f"read_parquet([{', '.join(text(path) for path in paths)}])"


def csv(paths: Iterable[Path], columns: Sequence[tuple[str, str]]) -> str:
    """Return what reads rows of such columns; nothing between two commas is NULL, in texts too."""
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in columns)
    return (
        f"read_csv([{', '.join(text(path) for path in paths)}], auto_detect = false, "
        f"header = false, delim = ',', quote = '\"', escape = '\"', columns = {{{kinds}}})"
    )
