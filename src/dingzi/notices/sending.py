"""Sending what waits; what does not go out is tried again, less and less often."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from dingzi.core.errors import NotFound

from . import gateways, wording
from .gateways import Failed
from .models import Notice

log = logging.getLogger(__name__)
#: Notices of one round; tries of one notice. The waits: 1, 4, 16 minutes ... at most a day.
ROUND, TRIES = 50, 8
FIRST, LONGEST = timedelta(minutes=1), timedelta(days=1)


def wait(tries: int) -> timedelta:
    """Return how long to wait after the try of this number, from 1 on."""
    return min(FIRST * 4 ** (tries - 1), LONGEST)


def deliver(now: datetime | None = None) -> int:
    """Send what is due; return how many went out."""
    now = now or timezone.now()
    due = Notice.objects.filter(try_at__lte=now).select_related("subscription__matter")
    return sum(_send(notice, now) for notice in due.order_by("try_at", "id")[:ROUND])


def _send(notice: Notice, now: datetime) -> bool:
    one = notice.subscription
    try:
        gateways.gateway(one.gateway).send(one.target, wording.message(notice))
    except NotFound:
        _later(notice, now, Failed("this installation lacks the gateway"))
        return False
    except Failed as failed:
        _later(notice, now, failed)
        return False
    notice.delete()
    return True


def _later(notice: Notice, now: datetime, failed: Failed) -> None:
    """Try again later; who cannot be reached for good, or after all tries, is forgotten."""
    tries = notice.tries + 1
    fields = {"gateway": notice.subscription.gateway, "tries": tries, "why": str(failed)}
    if failed.for_good or tries >= TRIES:
        log.warning("a subscription was ended: not to be reached", extra={"fields": fields})
        notice.subscription.delete()
        return
    log.info("a notice did not go out", extra={"fields": fields})
    Notice.objects.filter(pk=notice.pk).update(tries=tries, try_at=now + wait(tries))
