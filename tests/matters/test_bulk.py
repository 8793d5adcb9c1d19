"""A batch of many acts writes what the same acts would have written one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from dingzi import matters
from dingzi.core.errors import Invalid
from dingzi.core.models import SearchEntry
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Refused
from dingzi.matters import envelope, numbers
from dingzi.matters.acts import Intent
from dingzi.matters.clocks import local_day
from dingzi.matters.models import Counter, Event, Matter, Opening, Outbox, Part, Private
from dingzi.matters.writing import MANY
from dingzi.mechanisms.disputes.models import Dispute
from tests.world import TOWN, World

WHEN = datetime(2025, 9, 26, 2, tzinfo=UTC)
TABLES = (Matter, Dispute, Part, Event, Opening, Private, Outbox, Counter, SearchEntry, Refused)


def _intents(world: World, cases: int) -> list[Intent]:
    """Old cases of another system: some words, a telephone here and there, an act on each third."""
    by, found = world.window.as_import(), []
    for n in range(cases):
        day = WHEN + timedelta(hours=n)
        data: dict[str, Any] = {
            "text": f"第{n}件：楼上水管漏水，天花板受损。", "place": TOWN, "result": "agreed",
            "category": "neighbours", "accepted_on": local_day(day), "closed_on": local_day(day),
        } | ({"name": "李某", "phone": "13800006620"} if n % 5 == 0 else {})  # fmt: skip
        found.append(
            Intent(
                action="take_over", data=data, by=by, process="dispute", door="import",
                occurred_at=day, recorded_at=day + timedelta(days=1), source="old",
                foreign_number=str(n), ref=f"#{n}",
            )
        )  # fmt: skip
        if n % 3 == 0:
            note = {"text": f"补记：原件在第{n}盒。"}
            found.append(
                Intent(
                    action="note", data=note, by=by, number=f"#{n}", door="import",
                    recorded_at=day + timedelta(days=2),
                )
            )  # fmt: skip
    return found


@contextmanager
def _the_same_chance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give every run the same salts and ids, and undo what it has written."""
    number = count()
    with monkeypatch.context() as patch, transaction.atomic():
        patch.setattr(
            os, "urandom", lambda n: b"".join(b"%08d" % next(number) for _ in range(n // 8))
        )
        if connection.vendor == "postgresql":  # a sequence goes on when a transaction is undone
            given = count(5_000)
            patch.setattr(
                numbers,
                "_postgres",
                lambda counts, n, real=numbers._postgres: (
                    [next(given) for _ in range(n)],
                    real(counts, n)[1],
                ),
            )
        yield
        transaction.set_rollback(True)


def _stored() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for model in TABLES:
        names = [
            f.attname for f in model._meta.concrete_fields if f.attname != "id" or model != Part
        ]
        rows = model._default_manager.values_list(*names)
        found[model.__name__] = sorted(
            [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows],
            key=repr,
        )
    events = list(Event.objects.order_by("id"))
    assert all(envelope.genuine(event) for event in events)
    found["leaves"] = [leaf(event) for event in events]
    return found


def _in_parts(intents: Sequence[Intent], size: int) -> None:
    for at in range(0, len(intents), size):
        matters.record(intents[at : at + size])


def test_many_at_once_are_the_same_rows_as_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events, MACs, leaves, salts, projections and search entries are equal to the byte."""
    with _the_same_chance(monkeypatch):
        numbered: dict[str, str] = {}
        for intent in _intents(world, MANY):
            if intent.number:
                intent.number = numbered[intent.number]
            done = matters.record([intent]).done[0]
            if intent.ref:
                numbered[intent.ref] = done.number
        alone = _stored()
    with _the_same_chance(monkeypatch):
        matters.record(_intents(world, MANY))
        together = _stored()
    assert len(alone["Event"]) == MANY + -(-MANY // 3)
    for table, rows in alone.items():
        assert together[table] == rows, table


def test_one_that_is_refused_leaves_nothing_of_many(world: World) -> None:
    """A batch is one transaction, also where a thread writes it."""
    intents = _intents(world, MANY)
    intents[-2].data["result"] = "nonsense"
    before = Event.objects.count()
    with pytest.raises(Invalid):
        matters.record(intents)
    assert (Event.objects.count(), Matter.objects.count()) == (before, 0)


def test_what_the_database_refuses_leaves_nothing_of_many(world: World) -> None:
    """A foreign number that is there already stops the batch while its rows are written."""
    matters.record(_intents(world, 1)[:1])
    stood = Event.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        matters.record(_intents(world, MANY))
    assert (Event.objects.count(), Matter.objects.count()) == (stood, 1)
    assert SearchEntry.objects.count() == 1
