from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from dingzi.city import directory
from dingzi.figures.snapshots import Writer, engine
from dingzi.ledger import keys
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from dingzi.sample import making
from tests.databases import acting_as
from tests.world import World, build

#: A city of some four hundred disputes and petitions, and when it is made.
TINY, MADE = 0.002, datetime(2026, 11, 27, 2, tzinfo=UTC)


def clean() -> None:
    shutil.rmtree(engine.folder(), ignore_errors=True)
    shutil.rmtree(settings.LOG, ignore_errors=True)
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[int]]:
    """A tiny sample city, sealed and in a snapshot that came about in steps: the sizes of those.

    On a day that stays the same: what happens in it falls out otherwise each day.
    """
    clean()
    with django_db_blocker.unblock(), time_machine.travel(MADE):
        whole = transaction.atomic()
        whole.__enter__()
        try:
            directory.forget()
            making.make(share=TINY, seed=7)
            with acting_as(roles.STEWARD):
                sizes = in_steps(900)
            yield sizes
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
            directory.forget()
    clean()


def in_steps(most: int) -> list[int]:
    """Seal what waits in batches, take each into the snapshot; return the sizes."""
    from dingzi.figures.snapshots import writing
    from dingzi.ledger import sealing

    sizes = []
    writer, sealer = Writer(), Sealer()
    with sealer.log.held():
        events = sealer._begin(most)
        while events := sealer._batch(events, most, sealing.Sealed()):
            done = writer.catch_up()
            assert isinstance(done, writing.Written)
            sizes.append(done.size)
    done = writer.catch_up()
    assert done
    return [*sizes, done.size]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A very small city, without a snapshot."""
    clean()
    directory.forget()
    yield build()
    directory.forget()
    clean()
