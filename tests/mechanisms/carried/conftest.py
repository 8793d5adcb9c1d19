"""The small city with leaders of a township, a county and the city, and who looks back."""

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
class Leaders:
    """Viewers: two county leaders, the city's, an inspector, the petition office, a bureau."""

    world: base.World
    leader: Viewer
    other: Viewer
    city_leader: Viewer
    inspector: Viewer
    office: Viewer
    housing: Viewer

    def petition(self, kind: str = "claim", **more: Any) -> str:
        data = {"text": "安置房五年没有办证，请求办证。", "kind": kind, "place": TOWN} | more
        number = matters.open_matter("petition", "receive", data, by=PUBLIC, door="web").number
        matters.act(number, "register", {"category": "titles"}, by=self.office)
        return number

    def given(self, number: str, leader: Viewer | None = None) -> str:
        """Give a matter to a leader; return the number of the carried case."""
        post = (leader or self.leader).post
        matters.act(number, "carry", {"leader": post, "what": "把证办下来"}, by=self.office)
        return Matter.objects.get(parent__number=number, process="carry", active=True).number

    def worked(self, carry: str) -> None:
        """Do all that a leader does up to the report."""
        by = self.leader
        matters.act(carry, "read_file", {"text": "卡在两个单位"}, by=by)
        matters.act(carry, "receive", {"heard": ["信访人"], "text": "说了"}, by=by)
        plan = {"units": [self.housing.unit], "by_when": "2026-12-31", "text": "住建牵头办"}
        matters.act(carry, "decide", plan, by=by)
        matters.act(carry, "settle", {"text": "证办下来了"}, by=by)

    def citizen(self, number: str) -> Viewer:
        return receipt(Matter.objects.get(number=number).id)

    def answered(self, number: str) -> None:
        """Take the petition to where the petitioner is asked whether it is resolved."""
        matters.act(number, "route", {"lead": self.housing.unit}, by=self.office)
        matters.act(number, "answer_now", {"text": "办好了"}, by=self.housing)


@pytest.fixture
def city(db: None) -> Leaders:
    world = base.build()
    county, top = Division.objects.get(code="360902"), Division.objects.get(code="3609")
    government = _unit("zf-360902", "袁州区人民政府", "government", county)
    above = _unit("zf-3609", "宜春市人民政府", "government", top)
    inspection = _unit("dc-360902", "袁州区督查室", "inspection", county)
    office = _unit("xf-360902", "袁州区信访局", "petition", county)
    first = _post(government, "包案领导一岗", ["leader"])
    second = _post(government, "包案领导二岗", ["leader", "petition"])
    third = _post(above, "包案领导岗", ["leader"])
    look = _post(inspection, "督查岗", ["inspector"])
    desk = _post(office, "接访岗", ["petition", "backdate"])
    directory.forget()
    return Leaders(
        world=world,
        leader=_viewer(first, "360902"),
        other=_viewer(second, "360902"),
        city_leader=_viewer(third, "3609"),
        inspector=_viewer(look, "360902"),
        office=_viewer(desk, "360902"),
        housing=_viewer(Post.objects.get(unit_id=world.housing)),
    )


def _unit(code: str, name: str, kind: str, division: Division) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind=kind, division=division, level=division.level, since=SINCE
    )


def _post(unit: Unit, name: str, roles: list[str]) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-{name}", unit=unit, name=name, roles=roles, since=SINCE
    )


def _viewer(post: Post, scope: str = "") -> Viewer:
    return Viewer(
        kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles), scope=scope
    )
