"""The same log under 国密 SM3, beside the one under SHA-256, where ``DINGZI_SM3=1`` asks for it.

It lies in ``sm3/`` of the log's folder: tiles and a signed head of its own (origin ``ORIGIN/sm3``), no
entries. It is made of the entries alone, so it may be switched on at any time and a kill costs it
nothing: the next head brings it up to date.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings

from dingzi.tlog.checkpoints import Checkpoint, parse_note
from dingzi.tlog.errors import NotAvailable
from dingzi.tlog.hashing import sm3
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Signer

log = logging.getLogger("dingzi.ledger")


def beside(main: TileLog) -> TileLog | None:
    """Return the tree under SM3; None where none is asked for, or this machine cannot make one."""
    if not settings.SM3:
        return None
    try:
        return main.beside(sm3())
    except NotAvailable as error:
        log.error("no parallel root is kept", extra={"fields": {"why": error.reason[0]}})
        return None


def publish(tree: TileLog, main: TileLog, origin: str, signers: Sequence[Signer]) -> None:
    """Bring the parallel tree up to the log's size and sign its head."""
    tree.recover()
    tree.follow(main)
    size, now = main.size(), tree.published()
    if now is None or parse_note(now).size != size:
        tree.publish(Checkpoint(f"{origin}/sm3", size, tree.root(size)).sign(*signers))
