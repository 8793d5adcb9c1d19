"""A small city with two petition offices and the units that petitions go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Division, Post, Unit
from dingzi.city.viewer import PUBLIC, Viewer, receipt
from dingzi.matters.models import Matter
from tests import world as base
from tests.world import SINCE, TOWN


@dataclass(frozen=True)
class Petitions:
    """Viewers: the county's and the city's petition office, two bureaux, a town's supervisor."""

    world: base.World
    office: Viewer
    colleague: Viewer
    city_office: Viewer
    housing: Viewer
    land: Viewer
    supervisor: Viewer

    def brought(self, kind: str = "claim", **more: Any) -> str:
        """Bring a petition by the web's door; return its number."""
        data = {"text": "安置房五年没有办证，请求办证。", "kind": kind, "place": TOWN} | more
        return matters.open_matter("petition", "receive", data, by=PUBLIC, door="web").number

    def routed(self, kind: str = "claim", **more: Any) -> str:
        number = self.brought(kind, **more)
        matters.act(number, "register", {"category": "titles"}, by=self.office)
        matters.act(number, "route", {"lead": self.housing.unit}, by=self.office)
        return number

    def opined(self) -> str:
        number = self.routed()
        matters.act(number, "accept_claim", {}, by=self.housing)
        matters.act(number, "inquire", {"inquirers": ["经办甲"], "text": "查明"}, by=self.housing)
        letter = {"result": "supported", "found": "事实", "basis": "条例第十条", "text": "办证"}
        matters.act(number, "opine", letter, by=self.housing)
        return number

    def citizen(self, number: str) -> Viewer:
        return receipt(Matter.objects.get(number=number).id)


@pytest.fixture
def city(db: None) -> Petitions:
    world = base.build()
    county = Division.objects.get(code="360902")
    top = Division.objects.get(code="3609")
    office = _unit("xf-360902", "袁州区信访局", "petition", county)
    first = _post(office, "接访岗", ["petition"])
    second = _post(office, "督查岗", ["petition", "supervisor"])
    above = _unit("xf-3609", "宜春市信访局", "petition", top)
    city_post = _post(above, "复查岗", ["petition"])
    land = _unit("zr-360902", "区自然资源局", "bureau", county)
    land_post = _post(land, "登记科", ["handler"])
    housing = Post.objects.get(unit_id=world.housing)
    directory.forget()
    return Petitions(
        world=world,
        office=_viewer(first, "360902"),
        colleague=_viewer(second, "360902"),
        city_office=_viewer(city_post, "3609"),
        housing=_viewer(housing),
        land=_viewer(land_post),
        supervisor=world.supervisor,
    )


def _unit(code: str, name: str, kind: str, division: Division) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind=kind, division=division, level=division.level, since=SINCE
    )


def _post(unit: Unit, name: str, roles: list[str]) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-{len(roles)}", unit=unit, name=name, roles=roles, since=SINCE
    )


def _viewer(post: Post, scope: str = "") -> Viewer:
    return Viewer(
        kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles), scope=scope
    )
