"""A small city with the units that an estate needs: housing, registry, another bureau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Division, Post, Unit
from dingzi.city.viewer import Viewer
from dingzi.matters.models import Matter
from tests import world as base
from tests.world import SINCE, TOWN

FILED = {
    "name": "锦绣花园", "place": TOWN, "category": "commodity", "developer": "某建设公司",
    "text": "规划核实没有通过，住户办不了证。",
}  # fmt: skip


@dataclass(frozen=True)
class Estates:
    """Viewers: who leads the estates, the registry, a bureau that clears obstacles."""

    world: base.World
    lead: Viewer
    registry: Viewer
    land: Viewer
    supervisor: Viewer

    def filed(self, **more: Any) -> str:
        """File an estate with one building of two households; return its number."""
        data = FILED | {"registry": self.registry.unit} | more
        number = matters.open_matter("estate", "file", data, by=self.lead).number
        matters.act(number, "add_building", {"building": "1栋", "households": 2}, by=self.lead)
        return number

    def obstacle(self, number: str, kind: str = "survey") -> str:
        told = {"obstacle": kind, "unit": self.land.unit, "what": "补材料"}
        matters.act(number, "list_obstacle", told, by=self.lead)
        return Matter.objects.filter(parent__number=number).latest("id").number

    def consulted(self, number: str) -> None:
        told = {"units": [self.lead.unit, self.land.unit], "chair": "分管岗", "text": "分工"}
        matters.act(number, "consult", told, by=self.lead)

    def issuing(self) -> tuple[str, str]:
        """Return an estate whose only obstacle was let come later, and that obstacle."""
        number = self.filed()
        part = self.obstacle(number)
        self.consulted(number)
        matters.act(part, "tolerate", promise("2026-06-01"), by=self.lead)
        matters.act(number, "open_issuing", {}, by=self.lead)
        return number, part

    def household(self, estate: str, room: str = "101", **more: Any) -> str:
        data = {"estate": estate, "building": "1栋", "room": room, "owner": "业主某"} | more
        return matters.open_matter("household", "record", data, by=self.registry).number


def promise(day: str) -> dict[str, Any]:
    return {"promised_by": "developer", "by_when": day, "text": "按日期补齐"}


@pytest.fixture
def city(db: None) -> Estates:
    world = base.build()
    county = Division.objects.get(code="360902")
    housing = Post.objects.get(unit_id=world.housing)
    housing.roles = ["handler", "estates"]
    housing.save()
    registry = _post(_unit("dj-360902", "区不动产登记中心", county), ["registry", "handler"])
    land = _post(_unit("zr-360902", "区自然资源局", county), ["handler"])
    directory.forget()
    return Estates(
        world=world,
        lead=_viewer(housing),
        registry=_viewer(registry),
        land=_viewer(land),
        supervisor=world.supervisor,
    )


def _unit(code: str, name: str, division: Division) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind="bureau", division=division, level=division.level, since=SINCE
    )


def _post(unit: Unit, roles: list[str]) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-1", unit=unit, name="业务岗", roles=roles, since=SINCE
    )


def _viewer(post: Post) -> Viewer:
    return Viewer(kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles))
