from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings

from dingzi import matters
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.ledger import keys
from dingzi.ledger.inline import inline
from tests.world import TOWN, World, build


@pytest.fixture(autouse=True)
def _fresh_log() -> Iterator[None]:
    """Each test begins with an empty log and without its keys."""
    yield
    inline.cache_clear()
    shutil.rmtree(settings.LOG, ignore_errors=True)
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink(missing_ok=True)


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def steward(world: World) -> Viewer:
    """Who may decide an erasure: a steward on a post that sees the case."""
    return replace(world.supervisor, roles=frozenset({"steward", "supervisor"}))


def file(text: str = "楼上水管漏水，天花板受损。", place: str = TOWN) -> str:
    """File a dispute on the web; return its number."""
    data = {"text": text, "place": place, "phone": "13800006620", "category": "property"}
    return matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
