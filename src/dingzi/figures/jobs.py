"""What the steward does for figures."""

from __future__ import annotations

from datetime import timedelta

from dingzi.core.jobs import job

from . import guards
from .refreshing import refresh


@job("figures", every=timedelta(seconds=2))
def count() -> None:
    """Add what changed to the cells, so that public numbers are a few seconds old at most."""
    refresh()


@job("guards", every=timedelta(minutes=1))
def guard() -> None:
    """Read the guards anew where numbers changed."""
    guards.refresh()
