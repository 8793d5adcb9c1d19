"""Sealed with the act: what is waited for is in the log by the act's own transaction, on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from dingzi import matters
from dingzi.core import bell, turns
from dingzi.core.errors import Refusal
from dingzi.ledger import keys
from dingzi.ledger.inline import Inline
from dingzi.ledger.models import Leaf, Refused
from dingzi.ledger.sealing import Sealer, lock
from dingzi.matters.models import Event, Outbox
from dingzi.project import roles
from dingzi.tlog import notes, writing
from dingzi.tlog.log import TileLog
from tests.databases import acting_as
from tests.world import World, build

from .conftest import file
from .finishing import finish, published, seals_inline
from .tampering import bending
from .test_killed_sealer import killed
from .wholeness import faults

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def _sealed_by_the_steward() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def _ended(one: Inline, do: Callable[[], object]) -> None:
    with turns.ending(one):
        do()


def test_an_act_is_sealed_by_its_own_transaction(world: World) -> None:
    """No steward is at work, and it stands under a published head; on PostgreSQL it waits for him."""
    file()
    _sealed_by_the_steward()
    one, before = Inline(), published()
    _ended(one, lambda: file("楼道堆放杂物。"))
    event = Event.objects.exclude(stream=1).order_by("-id")[0]
    assert one.sealed(event.id) == seals_inline()
    assert Outbox.objects.exists() != seals_inline()
    assert published() == before + seals_inline()
    _sealed_by_the_steward()
    assert not faults()


def test_the_first_seal_is_the_stewards(world: World) -> None:
    """Before the book names a key nothing is sealed inline, and no key is made by the web."""
    one = Inline()
    _ended(one, file)
    assert Outbox.objects.exists()
    assert not keys.path(keys.HEADS).exists()
    _sealed_by_the_steward()
    assert not faults()


def test_eight_clients_are_sealed_once_each(world: World) -> None:
    """They go together, by turns and beside another sealer; leaves are dense and heads follow."""
    numbers = [file(f"第{n}件") for n in range(CLIENTS)]
    _sealed_by_the_steward()
    ours = [Inline(), Inline()]

    def work(n: int) -> int:
        done, by = 0, world.window
        for at in range(6):
            try:
                with turns.ending(ours[n % 2]):
                    action = "note" if at % 3 else "no_such_action"
                    matters.act(numbers[n], action, {"text": f"{at}"}, by=by)
                done += 1
            except Refusal:
                assert action == "no_such_action"
        connection.close()
        return done

    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(work, range(CLIENTS)))
    assert done == CLIENTS * 4
    _sealed_by_the_steward()
    assert not Outbox.objects.exists()
    assert Event.objects.filter(action="note").count() == done
    indexes = list(Leaf.objects.order_by("index").values_list("index", flat=True))
    assert indexes == list(range(Event.objects.count()))
    assert published() == len(indexes)
    assert not faults()


def test_while_another_seals_the_act_is_left_to_him(world: World) -> None:
    """A backup rests the sealer: the act is written, waits in the outbox, and rings."""
    file()
    _sealed_by_the_steward()
    held = lock(settings.LOG)
    assert held.take()
    with bell.hung() as hung:
        assert hung is not None
        _ended(Inline(), lambda: file("楼道堆放杂物。"))
        assert hung.wait(1)
    held.release()
    assert Outbox.objects.count() == 1
    _sealed_by_the_steward()
    assert not faults()


def test_an_event_that_is_bent_on_its_way_is_refused(world: World) -> None:
    """By a trigger of the owner: no leaf is made of it with its own act, nor by the steward after."""
    file()
    _sealed_by_the_steward()
    one, before = Inline(), Leaf.objects.count()
    with bending("'decline'"):
        _ended(one, lambda: file("楼道堆放杂物。"))
    bad = Event.objects.get(action="decline").id
    assert not one.sealed(bad)
    assert Leaf.objects.count() == before
    _ended(one, lambda: file("路灯不亮。"))  # beside it, the steward's too
    _sealed_by_the_steward()
    assert list(Refused.objects.values_list("event_id", "why")) == [(bad, "mac")]
    assert Leaf.objects.count() == published() == before + 1
    _ended(one, lambda: file("井盖松动。"))  # what was refused stops nobody
    assert Leaf.objects.count() == before + 1 + seals_inline()


def test_what_was_sealed_rings_for_nobody(world: World) -> None:
    """The steward sleeps on: there is nothing for him to do."""
    file()
    _sealed_by_the_steward()
    with bell.hung() as hung:
        assert hung is not None
        _ended(Inline(), lambda: file("楼道堆放杂物。"))
        assert hung.wait(0.1) != seals_inline()


def test_the_steward_tidies_what_acts_have_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act never waits for thousands of files; his next round takes them to the disk."""
    file()
    steward, one = Sealer(), Inline()
    with acting_as(roles.STEWARD):
        steward.seal()
    monkeypatch.setattr(writing, "SETTLE_AT", 100)
    journal = settings.LOG / ".state" / "journal"
    for _ in range(2):
        _ended(one, lambda: file("楼道堆放杂物。"))
        before = journal.stat().st_size
        assert before > 100 or not seals_inline()
        with acting_as(roles.STEWARD):
            steward.seal()
        assert journal.stat().st_size < 100
        assert not faults()


def test_a_kill_at_every_step_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each step in turn: kill the web there; the steward finishes what was begun, once."""
    file()
    _sealed_by_the_steward()
    step, survived, heads = 0, False, dict[int, bytes]()
    steward = Sealer()  # as the running one: it remembers how far it was
    while not survived:
        step += 1
        known, failed = Event.objects.count(), []
        with killed(monkeypatch, step) as fate:
            thread = threading.Thread(target=_file_and_die, args=(failed,))
            thread.start()
            thread.join()
            survived = fate.left > 0
        assert Event.objects.count() - known in ((1,) if survived else (0, 1))
        finish(steward, heads)
    assert step > (20 if seals_inline() else 1)


def _file_and_die(failed: list[BaseException]) -> None:
    try:
        _ended(Inline(), file)
    except BaseException as error:
        failed.append(error)
    finally:
        connection.close()


def test_a_key_rotated_elsewhere_is_used(world: World) -> None:
    """The new key signs the next head that is sealed inline, beside the old one."""
    file()
    _sealed_by_the_steward()
    one = Inline()
    _ended(one, lambda: file("第一件"))
    with acting_as(roles.STEWARD):
        now = keys.rotate()
        Sealer().seal()
    _ended(one, lambda: file("第二件"))
    _sealed_by_the_steward()
    signed = TileLog(settings.LOG).published()
    assert signed
    signatures = notes.parse(signed).signatures
    assert now.log.split("+")[1] in {f"{one.key_id:08x}" for one in signatures}
    assert len(signatures) == 2
    assert not faults()
