"""What happens when a clock runs out, without anybody pressing anything."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from dingzi.core.errors import Refusal

from . import clocks, registry
from .models import Matter
from .recording import by_system

log = logging.getLogger(__name__)
#: Matters looked at in one round; what is left waits for the next.
ROUND = 500


def run() -> int:
    """Do the act of every clock that ran out; return how many were done."""
    return fire(timezone.now())


def fire(now: datetime, limit: int = ROUND) -> int:
    """Do what the clocks ask that ran out before ``now``.

    Each matter is a transaction of its own: one that refuses is logged and does not stop the
    others. An act that its state no longer allows gives way to ``escalate``, which marks the clock.
    """
    waiting = Matter.objects.filter(next_check_at__lt=now).order_by("next_check_at", "id")[:limit]
    return sum(_fire(matter, now) for matter in waiting)


def _fire(matter: Matter, now: datetime) -> int:
    process = registry.process(matter.process, matter.version)
    done = 0
    for name in clocks.ripe(matter.clocks, now)[:1]:
        wanted = process.clocks[name].then
        action = registry.action(process, wanted)
        if wanted == "escalate" or action is None or not process.allows(action, matter.state):
            wanted, data = "escalate", {"clock": name}
        else:
            data = {}
        try:
            by_system(matter.number, wanted, data)
            done += 1
        except Refusal as refusal:
            log.error("timer refused", extra={"fields": {"codes": list(refusal.codes)}})
    return done
