"""Versions on their way to the disk: rows in, Parquet files out, a bounded number in between."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOBase
from pathlib import Path
from typing import Any

from . import engine
from .folding import Row
from .tables import Table

#: Rows of a piece.
PIECE = 500_000
_NONE = "\\N"


class Spool:
    """Takes rows of any table in any order; ``close`` gives the files by table."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.pieces: dict[Table, list[Path]] = {}
        self._open: dict[Table, _Piece] = {}

    def take(self, rows: Iterable[tuple[Table, Row]]) -> None:
        for table, row in rows:
            piece = self._open.get(table)
            if piece is None:
                piece = self._open[table] = self._begin(table)
            piece.add(row)
            if piece.rows >= PIECE:
                self._end(table)

    def close(self) -> dict[Table, list[Path]]:
        for table in list(self._open):
            self._end(table)
        return self.pieces

    def _begin(self, table: Table) -> _Piece:
        number = len(self.pieces.get(table, ()))
        return _Piece(self.folder / f".{self.name}-{table.name}-{number}.csv")

    def _end(self, table: Table) -> None:
        piece = self._open.pop(table)
        piece.file.close()
        made = piece.path.with_suffix(".parquet")
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in table.all_columns)
        with engine.writer(self.folder) as base:
            base.execute(
                f"COPY (SELECT * FROM read_csv({engine.text(piece.path)}, auto_detect = false, "
                f"header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '{_NONE}', "
                f"columns = {{{columns}}})) TO {engine.text(made)} (FORMAT parquet)"
            )
        piece.path.unlink()
        self.pieces.setdefault(table, []).append(made)


class _Piece:
    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, 0
        self.file: TextIOBase = path.open("w", encoding="utf-8", newline="")
        self._write: Any = csv.writer(self.file).writerow

    def add(self, row: Row) -> None:
        self._write([_NONE if value is None else value for value in row])
        self.rows += 1
