"""Makes a city in several processes.

PostgreSQL: each process composes and records counties of its own. SQLite has one writer at a time:
a second process composes what this one records.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from django.db import connection

from dingzi.matters.samples import Story

from . import filling
from .beginning import begin
from .filling import Filled

#: Batches that wait at most: a bound on memory.
AHEAD = 3
Progress = Callable[[Filled], None]


class Broken(Exception):
    """A process of ours ended early; the message says of what."""


def fill(facts: dict[str, Any], progress: Progress | None = None) -> Filled:
    """Make the city that ``facts`` (of the book's entry) describe."""
    if connection.vendor != "postgresql":
        with _started("compose", [(facts,)]) as told:
            return filling.fill(_batches(told), progress)
    parts = facts["parts"]
    filled = [Filled() for _ in range(parts)]
    with _started("record", [(facts, part) for part in range(parts)]) as told:
        running = parts
        while running:
            part, news = told()
            if news is None:
                running -= 1
                continue
            filled[part] = news
            if progress and all(one.day for one in filled):
                progress(_sum(filled))
    return _sum(filled)


def _sum(parts: list[Filled]) -> Filled:
    days = [one.day for one in parts if one.day]
    return Filled(
        stories=sum(one.stories for one in parts),
        events=sum(one.events for one in parts),
        day=min(days) if days else None,
        memory=max(one.memory for one in parts),
    )


def _batches(told: Callable[[], Any]) -> Iterator[list[Story]]:
    while (batch := told()[1]) is not None:
        yield batch


@contextmanager
def _started(name: str, args: list[tuple[Any, ...]]) -> Iterator[Any]:
    """Start a process for each of ``args``; give a function that waits for what they tell."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue(AHEAD)
    processes = [context.Process(target=begin, args=(name, queue, *a), daemon=True) for a in args]
    for process in processes:
        process.start()

    def told() -> Any:
        while True:
            try:
                found = queue.get(timeout=1)
            except Empty:
                if any(p.exitcode for p in processes):
                    raise Broken("a process was ended from outside") from None
                continue
            if isinstance(found, str):
                raise Broken(found)
            return found

    try:
        yield told
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def compose(queue: Any, facts: dict[str, Any]) -> None:
    from .making import city_of

    for batch in filling.batches(filling.stories(city_of(facts))):
        queue.put((0, batch))
    queue.put((0, None))


def record(queue: Any, facts: dict[str, Any], part: int) -> None:
    from .making import city_of

    city = city_of(facts).part(part, facts["parts"])

    def progress(filled: Filled) -> None:
        queue.put((part, filled))

    filling.fill(filling.batches(filling.stories(city)), progress, part)
    queue.put((part, None))
