"""From the log to those who want to be told, in the log's own order: nothing is missed or told twice."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dingzi.ledger.models import Leaf
from dingzi.matters import registry
from dingzi.matters.models import FIRST_MATTER, Event

from . import subscribing
from .models import Notice, Place, Subscription

#: Leaves of one round.
ROUND = 2_000
#: Acts after which nobody is told of a matter any more.
ENDING = frozenset({"erase", "replace_receipt"})


def fan_out() -> int:
    """Make notices of what was sealed since the last round; return how many."""
    with transaction.atomic():
        place = Place.objects.select_for_update().first()
        if place is None:  # what lies before the first round is told to nobody
            last = Leaf.objects.aggregate(m=Max("index"))["m"]
            Place.objects.create(pk=1, last=-1 if last is None else last)
            return 0
        leaves = list(
            Leaf.objects.filter(index__gt=place.last).order_by("index").values_list(
                "index", "event_id"
            )[:ROUND]
        )  # fmt: skip
        if not leaves:
            return 0
        events = Event.objects.filter(
            pk__in=[event for _, event in leaves if event], stream__gte=FIRST_MATTER
        )
        made = _notices(list(events))
        Notice.objects.bulk_create(made, ignore_conflicts=True)
        Place.objects.filter(pk=place.pk).update(last=leaves[-1][0])
        return len(made)


def _notices(events: list[Event]) -> list[Notice]:
    ending = sorted({e.stream for e in events if e.action in ENDING})
    if ending:
        subscribing.end_of_matter(ending)
    told = [e for e in events if _is_told(e)]
    of_matter: dict[int, list[Subscription]] = defaultdict(list)
    of_process: dict[str, list[Subscription]] = defaultdict(list)
    wanted = Subscription.objects.filter(confirmed_at__isnull=False).exclude(
        gateway=subscribing.FEED
    )
    for one in wanted.filter(matter__in={e.stream for e in told}):
        of_matter[one.matter_id or 0].append(one)
    for one in wanted.filter(process__in={e.process for e in told}):
        of_process[one.process].append(one)
    found = []
    for event in told:
        found += [_notice(one, event, "case") for one in of_matter[event.stream]]
        county = event.header.get("county", "")
        if county:  # a confidential act has no header: nobody is told that it was
            found += [
                _notice(one, event, "public")
                for one in of_process[event.process]
                if one.county in ("", county)
            ]
    return found


def _is_told(event: Event) -> bool:
    action = registry.action(registry.process(event.process, event.version), event.action)
    return action is not None and action.public and action.told is not None


def _notice(one: Subscription, event: Event, kind: str) -> Notice:
    now = timezone.now()
    what: dict[str, Any] = {
        "kind": kind,
        "process": event.process,
        "version": event.version,
        "action": event.action,
    }
    if kind == "case":
        what["state"] = event.to_state
    else:
        what |= {k: event.header.get(k, "") for k in ("county", "category", "month")}
    return Notice(
        subscription=one, event=event.pk, what=what, created_at=now, try_at=now
    )  # fmt: skip
