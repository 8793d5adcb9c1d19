"""Writers of an SQLite file take turns, instead of sleeping, and share their wait for the disk.

SQLite lets who finds another at work sleep, up to a tenth of a second between two tries: eight
clients would spend most of their time asleep while nobody writes, and the sealer would fall seconds
behind. Threads of one process queue here and are woken; whose turn it is tries every half
millisecond against other processes. What waits meanwhile, each under a savepoint of its own, goes
with him (``together``): one transaction, one wait for the disk, for all of them. PostgreSQL needs
none of it; there a commit need not wait for the disk where a later one is waited for (``surely``).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

#: Seconds after which a thread whose turn does not come tries all the same.
PATIENCE = 20.0
PAUSE = 0.0005
#: So many at most go together: the first of them waits for the last.
MOST = 64

T = TypeVar("T")


class Ending(Protocol):
    """What is done once for all that go together, by the thread that leads."""

    def before(self) -> None:
        """Do it in the transaction, before its commit; what it raises undoes all of them."""

    def after(self, *, committed: bool) -> None:
        """Do it when the transaction is over, before anybody is told; must not raise."""


class _Place:
    """A thread's place in the line: with what it wants done, or None where it does it itself."""

    __slots__ = ("do", "done", "ending", "error", "leads", "result", "signal")

    def __init__(self, do: Callable[[], Any] | None, ending: Ending | None = None) -> None:
        self.do, self.ending = do, ending
        self.leads = self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.signal = threading.Lock()
        self.signal.acquire()

    def run(self) -> None:
        assert self.do is not None
        self.result = self.do()

    def tell(self) -> None:
        self.done = True
        self.signal.release()


_guard = threading.Lock()
_line: deque[_Place] = deque()
_taken = False
_here = threading.local()


@contextmanager
def ending(one: Ending) -> Iterator[None]:
    """Have transactions that this thread asks for (``together``) end with ``one``, on SQLite."""
    before = getattr(_here, "ending", None)
    _here.ending = one
    try:
        yield
    finally:
        _here.ending = before


@contextmanager
def turn() -> Iterator[None]:
    """Do a transaction when it is this thread's turn; inside of one nothing is waited for.

    Raises OperationalError, as ever, where another process holds the database for too long.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _in_line(_Place(None)), _begun():
        yield


def together(do: Callable[[], T]) -> T:
    """Do something in a transaction, and return what it gives: with others' where they wait too.

    It may be done by another thread on that one's connection: it must hold nothing of its own
    thread's. Its last writing may end the transaction (``ends``). What it raises undoes it alone.
    Raises OperationalError as ``turn`` does.
    """
    now = connections[DEFAULT_DB_ALIAS]  # each look at ``connection`` takes as long as a lock
    if now.in_atomic_block:
        with transaction.atomic():
            return do()
    if now.vendor != "sqlite":
        with transaction.atomic(), _alone():
            return do()
    place = _Place(do, getattr(_here, "ending", None))
    with _in_line(place):
        if not place.done:
            _lead(place)
    if place.error is not None:
        raise place.error
    result: T = place.result
    return result


@contextmanager
def surely() -> Iterator[None]:
    """Within, what this thread does ``together`` may commit on PostgreSQL without waiting for the disk.

    It is on disk when this ends, at the latest; sooner where another transaction that saw it was
    waited for (``sure``), for the disk takes commits in their order.
    """
    before = getattr(_here, "unsure", None)
    _here.unsure = False if before is None else before
    try:
        yield
    finally:
        if before is None:
            unsure, _here.unsure = _here.unsure, None
            if unsure:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_logical_emit_message(true, 'dingzi', '')")


def sure() -> None:
    """Note that what this thread has committed is on disk."""
    if getattr(_here, "unsure", None):
        _here.unsure = False


@contextmanager
def _alone() -> Iterator[None]:
    _here.hurried = getattr(_here, "unsure", None) is not None
    _here.ends = True
    try:
        yield
    finally:
        _here.hurried = _here.ends = False


def ends() -> bool:
    """Tell whether this thread's transaction, on PostgreSQL, is over with what is done ``together``.

    Its last statement may then bring its COMMIT along.
    """
    return getattr(_here, "ends", False)


def hurry() -> bool:
    """Tell whether this transaction may commit without waiting, and note that it will."""
    if not getattr(_here, "hurried", False):
        return False
    _here.unsure = True
    return True


def _lead(first: _Place) -> None:
    places: list[_Place] = []
    endings: list[Ending] = []
    committed = False
    try:
        with _begun():
            for place in _joining(first):
                places.append(place)
                if place is first:
                    place.run()  # alone until now: with it the whole transaction is undone
                else:
                    _try(place)
                if place.ending is not None and place.ending not in endings:
                    endings.append(place.ending)
            _nothing_passed_over(connections[DEFAULT_DB_ALIAS])
            for one in endings:
                one.before()
        committed = True
    except BaseException as error:
        for place in places or [first]:
            place.error = place.error or error
    try:
        for one in endings:
            one.after(committed=committed)
    finally:
        for place in places[1:]:
            place.tell()


def _try(place: _Place) -> None:
    now = connections[DEFAULT_DB_ALIAS]
    try:
        with _saved(now):
            place.run()
    except Exception as error:
        place.error = error
        if now.needs_rollback:  # all are undone, and must be told so
            raise


@contextmanager
def _saved(now: BaseDatabaseWrapper) -> Iterator[None]:
    """Undo within a transaction what fails: as ``atomic`` does, in a tenth of its time.

    What was to follow the commit is forgotten with it.
    """
    follows = len(now.run_on_commit)
    now.connection.execute("SAVEPOINT together")
    try:
        yield
        _nothing_passed_over(now)
        now.connection.execute("RELEASE together")
    except BaseException:
        now.needs_rollback = True
        del now.run_on_commit[follows:]
        with suppress(sqlite3.Error):  # else the database has undone all of it, as of a full disk
            now.connection.execute("ROLLBACK TO together")
            now.connection.execute("RELEASE together")
            now.needs_rollback = False
        raise


def _nothing_passed_over(now: BaseDatabaseWrapper) -> None:
    """Refuse to end what Django would undo without a word."""
    if now.needs_rollback:
        raise transaction.TransactionManagementError("what failed within was passed over")


def _joining(first: _Place) -> Iterator[_Place]:
    """Yield who leads, then all who wait to have something done, and who comes meanwhile."""
    yield first
    for _ in range(MOST - 1 if first.leads else 0):
        with _guard:
            found = next((one for one in _line if one.do is not None), None)
            if found is None:
                return
            _line.remove(found)
        yield found


@contextmanager
def _in_line(place: _Place) -> Iterator[None]:
    """Wait until it is this place's turn, or somebody else has done what it wanted."""
    global _taken
    with _guard:
        if _taken:
            _line.append(place)
        else:
            _taken = place.leads = True
    if not place.leads and not place.signal.acquire(timeout=PATIENCE):
        with _guard:
            waits = place in _line
            if waits:
                _line.remove(place)
        if not waits:  # somebody has it in hand
            place.signal.acquire()
    try:
        yield
    finally:
        if place.leads:
            _pass_on()


def _pass_on() -> None:
    global _taken
    with _guard:
        if not _line:
            _taken = False
            return
        follower = _line.popleft()
        follower.leads = True
        follower.signal.release()


@contextmanager
def _begun() -> Iterator[None]:
    """Begin a transaction, against other processes too, and end it."""
    with ExitStack() as held:
        now = connections[DEFAULT_DB_ALIAS]
        now.ensure_connection()
        raw = now.connection
        patience = float(now.settings_dict["OPTIONS"].get("timeout", 5.0))
        raw.execute("PRAGMA busy_timeout = 0")
        held.callback(raw.execute, f"PRAGMA busy_timeout = {round(patience * 1000)}")
        end = time.monotonic() + patience
        while True:
            try:
                held.enter_context(transaction.atomic())
                break
            except OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(PAUSE)
        yield
        _nothing_passed_over(now)
