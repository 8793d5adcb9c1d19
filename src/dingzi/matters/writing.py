"""The rows of a transaction's acts: what is projected, the events themselves, what is found.

Of many acts each part is written by a thread (``core.aside``) while the next is being made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import connection

from dingzi.core import search
from dingzi.core.aside import aside
from dingzi.core.turns import hand

from . import envelope
from .acts import Act, State
from .indexing import changes, entry, first_words
from .models import Counter
from .writer import Batch, vendor

#: Acts from which on a thread is worth its while.
MANY = 200


def write(acts: Sequence[tuple[State, Act]]) -> None:
    """Write the rows of all acts, and of the states into which they were folded."""
    touched: dict[int, State] = {}
    texts: dict[int, list[str]] = {}
    for state, made in acts:
        touched[made.stream] = state
        if made.seq == 1 or changes(made):
            texts.setdefault(made.stream, []).append(made.private.get("text", ""))
    for stream in texts:
        if not touched[stream].fresh:
            texts[stream] = first_words(stream)
    many = len(acts) >= MANY
    with aside(many) as later:
        batch = Batch()
        _project(touched.values(), batch)
        if many:  # a few acts go in one statement
            later(batch.flush)
            batch = Batch()
        for _, made in acts:
            hand(envelope.add(batch, made))
        later(partial(batch.flush, last=not texts))
        if many:  # beside what follows, not when everybody waits for the commit
            later(_check_keys)
        if texts:
            found = [entry(touched[stream].matter, said) for stream, said in texts.items()]
            later(lambda: search.put(found))
    for state in touched.values():
        state.fresh = False
        state.added.clear()


def _project(states: Iterable[State], batch: Batch) -> None:
    for state in states:
        write = batch.insert if state.fresh else batch.update
        write(state.matter)
        if state.own is not None:
            write(state.own)
        for row in state.added:
            batch.insert(row)
        if state.fresh and state.born:
            batch.add(Counter, (state.matter.number, state.born))


def _check_keys() -> None:
    """Have PostgreSQL check now the foreign keys that it would check at the commit."""
    if vendor() == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
