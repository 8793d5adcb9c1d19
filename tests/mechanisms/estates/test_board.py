"""The page of obstacles: which promises were broken and are pursued, which are still to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from dingzi import matters
from dingzi.city.models import Account, Post, Tenure
from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.matters.models import Matter
from tests.world import SINCE

from .conftest import Estates


def desk(viewer: Viewer) -> Client:
    """Sign in at a post; on a later day one does so again."""
    name = f"user-{viewer.post}"
    account = Account.objects.filter(username=name).first()
    if account is None:
        account = Account.objects.create_user(name, "dingzi-demo-2025")
        Tenure.objects.create(post_id=viewer.post, account=account, since=SINCE)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_promises_are_followed_to_their_day_and_beyond(
    city: Estates, at: Callable[..., Any]
) -> None:
    """To come, then broken and pursued, with the day that was promised; then gone once it is there."""
    at("2026-03-02T09:00+08:00")
    number, part = city.issuing()
    other = city.obstacle(number, "fire")
    lead, land = desk(city.lead), desk(city.land)
    page = lead.get("/work/boards/estates/").content.decode()
    assert "承诺2026-06-01前补齐" in page
    assert other not in page  # the bureau's own to clear
    page = land.get("/work/boards/estates/").content.decode()
    assert page.index("本单位要清的") < page.index(other)
    at("2026-06-02T09:00+08:00")
    matters.act(part, "break", {}, by=SYSTEM)
    lead = desk(city.lead)
    page = lead.get("/work/boards/estates/").content.decode()
    assert page.index("正在追") < page.index(part)
    assert "没有补齐" in page
    matters.act(part, "pursue", {"measure": "demand", "text": "催告"}, by=city.land)
    matters.act(part, "keep", {"text": "补齐了"}, by=city.land)
    assert Matter.objects.get(number=part).state == "cleared"
    assert part not in lead.get("/work/boards/estates/").content.decode()


def test_who_has_no_part_in_an_estate_finds_nothing_there(
    city: Estates, at: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    """A mediator has no such page; another county's supervisor sees none of it, in few statements."""
    at("2026-03-02T09:00+08:00")
    for _ in range(3):
        city.issuing()
    assert desk(city.world.mediator).get("/work/boards/estates/").status_code == 404
    Post.objects.filter(pk=city.world.stranger.post).update(roles=["supervisor"])
    away = desk(city.world.stranger)
    away.get("/work/")
    with django_assert_max_num_queries(20):
        page = away.get("/work/boards/estates/").content.decode()
    assert "锦绣花园" not in page
    assert "现在没有等您做的" in page
