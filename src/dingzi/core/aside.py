"""A transaction's writing in a thread of its own, while its rows are still being made.

The database works without Python's lock: on a machine of two cores what a large batch writes costs
its maker next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

Work = Callable[[], object]


@contextmanager
def aside(beside: bool) -> Iterator[Callable[[Work], object]]:
    """Yield what takes pieces of database work; all of them are done at the end, in their order.

    With ``beside`` a thread does them in the caller's own transaction, who leaves the database
    alone meanwhile; without, each is done at once. Raises what failed first; what came after it was
    not begun.
    """
    if not beside:
        yield lambda work: work()
        return
    own = connections[DEFAULT_DB_ALIAS]
    pieces: list[Future[object]] = []

    def adopt() -> None:
        connections[DEFAULT_DB_ALIAS] = own

    def done(work: Work, before: Future[object] | None) -> object:
        if before is not None:
            before.result()
        return work()

    def later(work: Work) -> None:
        pieces.append(pool.submit(done, work, pieces[-1] if pieces else None))

    own.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(1, initializer=adopt) as pool:
            yield later
        if pieces:
            pieces[-1].result()
    finally:
        own.dec_thread_sharing()
