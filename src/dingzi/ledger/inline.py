"""Sealing what somebody waits for in the very transaction that writes it, on SQLite.

An act and its place in the log then wait for the disk together, once, and no other process has to
wake. It is done by whoever may sign and finds the sealer's lock free; in all other cases, and on
PostgreSQL, where the web's role adds nothing to the order, the steward is rung for as ever. Killed
between the commit and the head, the steward finishes it like any batch that was begun.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from functools import cache

from dingzi.core import bell
from dingzi.tlog.errors import LogError

from .keys import KeyTrouble
from .sealing import Placed, Sealer, SealingStopped

#: Events that are sealed inline at most: of more, the acts would wait for the others' seals.
FEW = 256
#: Seconds until it is tried again where the keys cannot be read or the log is in disorder.
PATIENCE = 30.0
#: Events that are remembered as sealed here, for those who wait for them.
REMEMBERED = 1_024

log = logging.getLogger("dingzi.ledger")


class Inline:
    """Ends transactions of acts by sealing them (``core.turns.Ending``)."""

    def __init__(self) -> None:
        self._sealer = Sealer()
        self._placed: Placed | None = None
        self._sealed: OrderedDict[int, None] = OrderedDict()
        self._again = 0.0

    def sealed(self, event: int) -> bool:
        """Tell whether an event was put under a published head here, lately."""
        return event in self._sealed

    def before(self) -> None:
        """Give what waits its places; with none, whoever wrote rings for the steward."""
        if time.monotonic() < self._again:
            return
        try:
            self._placed = self._sealer.place(FEW)
        except (LogError, OSError, KeyTrouble, SealingStopped):
            self._again = time.monotonic() + PATIENCE
            log.exception("what is written is left to the steward to seal for a while")
        bell.hush(self._placed is not None)

    def after(self, *, committed: bool) -> None:
        """Write the entries and publish the head, or give the places up."""
        bell.hush(False)
        placed, self._placed = self._placed, None
        if placed is None:
            return
        try:
            self._sealer.finish(placed, committed=committed)
        except Exception:
            log.exception("a head could not be published: the steward does it")
            bell.ring()
            return
        if committed:
            self._remember(placed)

    def _remember(self, placed: Placed) -> None:
        self._sealed.update(dict.fromkeys(event.id for event in placed.events))
        while len(self._sealed) > REMEMBERED:
            self._sealed.popitem(last=False)


@cache
def inline() -> Inline:
    """Return this process's own."""
    return Inline()
