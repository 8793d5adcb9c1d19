"""Bad input on pages: HTML stays text, no address leads elsewhere or breaks a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dingzi import matters
from dingzi.city.models import Account, Post, Tenure
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.city.viewer import receipt as holder_of
from dingzi.ledger import keys
from dingzi.matters import receipts
from dingzi.matters.models import Event, Matter
from tests.world import SINCE, TOWN, World

ROOT = Path(__file__).parents[2]


EVIL = '<img src=x onerror=alert(1)>" onmouseover="alert(2)\'</textarea><script>alert(3)</script>{{7*7}}'


@pytest.fixture
def poisoned(world: World) -> str:
    """A dispute in which everything that anybody may write is markup."""
    data = {
        "text": EVIL, "place": TOWN, "spot": EVIL[:110], "title": EVIL[:110], "name": EVIL[:50],
        "parties": [{"name": EVIL[:50], "note": EVIL[:110]}],
    }  # fmt: skip
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    for action, more, by in (
        ("accept_dispatch", {"category": "other", "lead": world.mediation,
                             "co_units": [world.housing], "what": EVIL[:110]}, world.window),
        ("reply", {"text": EVIL}, world.mediator),
        ("note", {"text": EVIL}, world.mediator),
        ("session", {"mediators": [EVIL[:50]], "how": "hall", "text": EVIL}, world.mediator),
        ("propose", {"text": EVIL, "answer_by": "2099-01-01"}, world.mediator),
        ("reject_proposal", {"text": EVIL}, holder_of(Matter.objects.get(number=number).id)),
        ("ask_papers", {"text": EVIL[:110]}, world.mediator),
    ):  # fmt: skip
        matters.act(number, action, more, by=by)
    return number


def staff_at(viewer: Viewer) -> Client:
    client = Client()
    account = Account.objects.create_user(f"user-{viewer.post}", "dingzi-demo-2025")
    Tenure.objects.create(post_id=viewer.post, account=account, since=SINCE)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def steward_at(viewer: Viewer) -> Client:
    """Return a browser of who keeps units and accounts: signed in with a second factor."""
    Post.objects.filter(pk=viewer.post).update(roles=["steward"])
    client = staff_at(viewer)
    account = Account.objects.get(username=f"user-{viewer.post}")
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/work/accounts/").status_code == 200
    return client


def citizen_of(number: str) -> Client:
    client = Client()
    code = receipts.secret_of(Matter.objects.get(number=number))
    assert client.post("/track/", {"number": number, "code": code}).status_code == 302
    return client


def harmless(page: str) -> None:
    """No tag, attribute or template of what people wrote is alive in the page."""
    for alive in (
        "<img src=x",
        "<script>alert",
        '" onmouseover="alert',
        "</textarea><script",
        ">49<",
    ):
        assert alive not in page


def test_html_stays_text_on_every_page(world: World, poisoned: str) -> None:
    """Markup in a text, a name, a place, a reply, a note, a proposal is shown as it was typed."""
    task = f"{poisoned}-1"
    shown = 0
    for client, paths in (
        (staff_at(world.mediator), [
            "/work/", f"/work/matters/{poisoned}/", "/work/disputes/", "/work/handled/",
            f"/work/search/?q={quote('onerror')}", f"/work/search/?q={quote(EVIL)}",
            f"/work/matters/{poisoned}/similar/", f"/work/disputes/?state={quote(EVIL)}",
            f"/work/disputes/?q={quote(EVIL)}", "/work/duplicates/",
        ]),
        (staff_at(world.bureau), ["/work/", f"/work/matters/{task}/"]),
        (staff_at(world.supervisor), ["/work/", f"/work/matters/{poisoned}/", "/work/disputes/"]),
        (citizen_of(poisoned), ["/case/", "/receipt/", "/", f"/search?q={quote(EVIL)}"]),
        (Client(), [f"/track/?number={quote(EVIL)}", f"/figures/?q={quote(EVIL)}",
                    f"/map/?figure={quote(EVIL)}", f"/{quote(EVIL[:40])}/"]),
    ):  # fmt: skip
        for path in paths:
            answer = client.get(path)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            page = answer.content.decode()
            harmless(page)
            shown += "&lt;img src=x" in page
    assert shown > 6, "the pages do not show what was written"


def test_html_stays_text_where_an_act_is_refused(world: World, poisoned: str) -> None:
    """What was typed comes back escaped beside the words of the refusal."""
    answer = staff_at(world.mediator).post(
        f"/work/matters/{poisoned}/acts/reply/",
        {"text": EVIL, "seen": "1", "key": str(uuid4())},
    )
    assert answer.status_code in (409, 422)
    harmless(answer.content.decode())
    assert "&lt;img src=x" in answer.content.decode()
    citizen = citizen_of(poisoned).post(
        "/case/acts/add_paper/", {"text": EVIL, "seen": "1", "key": str(uuid4())}
    )
    harmless(citizen.content.decode())


def test_html_stays_text_in_a_pdf(
    world: World, poisoned: str, monkeypatch: pytest.MonkeyPatch, pango: None
) -> None:
    """What goes to the printer holds no markup of others, and the printer fetches nothing."""
    import weasyprint

    printed: list[str] = []
    plain = weasyprint.HTML

    def spy(*args: Any, **kwargs: Any) -> Any:
        printed.append(kwargs["string"])
        return plain(*args, **kwargs)

    monkeypatch.setattr(weasyprint, "HTML", spy)
    fresh = matters.open_matter(
        "dispute", "file", {"text": EVIL, "place": TOWN, "name": EVIL[:50]}, by=PUBLIC
    ).number
    for client, path in (
        (citizen_of(fresh), "/receipt.pdf"),
        (citizen_of(poisoned), "/receipt.pdf"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        body = b"".join(answer) if answer.streaming else answer.content
        assert body.startswith(b"%PDF"), path
    assert len(printed) == 2
    for html in printed:
        harmless(html)


ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_of_ours_leads_elsewhere(world: World, filed: str, target: str) -> None:
    """Wherever an address says where to go next, only our own addresses count."""
    staff, citizen, anybody = staff_at(world.window), citizen_of(filed), Client()
    sent = {"next": target, "back": target, "then": target, "url": target, "key": str(uuid4())}
    answers = [
        anybody.post("/i18n/setlang/", {"language": "en", "next": target}),
        anybody.get(f"/i18n/setlang/?next={quote(target)}", headers={"referer": target}),
        anybody.post("/accounts/login/", {"login": "x", "password": "y", "next": target}),
        anybody.get(f"/accounts/login/?next={quote(target)}"),
        anybody.get("/work/", headers={"HX-Request": "true", "referer": target}),
        anybody.get(f"/work/?next={quote(target)}"),
        staff.get(f"/accounts/login/?next={quote(target)}"),
        staff.post("/work/post/", sent | {"post": "1"}),
        staff.post(f"/work/matters/{filed}/acts/note/", sent | {"text": "x", "seen": "1"}),
        staff.post("/work/disputes/views/", sent | {"name": "x"}, headers={"referer": target}),
        staff.post("/work/bulk/", sent | {"action": "accept", "number": filed}),
        citizen.post("/leave/", sent, headers={"referer": target}),
        citizen.post("/case/acts/add_paper/", sent | {"text": "x", "seen": "1"}),
        anybody.post("/track/", sent | {"number": filed, "code": "x"}),
        anybody.post("/r", sent | {"reference": "1.A.B"}),
        staff.post("/accounts/logout/", {"next": target}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.request
        for header in ("Location", "HX-Redirect", "HX-Location"):
            leads = answer.headers.get(header, "")
            assert urlsplit(leads).netloc in ("", "testserver"), (
                answer.request["PATH_INFO"],
                leads,
            )
            assert not leads.startswith(("//", "/\\", "javascript:")), leads
    login = answers[4]["HX-Redirect"]
    assert login.startswith("/accounts/login/")


# -- odd addresses -------------------------------------------------------------------------------

ODD_TEXT = ("%00", "%FF", "a%00b", "..", "%E8%A2%81%00", "x" * 300, "%F0%9F%98%80", "'%22%3C")
ODD_NUMBER = ("0", "99999999", str(2**31), str(2**63), "9" * 40)
ODD_QUERY = (
    "q", "state", "category", "county", "town", "place", "since", "until", "col", "after", "before",
    "at", "page", "period", "year", "by", "view", "sort", "columns", "process", "of", "number",
    "group", "door", "outcome", "holder", "unit", "post", "figure", "dimension", "within", "days",
)  # fmt: skip
ODD_VALUES = ("%00", "%FF%FE", "9" * 30, "9999-12-31", "0001-01-01", "-1", "袁" * 300)


def addresses() -> Iterator[str]:
    """Every address that pages are read from, its parts filled with what they should not be."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield route, entry.pattern.converters
            elif not route.startswith(("api/", "accounts/")):
                yield from walk(entry, route)

    for route, converters in walk(get_resolver(), ""):
        if "(?P" in route or "^" in route:
            continue
        for turn in range(len(ODD_TEXT)):
            path = route
            for name, converter in converters.items():
                kind = type(converter).__name__
                odd = ODD_NUMBER if kind == "IntConverter" else ODD_TEXT
                value = {"SlugConverter": "disputes", "UUIDConverter": str(uuid4())}.get(
                    kind, odd[turn % len(odd)]
                )
                label = f"{kind.removesuffix('Converter').lower()}:{name}"
                path = path.replace(f"<{label}>", value).replace(f"<{name}>", value)
            yield "/" + path
            if not converters:
                break


@pytest.mark.slow
def test_no_address_breaks_a_page(
    world: World, filed: str, campaign: Callable[[int, int], int]
) -> None:
    """NUL, broken UTF-8, great numbers, far dates in paths and queries: never a 500."""
    clients = (staff_at(world.supervisor), citizen_of(filed))
    seen = 0
    for path in addresses():
        for client in clients:
            client.raise_request_exception = False
            answer = client.get(path)
            assert answer.status_code < 500, path
            seen += 1
    for page in PAGES:
        client = clients[page.startswith(("/case", "/track", "/file"))]
        if page == "/work/accounts/":
            client = steward_at(world.bureau)
        for query in odd_queries(page, bool(campaign(0, 1))):
            answer = client.get(f"{page}?{query}")
            assert answer.status_code < 500, f"{page}?{query}"
            if answer.streaming:
                b"".join(answer.streaming_content)
            seen += 1
    assert seen > 500
    # the first page that needs the log's keys has them named in the city's book
    assert [e.action for e in Event.objects.exclude(action=keys.ACTION)] == ["file"]


PAGES = (
    "/work/disputes/", "/work/", "/work/search/", "/work/handled/", "/work/duplicates/",
    "/work/disputes/export.csv", "/work/inbox/later/", "/figures/", "/figures/disputes.registered/",
    "/map/", "/search", "/track/", "/file/dispute/2/", "/case/", "/work/new/disputes/",
    "/work/bulk/", "/work/units/", "/work/accounts/",
)  # fmt: skip


def odd_queries(page: str, every: bool) -> Iterator[str]:
    """All parameters at once for each odd value; one by one for the list, or in a campaign."""
    for value in ODD_VALUES:
        yield "&".join(f"{name}={value}" for name in ODD_QUERY)
        if every or (page == PAGES[0] and value in ODD_VALUES[:4:3]):
            yield from (f"{name}={value}" for name in ODD_QUERY)
