"""Writers of an SQLite file take turns, where they are threads of one process.

SQLite lets who finds another at work sleep, up to a tenth of a second between two tries: eight
clients would spend most of their time asleep while nobody writes. Threads queue here instead and
are woken; against other processes SQLite's own waiting stands. PostgreSQL needs none of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_turn = threading.Lock()
#: Seconds after which SQLite's own waiting decides, and says who was too slow.
PATIENCE = 20.0


@contextmanager
def turn() -> Iterator[None]:
    """Wait for this thread's turn to begin a transaction; inside of one nothing is waited for."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    taken = _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if taken:
            _turn.release()
