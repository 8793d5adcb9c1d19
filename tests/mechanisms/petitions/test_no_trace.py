"""An accusation leaves no trace: with it and without it, every door answers outsiders alike.

Two comparisons. Every address that is read is read before an accusation comes in and after it was
worked on, by posts that have no part in it, each with every role that sees a place: byte for byte
the same. And whatever may be tried with its number is answered as for a number that nobody has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dingzi import figures, matters
from dingzi.city import directory, tokens
from dingzi.city.models import Account, ApiClient, Post, Tenure
from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.matters import aliases, handover
from dingzi.matters.models import Event, Matter
from tests.house.test_routes import routes
from tests.world import SINCE

from .conftest import Petitions

TEXT = "安置房五年没有办证，请求办证。"
NOON = "2026-03-17T12:00+08:00"
#: Every role by which somebody sees or does something beyond his own desk.
ROLES = [
    "auditor", "backdate", "debts", "estates", "handler", "inspector", "leader", "petition", "supervisor", "window",
]  # fmt: skip
#: What an address is filled in with; an address with other parts stands in ``LEFT``.
PARTS = {
    "slug:mechanism": "petitions", "slug:name": "petitions", "str:name": "petitions.registered",
    "slug:group": "later", "slug:table": "county", "slug:kind": "csv", "slug:action": "receive",
    "str:code": "zj-360902", "name": "petitions.registered", "process": "petition",
    "dimension": "county", "int:version": "1", "int:number": "1", "str:number": "{known}",
    "number": "{known}", "action": "note",
}  # fmt: skip
#: Questions that widen an address.
ASKED = {
    "work/": ("?whose=unit",),
    "work/<slug:mechanism>/": ("?state=routed", "?stage=overdue", "?county=360902", "?category=conduct"),
    "work/inbox/<slug:group>/": ("?unit=1",),
    "work/search/": (f"?q={quote(TEXT[:4])}", f"?q={quote('小金库')}", f"?q={quote('访〔2026〕2')}"),
    "search": (f"?q={quote(TEXT[:4])}", f"?q={quote('小金库')}"),
    "api/v1/search": (f"?q={quote(TEXT[:4])}", f"?q={quote('小金库')}"),
    "api/v1/matters": ("?process=petition", "?process=carry", "?process=review", "?process=task"),
    "api/v1/inbox": ("?whole_unit=true",),
    "feeds/<slug:name>.atom": ("?county=360902",),
    "map/status/": ("?of=petitions",),
    "work/figures/<str:name>/": ("?county=360902",),
    "open311/^v2/requests\\.(?P<kind>json|xml)$": ("?service_code=petitions.conduct",),
}  # fmt: skip
#: Where the city's total stands, in which an accusation counts and is meant to: of a county's page
#: only the desk's, which has that county's number and the matters behind it.
TOTALS = re.compile(
    r"^(figures/|work/figures/|work/today/|work/guards/|work/check/|check/|map/$|$|api/v1/figures|progress/)"
)
#: One's own receipt, papers and drafts, what only a key opens, fixed files, and the log's files.
LEFT = re.compile(
    r"^(accounts/|case/|receipt|track/|r$|leave/|articles/|notices/(confirm|end|feed|secret)|file/<|healthz"
    r"|log/|\^log|work/imports/<slug|api/\^|work/(papers|imports/<int|clients/<int|accounts|settings/<|handover/<int|guards/<)"
    r"|work/(articles|\^matters)|.*<uuid|figures/<str:name>/<slug|i18n/"
    r"|api/v1/(receipt|papers|openapi)|progress/<slug:name>/<)"
)
#: What differs between any two answers.
NOISE = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"|nonce="[^"]*"|csrf[A-Za-z]*=[^"&; ]*'
    rb'|name="key" value="[^"]*"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
)


def opened(viewer: Viewer) -> tuple[Client, dict[str, str]]:
    """Return a browser and a machine's headers of a post, which gets every role that there is."""
    post = Post.objects.get(pk=viewer.post)
    post.roles = ROLES
    post.save()
    account = Account.objects.create_user(f"user-{post.pk}", "dingzi-demo-2025")
    Tenure.objects.create(post=post, account=account, since=SINCE)
    desk = Client()
    desk.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = tokens.issue(ApiClient.objects.create(name=f"m{post.pk}", post=post, since=SINCE))
    return desk, {"Authorization": f"Bearer {token}"}


def addresses(known: str) -> Iterator[tuple[str, str]]:
    """Yield every route that is read, with its addresses; fail where one is neither asked nor left."""
    for route, _ in routes():
        if LEFT.match(route):
            continue
        path = re.sub(r"\(\?P<kind>json\|xml\)", "json", route)
        path = re.sub(r"\(\?P<(code|alias)>[^)]*\)", "petitions.conduct", path)
        path = path.replace("\\.", ".").replace("^", "").replace("$", "")
        path = re.sub(r"<([^>]+)>", lambda part: PARTS[part[1]], path).format(known=quote(known))
        for more in ("", *ASKED.get(route, ())):
            yield route, f"/{path}{more}"


def read(people: dict[str, tuple[Client, dict[str, str]]], known: str) -> dict[str, bytes]:
    """Ask every address as everybody; return the answers without what differs each time."""
    found: dict[str, bytes] = {}
    for route, path in addresses(known):
        for name, (desk, bearer) in people.items():
            if (name == "anybody") == route.startswith(("work/", "api/v1/matters", "api/v1/inbox")):
                continue
            caches["default"].clear()
            headers = bearer if route.startswith("api/") else {}
            answer = desk.get(path, headers=headers)
            body = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code < 500, path
            found[f"{name} {path}"] = str(answer.status_code).encode() + NOISE.sub(b"", body)
    return found


def worked_on(city: Petitions) -> str:
    """Bring an accusation against the housing bureau and let much happen to it; return its number."""
    number = city.brought(
        "accusation", text=TEXT + "他们私设小金库。", accused_units=[city.housing.unit],
        accused=["某局长"], phone="13800006620", category="conduct",
    )  # fmt: skip
    leader, do = Post.objects.get(code="leader"), matters.act
    do(number, "register", {"category": "conduct"}, by=city.office)
    do(number, "carry", {"leader": leader.pk, "what": "查清"}, by=city.office)
    do(number, "route", {"lead": city.land.unit}, by=city.office)
    do(number, "note", {"text": "内部情况"}, by=city.land)
    do(number, "take_accusation", {}, by=city.land)
    do(number, "joint_meeting", {"units": [city.land.unit], "text": "分工"}, by=city.land)
    do(number, "inquire", {"inquirers": ["甲"], "text": "查"}, by=city.land)
    handover.start(city.land.post or 0, SYSTEM)
    return number


@pytest.fixture
def people(city: Petitions) -> dict[str, tuple[Client, dict[str, str]]]:
    """Outsiders: the accused bureau, the county's supervisor, the office's colleague, a mediator."""
    staff = {
        "accused": city.housing, "supervisor": city.supervisor, "colleague": city.colleague,
        "above": city.city_office, "mediator": city.world.mediator,
    }  # fmt: skip
    found = {name: opened(viewer) for name, viewer in staff.items()}
    Post.objects.create(
        code="leader", unit_id=city.land.unit, name="分管领导", roles=["leader"], since=SINCE
    )
    directory.forget()
    return found | {"anybody": (Client(), {})}


@pytest.mark.slow
def test_every_door_answers_as_if_it_were_not_there(
    city: Petitions, people: dict[str, Any], at: Callable[..., Any]
) -> None:
    """All pages, lists, counts, exports, feeds and calls, except where the city's total stands."""
    at(NOON)
    known = city.routed(text=TEXT)
    for _ in range(3):
        city.brought(text=TEXT)
    figures.refresh()
    before = read(people, known)
    number = worked_on(city)
    figures.refresh()
    after = read(people, known)
    assert before.keys() == after.keys()
    assert len(before) > 200
    totals = {
        key for key in before if TOTALS.match(key.partition(" /")[2].partition("?")[0]) and "?county" not in key
    }  # fmt: skip
    assert not [key for key in before if key not in totals and before[key] != after[key]]
    for key, body in after.items():
        assert number.encode() not in body, key
        assert "小金库".encode() not in body or "?q=" in key, key
        assert "某局长".encode() not in body, key


TRIED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/work/matters/{n}/", {}),
    ("/work/matters/{n}/acts/note/", {"text": "x"}),
    ("/work/matters/{n}/acts/take_accusation/", {}),
    ("/work/matters/{n}/receipt/", {}),
    ("/work/matters/{n}/similar/", {}),
    ("/work/matters/{known}/acts/merge/", {"into": "{n}", "why": "x"}),
    ("/work/matters/{known}/acts/link/", {"to": "{n}", "why": "x"}),
    ("/work/matters/{known}/acts/decline/", {"ground": "pending", "earlier": "{n}", "text": "x"}),
    ("/work/bulk/", {"action": "register", "numbers": ["{n}"], "category": "conduct"}),
    ("/work/search/?q={n}", {}),
    ("/track/", {"number": "{n}", "code": "ABCD-EFGH-JKLM"}),
)
CALLED = (
    ("", None), ("/timeline", None), ("/deadlines", None), ("/children", None), ("/actions", None),
    ("/actions/note", {"data": {"text": "x"}}), ("/actions/nothing", {"data": {}}),
)  # fmt: skip


def test_its_number_is_answered_as_one_that_nobody_has(
    city: Petitions,
    people: dict[str, Any],
    at: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Status, words and statements are the same for pages, acts, bulk, links, merging and calls."""
    at(NOON)
    monkeypatch.setattr(directory, "FRESH", math.inf)  # else a statement comes by the clock
    known = city.routed(text=TEXT)
    hidden = worked_on(city)
    nobodys = hidden.replace("〕1号", "〕8号")
    assert not Matter.objects.filter(number=nobodys).exists()
    events = Event.objects.count()
    for name, (desk, bearer) in people.items():
        for path, sent in TRIED:
            if (name == "anybody") != path.startswith("/track/"):
                continue
            _same(
                known, hidden, nobodys, lambda n, p=path, s=sent, d=desk: _tried(d, p, s, known, n)
            )
        for path, body in CALLED if bearer else ():
            _same(
                known, hidden, nobodys,
                lambda n, p=path, b=body, h=bearer: _called(f"/api/v1/matters/{quote(n)}{p}", b, h),
            )  # fmt: skip
    alias = aliases.of(Matter.objects.get(number=hidden).pk)
    for path in ("requests", "tokens"):
        told = [
            Client().get(f"/open311/v2/{path}/{one}.json").content
            for one in (alias, aliases.of(1 << 40))
        ]
        assert told[0] == told[1]
    assert Event.objects.count() == events


def _tried(desk: Client, path: str, sent: dict[str, Any], known: str, number: str) -> Any:
    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(one) for one in value]
        return value.format(n=number, known=known)

    where = path.format(n=quote(number), known=quote(known))
    if not sent:
        return desk.get(where)
    return desk.post(where, {name: fill(value) for name, value in sent.items()})


def _called(path: str, body: Any, headers: dict[str, str]) -> Any:
    if body is None:
        return Client().get(path, headers=headers)
    key = {"Idempotency-Key": str(UUID(int=7))}
    return Client().post(path, body, content_type="application/json", headers=headers | key)


def _same(known: str, hidden: str, nobodys: str, ask: Callable[[str], Any]) -> None:
    told = []
    for number in (hidden, nobodys, hidden):  # the first one warms what is kept in memory
        caches["shared"].clear()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(number)
        body = NOISE.sub(b"", answer.content)
        for form in (number, quote(number)):
            body = body.replace(form.encode(), b"#")
        kinds = [re.split(' WHERE | "s[0-9]', q["sql"])[0] for q in asked.captured_queries]
        told.append((answer.status_code, body, kinds))
    assert told[1][:2] == told[2][:2], (known, told[1][0], told[2][0])
    assert told[1][2] == told[2][2]
    assert told[0][0] < 500
