"""A large batch is sealed by its own transaction too, on SQLite, from the rows that it has in hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from dingzi.city.viewer import PUBLIC
from dingzi.core import bell
from dingzi.ledger import outbox
from dingzi.ledger.auditing import whole
from dingzi.ledger.inline import inline
from dingzi.ledger.models import Leaf, Refused
from dingzi.ledger.sealing import Sealer, lock
from dingzi.matters import recording, writing
from dingzi.matters.acts import Intent
from dingzi.matters.models import Event, Outbox
from dingzi.project import roles
from dingzi.tlog.log import TileLog
from tests.databases import acting_as
from tests.world import TOWN, World, build

from .conftest import file
from .finishing import finish, published, seals_inline
from .tampering import unguarded
from .test_killed_sealer import killed
from .wholeness import faults

pytestmark = pytest.mark.django_db(transaction=True)
CASES = 5


@pytest.fixture(autouse=True)
def _five_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (recording, writing):
        monkeypatch.setattr(module, "MANY", CASES)


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def _many(*, good_only: bool = False, bad: int = 0) -> recording.Report:
    data = {"text": "楼上水管漏水。", "place": TOWN, "category": "property"}
    intents = [
        Intent(action="file", data=data, by=PUBLIC, process="dispute", door="web")
        for _ in range(CASES)
    ]
    for one in intents[:bad]:
        one.data = data | {"place": "nowhere"}
    return recording.record(intents, good_only=good_only)


def _sealed_by_the_steward() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


@pytest.mark.parametrize("bad", [0, 2])
def test_a_large_batch_is_sealed_at_once(world: World, bad: int) -> None:
    """With it, under one head, what others had left waiting; refused acts leave nothing."""
    file()
    _sealed_by_the_steward()
    file("楼道堆放杂物。")
    before = published()
    with bell.hung() as hung:
        assert hung is not None
        assert len(_many(good_only=bool(bad), bad=bad).done) == CASES - bad
        assert hung.wait(0.1) != seals_inline()
    assert Outbox.objects.exists() != seals_inline()
    assert published() == before + seals_inline() * (1 + CASES - bad)
    _sealed_by_the_steward()
    assert published() == Event.objects.count()
    assert not faults()


def test_of_rows_in_hand_nothing_is_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were made and sealed in this transaction; only what waits beside them is read."""
    file()
    _sealed_by_the_steward()
    asked: list[int] = []
    read = outbox.read

    def seen(ids: Sequence[int]) -> dict[int, Event]:
        asked.extend(ids)
        return read(list(ids))

    monkeypatch.setattr(outbox, "read", seen)
    _many()
    assert not asked
    file("楼道堆放杂物。")
    other = Outbox.objects.values_list("event_id", flat=True).order_by("-event_id")[0]
    _many()
    assert asked == [other] * seals_inline()
    _sealed_by_the_steward()
    assert not faults()


def test_a_row_without_a_valid_mac_is_left_to_the_steward_who_refuses_it(world: World) -> None:
    """The batch waits for him beside it; he reports that row and seals all others."""
    file()
    _sealed_by_the_steward()
    file("楼道堆放杂物。")
    bad = Outbox.objects.values_list("event_id", flat=True).order_by("-event_id")[0]
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_event SET action = 'decline' WHERE id = %s", [bad])
    before = Leaf.objects.count()
    _many()
    assert Leaf.objects.count() == before
    _sealed_by_the_steward()
    assert list(Refused.objects.values_list("event_id", "why")) == [(bad, "mac")]
    assert Leaf.objects.count() == before + CASES == published()
    _many()  # what is refused already stops nobody
    assert Leaf.objects.count() == before + CASES * (1 + seals_inline())


def test_a_row_that_is_changed_on_its_way_is_named_by_the_audit(world: World) -> None:
    """The log holds what was done; what a trigger put into the database instead differs from it."""
    if not seals_inline():
        return  # there the steward reads every row, and refuses it
    file()
    _sealed_by_the_steward()
    with _forging():
        _many()
    known = Event.objects.filter(action="decline")
    assert known.count() == CASES == Leaf.objects.filter(event__in=known).count()
    entries = TileLog(settings.LOG).read()
    assert not any(b'"decline"' in entry for entry in entries)
    named = {d.stream for d in whole()[1] if (d.kind, d.field) == ("event", "action")}
    assert named == set(known.values_list("stream", flat=True))


@contextmanager
def _forging() -> Iterator[None]:
    """Have a trigger change events right after they are written, as the file's owner can."""
    forge = (
        "CREATE TRIGGER forge AFTER INSERT ON matters_event BEGIN "
        "UPDATE matters_event SET action = 'decline' WHERE id = NEW.id; END"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'event_kept_u'")
        (guard,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER event_kept_u")
        cursor.execute(forge)
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER forge")
            cursor.execute(guard)


def test_while_another_seals_a_large_batch_is_left_to_him(world: World) -> None:
    """It waits a moment, then it is written all the same and waits in the outbox."""
    file()
    _sealed_by_the_steward()
    held = lock(settings.LOG)
    assert held.take()
    _many()
    held.release()
    assert Outbox.objects.count() == CASES
    _sealed_by_the_steward()
    assert not faults()


def test_a_kill_at_every_step_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each step in turn: kill who writes there; the steward finishes what was begun, once."""
    file()
    _sealed_by_the_steward()
    step, survived, heads = 0, False, dict[int, bytes]()
    steward = Sealer()
    while not survived:
        step += 1
        known, failed = Event.objects.count(), list[BaseException]()
        inline.cache_clear()  # another process
        with killed(monkeypatch, step) as fate:
            thread = threading.Thread(target=_write_and_die, args=(failed,))
            thread.start()
            thread.join()
            survived = fate.left > 0
        assert Event.objects.count() - known in ((CASES,) if survived else (0, CASES))
        finish(steward, heads)
    assert step > (20 if seals_inline() else 1)


def _write_and_die(failed: list[BaseException]) -> None:
    try:
        _many()
    except BaseException as error:
        failed.append(error)
    finally:
        connection.close()
