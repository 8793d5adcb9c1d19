"""Versions on their way to the disk: rows in, plain text out, of which merging makes files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .folding import Row
from .tables import Table


class Spool:
    """Takes rows of any table in any order; ``close`` gives the file of each table that has any."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._open: dict[Table, _Piece] = {}

    def take(self, rows: Iterable[tuple[Table, Row]]) -> None:
        pieces = self._open
        for table, row in rows:
            piece = pieces.get(table)
            if piece is None:
                path = self.folder / f".{self.name}-{table.name}.csv"
                piece = pieces[table] = _Piece(path)
            piece.add(row)

    def close(self) -> dict[Table, Path]:
        for piece in self._open.values():
            piece.file.close()
        return {table: piece.path for table, piece in self._open.items()}


class _Piece:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("w", encoding="utf-8", newline="", buffering=1 << 18)
        # None and "" are written alike: no text of a table is ever missing (`tables.of`)
        self.add: Any = csv.writer(self.file).writerow
