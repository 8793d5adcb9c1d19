"""The steward: runs every app's jobs by the clock and the queue of tasks, one steward at a time.

A job that fails is logged and tried again, sooner than its next time if that is far; it never
stops the others. The heartbeat (``Heartbeat``) is written by a thread of its own, so a long job
does not look like a dead steward.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections, connections
from django.db.utils import DatabaseError
from django.utils import timezone

from dingzi.core import bell
from dingzi.core.jobs import Job

from .locks import Lock
from .models import Heartbeat

BEAT = 10.0  # seconds between two heartbeats
STANDBY = 5.0  # seconds between two tries for the lock
FIRST_RETRY = 10.0  # seconds until a failed job is tried again; doubled each time, at most `every`

log = logging.getLogger("dingzi.steward")


@dataclass
class Turn:
    """A job's place in the round: when it is due (monotonic seconds) and how it went."""

    job: Job
    due: float = 0.0
    failures: int = 0
    told: dict[str, Any] = field(default_factory=dict)
    answer: bytes = b""


class Steward:
    """Runs ``jobs`` until ``stop`` is set.

    ``tasks`` is called in a thread of its own, again and again, to work the queue off; None leaves
    the queue alone. ``first`` is called once, when the lock is ours.
    """

    def __init__(
        self,
        jobs: Mapping[str, Job],
        lock: Lock,
        *,
        tasks: Callable[[], object] | None = None,
        first: Callable[[], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.turns = [Turn(job) for job in jobs.values()]
        self.lock = lock
        self.tasks = tasks
        self.first = first
        self.clock = clock
        self.stop = threading.Event()
        self.started_at = timezone.now()
        self.running = ""
        self.holding = False
        self._waiting = False

    def run(self) -> None:
        """Wait for the lock, then work until stopped; wait again if the lock is lost."""
        threads = [threading.Thread(target=self._beat_on, name="heartbeat")]
        if self.tasks:
            threads.append(threading.Thread(target=self._work_tasks, name="tasks"))
        threads += [
            threading.Thread(target=self._run_alone, args=(turn,), name=turn.job.name)
            for turn in self.turns
            if turn.job.alone
        ]
        try:
            while not self.stop.is_set():
                if not self._take():
                    self.stop.wait(STANDBY)
                    continue
                if not threads[0].ident:
                    if self.first:
                        _survive(self.first, "what was left over could not be taken up")
                    for thread in threads:
                        thread.start()
                while not self.stop.is_set() and self._held():
                    close_old_connections()
                    self.stop.wait(self.step())
        finally:
            self.stop.set()
            for thread in threads:
                if thread.ident:
                    thread.join()
            self.lock.release()
            connections.close_all()

    def once(self) -> bool:
        """Run every job and the queue once; False while another steward is at work."""
        if not self._take():
            return False
        try:
            for turn in self.turns:
                if turn.job.alone:
                    self._run(turn)
            self.step()
            if self.tasks:
                self.tasks()
            self.beat()
        finally:
            self.lock.release()
        return True

    def step(self) -> float:
        """Run each job that is due once; return the seconds until the next is."""
        now = self.clock()
        round_ = [turn for turn in self.turns if not turn.job.alone]
        for turn in sorted(round_, key=lambda turn: turn.due):
            if turn.due <= now and not self.stop.is_set():
                self.running = turn.job.name
                self._run(turn)
                self.running = ""
        if not round_:
            return 1.0
        return min(1.0, max(0.0, min(turn.due for turn in round_) - self.clock()))

    def _run_alone(self, turn: Turn) -> None:
        with bell.hung() if turn.job.rung else nullcontext() as hung:
            wait = hung.wait if hung else self.stop.wait
            while not self.stop.is_set():
                rung = wait(max(0.0, min(1.0, turn.due - self.clock())))
                if not self.holding:
                    self.stop.wait(0.2)
                # what fails is tried again by the clock: rings must not drive it in circles
                elif turn.due <= self.clock() or (rung and not turn.failures):
                    close_old_connections()
                    self._run(turn)
                    if hung:
                        hung.answer(turn.answer)
        connections.close_all()

    def _run(self, turn: Turn) -> None:
        every = turn.job.every.total_seconds()
        begin = self.clock()
        turn.answer = b""
        try:
            done = turn.job.run()
            turn.answer = done if isinstance(done, bytes) else b""
        except Exception as error:
            turn.failures += 1
            turn.told = {"error": type(error).__name__, "failures": turn.failures}
            wait = _again(every, turn.failures)
            log.exception("a job failed", extra={"fields": {"job": turn.job.name}})
        else:
            turn.failures, turn.told, wait = 0, {}, every
        seconds = self.clock() - begin
        turn.told |= {"at": timezone.now().isoformat(), "seconds": round(seconds, 3)}
        # by the start, so that the round keeps its beat; never a burst to make up for a long one
        turn.due = max(begin + wait, self.clock() + min(wait, 0.05))

    def _take(self) -> bool:
        try:
            taken = self.lock.take()
        except DatabaseError:
            log.exception("the database does not answer")
            return False
        if not taken and not self._waiting:
            log.info("another steward is at work")
        self._waiting = not taken
        self.holding = taken
        return taken

    def _held(self) -> bool:
        if self.lock.held():
            return True
        self.holding = False
        log.warning("the steward's lock is lost; jobs wait until it is back")
        return False

    def beat(self) -> None:
        """Write the heartbeat."""
        jobs = {turn.job.name: turn.told for turn in self.turns}
        Heartbeat.objects.update_or_create(
            name="steward",
            defaults={
                "at": timezone.now(),
                "started_at": self.started_at,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "jobs": jobs | ({"running": self.running} if self.running else {}),
            },
        )

    def _beat_on(self) -> None:
        while not self.stop.is_set():
            if self.holding:
                _survive(self.beat, "the heartbeat could not be written")
            self.stop.wait(BEAT)
        connections.close_all()

    def _work_tasks(self) -> None:
        assert self.tasks
        while not self.stop.wait(1.0):
            if self.holding:
                _survive(self.tasks, "the queue of tasks could not be worked off")
        connections.close_all()


def _again(every: float, failures: int) -> float:
    """Return the seconds until a failed job is tried again.

    Sooner than its interval where that is long; where it is short, each time later, so that what
    cannot work does not fill the log.
    """
    if every < FIRST_RETRY:
        return min(FIRST_RETRY, float(every * 2 ** min(failures, 16)))
    return min(every, float(FIRST_RETRY * 2 ** min(failures - 1, 16)))


def _survive(act: Callable[[], object], told: str) -> None:
    """Do it; log what goes wrong and go on: the next round tries again."""
    try:
        close_old_connections()
        act()
    except Exception:
        log.exception(told)
    finally:
        close_old_connections()
