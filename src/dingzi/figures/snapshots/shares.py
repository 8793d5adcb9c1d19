"""What a process that helps with folding runs; it can be imported before Django is set up."""

from __future__ import annotations

import gc
from pathlib import Path


def begin() -> None:
    """Set Django up in a new process."""
    import django

    django.setup()
    # thousands of small objects live for one matter each: look for cycles seldom
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def fold(
    number: int, start: int, end: int, share: tuple[int, int], folder: Path
) -> dict[str, Path]:
    """Fold the leaves of a range that belong to some matters; return the file of each table."""
    from . import tables
    from .folding import versions
    from .spooling import Spool

    spool = Spool(folder, str(number))
    spool.take(versions(tables.tables(), start, end, share))
    return {table.name: path for table, path in spool.close().items()}
