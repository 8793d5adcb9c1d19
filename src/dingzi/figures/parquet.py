"""A table of a figure as a Parquet file: columns keep their types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

CONTENT_TYPE = "application/vnd.apache.parquet"
Cell = str | int | Decimal | None


def file(head: Sequence[Cell], lines: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table's file; a column of whole numbers is BIGINT, with decimals DECIMAL(38, 4)."""
    kinds = [_kind([line[i] for line in lines]) for i in range(len(head))]
    columns = ", ".join(
        f"{_quoted(name)} {kind}" for name, kind in zip(_names(head), kinds, strict=True)
    )
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.parquet"
        connection.execute("SET threads = 1")
        connection.execute(f"CREATE TABLE lines ({columns})")
        if lines:
            marks = ", ".join("?" * len(head))
            connection.executemany(f"INSERT INTO lines VALUES ({marks})", lines)  # noqa: S608
        connection.execute(f"COPY lines TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def _kind(cells: Sequence[Cell]) -> str:
    told = [cell for cell in cells if cell is not None]
    if told and all(isinstance(cell, int) for cell in told):
        return "BIGINT"
    if told and all(isinstance(cell, int | Decimal) for cell in told):
        return "DECIMAL(38, 4)"
    return "VARCHAR"


def _names(head: Sequence[Cell]) -> list[str]:
    """Return the headings, a second one of the same name with its number."""
    found: list[str] = []
    for cell in head:
        name, n = str(cell), 2
        while name in found:
            name, n = f"{cell} {n}", n + 1
        found.append(name)
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
