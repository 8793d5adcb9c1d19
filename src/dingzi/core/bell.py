"""A bell by which the site's processes tell the steward that something was written.

A datagram socket in the data folder: whoever rings never waits, and a ring that nobody hears costs
nothing, for the steward also looks by the clock. Where the path is too long for a socket, or the
steward stands on another machine, the clock does it alone. Who rings with an ear open is told when
the steward has seen to it.
"""

from __future__ import annotations

import atexit
import os
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

#: Bytes of the longest path that a socket may have, on every system.
LONGEST = 100
_ringer: socket.socket | None = None
_here = threading.local()


def _path() -> Path | None:
    path = Path(settings.CONFIG.home) / "steward.bell"
    return path if len(os.fsencode(path)) <= LONGEST else None


def ring() -> None:
    """Ring, with this thread's open ear if it has one; never waits, never fails."""
    global _ringer
    path = _path()
    if path is None:
        return
    with suppress(OSError):  # nobody listens
        ear: Ear | None = getattr(_here, "ear", None)
        if ear is None and _ringer is None:
            _ringer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            _ringer.setblocking(False)
            atexit.register(_ringer.close)
        sender = ear.socket if ear else _ringer
        assert sender is not None
        sender.sendto(b"1", str(path))
        if ear:
            ear.heard = True


class Ear:
    """Hears that the steward has answered this thread's rings; ``heard`` where one listens at all."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.heard = False
        with suppress(OSError):  # else nobody can answer
            self.socket.bind("")  # a name that the system gives, as Linux does

    def wait(self, seconds: float) -> None:
        """Wait for an answer, at most so long; where none can come, for as long."""
        if select.select([self.socket], [], [], seconds)[0]:
            with suppress(OSError):
                while self.socket.recv(64):
                    pass


@contextmanager
def ear() -> Iterator[Ear]:
    """Open an ear: rings of this thread are answered to it while it is open."""
    before = getattr(_here, "ear", None)
    if before is not None:
        yield before
        return
    _here.ear = opened = Ear()
    try:
        yield opened
    finally:
        _here.ear = None
        opened.socket.close()


class Bell:
    """What the steward listens to."""

    def __init__(self, heard: socket.socket) -> None:
        self._heard = heard
        self._who: set[bytes | str] = set()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long; say whether there was one. Takes all rings at once."""
        if not select.select([self._heard], [], [], seconds)[0]:
            return False
        with suppress(BlockingIOError):
            while True:
                _, who = self._heard.recvfrom(64)
                if who:
                    self._who.add(who)
        return True

    def answer(self) -> None:
        """Tell those who rang with an ear open that their ring was seen to."""
        while self._who:
            with suppress(OSError):  # gone, or deaf: it looks by itself
                self._heard.sendto(b"1", self._who.pop())


@contextmanager
def hung() -> Iterator[Bell | None]:
    """Hang up the bell; None where it cannot hang. Only who holds the steward's lock may."""
    path = _path()
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        if path is None:
            yield None
            return
        try:
            path.unlink(missing_ok=True)
            heard.bind(str(path))
            path.chmod(0o660)
        except OSError:
            yield None
            return
        heard.setblocking(False)
        yield Bell(heard)
        path.unlink(missing_ok=True)
    finally:
        heard.close()
