"""A batch of many acts writes what the same acts would have written one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
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
from dingzi.matters import envelope, numbers, registry, writing
from dingzi.matters.acts import Intent
from dingzi.matters.clocks import local_day
from dingzi.matters.models import Counter, Event, Matter, Opening, Outbox, Part, Private
from dingzi.matters.writing import MANY
from dingzi.mechanisms.disputes.models import Dispute
from tests.world import TOWN, World

PIECE = MANY // 4
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


def _openings(world: World, cases: int) -> list[Intent]:
    """Old cases of which nothing else in their batch can know: they are written while it is checked."""
    found = [one for one in _intents(world, cases) if one.number is None]
    for one in found:
        one.ref = None
    return found


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have pieces be small; the acts of each that is written."""
    found: list[int] = []
    write = writing._write

    def counted(acts: Sequence[Any], later: Any, *, many: bool) -> None:
        found.append(len(acts))
        write(acts, later, many=many)

    monkeypatch.setattr(writing, "PIECE", PIECE)
    monkeypatch.setattr(writing, "_write", counted)
    return found


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Have the guard of old cases count the events in the database, from the n-th act on."""

    def begin(first: int) -> list[int]:
        seen: list[int] = []
        acts = count()

        def guard(state: Any, asked: Any) -> None:
            if next(acts) >= first:
                seen.append(Event.objects.count())

        monkeypatch.setitem(registry._guards, "known_place", guard)
        return seen

    return begin


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


def test_what_is_written_while_the_rest_is_checked_are_the_same_rows(
    world: World, monkeypatch: pytest.MonkeyPatch, pieces: list[int]
) -> None:
    """Openings go in pieces, and are equal to the byte to those done one by one."""
    cases = MANY + 7
    with _the_same_chance(monkeypatch):
        for intent in _openings(world, cases):
            matters.record([intent])
        alone = _stored()
    pieces.clear()
    with _the_same_chance(monkeypatch):
        matters.record(_openings(world, cases))
        together = _stored()
    assert pieces == [PIECE] * 4 + [7]
    assert len(alone["Event"]) == cases
    for table, rows in alone.items():
        assert together[table] == rows, table


def test_acts_on_matters_of_the_same_batch_wait_for_its_end(
    world: World, pieces: list[int]
) -> None:
    """Where a later act may build on an opening nothing is written before all is checked."""
    intents = _intents(world, MANY)
    matters.record(intents)
    assert pieces == [len(intents)]


@pytest.mark.parametrize("first", [0, PIECE - 1, PIECE + 1, MANY - 1])
@pytest.mark.parametrize("good_only", [False, True])
def test_a_check_that_asks_sees_nothing_of_its_own_batch(
    world: World,
    pieces: list[int],
    asking: Callable[[int], list[int]],
    first: int,
    good_only: bool,
) -> None:
    """Whenever it asks first: it is answered as before the batch, and each act is written once."""
    matters.record(_intents(world, 1)[:1])
    stood = Event.objects.count()
    intents = _openings(world, MANY + 1)[1:]
    seen = asking(first)
    report = matters.record(intents, good_only=good_only)
    assert (len(report.done), report.refused) == (MANY, [])
    assert set(seen) == {stood}
    assert pieces[-1] == MANY
    assert len(pieces) == 1 + 1 + (first >= PIECE) * (first // PIECE)
    assert Event.objects.count() == stood + MANY
    assert sorted(one.number for one in report.done) == sorted(
        Matter.objects.exclude(foreign_number="0").values_list("number", flat=True)
    )


@pytest.mark.parametrize("bad", [3, MANY - 1])
def test_one_that_is_refused_late_takes_back_what_was_written_ahead(
    world: World, pieces: list[int], bad: int
) -> None:
    """All of the batch goes; with the good ones only, that one is named and the rest is numbered."""
    intents = _openings(world, MANY)
    intents[bad].data["result"] = "nonsense"
    before = Event.objects.count()
    with pytest.raises(Invalid):
        matters.record(intents)
    assert bool(pieces) == (bad >= PIECE)
    assert (Event.objects.count(), Matter.objects.count()) == (before, 0)
    assert not SearchEntry.objects.exists()
    report = matters.record(intents, good_only=True)
    assert [index for index, _ in report.refused] == [bad]
    assert pieces[-1] < PIECE
    numbers = list(Matter.objects.order_by("id").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == MANY - 1
    last = Counter.objects.get(name=numbers[0][: numbers[0].index("〕") + 1]).last
    assert numbers[-1].endswith(f"〕{last}号")


def test_a_foreign_number_met_ahead_leaves_nothing(world: World, pieces: list[int]) -> None:
    """What the database refuses of a piece stops the whole batch."""
    matters.record(_intents(world, 1)[:1])
    stood = Event.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        matters.record(_openings(world, MANY))
    assert len(pieces) > 2
    assert (Event.objects.count(), Matter.objects.count()) == (stood, 1)
