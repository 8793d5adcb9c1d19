"""Turns: threads of one process queue for SQLite instead of sleeping."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from dingzi.core.turns import turn

pytestmark = [pytest.mark.django_db(transaction=True)]


def _other(begun: threading.Event) -> threading.Thread:
    def work() -> None:
        with turn():
            begun.set()

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
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turn():
            held.set()
            done.wait(5)

    thread = threading.Thread(target=hold)
    with transaction.atomic():
        thread.start()
        assert held.wait(5)
        with turn():
            done.set()
    thread.join(5)
    assert not thread.is_alive()


def test_who_fails_gives_the_turn_on() -> None:
    """An act that is refused leaves no lock behind."""
    with pytest.raises(ValueError, match="refused"), turn():
        raise ValueError("refused")
    with turn():
        pass
