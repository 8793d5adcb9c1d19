"""Turns: threads of one process queue for SQLite instead of sleeping."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from django.db import connection, transaction

from dingzi.core.turns import turn

pytestmark = [pytest.mark.django_db(transaction=True)]


def _other(begun: threading.Event) -> threading.Thread:
    def work() -> None:
        try:
            with turn():
                begun.set()
        finally:
            connection.close()  # the thread's own

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_second_writer_waits_for_its_turn_on_sqlite_alone() -> None:
    """It begins when the first has ended; PostgreSQL lets both in."""
    begun = threading.Event()
    with turn():
        thread = _other(begun)
        assert begun.wait(0.2) == (connection.vendor != "sqlite")
    thread.join(5)
    assert begun.is_set()


def test_within_a_transaction_nobody_waits_for_a_turn() -> None:
    """Who already holds the database must never wait for who waits for the database."""
    begun = threading.Event()
    with transaction.atomic():
        thread = _other(begun)
        assert begun.wait(0.2) == (connection.vendor != "sqlite")  # it has the turn, and waits
        begin = time.monotonic()
        with turn():
            assert time.monotonic() - begin < 5
    thread.join(10)
    assert begun.is_set()


def test_another_process_at_work_is_waited_for() -> None:
    """Held by somebody else, the database is tried again until it is free, and then the act is done."""
    if connection.vendor != "sqlite":
        with turn():
            assert connection.in_atomic_block
        return
    other = sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.3, other.execute, ["COMMIT"])
    end.start()
    begin = time.monotonic()
    with turn():
        assert time.monotonic() - begin > 0.2
    end.join()
    other.close()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] > 0  # as it was


def test_who_fails_gives_the_turn_on() -> None:
    """An act that is refused leaves no lock behind."""
    with pytest.raises(ValueError, match="refused"), turn():
        raise ValueError("refused")
    with turn():
        pass
