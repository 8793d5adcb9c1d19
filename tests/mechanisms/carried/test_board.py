"""A leader's page: his own cases and what waits for him, compared with nobody."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from dingzi.city.models import Account, Post, Tenure
from dingzi.city.viewer import Viewer
from tests.world import SINCE

from .conftest import Leaders


@pytest.fixture
def sit() -> Any:
    def one(viewer: Viewer) -> Client:
        account = Account.objects.create_user(f"user-{viewer.post}", "dingzi-demo-2025")
        Tenure.objects.create(post_id=viewer.post, account=account, since=SINCE)
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return one


def test_a_leader_finds_what_waits_for_him(city: Leaders, sit: Any) -> None:
    """What to read, what he reported; his own numbers alone."""
    first, second = city.given(city.petition()), city.given(city.petition())
    city.given(city.petition(), city.city_leader)
    city.worked(second)
    page = sit(city.leader).get("/work/boards/carried/").content.decode()
    assert (
        page.index("要阅卷") < page.index(first) < page.index("报告办到位了") < page.index(second)
    )
    assert "阅卷还没有" in page
    assert "包案领导二岗" not in page
    look = sit(city.inspector)
    page = look.get("/work/boards/carried/").content.decode()
    assert second in page and first not in page


def test_who_has_no_duty_in_it_has_no_such_page(city: Leaders, sit: Any) -> None:
    """404 for other posts and for a mechanism without a board; no line in their rail."""
    desk = sit(city.housing)
    assert desk.get("/work/boards/carried/").status_code == 404
    assert "/work/boards/carried/" not in desk.get("/work/").content.decode()
    assert sit(city.leader).get("/work/boards/disputes/").status_code == 404
    assert Client().get("/work/boards/carried/").status_code == 302


def test_the_board_asks_a_fixed_number_of_times(
    city: Leaders, sit: Any, django_assert_max_num_queries: Any
) -> None:
    """However many he carries, and the list of them too."""
    for _ in range(8):
        city.given(city.petition())
    desk = sit(city.leader)
    desk.get("/work/boards/carried/")
    with django_assert_max_num_queries(20):
        assert desk.get("/work/boards/carried/").status_code == 200
    with django_assert_max_num_queries(20):
        assert desk.get("/work/carried/").status_code == 200
    assert Post.objects.count() > 8


def test_the_matter_carried_shows_it_apart_from_who_helps(city: Leaders, sit: Any) -> None:
    """Its page has a table of its own for it; who may give one is offered leaders alone."""
    petition = city.petition()
    desk = sit(city.office)
    page = desk.get(f"/work/matters/{quote(petition)}/?do=carry").content.decode()
    offered = page.partition('name="carry-leader"')[2].partition("</select>")[0]
    assert "包案领导一岗" in offered and "物业科" not in offered and "接访岗" not in offered
    carry = city.given(petition)
    page = desk.get(f"/work/matters/{quote(petition)}/").content.decode()
    assert "协办的" not in page and "1个单位" not in page
    assert "<h2>领导包案</h2>" in page and quote(carry) in page
    assert carry in page
