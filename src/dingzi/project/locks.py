"""One steward at a time: an advisory lock on PostgreSQL, a locked file on SQLite."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError, load_backend

from dingzi.core.filelock import FileLock

#: Any number that nothing else in this database locks: "dingzi" in ASCII.
ADVISORY = int.from_bytes(b"dingzi")


class Lock(Protocol):
    def take(self) -> bool:
        """Take the lock, or say False while another process holds it."""

    def held(self) -> bool:
        """Say whether it is still ours: a broken connection has lost it."""

    def release(self) -> None: ...


class AdvisoryLock:
    """Held by a connection of its own, for as long as that lives."""

    def __init__(self) -> None:
        self._own: BaseDatabaseWrapper | None = None

    def take(self) -> bool:
        self.release()
        backend = load_backend(connection.settings_dict["ENGINE"])
        self._own = backend.DatabaseWrapper(connection.settings_dict, "steward_lock")
        with self._own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY])
            return bool(cursor.fetchone()[0])

    def held(self) -> bool:
        if self._own is None:
            return False
        try:
            with self._own.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                    "AND pid = pg_backend_pid() AND objid::bigint = %s",
                    [ADVISORY & 0xFFFFFFFF],
                )
                return bool(cursor.fetchone()[0])
        except DatabaseError:
            self.release()
            return False

    def release(self) -> None:
        if self._own is None:
            return
        # A closed connection frees the lock only when the server has noticed it.
        with suppress(DatabaseError), self._own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
        self._own.close()
        self._own = None


def steward_lock() -> Lock:
    if connection.vendor == "postgresql":
        return AdvisoryLock()
    return FileLock(settings.CONFIG.home / "steward.lock")
