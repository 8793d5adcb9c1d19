"""Waiting for a seal: woken by who sealed, and never longer than asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from dingzi.core import bell
from dingzi.ledger import waiting
from dingzi.ledger.sealing import Sealer
from dingzi.ledger.waiting import until_sealed
from dingzi.matters.models import Event
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import TOWN, World, build

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
    assert ready.wait(60)
    try:
        yield
    finally:
        end.set()
        thread.join()


def _filed() -> int:
    file()
    return Event.objects.exclude(stream=1).order_by("-id").values_list("id", flat=True)[0]


def test_who_waits_is_woken_when_it_is_sealed(world: World) -> None:
    """The act stands under a published head when the wait is over, long before its end."""
    with _sealing(), bell.ear() as ear:
        begin = time.monotonic()
        assert until_sealed(_filed(), ear, 240)
        assert time.monotonic() - begin < 120


def test_nobody_waits_longer_than_asked(world: World) -> None:
    """A steward that hears and does not seal: the wait ends in its time and says so."""
    with bell.hung(), bell.ear() as ear:
        begin = time.monotonic()
        assert not until_sealed(_filed(), ear, 0.2)
        assert 0.2 <= time.monotonic() - begin < 20


def test_where_no_steward_listens_nothing_is_waited_for(world: World) -> None:
    """The act is kept, its promise stands, and the page comes at once."""
    with bell.ear() as ear:
        event = _filed()
        begin = time.monotonic()
        assert not until_sealed(event, ear, 60)
        assert time.monotonic() - begin < 30


def test_a_receipt_shows_the_seal_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the steward is at work, what was just filed on the web is sealed before its receipt is read."""
    monkeypatch.setattr(waiting, "AWHILE", 60)  # a busy machine may take longer than people wait
    with _sealing():
        client = Client()
        for number, answers in enumerate(
            ({"text": "楼上漏水"}, {"place": TOWN}, {"name": "王女士", "phone": "13800006620"}), 1
        ):
            assert client.post(f"/file/disputes/{number}/", answers).status_code == 302
        body = client.get("/receipt/").content.decode()
    assert "在公开日志第" in body
