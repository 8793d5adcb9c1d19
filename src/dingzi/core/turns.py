"""Writers of an SQLite file take turns, instead of sleeping.

SQLite lets who finds another at work sleep, up to a tenth of a second between two tries: eight
clients would spend most of their time asleep while nobody writes, and the sealer would fall seconds
behind. Threads of one process queue here and are woken; whose turn it is tries every half
millisecond against other processes. PostgreSQL needs none of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import connection, transaction
from django.db.utils import OperationalError

_turn = threading.Lock()
#: Seconds after which a thread whose turn does not come tries all the same.
PATIENCE = 20.0
PAUSE = 0.0005


@contextmanager
def turn() -> Iterator[None]:
    """Do a transaction when it is this thread's turn; inside of one nothing is waited for.

    Raises OperationalError, as ever, where another process holds the database for too long.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with ExitStack() as held:
        if _turn.acquire(timeout=PATIENCE):
            held.callback(_turn.release)
        connection.ensure_connection()
        raw = connection.connection
        (before,) = raw.execute("PRAGMA busy_timeout").fetchone()
        raw.execute("PRAGMA busy_timeout = 0")
        held.callback(raw.execute, f"PRAGMA busy_timeout = {int(before)}")
        end = time.monotonic() + before / 1000
        while True:
            try:
                held.enter_context(transaction.atomic())
                break
            except OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(PAUSE)
        yield
