"""The small city with inspectors of a county and of the city, and two bureaux."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Division, Post, Unit
from dingzi.city.viewer import Viewer
from tests import world as base
from tests.world import SINCE, TOWN

PLAN = {"text": "分三步改", "by_when": "2099-01-01"}


@dataclass(frozen=True)
class Lists:
    """Viewers: two inspectors of the county, one of the city, the housing bureau's two desks."""

    world: base.World
    inspector: Viewer
    second: Viewer
    above: Viewer
    housing: Viewer
    colleague: Viewer

    def found(self, **more: Any) -> str:
        data = {
            "list": "hotspot", "title": "河段倾倒垃圾", "text": "三处", "place": TOWN,
            "how": "inspection",
        } | more  # fmt: skip
        return matters.open_matter("problem", "find", data, by=self.inspector).number

    def planned(self, **more: Any) -> str:
        number = self.found(unit=self.housing.unit)
        matters.act(number, "recognise", {"cause": "巡查没有跟上"}, by=self.housing)
        matters.act(number, "plan", PLAN | more, by=self.housing)
        return number

    def rectified(self) -> str:
        number = self.planned()
        matters.act(number, "finish", {"text": "改好了"}, by=self.housing)
        return number

    def delisted(self) -> str:
        number = self.rectified()
        matters.act(number, "accept", {"text": "看过"}, by=self.inspector)
        matters.act(number, "delist", {}, by=self.inspector)
        return number


@pytest.fixture
def city(db: None) -> Lists:
    world = base.build()
    county, top = Division.objects.get(code="360902"), Division.objects.get(code="3609")
    here = _unit("dc-360902", "袁州区督查室", county)
    above = _unit("dc-3609", "宜春市督查室", top)
    posts = [
        _post(here, "督查岗", ["inspector"]), _post(here, "回头看岗", ["inspector"]),
        _post(above, "督查岗", ["inspector"]),
        _post(Unit.objects.get(id=world.housing), "质量科", ["handler", "inspector"]),
    ]  # fmt: skip
    housing = Post.objects.filter(unit_id=world.housing).order_by("id")[0]
    directory.forget()
    return Lists(
        world=world,
        inspector=_viewer(posts[0], "360902"),
        second=_viewer(posts[1], "360902"),
        above=_viewer(posts[2], "3609"),
        housing=_viewer(housing),
        colleague=_viewer(posts[3], "360902"),
    )


def _unit(code: str, name: str, division: Division) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind="inspection", division=division, level=division.level,
        since=SINCE,
    )  # fmt: skip


def _post(unit: Unit, name: str, roles: list[str]) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-{name}", unit=unit, name=name, roles=roles, since=SINCE
    )


def _viewer(post: Post, scope: str = "") -> Viewer:
    return Viewer(
        kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles), scope=scope
    )
