"""Statements that take BEGIN and COMMIT along: Django's transactions stay what they are."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.world import TOWN, World, build

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core import statements
from dingzi.core.statements import MOST, OFTEN, array, run
from dingzi.core.turns import ends, together
from dingzi.matters.models import Counter, Event

pytestmark = pytest.mark.django_db(transaction=True)
ADD = "INSERT INTO matters_counter (name, last) VALUES ($1::text, $2::bigint)"
FILED = {"text": "楼道堆放杂物。", "place": TOWN}
#: Seconds after which what is bound to come has not come.
NEVER = 60


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def _postgresql() -> bool:
    return connection.vendor == "postgresql"


def _status() -> str:
    return str(connection.connection.info.transaction_status.name)


def _counters() -> set[str]:
    """Return what another connection sees."""
    found: set[str] = set()

    def look() -> None:
        found.update(Counter.objects.values_list("name", flat=True))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found


def test_begin_goes_along_and_commit_where_it_is_the_last() -> None:
    """Within a transaction nothing is seen outside until the last statement, and then all of it."""
    if not _postgresql():
        return
    with transaction.atomic():
        run(ADD, ["one", 1])
        assert _status() == "INTRANS"
        assert not _counters()
        run(ADD, ["two", "2"], last=True)
        assert _status() == "IDLE"
        assert _counters() == {"one", "two"}
    run(ADD, ["three", 3], last=True)  # by itself a statement is its transaction
    assert _counters() == {"one", "two", "three"}


def test_nothing_is_committed_that_django_would_undo_or_that_is_part_of_more() -> None:
    """Something failed within and was passed over; or a savepoint is open."""
    if not _postgresql():
        return
    with transaction.atomic():
        run(ADD, ["one", 1])
        with pytest.raises(ZeroDivisionError), transaction.atomic(savepoint=False):
            raise ZeroDivisionError
        run(ADD, ["two", 1], last=True)
    assert not _counters()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with transaction.atomic():
            run(ADD, ["three", 1], last=True)
        raise ZeroDivisionError
    assert not _counters()


def test_what_fails_undoes_all_of_it_even_with_its_commit_on_the_way() -> None:
    """The statement, the transaction that it would have ended, and a check that waits for COMMIT."""
    if not _postgresql():
        return
    run(ADD, ["there", 1])
    with pytest.raises(IntegrityError), transaction.atomic():
        run(ADD, ["fresh", 1])
        run(ADD, ["there", 1], last=True)
    late = "INSERT INTO matters_savedview (account_id, process, name, query) VALUES ($1::bigint, '', '', '')"
    with pytest.raises(IntegrityError), transaction.atomic():
        run(ADD, ["fresh", 1])
        run(late, [5], last=True)  # of no account
    assert _status() == "IDLE"
    assert _counters() == {"there"}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        run(ADD, ["fresh", 1])
        raise ZeroDivisionError
    with transaction.atomic():
        run(ADD, ["kept", 1])
        with pytest.raises(IntegrityError), transaction.atomic():
            run(ADD, ["there", 1])
    assert _counters() == {"there", "kept"}


def test_values_come_back_as_they_were_sent() -> None:
    """Texts, bytes, numbers, nothing, arrays; a text that PostgreSQL cannot hold is refused."""
    if not _postgresql():
        return
    odd = ["", 'a"b', "\\", "{,}", "NULL", "号〔1〕\n"]
    sql = "SELECT $1::text, $2::bytea, $3::bigint, $4::text, $5::text[], $6::boolean"
    sent = ["汉'字", b"\0\xff", 2**62, None, array(odd), "t"]
    for _ in range(OFTEN + 1):
        assert run(sql, sent) == [("汉'字", b"\0\xff", 2**62, None, odd, True)]
    with pytest.raises(DataError, match="NUL"):
        run(sql, ["a\0b", *sent[1:]])
    long = "长" * 3_000_000  # more than a socket takes at once
    assert run("SELECT $1::text", [long]) == [(long,)]


def test_what_comes_often_is_prepared_once_and_outlives_errors() -> None:
    """A rare statement is not; there is an end to how many are; a new connection begins anew."""
    if not _postgresql():
        return
    connection.close()
    connection.ensure_connection()
    prepared = "SELECT count(*) FROM pg_prepared_statements"
    for at in range(MOST + 5):
        for _ in range(OFTEN if at else OFTEN - 1):
            assert run(f"SELECT {at}", []) == [(at,)]
    assert run(prepared, []) == [(MOST,)]
    for _ in range(3):
        with pytest.raises(DataError), transaction.atomic():
            run("SELECT 1 / $1::integer", ["0"])
    assert run("SELECT 1", []) == [(1,)]
    connection.close()
    assert run(prepared, []) == [(0,)]


def test_who_counts_queries_sees_them() -> None:
    """They go Django's way then, and Django ends the transaction."""
    if not _postgresql():
        return
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        run(ADD, ["counted", "1"], last=True)
        assert _status() == "INTRANS"
        assert run("SELECT last FROM matters_counter", []) == [(1,)]
    assert sum(one["sql"] == ADD for one in seen) == 1
    assert _counters() == {"counted"}


def test_a_lost_connection_is_an_error_and_the_next_one_works() -> None:
    """The server ends it in the middle of a transaction, or who waits is interrupted."""
    if not _postgresql():
        return
    own = [run("SELECT pg_backend_pid()", [])[0][0]]
    with pytest.raises(DatabaseError), transaction.atomic():
        run(ADD, ["lost", 1])
        connection.connection.pgconn.exec_(b"SELECT pg_terminate_backend(%d)" % own[0])
        run(ADD, ["lost too", 1], last=True)
    connection.close()
    run(ADD, ["found", 1])
    assert _counters() == {"found"}


def test_an_interrupted_wait_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is on its way cannot be known any more: the connection is given up."""
    if not _postgresql():
        return
    run(ADD, ["before", 1])

    def broken(*_: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(statements, "_answers", broken)
        with transaction.atomic():
            run("SELECT pg_sleep($1::float)", ["0.2"])
    connection.close()
    run(ADD, ["after", 1])
    assert _counters() == {"before", "after"}


def test_others_work_while_one_waits() -> None:
    """Python's lock is free meanwhile: who holds what another waits for can give it up."""
    if not _postgresql():
        return
    run("SELECT pg_advisory_lock(7)", [])
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.extend(_locked()))
    thread.start()
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    end = time.monotonic() + NEVER
    while run(waiting, []) != [(1,)]:
        assert time.monotonic() < end
        time.sleep(0.01)
    run("SELECT pg_advisory_unlock(7)", [])
    thread.join()
    assert len(got) == 1


def _locked() -> list[Any]:
    """Take that lock, or fail after the time in which it must have become free."""
    try:
        run(f"SET lock_timeout = '{2 * NEVER}s'", [])
        return run("SELECT pg_advisory_lock(7)", [])
    finally:
        connection.close()


def test_an_act_takes_two_round_trips_and_leaves_alone_what_it_does_not_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One finds and locks, one writes and commits; a note touches no row of the dispute's own."""
    if not _postgresql():
        return
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC).number
    matters.act(number, "note", {"text": "去看过了。"}, by=world.window)
    waited = []
    answers = statements._answers
    monkeypatch.setattr(
        statements, "_answers", lambda *given: waited.append(ends()) or answers(*given)
    )

    def stands() -> list[Any]:
        with psycopg.connect(connection.connection.info.dsn) as other:
            return other.execute(
                "SELECT d.xmin, m.xmin::text <> d.xmin::text, m.seq "
                "FROM disputes_dispute d JOIN matters_matter m ON m.id = d.matter_id"
            ).fetchall()

    before = stands()
    matters.act(number, "note", {"text": "又去了。"}, by=world.window)
    assert waited == [True, True]
    assert stands() == [(before[0][0], True, before[0][2] + 1)]
    assert Event.objects.count() == before[0][2] + 1


def test_only_what_is_done_together_alone_may_bring_its_commit() -> None:
    """Inside of another transaction an act must not end it."""
    told = [ends()]
    together(lambda: told.append(ends()))
    with transaction.atomic():
        together(lambda: told.append(ends()))
    assert told == [False, _postgresql(), False]
