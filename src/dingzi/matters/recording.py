"""The one way to write.

``act`` and ``open_matter`` are what doors call; ``record`` under them takes a batch: lock, check
process, viewer, version, guards and ``check``, append events, fold them, fill the outbox (a
trigger), in one transaction. A click is a batch of one; imports and the sample city are large
batches through the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.core import bell
from dingzi.core.collecting import paused
from dingzi.core.errors import (
    KeyReused,
    Refusal,
)
from dingzi.core.turns import together, turn

from .acts import Done, Intent
from .models import Event, Matter
from .work import Work, body
from .writing import MANY, Asked, written


@dataclass(slots=True)
class Report:
    """What became of a batch: acts done, and ``(index, refusal)`` of those that were not."""

    done: list[Done] = field(default_factory=list)
    refused: list[tuple[int, Refusal]] = field(default_factory=list)


def act(
    number: str,
    action: str,
    data: dict[str, Any] | None = None,
    *,
    by: Viewer,
    seen: int | None = None,
    key: UUID | None = None,
    occurred_at: datetime | None = None,
    reason: str = "",
    door: str = "desk",
) -> Done:
    """Do one act on a matter.

    Raises
    ------
    NotFound, Forbidden, WrongState, Stale, Invalid, KeyReused
        Nothing is written then.
    """
    return record(
        [
            Intent(
                action=action,
                data=data or {},
                by=by,
                number=number,
                seen=seen,
                key=key,
                occurred_at=occurred_at,
                reason=reason,
                door=door,
            )
        ]
    ).done[0]


def open_matter(
    process: str,
    action: str,
    data: dict[str, Any],
    *,
    by: Viewer,
    key: UUID | None = None,
    occurred_at: datetime | None = None,
    reason: str = "",
    door: str = "desk",
) -> Done:
    """Open a matter of ``process`` by one of its opening actions."""
    return record(
        [
            Intent(
                action=action,
                data=data,
                by=by,
                process=process,
                key=key,
                occurred_at=occurred_at,
                reason=reason,
                door=door,
            )
        ]
    ).done[0]


class _Rehearsed(Exception):
    """Ends a rehearsal: everything was checked, nothing is kept."""


def record(intents: Sequence[Intent], *, good_only: bool = False) -> Report:
    """Do a batch of acts in one transaction.

    With ``good_only`` the acts that are refused (and all that build on a matter that they would
    have opened) are reported and the rest is written.
    """
    if not intents:
        return Report()
    if good_only:
        return _good_ones(intents)
    ring = bell.ringer()

    def do(*, ahead: bool = False) -> Report:
        work = Work(intents, timezone.now())
        with written(work.acts, ahead=ahead and work.apart) as went_on:
            for intent in intents:
                work.do(intent)
                went_on()
        transaction.on_commit(ring)
        return Report(done=work.done)

    try:
        if len(intents) < MANY:
            return together(do)
        return _large(do)  # nobody goes along with what takes that long
    except (Refusal, IntegrityError):
        if (earlier := _earlier(intents)) is not None:
            return earlier
        raise


def _large(do: Callable[..., Report]) -> Report:
    """Do a large batch, writing while it is checked; at once where a check has asked in between."""
    with paused(large=True):
        try:
            with turn():
                return do(ahead=True)
        except Asked:
            with turn():
                return do(ahead=False)


class _Entangled(Exception):
    """A refused act has left traces that only the database's own undoing removes."""


def _good_ones(intents: Sequence[Intent]) -> Report:
    """Write what is not refused: in one pass where each refused act is undone by itself, in a
    rehearsal and a second pass where one brought others with it."""

    def do(*, ahead: bool = False) -> Report:
        work = Work(intents, timezone.now())
        with written(work.acts, ahead=ahead and work.apart) as went_on:
            refused = _try(work, intents, undo=True, went_on=went_on)
        work.give_back()
        transaction.on_commit(bell.ring)
        return Report(done=work.done, refused=refused)

    try:
        if len(intents) >= MANY:
            return _large(do)
        with turn():
            return do()
    except _Entangled:
        refused = rehearse(intents)
        bad = {i for i, _ in refused}
        report = record([x for i, x in enumerate(intents) if i not in bad])
        report.refused = refused
        return report


def rehearse(intents: Sequence[Intent]) -> list[tuple[int, Refusal]]:
    """Return ``(index, refusal)`` of the acts that ``record`` would refuse; write nothing."""
    refused: list[tuple[int, Refusal]] = []
    try:
        with turn():
            refused = _try(Work(intents, timezone.now()), intents, undo=False)
            raise _Rehearsed
    except _Rehearsed:
        return refused


def _try(
    work: Work,
    intents: Sequence[Intent],
    *,
    undo: bool,
    went_on: Callable[[], None] = lambda: None,
) -> list[tuple[int, Refusal]]:
    refused: list[tuple[int, Refusal]] = []
    lost: set[str] = set()
    for index, intent in enumerate(intents):
        if {intent.number, intent.ref, intent.parent} & lost:
            refused.append((index, Refusal.of("builds_on_refused")))
            continue
        before = len(work.acts)
        try:
            work.do(intent)
        except Refusal as refusal:
            refused.append((index, refusal))
            if intent.ref:
                lost.add(intent.ref)
            if undo and not work.undo(intent, before):
                raise _Entangled from None
        else:
            went_on()
    return refused


def _earlier(intents: Sequence[Intent]) -> Report | None:
    """Return what an earlier request under the same key did; KeyReused if it asked otherwise."""
    if len(intents) != 1 or intents[0].key is None:
        return None
    intent = intents[0]
    event = Event.objects.filter(key=intent.key).first()
    if event is None:
        return None
    if bytes(event.body or b"") != body(intent):
        raise KeyReused.of("key_reused")
    number = Matter.objects.values_list("number", flat=True).get(id=event.stream)
    return Report(
        done=[Done(number, event.stream, event.seq, event.to_state, event.action, again=True)]
    )


def by_system(number: str, action: str, data: dict[str, Any], *, seen: int | None = None) -> Done:
    """Do an act of the timer."""
    return act(number, action, data, by=SYSTEM, seen=seen, door="timer")
