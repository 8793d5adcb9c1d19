"""Waiting until an act stands under a published head, woken by the steward that put it there."""

from __future__ import annotations

import time

from django.db import connection

from dingzi.core import bell

from .receipts import head

#: Seconds that somebody at a browser may wait: as a rule it takes a hundredth of it.
AWHILE = 0.3
#: Seconds after which it is looked anew even if nobody says anything.
LOOK = 0.05


def until_sealed(event: int, ear: bell.Ear, seconds: float) -> bool:
    """Wait until an event is sealed, at most so long; say whether it is.

    ``ear`` was open when the event was written (``with bell.ear() as ear``): the steward then tells
    it when the ring was seen to. Where no steward listens nothing is waited for.
    """
    end = time.monotonic() + (seconds if ear.heard else 0)
    while True:
        left = end - time.monotonic()
        ear.wait(max(0.0, min(LOOK, left)))
        if _stands(event):
            return True
        if left <= 0:
            return False


def _stands(event: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute('SELECT "index" FROM ledger_leaf WHERE event_id = %s', [event])
        found = cursor.fetchone()
    now = head() if found else None
    return now is not None and found[0] < now.size
