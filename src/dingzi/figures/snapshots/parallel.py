"""Many events folded by several processes at once, each those of its own matters."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from django.db import connection
from django.db.models import Max

from dingzi.matters.models import FIRST_MATTER, Event

from . import shares
from .tables import Table

#: Fewer leaves are folded sooner than a process starts.
MANY = 250_000
#: Shares for each process: who is done early takes another.
SHARES = 3


def workers(leaves: int) -> int:
    """Return by how many processes so many leaves are best folded."""
    if leaves < MANY or connection.in_atomic_block:
        return 1
    return len(os.sched_getaffinity(0))


def fold(
    known: Sequence[Table], start: int, end: int, folder: Path, count: int
) -> dict[Table, list[Path]]:
    """Fold the leaves of a range in ``count`` processes; return the files by table."""
    last = Event.objects.aggregate(last=Max("stream"))["last"] or FIRST_MATTER
    step = max(1, (last + 1 - FIRST_MATTER) // (count * SHARES) + 1)
    parts = [(at, at + step) for at in range(FIRST_MATTER, last + 1, step)]
    found: dict[Table, list[Path]] = {}
    # not by forking: the steward has threads and open connections
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=shares.begin) as pool:
        told = [
            pool.submit(shares.fold, number, start, end, share, folder)
            for number, share in enumerate(parts)
        ]
        by_name = {table.name: table for table in known}
        for one in told:
            for name, path in one.result().items():
                found.setdefault(by_name[name], []).append(path)
    return found
