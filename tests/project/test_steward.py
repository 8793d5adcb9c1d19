"""The steward's round: on time, one at a time, and nothing stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from dingzi.core import bell
from dingzi.core.jobs import JOBS, Job, job
from dingzi.project import queue
from dingzi.project.locks import FileLock, steward_lock
from dingzi.project.models import Heartbeat
from dingzi.project.steward import Steward

DONE: list[str] = []


@task()
def note(word: str) -> str:
    DONE.append(word)
    return word


@task()
def stumble() -> None:
    raise ValueError("what somebody typed")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class OpenLock:
    def __init__(self) -> None:
        self.free = True

    def take(self) -> bool:
        return self.free

    def held(self) -> bool:
        return self.free

    def release(self) -> None: ...


def _job(name: str, run: Callable[[], object], seconds: float = 60) -> Job:
    return Job(name, timedelta(seconds=seconds), run)


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def _steward(*jobs: Job, clock: Callable[[], float] | None = None) -> Steward:
    return Steward({j.name: j for j in jobs}, OpenLock(), clock=clock or Clock())


@pytest.mark.django_db
def test_a_job_runs_when_due_and_not_before() -> None:
    """A job runs at the start, then once in every interval."""
    clock, ran = Clock(), []
    steward = _steward(_job("tick", lambda: ran.append(clock.now)), clock=clock)
    for second in range(181):
        clock.now = 1000.0 + second
        steward.step()
    assert ran == [1000.0, 1060.0, 1120.0, 1180.0]


@pytest.mark.django_db
def test_a_failing_job_is_retried_and_stops_no_other() -> None:
    """A job that raises is tried again after 10 s, 20 s ...; the others go on."""
    clock, tried, ran = Clock(), [], []

    def broken() -> None:
        tried.append(clock.now - 1000)
        raise ValueError("a person's name")

    steward = _steward(
        _job("broken", broken, 3600), _job("sound", lambda: ran.append(1), 10), clock=clock
    )
    for second in range(75):
        clock.now = 1000.0 + second
        steward.step()
    assert tried == [0, 10, 30, 70]
    assert len(ran) == 8


@pytest.mark.django_db
def test_the_heartbeat_tells_a_failure_without_its_text() -> None:
    """The heartbeat names the error's class; the text may hold what somebody typed."""

    def broken() -> None:
        raise ValueError("a person's name")

    steward = _steward(_job("broken", broken))
    steward.step()
    steward.beat()
    told = Heartbeat.objects.get(name="steward").jobs["broken"]
    assert (told["error"], told["failures"]) == ("ValueError", 1)
    assert "person" not in str(told)


@pytest.mark.django_db
def test_once_refuses_while_another_steward_works() -> None:
    """Without the lock no job is run and no beat written."""
    ran: list[int] = []
    steward = _steward(_job("tick", lambda: ran.append(1)))
    steward.lock.free = False  # type: ignore[attr-defined]
    assert not steward.once()
    assert not ran
    assert not Heartbeat.objects.exists()


def test_two_processes_cannot_hold_the_file_lock(tmp_path: Path) -> None:
    """The second steward on SQLite waits until the first has gone."""
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


@pytest.mark.django_db(transaction=True)
def test_the_lock_of_this_engine_is_exclusive() -> None:
    """Whatever the engine, a second lock is refused until the first is released."""
    first, second = steward_lock(), steward_lock()
    try:
        for _ in range(20):
            assert first.take()
            assert first.held()
            assert not second.take()
            first.release()
            first, second = second, first
    finally:
        first.release()
        second.release()


@pytest.mark.django_db(transaction=True)
def test_a_broken_connection_loses_the_lock(acting_as: Callable, db_engine: str) -> None:
    """A steward whose connection was cut knows that it no longer holds the lock."""
    lock = steward_lock()
    assert lock.take()
    if db_engine == "postgresql":
        with acting_as("dingzi_owner"), connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks JOIN pg_database d "
                "ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()"
            )
    else:
        lock.release()
    assert not lock.held()
    assert lock.take()
    lock.release()


@pytest.mark.django_db(transaction=True)
def test_tasks_run_beside_the_jobs_until_stopped() -> None:
    """The running steward works the queue off, survives a failing task, and stops when told."""
    DONE.clear()
    stumble.enqueue()
    note.enqueue("first")
    steward = Steward({}, steward_lock(), tasks=queue.work_off, first=queue.take_up_orphans)
    thread = threading.Thread(target=steward.run)
    thread.start()
    try:
        _until(lambda: DONE == ["first"] and Heartbeat.objects.exists())
    finally:
        steward.stop.set()
        thread.join()
    assert DONE == ["first"]
    assert DBTaskResult.objects.failed().count() == 1
    assert (timezone.now() - Heartbeat.objects.get(name="steward").at).total_seconds() < 30


@pytest.mark.django_db
def test_a_task_left_in_its_middle_is_taken_up_again_but_not_for_ever() -> None:
    """What a killed steward left running goes back to the queue; after three deaths it is failed."""
    note.enqueue("again")
    stumble.enqueue()
    for result, deaths in zip(DBTaskResult.objects.order_by("task_path"), (1, 3), strict=True):
        result.status, result.worker_ids = "RUNNING", ["x"] * deaths
        result.save()
    assert queue.take_up_orphans() == 2
    assert [r.status for r in DBTaskResult.objects.order_by("task_path")] == ["READY", "FAILED"]


def test_two_apps_cannot_declare_the_same_job() -> None:
    """A name taken by another module is refused when it is declared."""
    job("only-once", every=timedelta(seconds=1))(lambda: None)
    elsewhere = lambda: None  # noqa: E731
    elsewhere.__module__ = "elsewhere"
    try:
        with pytest.raises(ValueError, match="two jobs"):
            job("only-once", every=timedelta(seconds=1))(elsewhere)
    finally:
        del JOBS["only-once"]


def test_a_quick_job_that_keeps_failing_is_tried_less_and_less() -> None:
    """Four times a second at first, then every ten seconds: the log must stay readable."""
    from dingzi.project.steward import _again

    assert [_again(0.25, n) for n in (1, 2, 3, 7, 99)] == [0.5, 1.0, 2.0, 10.0, 10.0]
    assert [_again(60, n) for n in (1, 2, 3, 4, 99)] == [10.0, 20.0, 40.0, 60.0, 60.0]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_must_not_wait_runs_beside_a_long_one() -> None:
    """While one job takes its time, the one declared ``alone`` goes on in its own thread."""
    beats: list[float] = []
    steward: Steward

    def long() -> None:
        try:
            _until(lambda: len(beats) >= 5)
            DONE.append("five beats")
        finally:
            steward.stop.set()

    jobs = {
        "long": _job("long", long),
        "quick": Job("quick", timedelta(seconds=0.05), lambda: beats.append(1.0), alone=True),
    }
    steward = Steward(jobs, OpenLock())
    DONE.clear()
    steward.run()
    assert DONE == ["five beats"]


def test_a_rung_job_runs_at_once_and_a_failing_one_only_by_the_clock() -> None:
    """What was written is taken up without waiting; rings do not drive what fails in circles."""
    runs: list[str] = []
    steward: Steward

    def fail() -> None:
        runs.append("failed")
        raise ValueError

    def ring_and_be_heard() -> None:
        for heard in range(6):
            _until(lambda heard=heard: len(runs) > heard)
            bell.ring()
        _until(lambda: len(runs) > 6)

    def ring_for_nothing() -> None:
        _until(lambda: bool(runs))
        for _ in range(20):
            bell.ring()
            steward.stop.wait(0.02)

    def then_stop(ring: Callable[[], None]) -> None:
        try:
            ring()
        finally:
            steward.stop.set()

    for rung, ring, so_often in (
        (lambda: runs.append("ran"), ring_and_be_heard, 7),
        (fail, ring_for_nothing, 1),
    ):
        runs.clear()
        steward = _steward(  # whose clock stands: after the first run, only a ring leads to one
            _job("ringer", lambda ring=ring: then_stop(ring)),
            Job("rung", timedelta(seconds=30), rung, alone=True, rung=True),
        )
        steward.run()
        assert len(runs) == so_often
