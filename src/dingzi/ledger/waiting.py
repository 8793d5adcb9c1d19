"""Waiting until an act stands under a published head: sealed with it, or by the steward soon after."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from dingzi.core import bell, turns

from .inline import inline
from .receipts import head

#: Seconds that somebody at a browser may wait: as a rule it takes a hundredth of it.
AWHILE = 0.3
#: Seconds after which it is looked anew even if nobody says anything.
LOOK = 0.05


@contextmanager
def sealing() -> Iterator[bell.Ear]:
    """Have what this thread writes sealed with it where that can be; the ear hears of the rest.

    On PostgreSQL an act then need not wait for the disk by itself: its seal, which is waited for,
    was committed after it. Where none came, this waits for the disk at its end.
    """
    with turns.surely(), bell.ear() as ear, turns.ending(inline()):
        yield ear


def told(events: Sequence[int]) -> bytes:
    """Return what the steward answers: ids of events that stand under a published head now."""
    return struct.pack(f"!{len(events)}q", *events)


def until_sealed(event: int, ear: bell.Ear, seconds: float) -> bool:
    """Wait until an event is sealed, at most so long; say whether it is.

    ``ear`` was open when the event was written (``with sealing() as ear``): the steward then tells
    it when the ring was seen to. Where no steward listens nothing is waited for.
    """
    if inline().sealed(event):
        return True
    end = time.monotonic() + (seconds if ear.heard else 0)
    while True:
        left = end - time.monotonic()
        answer = ear.wait(max(0.0, min(LOOK, left))) if ear.heard else b""
        if _names(answer, event) or _stands(event):
            turns.sure()
            return True
        if left <= 0:
            return False


def _names(answer: bytes, event: int) -> bool:
    return event in struct.unpack(f"!{len(answer) // 8}q", answer)


def _stands(event: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "index" FROM ledger_leaf WHERE event_id = %s', [event])
        found = cursor.fetchone()
    now = head() if found else None
    return now is not None and found[0] < now.size
