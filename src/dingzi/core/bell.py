"""A bell by which the site's processes tell the steward that something was written.

A datagram socket in the data folder: whoever rings never waits, and a ring that nobody hears costs
nothing, for the steward also looks by the clock. Where the path is too long for a socket, or the
steward stands on another machine, the clock does it alone.
"""

from __future__ import annotations

import atexit
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

#: Bytes of the longest path that a socket may have, on every system.
LONGEST = 100
_ringer: socket.socket | None = None


def _path() -> Path | None:
    path = Path(settings.CONFIG.home) / "steward.bell"
    return path if len(os.fsencode(path)) <= LONGEST else None


def ring() -> None:
    """Ring; never waits, never fails."""
    global _ringer
    path = _path()
    if path is None:
        return
    with suppress(OSError):
        if _ringer is None:
            _ringer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            _ringer.setblocking(False)
            atexit.register(_ringer.close)
        _ringer.sendto(b"1", str(path))


class Bell:
    """What the steward listens to."""

    def __init__(self, heard: socket.socket) -> None:
        self._heard = heard

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long; say whether there was one. Takes all rings at once."""
        if not select.select([self._heard], [], [], seconds)[0]:
            return False
        with suppress(BlockingIOError):
            while self._heard.recv(64):
                pass
        return True


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
