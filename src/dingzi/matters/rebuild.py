"""Make every projection anew from events; nothing may change by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Max, Model

from dingzi.core import search
from dingzi.core.errors import LoadError, Refusal

from . import apply, book, registry
from .acts import Act, State
from .indexing import entry, first_words, indexed
from .models import (
    BOOK,
    FIRST_MATTER,
    Event,
    HandOverSign,
    Matter,
    Paper,
    Part,
    PostPart,
    Private,
    event_id,
)
from .writer import Batch

CHUNK = 2_000
#: What folding an event may raise that was tampered with: its values are missing, of another kind, or
#: name what is not there. Anything else (no memory, a bug of ours) is no finding about the event.
SENSELESS: tuple[type[Exception], ...] = (
    LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError,
    ObjectDoesNotExist, ValidationError, DatabaseError, Refusal, LoadError,
)  # fmt: skip

#: Stands for the column where rows of a stream cannot even be read.
UNREADABLE = "unreadable"


@dataclass(slots=True)
class Result:
    """What a rebuild found: streams folded, and each difference ``(table, key, column)``."""

    streams: int = 0
    events: int = 0
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def rebuild(
    *, write: bool = True, progress: Callable[[int], None] | None = None, keep: int = 1_000
) -> Result:
    """Fold all events again; compare with what stands, and with ``write`` put it right.

    Differences beyond ``keep`` are counted in the tables but not listed.
    """
    result = Result()
    if write:
        _book(result)
    first = FIRST_MATTER
    last = Event.objects.filter(stream__gte=FIRST_MATTER).aggregate(m=Max("stream"))["m"] or 0
    while first <= last:
        if write:
            with transaction.atomic():
                _chunk(first, first + CHUNK, result, True, keep)
        else:
            _looked_at(first, first + CHUNK, result, keep)
        first += CHUNK
        if progress:
            progress(result.events)
    return result


def _looked_at(first: int, end: int, result: Result, keep: int) -> None:
    """Compare the streams of a range; one with a row that cannot even be read is named alone."""
    found = Result()
    try:
        with transaction.atomic():
            _chunk(first, end, found, False, keep)
    except SENSELESS:
        if end - first == 1:
            _note(result, keep, "matters.Matter", first, UNREADABLE)
            return
        middle = (first + end) // 2
        _looked_at(first, middle, result, keep)
        _looked_at(middle, end, result, keep)
        return
    result.streams += found.streams
    result.events += found.events
    result.differences += found.differences


def _book(result: Result) -> None:
    # In one transaction: nobody may see a tenure open again that a later event ends.
    with transaction.atomic(), book.replaying():
        for event in Event.objects.of(BOOK).order_by("seq"):
            _, note = book.entry(event.action)
            note(event.facts, event.recorded_at)
            result.events += 1


def _chunk(first: int, end: int, result: Result, write: bool, keep: int) -> None:
    events = Event.objects.filter(stream__gte=first, stream__lt=end).order_by("stream", "seq")
    private = dict(
        Private.objects.filter(event__stream__gte=first, event__stream__lt=end).values_list(
            "event_id", "data"
        )
    )
    states: dict[int, State] = {}
    texts: dict[int, list[str]] = {}
    for stream, acts in groupby(events.iterator(CHUNK), key=lambda e: e.stream):
        folded = list(acts)
        try:
            state = _folded(stream, folded, private)
        except SENSELESS:
            if write:
                raise
            # what was tampered with need not make sense any more: say so, go on with the others
            _note(result, keep, "matters.Event", stream, "replay")
            continue
        if own := private.get(event_id(stream, 1)):
            texts[stream] = [own.get("text", "")]
        result.events += len(folded)
        states[stream] = state
        result.streams += 1
    batch = Batch()
    extra: list[Model] = []
    _compare(Matter, {s: st.matter for s, st in states.items()}, result, batch, extra, keep)
    by_model: dict[type[Model], dict[Any, Model]] = {}
    for state in states.values():
        if state.own is not None:
            by_model.setdefault(type(state.own), {})[state.own.pk] = state.own
    for model, rows in by_model.items():
        _compare(model, rows, result, batch, extra, keep)
    added = [row for state in states.values() for row in state.added]
    papers = {r.pk: r for r in added if isinstance(r, Paper)}
    _compare(Paper, papers, result, batch, extra, keep, matter_id__gte=first, matter_id__lt=end)
    signs = {r.pk: r for r in added if isinstance(r, HandOverSign)}
    _compare(
        HandOverSign, signs, result, batch, extra, keep, matter_id__gte=first, matter_id__lt=end
    )
    for model in (Part, PostPart):
        wanted = [r for r in added if isinstance(r, model)]
        _parts(model, wanted, first, end, result, batch, extra)
    if write:
        for row in extra:
            row.delete()
        batch.flush()
        found = [search.rows(*indexed(states[s].matter, more)) for s, more in texts.items()]
        search.put(found)


def rebuild_one(stream: int) -> None:
    """Make a matter's projections anew, and its entry in the search index."""
    with transaction.atomic():
        _chunk(stream, stream + 1, Result(), True, 0)
        matter = Matter.objects.get(id=stream)
        search.put([entry(matter, first_words(stream))])


def _folded(stream: int, events: list[Event], private: dict[int, Any]) -> State:
    state = _fresh(stream, act_of(events[0], private.get(events[0].id, {})))
    for event in events:
        apply.fold(state, act_of(event, private.get(event.id, {})))
    return state


def act_of(event: Event, private: dict[str, Any]) -> Act:
    """Return an event as ``apply`` takes it; an erased private part is empty."""
    return Act(
        stream=event.stream,
        seq=event.seq,
        process=event.process,
        version=event.version,
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        unit=event.unit_id,
        post=event.post_id,
        door=event.door,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        facts=event.facts,
        private=private,
        header=event.header,
    )


def _fresh(stream: int, act: Act) -> State:
    matter = Matter(id=stream, seq=0)
    state = State(matter, registry.process(act.process, act.version), fresh=True)
    model = registry.handle(act.process).model
    if model is not None:
        state.own = model(matter=matter)
    return state


def _compare(
    model: type[Model],
    wanted: dict[Any, Any],
    result: Result,
    batch: Batch,
    extra: list[Model],
    keep: int,
    **where: Any,
) -> None:
    manager: Any = model._default_manager
    stand = (
        {row.pk: row for row in manager.filter(**where)} if where else manager.in_bulk(list(wanted))
    )
    names = [f.attname for f in model._meta.concrete_fields]
    table = model._meta.label
    for key, row in wanted.items():
        have = stand.pop(key, None)
        if have is None:
            _note(result, keep, table, key, "row")
            batch.insert(row)
            continue
        wrong = [n for n in names if getattr(have, n) != getattr(row, n)]
        for name in wrong:
            _note(result, keep, table, key, name)
        if wrong:
            batch.update(row)
    for key, row in stand.items():
        _note(result, keep, table, key, "extra")
        extra.append(row)


def _parts(
    model: type[Model], wanted: Sequence[Model], first: int, end: int,
    result: Result, batch: Batch, extra: list[Model],
) -> None:  # fmt: skip
    """Compare rows that have no number of their own: by all that they hold."""
    names = [f.attname for f in model._meta.concrete_fields if not f.primary_key]

    def told(row: Model) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in names)

    def note(row: Any, column: str) -> None:
        _note(result, 10**9, model._meta.label, row.matter_id, column)

    need = {told(row): row for row in wanted}
    stand = set()
    for row in model._default_manager.filter(matter_id__gte=first, matter_id__lt=end):
        key = told(row)
        if key not in need:
            note(row, "extra")
            extra.append(row)
        stand.add(key)
    for key in need.keys() - stand:
        note(need[key], "row")
        batch.insert(need[key])


def _note(result: Result, keep: int, table: str, key: Any, column: str) -> None:
    if len(result.differences) < keep:
        result.differences.append((table, str(key), column))
