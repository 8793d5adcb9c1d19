"""What is worth looking at becomes a problem on a list by one click."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dingzi.city.models import Division, Post, Tenure, Unit
from dingzi.figures.guards.registered import every
from dingzi.figures.models import GuardReading
from dingzi.matters.models import Event, Matter
from dingzi.mechanisms.rectification.models import Problem
from tests.world import SINCE

from .conftest import Office

GUARD = "petitions.guard_again"


@pytest.fixture
def readings(db: None) -> None:
    """One guard that says look, all others as usual."""
    for guard in every():
        says = "look" if guard.name == GUARD else "usual"
        data = {"n": 40, "of": 100, "alarms": 10, "value": "2/5", "low": "1/10", "high": "1/5"}
        GuardReading.objects.create(
            name=guard.name, month="2026-02-01", says=says, data=data, edition="x",
            at=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def inspector(office: Office) -> Client:
    county = Division.objects.get(code="360902")
    unit = Unit.objects.create(
        code="dc-360902", name="袁州区督查室", kind="inspection", division=county, level="county",
        since=SINCE,
    )  # fmt: skip
    post = Post.objects.create(
        code="dc", unit=unit, name="督查岗", roles=["inspector"], since=SINCE
    )
    account = office.accounts[office.world.window.post or 0].__class__.objects.create_user(
        "inspector", "dingzi-demo-2025"
    )
    Tenure.objects.create(post=post, account=account, since=SINCE)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def up(name: str = GUARD) -> str:
    return f"/work/guards/{name}/rectification/"


def test_one_click_lists_what_a_guard_says(readings: None, inspector: Client) -> None:
    """The problem says what was seen, of which figure and month; the same click twice is one."""
    page = inspector.get("/work/guards/").content.decode()
    assert page.index("又来反映的") < page.index("和平时一样")
    assert page.count(up()) == 1 and "/work/guards/petitions.guard_bunching/" not in page
    key = {"key": str(uuid4())}
    first = inspector.post(up(), key, follow=True)
    assert "又来反映的（2026年2月）" in first.content.decode()
    own = Problem.objects.get()
    assert (own.guard, own.month, own.how, own.on_list) == (
        GUARD,
        "2026-02",
        "figure",
        "achievement",
    )
    assert "40.0%" in Event.objects.get(stream=own.matter_id, seq=1).private.data["text"]
    inspector.post(up(), key)
    assert Problem.objects.count() == 1
    again = inspector.post(up(), {"key": str(uuid4())})
    assert again.status_code == 400
    assert Matter.objects.get().number in again.content.decode()


def test_nothing_else_is_listed_by_it(readings: None, inspector: Client, office: Office) -> None:
    """Neither what is as usual, nor what is no guard, nor by who may list nothing."""
    assert inspector.post(up("petitions.guard_bunching")).status_code == 400
    assert inspector.post(up("petitions.no_guard")).status_code == 404
    assert inspector.post(f"/work/guards/{GUARD}/disputes/").status_code == 404
    assert inspector.get(up()).status_code == 405
    clerk = office.client(office.world.mediator)
    assert up() not in clerk.get("/work/guards/").content.decode()
    assert clerk.post(up()).status_code == 403
    assert Client().post(up()).status_code in (302, 403)
    assert not Event.objects.exists()


def test_before_any_month_is_over_the_page_says_why_it_is_empty(office: Office) -> None:
    """No table, and a sentence that tells when there will be one."""
    page: Any = office.client(office.world.window).get("/work/guards/")
    assert "一个月过完" in page.content.decode()
