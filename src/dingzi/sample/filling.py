"""Fills a city with what its mechanisms tell, in batches through ``record``."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from dingzi.core import collecting, registry
from dingzi.matters import recording
from dingzi.matters.acts import Intent
from dingzi.matters.models import Counter
from dingzi.matters.numbers import parent_of
from dingzi.matters.samples import LOCAL, SampleCity, Story

#: Stories in one transaction.
BATCH = 1_000
#: Counters by which a run that was broken off goes on, and the demo finds what it shows.
PROGRESS, SHOWN = "sample batches ", "sample shown "


@dataclass(slots=True)
class Filled:
    """How much has been recorded, up to which of the city's days, and in how much memory (MB)."""

    stories: int = 0
    events: int = 0
    day: date | None = None
    memory: int = 0


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield what every mechanism tells, one after the other, with what others weave into it."""
    weavers = [m.weave for m in registry.mechanisms() if m.weave is not None]
    for mechanism in registry.mechanisms():
        for story in mechanism.sample(city) if mechanism.sample is not None else ():
            for weave in weavers:
                weave(city, story)
            yield story


def sequels(city: SampleCity) -> Iterator[list[Story]]:
    """Yield what mechanisms tell once all else is recorded and counted, a batch at a time."""
    for mechanism in registry.mechanisms():
        if mechanism.after is not None:
            yield from mechanism.after(city)


def batches(told: Iterable[Story], size: int = BATCH) -> Iterator[list[Story]]:
    """Cut stories into batches."""
    batch: list[Story] = []
    for story in told:
        batch.append(story)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def fill(
    cut: Iterable[list[Story]],
    progress: Callable[[Filled], None] | None = None,
    part: int = 0,
) -> Filled:
    """Record batches of stories, each in one transaction; skip those of an earlier run.

    ``part`` names what of the city they are, where several processes record at once.
    """
    filled = Filled()
    counter = f"{PROGRESS}{part}"
    done = Counter.objects.filter(name=counter).values_list("last", flat=True).first() or 0
    with collecting.seldom() as collect:
        for place, batch in enumerate(cut, 1):
            if place <= done:
                continue
            _write(batch, counter, place, filled)
            collect()
            if progress:
                progress(filled)
    return filled


@transaction.atomic
def _write(batch: list[Story], counter: str, place: int, filled: Filled) -> None:
    report = recording.record(list(_intents(batch)))
    opened = iter([d for d in report.done if d.seq == 1 and parent_of(d.number) is None])
    for story in batch:
        first, *_others = [next(opened) for act in story.acts if act.number is None]
        if story.shown:
            _count(SHOWN + story.shown, first.stream)
    _count(counter, place)
    filled.stories += len(batch)
    filled.events += len(report.done)
    filled.day = batch[-1].begins.astimezone(LOCAL).date()
    filled.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _count(name: str, last: int) -> None:
    Counter.objects.update_or_create(name=name, defaults={"last": last})


def _intents(batch: list[Story]) -> Iterator[Intent]:
    for place, story in enumerate(batch):
        for intent in story.acts:
            if intent.number is None:
                intent.ref = f"#{place}{(intent.ref or '#')[1:]}"
            else:
                intent.number = f"#{place}{intent.number[1:]}"
            intent.data = {k: f"#{place}" if v == "#" else v for k, v in intent.data.items()}
            yield intent
