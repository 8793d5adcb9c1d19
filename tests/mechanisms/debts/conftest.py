"""The small city with a desk for old debts, and the accounts of who leaves, comes and supervises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Account, Division, Post, Tenure, Unit
from dingzi.city.viewer import Viewer
from tests import world as base
from tests.world import SINCE


@dataclass(frozen=True)
class Debts:
    """Viewers: the desk for old debts, the housing bureau that owes, who supervises it."""

    world: base.World
    desk: Viewer
    housing: Viewer
    leaving: Account
    coming: Account
    above: Account

    def entered(self, **more: Any) -> str:
        return self.entered_by(self.desk, **more)

    def entered_by(self, by: Viewer, **more: Any) -> str:
        data = {
            "category": "contract", "title": "改造工程款没有付清", "text": "前任定的",
            "owed_to": "某建设公司", "basis": "结算书", "arose_on": "2020-05-01",
            "owing": self.housing.unit,
        } | more  # fmt: skip
        return matters.open_matter("debt", "enter", data, by=by).number

    def performing(self, **more: Any) -> str:
        number = self.entered(**more)
        matters.act(number, "recognise", {"text": "付了一部分"}, by=self.housing)
        plan = {"text": "年底前付清", "by_when": "2099-01-01"}
        matters.act(number, "plan", plan, by=self.housing)
        return number

    def performed(self) -> str:
        number = self.performing()
        matters.act(number, "perform", {"text": "付清了"}, by=self.housing)
        return number

    @property
    def leaver(self) -> Viewer:
        return replace(self.housing, account=self.leaving.id)

    @property
    def comer(self) -> Viewer:
        return replace(self.housing, account=self.coming.id)

    @property
    def supervisor(self) -> Viewer:
        return replace(self.world.supervisor, account=self.above.id)


@pytest.fixture
def city(db: None, at: Callable[..., Any]) -> Debts:
    at("2026-03-02T09:00+08:00")
    world = base.build()
    county = Division.objects.get(code="360902")
    office = Unit.objects.create(
        code="zf-360902", name="袁州区人民政府", kind="government", division=county,
        level="county", since=SINCE,
    )  # fmt: skip
    post = Post.objects.create(
        code="zf.qz", unit=office, name="旧账清理岗", roles=["debts"], since=SINCE
    )
    directory.forget()
    leaving, coming, above = (
        Account.objects.create_user(name, "a-long-password")
        for name in ("leaves", "comes", "above")
    )
    housing = world.bureau
    Tenure.objects.create(
        post_id=housing.post, account=leaving, since=date(2020, 1, 1), until=date(2026, 3, 6)
    )
    Tenure.objects.create(post_id=housing.post, account=coming, since=date(2026, 3, 6))
    Tenure.objects.create(post_id=world.supervisor.post, account=above, since=date(2020, 1, 1))
    return Debts(
        world=world,
        desk=Viewer(
            kind="staff", post=post.id, unit=office.id, roles=frozenset({"debts"}), scope="360902"
        ),
        housing=housing,
        leaving=leaving,
        coming=coming,
        above=above,
    )
