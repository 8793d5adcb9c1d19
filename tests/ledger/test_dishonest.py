"""A dishonest administrator: what the threat model promises is found, by the party that it names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import transaction

from dingzi import matters
from dingzi.city import directory
from dingzi.ledger import keys, receipts, witnessing
from dingzi.ledger.auditing import whole
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Event, Matter
from dingzi.project import roles
from dingzi.tlog import notes, proofs
from dingzi.tlog.checkpoints import parse_note
from dingzi.tlog.errors import TlogError
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog
from dingzi.tlog.witness import Refused
from tests.databases import acting_as
from tests.world import World

from .conftest import file
from .dishonest import WAYS

pytestmark = pytest.mark.django_db


class _Undone(Exception):
    pass


@pytest.fixture
def watched(world: World, tmp_path: Path) -> witnessing.Witness:
    """A small sealed city whose log a witness has seen; receipts are in citizens' hands."""
    for at in range(4):
        number = file(f"第{at}件")
        lead = {"category": "property", "lead": world.mediation}
        matters.act(number, "accept_dispatch", lead, by=world.window)
        session = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
        matters.act(number, "session", session, by=world.mediator)
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    witness = witnessing.Witness(tmp_path / "w", notes.Verifier.parse(named.log), "renda.example")
    assert not isinstance(witness.look(witnessing.source(str(settings.LOG)), 1), Refused)
    return witness


def test_what_is_promised_is_found(
    watched: witnessing.Witness, campaign: Callable[[int, int], int], tmp_path: Path
) -> None:
    """In random ways, with and without the keys: each is found by whom the model names."""
    shutil.copytree(settings.LOG, tmp_path / "log")
    held = [json.loads(receipts.full(m, Event.objects.of(m.id))) for m in Matter.objects.all()]
    with acting_as(roles.STEWARD):
        assert whole()[1] == []
    unseen = []
    for seed in range(campaign(50, 1_000)):
        way = WAYS[seed % len(WAYS)]
        found: set[str] = set()
        try:
            with transaction.atomic():
                way.do(Random(seed))
                with acting_as(roles.STEWARD):
                    if whole()[1]:
                        found.add("audit")
                if _witness_refuses(watched):
                    found.add("witness")
                if not all(_receipt_holds(one) for one in held):
                    found.add("receipt")
                raise _Undone
        except _Undone:
            directory.forget()
            shutil.rmtree(settings.LOG)
            shutil.copytree(tmp_path / "log", settings.LOG)
        missing = set(way.found_by.split(" and ")) - found
        if missing:
            unseen.append((seed, way.name, sorted(missing)))
    assert unseen == []


def _witness_refuses(witness: witnessing.Witness) -> bool:
    try:
        found = witness.look(witnessing.source(str(settings.LOG)), 2)
    except TlogError:
        return True
    return isinstance(found, Refused)


def _receipt_holds(given: dict[str, object]) -> bool:
    """Compare a proof in a citizen's hand with the log as it is now, as the check page does."""
    log = TileLog(settings.LOG)
    signed = log.published()
    assert signed
    try:
        head = parse_note(signed)
        for act in given["acts"]:  # type: ignore[attr-defined]
            path = log.inclusion(act["index"], head.size)
            leaf = leaf_hash(act["entry"].encode())
            proofs.verify_inclusion(leaf, act["index"], head.size, path, head.root)
    except TlogError:
        return False
    return True
