"""Two clerks, one case; a double click; many filings at once. Real threads on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import Refusal, Stale
from dingzi.matters.models import Event, Matter, Outbox
from dingzi.matters.rebuild import rebuild
from tests.world import TOWN, World, build

pytestmark = pytest.mark.django_db(transaction=True)
FILED = {"text": "楼道堆放杂物。", "place": TOWN}


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each on its own connection; return results or refusals."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[index] = call()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, c)) for i, c in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_clerks_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    """Both saw version 1; one act is done, the other learns what changed."""
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC).number
    results = together(
        lambda: matters.act(number, "accept", {"category": "other"}, by=world.window, seen=1),
        lambda: matters.act(
            number, "decline", {"ground": "elsewhere", "remedy": "别处"}, by=world.window, seen=1
        ),
    )
    assert sorted(isinstance(r, Stale) for r in results) == [False, True]
    assert Event.objects.count() == 2
    assert Matter.objects.get().seq == 2


def test_a_double_click_at_the_same_moment_is_one_act(world: World) -> None:
    """Eight identical requests under one key: one event, one answer for all."""
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC).number
    key = uuid4()
    results = together(
        *[
            lambda: matters.act(number, "note", {"text": "同一条"}, by=world.window, key=key)
            for _ in range(8)
        ]
    )
    assert {r.seq for r in results} == {2}
    assert Event.objects.count() == 2


def test_many_filings_at_once_get_numbers_without_gaps(world: World) -> None:
    """Numbers of a county and year stay gapless and unique under concurrency."""
    results = together(
        *[lambda: matters.open_matter("dispute", "file", FILED, by=PUBLIC) for _ in range(12)]
    )
    given = sorted(int(r.number.split("〕")[1].rstrip("号")) for r in results)
    assert given == list(range(1, 13))
    assert Outbox.objects.count() == 12
    assert rebuild(write=False).differences == []
