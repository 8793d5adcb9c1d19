"""Killed at any step, the sealer loses nothing, seals nothing twice, signs no two heads of a size."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction

from dingzi.core import turns
from dingzi.ledger.models import Leaf
from dingzi.ledger.sealing import Sealer, SealingStopped
from dingzi.matters.models import Outbox
from dingzi.project import roles
from dingzi.tlog.checkpoints import parse_note
from dingzi.tlog.log import TileLog
from dingzi.tlog.proofs import verify_consistency
from tests.databases import acting_as
from tests.killing import Fate, Killed
from tests.world import World

from .conftest import file
from .tampering import unguarded
from .wholeness import faults

pytestmark = pytest.mark.django_db
FILE_STEPS = ("write", "replace", "fsync", "fdatasync", "ftruncate")


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[Fate]:
    fate = Fate(at)

    @contextmanager
    def atomic() -> Iterator[None]:
        with transaction.atomic():
            yield
            fate.reach()  # before the commit
        fate.reach()  # after it

    with monkeypatch.context() as patch:
        for name in FILE_STEPS:
            patch.setattr(os, name, fate.step(getattr(os, name)))
        patch.setattr(turns, "transaction", SimpleNamespace(atomic=atomic))
        yield fate


def test_a_kill_at_every_step_is_survived(
    world: World, monkeypatch: pytest.MonkeyPatch, campaign: Callable[[int, int], int]
) -> None:
    """At each step in turn: kill there, seal again; the log goes on from every head it ever had."""
    with acting_as(roles.STEWARD):
        file()
        Sealer().seal()
        heads: dict[int, bytes] = {}
        step, reached_end = 0, 0
        while not reached_end:
            step += 1
            for _ in range(campaign(1, 30)):
                file(f"第{step}件")
            with killed(monkeypatch, step) as fate:
                try:
                    Sealer().seal()
                    reached_end = step
                except Killed:
                    assert fate.left == 0
            _note(heads)
            Sealer().seal()
            _note(heads)
            _check(heads)
    assert reached_end > 12


@pytest.mark.parametrize("lost", ["journal", "checkpoint", "both", "all"])
def test_what_a_power_cut_took_from_the_folder_is_made_again(world: World, lost: str) -> None:
    """The places lie in the database; entries, tiles and head are written anew, the very same."""
    folder = settings.LOG
    with acting_as(roles.STEWARD):
        file()
        Sealer().seal()
        base = (folder / ".state" / "journal").read_bytes()
        for at in range(3):
            file(f"第{at}件")
            Sealer().seal()
        before = TileLog(folder).published()
        every = list(TileLog(folder).read())
        if lost in ("journal", "both"):
            (folder / ".state" / "journal").write_bytes(base)
        if lost in ("checkpoint", "both"):
            (folder / "checkpoint").write_bytes(b"")
        if lost == "all":
            shutil.rmtree(folder)
        Sealer().seal()
    assert TileLog(folder).published() == before
    assert list(TileLog(folder).read()) == every
    assert not faults()


def _note(heads: dict[int, bytes]) -> None:
    """Remember what outsiders may have seen; two heads of one size would show here."""
    signed = TileLog(settings.LOG).published()
    assert signed
    head = parse_note(signed)
    assert heads.setdefault(head.size, signed) == signed


def _check(heads: dict[int, bytes]) -> None:
    assert not Outbox.objects.exists()
    assert not faults()
    log = TileLog(settings.LOG)
    sizes = sorted(heads)
    for old, new in pairwise(sizes):
        first, second = parse_note(heads[old]), parse_note(heads[new])
        proof = log.consistency(old, new)
        verify_consistency(old, new, first.root, second.root, proof)


def test_a_database_put_back_stops_the_sealer(world: World) -> None:
    """An older copy of the database knows fewer leaves than the log: nothing is signed over it."""
    with acting_as(roles.STEWARD):
        file()
        Sealer().seal()
        file("楼道堆放杂物。")
        Sealer().seal()
        before = TileLog(settings.LOG).published()
    with unguarded() as cursor:
        last = Leaf.objects.order_by("-index").values_list("event_id", flat=True)[0]
        cursor.execute("DELETE FROM ledger_leaf WHERE event_id = %s", [last])
        for table in ("private", "opening"):
            cursor.execute(f"DELETE FROM matters_{table} WHERE event_id = %s", [last])
        cursor.execute("DELETE FROM matters_event WHERE id = %s", [last])
    file("又一件。")
    with acting_as(roles.STEWARD), pytest.raises(SealingStopped, match="older copy"):
        Sealer().seal()
    assert TileLog(settings.LOG).published() == before
    assert Outbox.objects.exists()


def test_an_event_changed_between_its_place_and_its_entry_stops_the_sealer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place holds the entry's hash: another entry is never written there."""
    file()
    with acting_as(roles.STEWARD):
        monkeypatch.setattr(TileLog, "append", _raise)
        with pytest.raises(Killed):
            Sealer().seal()
        monkeypatch.undo()
    with unguarded() as cursor:
        cursor.execute("UPDATE matters_event SET action = 'decline' WHERE stream > 1")
    with acting_as(roles.STEWARD), pytest.raises(SealingStopped, match="was changed"):
        Sealer().seal()
    assert TileLog(settings.LOG).published() is None


def _raise(*_: object, **__: object) -> None:
    raise Killed
