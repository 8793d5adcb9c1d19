"""What the steward does for figures."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from dingzi.core.jobs import job

from . import definitions, guards, snapshots
from .refreshing import refresh


@job("figures", every=timedelta(seconds=2))
def count() -> None:
    """Add what changed to the cells, so that public numbers are a few seconds old at most."""
    refresh()


@job("guards", every=timedelta(minutes=1))
def guard() -> None:
    """Read the guards anew where numbers changed."""
    guards.refresh()


@cache
def _writer() -> snapshots.Writer:
    return snapshots.Writer()


@job("snapshots", every=timedelta(seconds=1), alone=True)
def snapshot() -> int:
    """Add what was sealed to the snapshots, so that they are two seconds behind at most."""
    done = _writer().catch_up()
    return done.leaves if done else 0


@job("definitions", every=timedelta(minutes=1))
def define() -> None:
    """Record new versions of definitions in the city's book."""
    definitions.settle()
