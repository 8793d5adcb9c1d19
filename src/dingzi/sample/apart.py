"""Makes the stories in a second process, so that composing and recording go side by side."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from typing import Any

from dingzi.matters.samples import Story

#: Batches that wait at most: a bound on memory.
AHEAD = 3


def elsewhere(facts: dict[str, Any]) -> Iterator[list[Story]]:
    """Yield the batches of the city that ``facts`` describe, made in another process."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue(AHEAD)
    process = context.Process(target=_make, args=(facts, queue), daemon=True)
    process.start()
    try:
        while (batch := queue.get()) is not None:
            if isinstance(batch, str):
                raise RuntimeError(batch)
            yield batch
    finally:
        process.terminate()
        process.join()


def _make(facts: dict[str, Any], queue: Any) -> None:
    """Run in the other process: it reads the city's units, and writes nothing."""
    import django

    django.setup()
    from . import filling, making

    try:
        for batch in filling.batches(filling.stories(making.city_of(facts))):
            queue.put(batch)
        queue.put(None)
    except Exception as error:
        queue.put(f"{type(error).__name__}: {error}")
        raise
