"""What the steward does for notices."""

from datetime import timedelta

from dingzi.core.jobs import job

from . import fanning, sending, subscribing


@job("notices", every=timedelta(seconds=5))
def make_notices() -> int:
    return fanning.fan_out()


@job("delivery", every=timedelta(seconds=5), alone=True)
def deliver_notices() -> int:
    """Send; in a thread of its own, since a receiver may be slow."""
    return sending.deliver()


@job("unconfirmed", every=timedelta(hours=1))
def sweep_unconfirmed() -> int:
    return subscribing.sweep()
