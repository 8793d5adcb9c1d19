"""How events are numbered and found: by their stream, in the order of their key."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

SEQ_BITS = 20
#: Streams below this number are not matters: 1 is the city's book.
FIRST_MATTER = 1_000
BOOK = 1


def event_id(stream: int, seq: int) -> int:
    """Return the event's number: unique by construction, so no index but the key is needed."""
    return (stream << SEQ_BITS) | seq


class EventQuerySet(models.QuerySet[Any]):
    def of(self, *streams: int, after: int = 0) -> EventQuerySet:
        """Return the events of streams, read by their key; ``after`` leaves out the first ones.

        A condition on ``stream`` alone would read every event.
        """
        found = Q(pk__in=())
        for one in streams:
            found |= Q(id__gt=event_id(one, after), id__lt=event_id(one + 1, 0))
        return self.filter(found)
