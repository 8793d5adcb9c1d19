"""What the steward does for matters."""

from datetime import timedelta

from dingzi.core.jobs import job

from . import handover, timers
from .importing import runs


@job("timers", every=timedelta(seconds=20))
def run_timers() -> int:
    return timers.run()


@job("handovers", every=timedelta(minutes=5))
def run_handovers() -> int:
    return handover.run()


@job("imports", every=timedelta(hours=6))
def sweep_imports() -> int:
    """Delete imported spreadsheets after their time."""
    return runs.sweep()
