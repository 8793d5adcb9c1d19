"""Projections against their events: what a rebuild would change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection, models, transaction

from dingzi.city import directory
from dingzi.city.models import Unit
from dingzi.matters import book, registry
from dingzi.matters.models import (
    BOOK,
    SEQ_BITS,
    Event,
    HandOverSign,
    Matter,
    Paper,
    Part,
    PostPart,
)
from dingzi.matters.rebuild import SENSELESS, UNREADABLE, rebuild

from . import readable

#: Differences listed at most; a thousand are as bad as more.
MOST = 1_000

Found = tuple[int | None, int | None, str]
Pictures = dict[type[models.Model], dict[Any, dict[str, Any]]]
Made = set[tuple[type[models.Model], Any]]


def projections() -> Iterator[Found]:
    """Yield ``(sequence, stream, field)`` of each difference; nothing is written."""
    found = rebuild(write=False, keep=MOST).differences
    if found:
        # what somebody was just writing when it was read is gone when it is looked at again
        again = set(rebuild(write=False, keep=2 * MOST).differences)
        found = [one for one in found if one in again]
    for table, key, column in found:
        if column == UNREADABLE:
            yield from _unreadable(int(key))
        else:
            yield None, _stream(table, key), f"{table}.{column}"
    yield from ((None, stream, "matters.Matter.extra") for stream in _without_events())
    yield from _strangers()
    yield from ((None, BOOK, field) for field in _of_the_book())


def _stream(table: str, key: str) -> int | None:
    """Return the matter that a row belongs to, from its key."""
    number = re.sub(r"\D", "", key)
    if not number:
        return None
    wide = table in ("matters.Paper", "matters.HandOverSign")
    return int(number) >> SEQ_BITS if wide else int(number)


def _unreadable(stream: int) -> Iterator[Found]:
    """Name the columns of a matter's rows that hold what cannot be read; else its events do."""
    named = False
    made: list[type[models.Model]] = [Matter, Paper, HandOverSign, *registry.part_models()]
    made += [one.model for one in registry.handles() if one.model is not None]
    for model in made:
        rows = model._default_manager.filter(**{"id" if model is Matter else "matter_id": stream})
        for key in rows.values_list("pk", flat=True):
            for column in readable.unreadable(model, key):
                named = True
                yield None, stream, f"{model._meta.label}.{column}"
    if not named:
        yield None, stream, "matters.Event.replay"


def _without_events() -> list[int]:
    """Return matters that no event has opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id FROM matters_matter m LEFT JOIN matters_event e "
            "ON e.id = m.id * %s + 1 WHERE e.id IS NULL ORDER BY m.id LIMIT %s",
            [1 << SEQ_BITS, MOST],
        )
        return [row[0] for row in cursor.fetchall()]


def _strangers() -> Iterator[Found]:
    """Yield rows that hang on no matter, or on one of a process that makes no such row."""
    of: dict[type[models.Model], set[str]] = {}
    for one in registry.handles():
        if one.model is not None:
            of.setdefault(one.model, set()).add(one.name)
    every: tuple[type[models.Model], ...] = (*of, Paper, HandOverSign, Part, PostPart)
    for model in every:
        its_own = Matter.objects.filter(id=models.OuterRef("matter_id"))
        if model in of:
            its_own = its_own.filter(process__in=of[model])
        rows = model._default_manager.filter(~models.Exists(its_own)).order_by("matter_id")
        for stream in rows.values_list("matter_id", flat=True).distinct()[:MOST]:
            yield None, stream, f"{model._meta.label}.extra"


class _Looked(Exception):
    """Ends the replay: what it wrote is taken back."""


def _of_the_book() -> list[str]:
    """Replay the book, note what it changes, take all of it back."""
    found: list[str] = []
    try:
        with transaction.atomic():
            before, found = _pictures()
            of_the_book = list(Event.objects.of(BOOK).values_list("id", flat=True))
            with book.replaying() as made:
                for _, event in sorted(readable.rows(Event, of_the_book).items()):
                    try:
                        _, apply = book.entry(event.action)
                        with transaction.atomic():  # a refused statement must not end it all
                            apply(event.facts, event.recorded_at)
                    except SENSELESS:
                        # an event that was tampered with need not make sense any more
                        found.append(f"book.{event.seq}")
            after = _pictures()[0]
            found += _differences(before, after)
            found += _extra(before, after, made)
            raise _Looked
    except _Looked:
        directory.forget()
    return found


def _pictures() -> tuple[Pictures, list[str]]:
    """Return the rows of the book's tables, and the columns that cannot be read: None in the rows."""
    found: Pictures = {}
    faults: list[str] = []
    for model in book.makes():
        columns, manager = _columns(model), model._default_manager
        try:
            found[model] = {row["pk"]: row for row in manager.values("pk", *columns)}
        except SENSELESS:
            rows = readable.rows(model, list(manager.values_list("pk", flat=True)))
            found[model] = {
                key: {name: getattr(row, name) for name in columns} for key, row in rows.items()
            }
            label = model._meta.label
            faults += [
                f"{label}.{name}" for key in rows for name in readable.unreadable(model, key)
            ]
    return found, faults


def _columns(model: type[models.Model]) -> list[str]:
    said = book.makes()[model]
    every = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return every if said is None else list(said)


def _differences(before: Pictures, after: Pictures) -> Iterator[str]:
    for model in book.makes():
        old, new = before[model], after[model]
        label = model._meta.label
        for key in new.keys() - old.keys():
            yield f"{label}.row:{key}"
        for key in old.keys() & new.keys():
            yield from (
                f"{label}.{name}" for name in _columns(model) if old[key][name] != new[key][name]
            )


def _extra(before: Pictures, after: Pictures, made: Made) -> Iterator[str]:
    """Yield rows that no event of the book has made.

    Nothing where the book has made no unit: such a city was put together otherwise (for a trial),
    and has no events to be compared with.
    """
    if all(model is not Unit for model, _ in made):
        return
    for model in book.makes():
        for key in sorted(before[model]):
            if (model, key) not in made or key not in after[model]:
                yield f"{model._meta.label}.extra:{key}"
