"""What the steward does for the ledger."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from dingzi.core.jobs import job

from . import erasing, waiting
from .sealing import Sealer


@cache
def _sealer() -> Sealer:
    return Sealer()


@job("seal", every=timedelta(seconds=0.25), alone=True, rung=True)
def seal() -> bytes:
    """Seal what waits, as soon as it was written, so that the log is less than a second behind.

    Returns which events stand now, for those who rang.
    """
    return waiting.told(_sealer().seal().last)


@job("erase", every=timedelta(seconds=5))
def erase() -> int:
    """Carry out the erasures that were decided."""
    return erasing.carry_out()
