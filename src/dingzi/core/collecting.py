"""Much work on many small objects: Python looks for garbage between its batches only."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Batches between two looks.
EVERY = 8


@contextmanager
def seldom(every: int = EVERY) -> Iterator[Callable[[], None]]:
    """Stop the collector, which takes a tenth of the time otherwise; call what is given after each
    batch, and it collects at every ``every``-th."""
    working, batches = gc.isenabled(), 0
    gc.collect()
    gc.freeze()
    gc.disable()

    def batch() -> None:
        nonlocal batches
        batches += 1
        if batches % every == 0:
            gc.collect()

    try:
        yield batch
    finally:
        gc.unfreeze()
        if working:
            gc.enable()


@contextmanager
def paused(large: bool) -> Iterator[None]:
    """Stop the collector during one ``large`` batch, of which nearly all is in use to its end."""
    working = large and gc.isenabled()
    if working:
        gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
