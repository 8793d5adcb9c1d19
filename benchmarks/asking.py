"""Who asks for which page: signed-in clients, and the addresses that they open in turn."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dingzi.city.models import Account
from dingzi.city.viewer import Viewer
from dingzi.city.viewers import posts_of, viewer_at
from dingzi.core import keyset
from dingzi.matters import selectors
from dingzi.sample import accounts

SITE = "127.0.0.1"
STAFF = ("window", "mediator", "assistant", "county", "analyst")
FIGURES = ("disputes.registered", "disputes.resolved_share", "disputes.days_median")
WORDS = {
    "a common word": ("漏水", "工资", "噪音"),
    "a rare word": ("白内障", "龙门吊", "健身卡"),
    "two words": ("楼上 漏水", "拖欠 工资", "物业 电梯"),
    "nothing there": ("潜水艇", "氢气球"),
}
#: What a list's address may ask, by what the page is called.
FILTERS: dict[str, list[dict[str, str]]] = {
    "filtered by state": [{"state": "mediating"}, {"state": "archived"}, {"state": "proposed"}],
    "by state and category": [
        {"state": "mediating", "category": "wages"},
        {"state": "archived", "category": "medical"},
        {"state": "waiting", "category": "government"},
    ],
    "overdue ones": [{"stage": "overdue"}],
    "by category and outcome": [
        {"category": "medical", "outcome": "withdrawn"},
        {"category": "traffic", "outcome": "declined"},
    ],
}


@dataclass(slots=True)
class Page:
    """One page as one viewer asks for it; ``paths`` are asked for in turn.

    ``times`` (by the clock) and ``busy`` (the processor's) in milliseconds, ``kilobytes`` with style and scripts, packed.
    """

    kind: str
    name: str
    viewer: str
    paths: list[str]
    before: Callable[[], None] | None = None
    times: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    kilobytes: float = 0

    def __str__(self) -> str:
        return f"{self.viewer}: {self.name}"


def clients() -> dict[str, Client]:
    """Return a client for each viewer; staff signs in at the door, with name and password.

    The process is made ready as the server makes one.
    """
    importlib.import_module("dingzi.project.wsgi")
    found = {name: Client(SERVER_NAME=SITE) for name in (*STAFF, "public")}
    for name in STAFF:
        sent = {"login": name, "password": accounts.password(name)}
        answer = found[name].post(reverse("account_login"), sent)
        assert answer.status_code == 302, answer.content.decode()[:2000]
    bearer = {"Authorization": f"Bearer {accounts.token()}"}
    found["machine"] = Client(SERVER_NAME=SITE, headers=bearer)
    return found


def viewer_of(name: str) -> Viewer:
    account = Account.objects.get(username=name)
    return viewer_at(account.pk, posts_of(account.pk))


def pages() -> list[Page]:
    """Return every page that is measured."""
    found: list[Page] = []
    for name in STAFF:
        found += _desk(name, viewer_of(name))
    return [page for page in found + _public() + _machine() if page.paths]


def _desk(name: str, viewer: Viewer) -> list[Page]:
    inbox, listed = reverse("workbench:inbox"), reverse("workbench:list", args=["disputes"])
    found = [
        Page("inbox", "inbox", name, [inbox]),
        Page("inbox", "inbox of the whole unit", name, [f"{inbox}?whose=unit"]),
        Page("list", "list", name, [listed]),
        Page("list", "list, deep", name, [f"{listed}?after={c}" for c in _cursors(viewer)]),
        Page("list", "handled", name, [reverse("workbench:handled")]),
    ]
    for what, asked in FILTERS.items():
        found.append(Page("list", f"list {what}", name, [_url(listed, a) for a in asked]))
    found.append(Page("list", "list of a place", name, [_url(listed, a) for a in _places(viewer)]))
    search = reverse("workbench:search")
    for what, words in WORDS.items():
        urls = [_url(search, {"q": word}) for word in words]
        found.append(Page("search", f"search, {what}", name, urls))
    numbers, running = _numbers(viewer)
    urls = [_url(search, {"q": number.strip("号")[-5:]}) for number in numbers]
    found.append(Page("search", "search, a number", name, urls))
    found.append(Page("case", "case, old", name, [_case(n) for n in numbers]))
    found.append(Page("case", "case, running", name, [_case(n) for n in running]))
    return found


def _public() -> list[Page]:
    def one(kind: str, name: str, *paths: str, fresh: bool = False) -> Page:
        return Page(kind, name, "public", list(paths), cache.clear if fresh else None)

    figures = [reverse("portal:figure", args=[name]) for name in FIGURES]
    home, county = reverse("portal:home"), reverse("portal:map")
    return [
        one("home", "home", home),
        one("home", "home, counted anew", home, fresh=True),
        one("figures", "all figures", reverse("portal:figures"), fresh=True),
        one("figure", "figure", *figures, fresh=True),
        one("figure", "figure of a county", *(f"{url}?county=360902" for url in figures), fresh=True),
        one("map", "map", county, fresh=True),
        one("track", "track", reverse("portal:track")),
    ]  # fmt: skip


def _machine() -> list[Page]:
    listed = "/api/v1/matters"
    asked = [{"process": "dispute"}, {"process": "dispute", "county": "360902"}]
    return [Page("api", "API list", "machine", [_url(listed, a) for a in asked])]


def _url(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{urlencode(asked)}"


def _case(number: str) -> str:
    return reverse("workbench:case", args=[number])


def _cursors(viewer: Viewer) -> list[str]:
    """Return cursors far down the viewer's list: a year, and nearly two years, ago."""
    found = []
    for days in (365, 640):
        until = timezone.localdate() - timedelta(days=days)
        part = keyset.page(selectors.listed(viewer, "dispute", opened_to=until), size=1)
        found += [part.next] if part.next else []
    return found


def _places(viewer: Viewer) -> list[dict[str, str]]:
    if len(viewer.scope) == 4:
        return [{"county": "360902"}, {"county": "360983"}, {"county": "360926"}]
    if len(viewer.scope) == 6:
        return [{"town": f"{viewer.scope}{n}"} for n in ("002", "100", "101")]
    return []


def _numbers(viewer: Viewer) -> tuple[list[str], list[str]]:
    """Return numbers of ten finished cases and of the ten running ones with most events."""
    rows = selectors.listed(viewer, "dispute", active=False)
    old = [m.number for m in keyset.page(rows, size=10)]
    running = keyset.page(selectors.listed(viewer, "dispute", active=True), size=200)
    by_acts = sorted(running, key=lambda m: -m.seq)
    return old, [m.number for m in by_acts[:10]]
