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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from django.conf import settings

#: Bytes of the longest path that a socket may have, on every system.
LONGEST = 100
#: Bytes of an answer that are read.
SAID = 4_096
_ringer: socket.socket | None = None
_here = threading.local()


def _path() -> Path | None:
    path = Path(settings.CONFIG.home) / "steward.bell"
    return path if len(os.fsencode(path)) <= LONGEST else None


def ring() -> None:
    """Ring, with this thread's open ear if it has one; never waits, never fails."""
    ringer()()


def ringer() -> Callable[[], None]:
    """Return what rings with the ear that this thread has open now, whichever thread calls it."""
    return partial(_ring, getattr(_here, "ear", None))


def hush(quiet: bool) -> None:
    """Have this thread ring no more, or again: what it wrote is seen to already."""
    _here.hushed = quiet


def _ring(ear: Ear | None) -> None:
    global _ringer
    path = None if getattr(_here, "hushed", False) else _path()
    if path is None:
        return
    with suppress(OSError):  # nobody listens
        if ear is None and _ringer is None:
            _ringer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            _ringer.setblocking(False)
            atexit.register(_ringer.close)
        sender = ear.open() if ear else _ringer
        assert sender is not None
        with suppress(BlockingIOError):  # so many rings wait that this one is not answered
            sender.sendto(b"1", str(path))
        if ear:
            ear.heard = True


class Ear:
    """Hears that the steward has answered this thread's rings; ``heard`` where one listens at all."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.heard = False

    def open(self) -> socket.socket:
        """Return the socket to ring by, made for the first ring."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            with suppress(OSError):  # else nobody can answer
                self._socket.bind("")  # a name that the system gives, as Linux does
        return self._socket

    def wait(self, seconds: float) -> bytes:
        """Wait for an answer, at most so long, and return what it says; none can come: for as long."""
        own, said = self.open(), b""
        if select.select([own], [], [], seconds)[0]:
            with suppress(OSError):
                while part := own.recv(SAID):
                    said += part
        return said

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()


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
        opened.close()


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

    def answer(self, said: bytes = b"") -> None:
        """Tell those who rang with an ear open that their ring was seen to, and what was done.

        ``said`` are whole numbers of 8 bytes, so that several answers can be read as one.
        """
        while self._who:
            with suppress(OSError):  # gone, or deaf: it looks by itself
                self._heard.sendto(said, self._who.pop())


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
