"""What the steward does for the ledger."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from dingzi.core.jobs import job

from .sealing import Sealer


@cache
def _sealer() -> Sealer:
    return Sealer()


@job("seal", every=timedelta(seconds=0.25), alone=True)
def seal() -> int:
    """Seal what waits, so that the log is less than a second behind."""
    return _sealer().seal().events
