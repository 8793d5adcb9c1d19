"""A desk to sit at: accounts on the posts of the small city, and a dispute in each state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Account, Post, Tenure, Unit
from dingzi.city.viewer import PUBLIC, Viewer
from tests import world
from tests.world import SINCE, TOWN, World

PLACE = TOWN + "001"


@dataclass(frozen=True)
class Office:
    """The small city with a signed-in browser for each of its viewers."""

    world: World
    accounts: dict[int, Account]

    def client(self, viewer: Viewer) -> Client:
        """Return a client signed in as who sits on the viewer's post."""
        client = Client()
        client.force_login(
            self.accounts[viewer.post or 0],
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client


@pytest.fixture
def office(db: None) -> Office:
    built = world.build()
    accounts = {}
    for post in Post.objects.order_by("id"):
        account = Account.objects.create_user(f"user-{post.pk}", "dingzi-demo-2025")
        Tenure.objects.create(post=post, account=account, since=SINCE)
        accounts[post.pk] = account
    return Office(built, accounts)


@pytest.fixture
def steward(office: Office) -> Client:
    """A browser signed in as who keeps the city's units and posts."""
    unit = Unit.objects.get(code="cz-360902")
    made = Post.objects.create(
        code="pt", unit=unit, name="平台管理岗", roles=["steward"], since=SINCE
    )
    directory.forget()
    account = Account.objects.create_user("keeper", "dingzi-demo-2025")
    Tenure.objects.create(post=made, account=account, since=SINCE)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    office.accounts[made.pk] = account
    return office.client(Viewer(kind="staff", post=made.pk))


@pytest.fixture
def file() -> Callable[..., str]:
    """``file(title="…")`` registers a dispute from the web and returns its number."""

    def one(**data: Any) -> str:
        told = {"text": "楼上卫生间漏水，天花板泡坏了。希望修好。", "place": PLACE} | data
        return matters.open_matter("dispute", "file", told, by=PUBLIC, door="web").number

    return one
