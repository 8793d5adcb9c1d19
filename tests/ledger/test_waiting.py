"""Waiting for a seal: woken by who sealed, and never longer than asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from dingzi.core import bell
from dingzi.ledger.sealing import Sealer
from dingzi.ledger.waiting import until_sealed
from dingzi.matters.models import Event
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import World, build

from .conftest import file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


@contextmanager
def _sealing() -> Iterator[None]:
    """Seal whenever somebody rings, in another thread, and answer."""
    end, ready = threading.Event(), threading.Event()

    def work() -> None:
        with acting_as(roles.STEWARD), bell.hung() as hung:
            assert hung is not None
            sealer = Sealer()
            ready.set()
            while not end.is_set():
                if hung.wait(0.05):
                    sealer.seal()
                    hung.answer()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait(5)
    try:
        yield
    finally:
        end.set()
        thread.join(5)


def _filed() -> int:
    file()
    return Event.objects.exclude(stream=1).order_by("-id").values_list("id", flat=True)[0]


def test_who_waits_is_woken_when_it_is_sealed(world: World) -> None:
    """The act stands under a published head when the wait is over, long before its end."""
    with _sealing(), bell.ear() as ear:
        begin = time.monotonic()
        assert until_sealed(_filed(), ear, 20)
        assert time.monotonic() - begin < 10


def test_nobody_waits_longer_than_asked(world: World) -> None:
    """Without a steward the wait ends in its time and says that nothing was sealed."""
    with bell.ear() as ear:
        begin = time.monotonic()
        assert not until_sealed(_filed(), ear, 0.2)
        assert 0.2 <= time.monotonic() - begin < 5
