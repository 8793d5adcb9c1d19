"""What commits late, or in the middle of a count, is counted once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from dingzi.figures import cells, refreshing
from dingzi.figures.models import Pending
from dingzi.mechanisms.disputes.models import Dispute
from tests.figures.rows import dispute
from tests.figures.test_cells import dump
from tests.world import build

DAY = date(2025, 3, 5)


@contextmanager
def writer() -> Iterator[Callable[[], None]]:
    """Another connection that has stored a dispute and not committed; call to let it commit."""
    stored, may_end = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def write() -> None:
        try:
            with transaction.atomic():
                dispute(DAY)
                stored.set()
                assert may_end.wait(20)
        except BaseException as error:
            failed.append(error)
        finally:
            stored.set()
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert stored.wait(20)

    def commit() -> None:
        may_end.set()
        thread.join()
        assert not failed, failed

    try:
        yield commit
    finally:
        may_end.set()
        thread.join()


def counted() -> int:
    return sum(n for part, _, dims, grain, *_, n, _, _ in dump()
               if (part, dims, grain) == ("disputes.registered", "", "month"))  # fmt: skip


@pytest.mark.parametrize("count", [refreshing.refresh, refreshing.rebuild])
def test_a_change_that_commits_after_the_count_is_found_by_the_next(
    transactional_db: None, count: Callable[[], Any], db_engine: str
) -> None:
    """Counting does not see what is not committed, and does not pass over it afterwards."""
    build()
    dispute(DAY)
    refreshing.refresh()
    with writer() as commit:
        if db_engine == "postgresql":  # on SQLite writers and counts wait for each other
            dispute(DAY)
            count()
            assert counted() == 2
        commit()
    count()
    assert counted() == Dispute.objects.count()
    assert not Pending.objects.exists()
    kept = dump()
    refreshing.rebuild()
    assert kept == dump()


def test_two_refreshes_at_once_add_a_change_once(transactional_db: None) -> None:
    """The steward and a command that refresh at the same time do not count double."""
    build()
    refreshing.refresh()
    for _ in range(20):
        dispute(DAY)
    failed: list[BaseException] = []

    def refresh() -> None:
        try:
            refreshing.refresh()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    assert counted() == 20
    assert cells.as_of(Dispute) is not None
