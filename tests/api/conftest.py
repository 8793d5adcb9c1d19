"""Machines of every role at the door of a very small city."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from dingzi import matters
from dingzi.city import directory, tokens
from dingzi.city.models import Account, ApiClient, Post, Tenure
from dingzi.city.viewer import PUBLIC
from dingzi.matters import receipts
from dingzi.matters.models import Matter
from tests import world as small
from tests.world import SINCE, TOWN, World

#: Who calls, in the tests that try everybody.
ROLES = ("public", "receipt", "window", "mediator", "bureau", "supervisor", "auditor", "session")
#: The key of the Open311 client.
KEY = tokens.PREFIX + "open311test"
FILED = {"text": "楼上水管漏水，天花板受损。希望修好。", "place": TOWN, "phone": "13800006620"}


@dataclass
class Machine:
    """One caller: its headers, and a client that speaks JSON."""

    headers: dict[str, str]
    client: Client = field(default_factory=Client)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get("/api/v1" + path, headers=self.headers | headers)

    def post(self, path: str, body: Any = None, key: Any = None, **headers: str) -> Any:
        """Post ``body`` as JSON, or as it is where it is bytes; a fresh key unless one is given."""
        sent = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        given = self.headers | {"Idempotency-Key": str(key or uuid4())} | headers
        return self.client.post(
            "/api/v1" + path,
            sent,
            content_type=given.pop("Content-Type", "application/json"),
            headers=given,
        )

    def open(self, process: str = "dispute", **data: Any) -> Any:
        return self.post(f"/processes/{process}/file", {"data": FILED | data})

    def act(self, number: str, action: str, data: Any = None, key: Any = None, **body: Any) -> Any:
        return self.post(
            f"/matters/{number}/actions/{action}", {"data": data or {}, **body}, key=key
        )


@dataclass
class Door:
    """The city, and a machine for each role."""

    world: World
    roles: dict[str, Machine]
    filed: str

    def __getattr__(self, role: str) -> Machine:
        return self.roles[role]


def machine_at(post: Post) -> Machine:
    client = ApiClient.objects.create(name=f"machine {post.code}", post=post, since=SINCE)
    return Machine({"Authorization": f"Bearer {tokens.issue(client)}"})


def make() -> Door:
    world = small.build()
    centre = Post.objects.get(pk=world.supervisor.post)
    Post.objects.create(
        code="audit", unit=centre.unit, name="审计岗", roles=["auditor"], since=SINCE
    )
    directory.forget()
    posts = {
        "window": Post.objects.get(pk=world.window.post),
        "mediator": Post.objects.get(pk=world.mediator.post),
        "bureau": Post.objects.get(pk=world.bureau.post),
        "supervisor": centre,
        "auditor": Post.objects.get(code="audit"),
        "stranger": Post.objects.get(pk=world.stranger.post),
    }
    roles = {name: machine_at(post) for name, post in posts.items()}
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC, door="web").number
    matter = Matter.objects.get(number=number)
    roles["public"] = Machine({})
    roles["receipt"] = Machine({"X-Receipt": receipts.reference(matter)})
    roles["session"] = signed_in(posts["window"])
    return Door(world, roles, number)


def signed_in(post: Post) -> Machine:
    """Return a browser signed in on a post, with the token that our pages hold."""
    account = Account.objects.create_user(f"user-{post.pk}", "dingzi-demo-2025")
    Tenure.objects.create(post=post, account=account, since=SINCE)
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["dingzi-csrf"] = "a" * 32
    return Machine({"X-CSRFToken": "a" * 32}, client)


def problem(response: HttpResponse, status: int, code: str | None = None) -> dict[str, Any]:
    """Return a refusal, having looked that it is a proper one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["status"] == status
    assert told["title"]
    assert set(told) <= {"type", "title", "status", "detail", "reasons", "changes"}
    if code is not None:
        assert code in [r["code"] for r in told["reasons"]], told
    return told


@pytest.fixture
def world(db: None) -> World:
    """A small city with an Open311 client on its window's post; brakes count anew."""
    cache.clear()
    made = small.build()
    post = Post.objects.get(pk=made.window.post)
    ApiClient.objects.create(name="app", post=post, since=SINCE, token_hash=tokens.digest(KEY))
    return made


@pytest.fixture
def door(db: None) -> Door:
    return make()
