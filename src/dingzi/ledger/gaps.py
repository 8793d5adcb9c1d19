"""Which gaps are right: those that an erasure in the log decided, as the log has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from dingzi.matters.models import Event
from dingzi.matters.rebuild import SENSELESS
from dingzi.matters.timeline import erased_to
from dingzi.tlog.errors import TlogError
from dingzi.tlog.log import TileLog

from . import naming, readable
from .erasing import ACTION
from .models import Erasure, Leaf


@dataclass(frozen=True, slots=True)
class Erased:
    """Up to which event each stream was erased: as decided, and as carried out."""

    decided: dict[int, int] = field(default_factory=dict)
    done: dict[int, int] = field(default_factory=dict)

    def covers(self, event: Event) -> bool:
        return event.seq <= self.decided.get(event.stream, 0)

    def carried_out(self, event: Event) -> bool:
        return event.seq <= self.done.get(event.stream, 0)


def erased(log: TileLog, size: int) -> Erased:
    """Return what the erasures among the first ``size`` entries of the log erased.

    One that is not sealed excuses nothing, nor does one whose row is not what was sealed: the place
    that a row claims in the log is anybody's word.
    """
    done = set(Erasure.objects.exclude(done_at=None).values_list("event_id", flat=True))
    found = Erased()
    for event in _sealed(log, size):
        with suppress(*SENSELESS):
            for stream, last in erased_to([event]).items():
                for reach in (found.decided, *([found.done] if event.id in done else [])):
                    reach[stream] = max(last, reach.get(stream, 0))
    return found


def _sealed(log: TileLog, size: int) -> Iterator[Event]:
    places = Leaf.objects.filter(event__action=ACTION, index__gte=0, index__lt=size)
    found = dict(places.values_list("event_id", "index"))
    for number, event in readable.rows(Event, list(found)).items():
        with suppress(TlogError, *SENSELESS):
            if not naming.changed(event, log.entry(found[number]), None):
                yield event
