"""A newsroom: two editors of one unit, an editor elsewhere, a stranger; 90 disputes to write of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Account, Division, Post, Tenure, Unit
from dingzi.city.viewer import Viewer
from dingzi.mechanisms.articles.models import Article
from dingzi.mechanisms.articles.views.reading import made_page
from tests import world as base
from tests.figures.rows import closed
from tests.world import SINCE

TRUE = "今年1至8月，全市办结矛盾纠纷90件，矛盾纠纷化解成功率77.8%。"
FALSE = "今年1至8月，全市办结矛盾纠纷91件，矛盾纠纷化解成功率77.8%。"
PAGE = {"headline": "前八个月办得怎么样", "text": TRUE, "category": "results", "byline": "unit",
        "tags": ["矛盾纠纷"], "summary": "一句话"}  # fmt: skip


@dataclass(frozen=True)
class Newsroom:
    """Who writes and who checks, and who may not."""

    world: base.World
    editor: Viewer
    checker: Viewer
    elsewhere: Viewer

    def draft(self, **page: Any) -> str:
        return matters.open_matter("article", "write", PAGE | page, by=self.editor).number

    def checked(self, **page: Any) -> str:
        note = page.pop("note", "")
        number = self.draft(**page)
        matters.act(number, "check", {"note": note}, by=self.checker)
        return number

    def published(self, **page: Any) -> Article:
        number = self.checked(**page)
        matters.act(number, "publish", {}, by=self.editor)
        return Article.objects.get(matter__number=number)

    def browser(self, viewer: Viewer) -> Client:
        """Return a client signed in on the viewer's post."""
        account = Account.objects.create_user(f"user-{viewer.post}", "dingzi-demo-2025")
        Tenure.objects.create(post_id=viewer.post, account=account, since=SINCE)
        client = Client()
        client.force_login(
            account, backend="allauth.account.auth_backends.AuthenticationBackend"
        )  # fmt: skip
        return client


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    for one in (cache, caches["shared"]):
        one.clear()
    made_page.cache_clear()
    yield
    for one in (cache, caches["shared"]):
        one.clear()
    made_page.cache_clear()


@pytest.fixture
def room(db: None, at: Callable[..., Any]) -> Newsroom:
    at("2025-09-23T10:00+08:00")
    world = base.build()
    city = Division.objects.get(code="3609")
    unit = _unit("zz-3609", "宜春市综治中心", city)
    first, second = _post(unit, "编辑岗"), _post(unit, "核稿岗")
    other = _post(
        _unit("zz-360902", "袁州区融媒体中心", Division.objects.get(code="360902")), "编辑岗"
    )
    directory.forget()
    for n in range(90):
        closed(date(2025, 1 + n % 8, 5), "agreed" if n < 70 else "failed", registered_on=date(2025, 1, 4))  # fmt: skip
    return Newsroom(world, _viewer(first), _viewer(second), _viewer(other))


def _unit(code: str, name: str, division: Division) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind="centre", division=division, level=division.level, since=SINCE
    )


def _post(unit: Unit, name: str) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-{name}", unit=unit, name=name, roles=["editor"], since=SINCE
    )


def _viewer(post: Post) -> Viewer:
    return Viewer(kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles))
