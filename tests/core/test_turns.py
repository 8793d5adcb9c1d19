"""Turns: threads of one process queue for SQLite instead of sleeping."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dingzi.core import turns
from dingzi.core.turns import Ending, ending, sure, surely, together, turn
from dingzi.matters.models import Counter
from dingzi.matters.writer import insert_all

pytestmark = [pytest.mark.django_db(transaction=True)]


#: Seconds after which what is bound to come has not come.
NEVER = 60


def _begins(begun: threading.Event) -> bool:
    """Say whether a second writer begins while the first is at work: never on SQLite."""
    return begun.wait(0.2 if connection.vendor == "sqlite" else NEVER)


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
        assert _begins(begun) == (connection.vendor != "sqlite")
    thread.join(NEVER)
    assert begun.is_set()


def test_within_a_transaction_nobody_waits_for_a_turn() -> None:
    """Who already holds the database must never wait for who waits for the database."""
    begun = threading.Event()
    with transaction.atomic():
        thread = _other(begun)
        assert _begins(begun) == (connection.vendor != "sqlite")  # it has the turn, and waits
        begin = time.monotonic()
        with turn():
            assert time.monotonic() - begin < turns.PATIENCE / 2
    thread.join(NEVER)
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
    begin = time.monotonic()
    end.start()
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


def test_who_waits_goes_along_and_fails_alone() -> None:
    """Eight threads at once on SQLite need fewer transactions; what one raises undoes only its own."""
    went: list[object] = []
    ready = threading.Barrier(8)

    def work(n: int) -> None:
        def do() -> int:
            went.append(connection.connection)
            name = Counter.objects.create(name=f"turn {n}", last=n).name
            if n % 4 == 3:
                raise ValueError(name)
            return n

        try:
            ready.wait(NEVER)
            assert together(do) == n
        except ValueError as error:
            assert str(error) == f"turn {n}"
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    with ExitStack() as held:
        if connection.vendor == "sqlite":
            held.enter_context(turn())  # so that all are in line before the first begins
        for thread in threads:
            thread.start()
        end = time.monotonic() + NEVER
        while connection.vendor == "sqlite" and len(turns._line) < 8:
            assert time.monotonic() < end
            time.sleep(0.01)
    for thread in threads:
        thread.join(NEVER)
    kept = sorted(Counter.objects.filter(name__startswith="turn").values_list("last", flat=True))
    assert kept == [0, 1, 2, 4, 5, 6]
    assert len(went) == 8
    if connection.vendor == "sqlite":
        assert len(set(map(id, went))) < 8


class _Heard:
    """An ending that remembers which rows it saw, and whether they came to be."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []
        self.committed: list[bool] = []

    def before(self) -> None:
        self.seen.append(sorted(Counter.objects.values_list("name", flat=True)))

    def after(self, *, committed: bool) -> None:
        self.committed.append(committed)


def _go_together(dos: Sequence[Callable[[], object]], one: Ending) -> list[str]:
    """Have threads do these in one transaction, in this order; return what each then raises."""
    said = [""] * len(dos)

    def work(n: int) -> None:
        try:
            with ending(one):
                together(dos[n])
        except Exception as error:
            said[n] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(dos))]
    with turn():
        for at, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._line) < at:
                time.sleep(0.001)
    for thread in threads:
        thread.join(NEVER)
    return said


def _counted(name: str, told: list[str], error: Exception | None = None) -> Callable[[], object]:
    """Return what writes a row, asks for something after the commit, and fails if it is to."""

    def do() -> None:
        Counter.objects.create(name=name)
        transaction.on_commit(lambda: told.append(name))
        if error is not None:
            raise error

    return do


def test_of_who_fails_along_with_others_nothing_is_left() -> None:
    """No row, also for what ends it, and nothing that was to follow; the others have theirs."""
    if connection.vendor != "sqlite":
        return
    heard, told = _Heard(), list[str]()
    dos = [_counted("a", told), _counted("b", told, KeyError("b")), _counted("c", told)]
    assert _go_together(dos, heard) == ["", "KeyError", ""]
    assert told == ["a", "c"]
    assert heard.seen == [["a", "c"]]
    assert heard.committed == [True]
    assert sorted(Counter.objects.values_list("name", flat=True)) == ["a", "c"]


def test_where_the_database_undoes_all_everybody_is_told() -> None:
    """As SQLite does where the disk is full: nobody believes that his act was written."""
    if connection.vendor != "sqlite":
        return
    heard, told = _Heard(), list[str]()

    def full() -> None:
        connection.connection.execute("ROLLBACK")
        raise OSError("full")

    dos = [_counted("a", told), full, _counted("c", told)]
    assert _go_together(dos, heard) == ["OSError", "OSError", ""]
    assert heard.committed == [False, True]
    assert told == ["c"]  # he came next
    assert list(Counter.objects.values_list("name", flat=True)) == ["c"]


def test_an_ending_is_done_once_for_all_who_go_together() -> None:
    """Before the commit, in the transaction, and after it; what it raises before undoes the act."""
    if connection.vendor != "sqlite":
        return
    told: list[object] = []

    class Ends:
        def before(self) -> None:
            told.append(connection.in_atomic_block)
            if Counter.objects.filter(name="bad").exists():
                raise ValueError("bad")

        def after(self, *, committed: bool) -> None:
            told.append((connection.in_atomic_block, committed))

    with ending(Ends()):
        together(lambda: Counter.objects.create(name="good"))
        with pytest.raises(ValueError, match="bad"):
            together(lambda: Counter.objects.create(name="bad"))
    assert told == [True, (False, True), True, (False, False)]
    assert list(Counter.objects.values_list("name", flat=True)) == ["good"]


def _commits_waiting() -> str:
    """Write a row as acts do; return whether PostgreSQL will wait for the disk at the commit."""
    insert_all([Counter(name=f"row {time.monotonic_ns()}", last=0)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit'), pg_current_wal_insert_lsn()")
        return str(cursor.fetchone()[0])


def test_what_need_not_wait_is_on_disk_in_the_end() -> None:
    """On PostgreSQL a commit whose seal is waited for does not wait; without a seal the end does."""
    if connection.vendor == "sqlite":
        return
    assert together(_commits_waiting) == "on"
    with surely():
        assert together(_commits_waiting) == "off"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            (written,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [written])
        assert cursor.fetchone() == (True,)
    assert together(_commits_waiting) == "on"


def test_who_saw_a_later_commit_waits_no_more() -> None:
    """``sure`` says so; without it the end asks the database once."""
    if connection.vendor == "sqlite":
        return
    for told, asked in ((True, 0), (False, 1)):
        with CaptureQueriesContext(connection) as queries, surely():
            together(_commits_waiting)
            if told:
                sure()
        emitted = [q for q in queries.captured_queries if "emit_message" in q["sql"]]
        assert len(emitted) == asked
