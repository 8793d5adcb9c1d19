"""A city with one filed dispute, whose events can be sealed, and a mail server that keeps its mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import caches

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.ledger.models import Leaf
from dingzi.matters.models import Event, Matter
from dingzi.notices import fanning
from tests.world import TOWN, World, build


@dataclass
class Told:
    """The small city; ``seal`` puts new events into the log's order, as the sealer does."""

    world: World
    matter: Matter

    def seal(self) -> int:
        """Give every event without a leaf its place, then make notices of them."""
        with_leaf = Leaf.objects.values("event")
        count = Leaf.objects.count()
        for n, event in enumerate(Event.objects.exclude(pk__in=with_leaf).order_by("id")):
            Leaf.objects.create(index=count + n, event=event, hash=b"\0" * 32)
        return fanning.fan_out()

    def act(self, action: str, data: dict[str, Any], by: Any = None) -> None:
        matters.act(self.matter.number, action, data, by=by or self.world.window)

    def accept(self) -> None:
        lead = {"category": "neighbours", "lead": self.world.mediation}
        self.act("accept_dispatch", lead)


@pytest.fixture
def told(db: None, acting_as: Any, settings: Any) -> Iterator[Told]:
    settings.MAIL_FROM = "notice@city.example"
    settings.SITE_URL = "https://city.example"
    caches["shared"].clear()
    world = build()
    data = {"text": "楼上漏水，天花板泡坏了。", "place": TOWN, "name": "王女士"}
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    with acting_as("dingzi_steward"):
        yield Told(world, Matter.objects.get(number=number))
    caches["shared"].clear()
