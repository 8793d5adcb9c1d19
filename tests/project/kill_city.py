"""The small city in an installation of its own: ``python -m tests.project.kill_city WAY``.

``make`` prints what clerks need to act through the API; ``look`` prints what is wrong with what
they left, an empty list where nothing is; ``keys`` prints what was done under each key.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any


def make() -> dict[str, Any]:
    """Make the city; return tokens by role, and units and place by name."""
    from dingzi.city import tokens
    from dingzi.city.models import ApiClient, Post
    from tests import world as small

    world = small.build()
    found: dict[str, Any] = {
        "place": small.TOWN,
        "mediation": world.mediation,
        "housing": world.housing,
    }
    for role in ("window", "mediator"):
        post = Post.objects.get(pk=getattr(world, role).post)
        client = ApiClient.objects.create(name=role, post=post, since=small.SINCE)
        found[role] = tokens.issue(client)
    return found


def look() -> list[str]:
    """Return every half-written or doubled thing, in words."""
    from django.db.models import Count, Max, Min

    from dingzi.core import search
    from dingzi.matters import envelope, registry
    from dingzi.matters.models import (
        FIRST_MATTER,
        Counter,
        Event,
        Matter,
        Opening,
        Outbox,
        Private,
    )
    from dingzi.matters.rebuild import rebuild
    from tests.ledger.wholeness import faults

    wrong = [f"{t} {key}: {column} differs" for t, key, column in rebuild(write=False).differences]
    events = {e.id: e for e in Event.objects.all()}
    openings = dict(Opening.objects.values_list("event_id", "salts"))
    private = Private.objects.in_bulk()
    if set(openings) != set(events):
        wrong.append(f"{len(openings)} openings for {len(events)} events")
    if Outbox.objects.exists():
        wrong.append("an event was not sealed")
    wrong += faults()
    if private.keys() - events.keys():
        wrong.append("a private part without its event")
    for number, event in events.items():
        if not envelope.genuine(event):
            wrong.append(f"{event} has another MAC")
        if event.stream < FIRST_MATTER:
            continue
        process = registry.process(event.process, event.version)
        own = private.get(number)
        closed = envelope.verify(
            event,
            bytes(openings.get(number, b"")),
            own.data if own else {},
            bytes(own.salt) if own else b"",
            process.public,
        )
        if closed:
            wrong.append(f"{event}: {closed} does not open")
    streams = Event.objects.filter(stream__gte=FIRST_MATTER).values("stream")
    heads = {
        row["stream"]: (row["n"], row["first"], row["last"])
        for row in streams.annotate(n=Count("id"), first=Min("seq"), last=Max("seq"))
    }
    for matter in Matter.objects.all():
        n, first, last = heads.pop(matter.id, (0, 0, 0))
        if (n, first, last) != (matter.seq, 1, matter.seq):
            wrong.append(f"{matter}: {n} events {first}..{last}, version {matter.seq}")
    wrong += [f"events of {stream} without a matter" for stream in heads]
    wrong += gaps(Matter.objects.values_list("number", flat=True), Counter.objects.all())
    searched = set(search.match("漏水", None, limit=10**6).ids)
    told = set(Matter.objects.filter(parent=None).values_list("id", flat=True))
    if searched != told:
        wrong.append(f"the search finds {len(searched)} of {len(told)} matters")
    return wrong


def keys() -> dict[str, list[Any]]:
    """Return number, version and action of the act under each key; an act has one, a key one act."""
    from dingzi.matters.models import Event, Matter

    numbers = dict(Matter.objects.values_list("id", "number"))
    found = Event.objects.filter(key__isnull=False).values_list("key", "stream", "seq", "action")
    return {str(key): [numbers[stream], seq, action] for key, stream, seq, action in found}


def gaps(numbers: Any, counters: Any) -> list[str]:
    """Name the series whose running numbers are not 1, 2, 3 ... up to their counter."""
    given: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        series, _, last = re.fullmatch(r"(.*?)(-?)(\d+)号?", number).groups()  # type: ignore[union-attr]
        given[series].append(int(last))
    wrong = [
        f"numbers of {series}: {sorted(found)[:9]}..."
        for series, found in given.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]
    for one in counters:
        if one.name and one.last != len(given.get(one.name, [])):
            wrong.append(f"counter of {one.name}: {one.last}, given {len(given.get(one.name, []))}")
    return wrong


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dingzi.project.settings")
    import django

    django.setup()
    ways: dict[str, Callable[[], Any]] = {"make": make, "look": look, "keys": keys}
    print(json.dumps(ways[sys.argv[1]]()))
