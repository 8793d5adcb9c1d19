"""The rows of a transaction's acts: what is projected, the events themselves, what is found.

Of many acts each part is written by a thread (``core.aside``) while the next is being made; of many
openings, which nothing else in their batch touches again, while the next are still being checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import get_ident
from typing import Any

from django.db import connection

from dingzi.city import directory
from dingzi.core import search
from dingzi.core.aside import Work as Piece
from dingzi.core.aside import aside

from . import envelope
from .acts import Act, State
from .indexing import changes, entry, first_words
from .models import Counter
from .writer import Batch, vendor

#: Acts from which on a thread is worth its while.
MANY = 200
#: Acts that are written at once while the next are checked.
PIECE = 500


class Asked(BaseException):
    """A check has asked the database, which holds a part of the batch already; no refusal of its."""


@contextmanager
def written(acts: Sequence[tuple[State, Act]], *, ahead: bool) -> Iterator[Callable[[], None]]:
    """Write the acts that are done within, and the states into which they were folded.

    What is yielded is called after each. With ``ahead``, of many, they are written in pieces while
    the next are checked. No later act may touch a state of an earlier one then. Checks see the
    database as it was before: where one asks it at the beginning, nothing is written before the end.

    Raises
    ------
    Asked
        A check has asked when a part was written: undo the transaction, do it without ``ahead``.
    """
    if not ahead:
        yield lambda: None
        many = len(acts) >= MANY
        with aside(many) as later:
            _write(acts, later, many=many)
        return
    done, asked, checker = 0, False, get_ident()

    def ask(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal asked
        if get_ident() == checker:
            asked = True
            if done:
                raise Asked
        return execute(*statement)

    def went_on() -> None:
        nonlocal done
        if not asked and len(acts) - done >= PIECE:
            _write(acts[done:], later, many=True)
            done = len(acts)

    with directory.held(), aside(True) as later:
        with connection.execute_wrapper(ask):
            yield went_on
        _write(acts[done:], later, many=True)


def _write(
    acts: Sequence[tuple[State, Act]], later: Callable[[Piece], object], *, many: bool
) -> None:  # fmt: skip
    touched: dict[int, State] = {}
    texts: dict[int, list[str]] = {}
    for state, made in acts:
        touched[made.stream] = state
        if made.seq == 1 or changes(made):
            texts.setdefault(made.stream, []).append(made.private.get("text", ""))
    for stream in texts:
        if not touched[stream].fresh:
            texts[stream] = first_words(stream)
    batch = Batch()
    _project(touched.values(), batch)
    if many:  # a few acts go in one statement
        later(batch.flush)
        batch = Batch()
    for _, made in acts:
        envelope.add(batch, made)
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
    """Have PostgreSQL check now the foreign keys that it would check at the commit.

    The plan that a connection keeps for a key may be of when the table was small, and read the whole
    table for each row: it is made anew, by the index.
    """
    if vendor() == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "DISCARD PLANS; SET LOCAL enable_seqscan = off;"
                "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
                "SET LOCAL enable_seqscan TO DEFAULT"
            )
