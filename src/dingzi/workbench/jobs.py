"""What the steward does for the staff's door."""

from datetime import timedelta

from dingzi.core.jobs import job

from . import exports


@job("exports", every=timedelta(hours=1))
def sweep_exports() -> int:
    """Delete exported files after a day: they hold what only their maker may read."""
    return exports.sweep()
