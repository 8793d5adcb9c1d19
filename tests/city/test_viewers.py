"""Who is who today: posts, stand-ins, clients, and what each may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path

from dingzi.city import roles, tokens, viewers
from dingzi.city.middleware import ViewerMiddleware
from dingzi.city.models import Account, ApiClient, Post
from dingzi.city.roles import Role
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core.errors import Forbidden, LoadError
from tests.city.conftest import Record

DAY = date(2025, 9, 26)


@pytest.fixture(autouse=True)
def _today(at: Callable[..., Any]) -> None:
    at("2025-09-26T10:00+08:00")


def viewer(name: str, post: str = "", day: date = DAY) -> Viewer:
    account = Account.objects.get(username=name)
    post_id = Post.objects.get(code=post).pk if post else None
    return viewers.viewer_for(account, post_id, day)


def pk(code: str) -> int:
    return Post.objects.get(code=code).pk


def test_a_window_sees_its_part(city: Record) -> None:
    """A role that sees by part gives no place."""
    found = viewer("zhao")
    assert (found.kind, found.post, found.scope) == ("staff", pk("jia.window"), "")
    assert found.roles == {"window"}
    assert found.posts == {pk("jia.window")}


def test_a_leader_sees_the_division(city: Record) -> None:
    """A role that sees by division gives the code of its unit's division."""
    assert viewer("qian").scope == "990102"


def test_scope_roles_may_be_given(city: Record) -> None:
    """Which roles see by division can be said for one question."""
    account = Account.objects.get(username="zhao")
    assert viewers.viewer_for(account, scope_roles={"window"}).scope == "990102"


@pytest.mark.parametrize(
    ("name", "day", "post"),
    [
        ("zhao", date(2019, 12, 31), None),
        ("zhao", date(2020, 1, 1), "jia.window"),
        ("zhao", date(2025, 9, 25), "jia.window"),
        ("zhao", date(2025, 9, 26), None),
        ("sun", date(2025, 9, 25), None),
        ("sun", date(2025, 9, 26), "jia.window"),
        ("qian", date(2025, 9, 26), "jia.leader"),
    ],
)
def test_tenure_decides_by_the_day(city: Record, name: str, day: date, post: str | None) -> None:
    """Before the first day and from the day of the end on there is nothing."""
    city("tenure_ended", {"post": "jia.window", "account": "zhao", "until": "2025-09-26"})
    city("tenure_started", {"post": "jia.window", "account": "sun", "since": "2025-09-26"})
    found = viewer(name, day=day)
    assert found.post == (pk(post) if post else None)
    assert (found.posts == frozenset()) is (post is None)
    assert (found.roles == frozenset()) is (post is None)


def test_a_stranger_post_is_not_chosen(city: Record) -> None:
    """A post that is not the account's gives the account's own instead."""
    assert viewer("zhao", "yi.leader").post == pk("jia.window")


def test_a_closed_account_is_the_public(city: Record) -> None:
    """Who cannot sign in is nobody in particular."""
    city("account_closed", {"username": "zhao", "on": "2025-09-26"})
    assert viewer("zhao") == PUBLIC


def test_a_closed_post_gives_nothing(city: Record) -> None:
    """A post or unit that has ended seats nobody."""
    city("post_closed", {"code": "jia.window", "on": "2025-09-26"})
    assert viewer("zhao").posts == frozenset()


def test_a_stand_in_has_the_roles_and_both_inboxes(city: Record) -> None:
    """While it lasts, the stand-in acts in the name of both posts, and sees where the other sees."""
    city("delegated", {"post": "jia.leader", "delegate": "jia.window", "since": "2025-09-20", "until": "2025-09-27"})  # fmt: skip
    found = viewer("zhao")
    assert found.post == pk("jia.window")
    assert found.stands_for == {pk("jia.leader")}
    assert found.roles == {"window", "leader"}
    assert found.scope == "990102"
    after = viewer("zhao", day=date(2025, 9, 27))
    assert (after.stands_for, after.roles, after.scope) == (frozenset(), {"window"}, "")


def test_a_stand_in_may_act_from_the_other_post(city: Record) -> None:
    """The post one stands in for may be chosen; acting from it lends nothing of one's own."""
    city("delegated", {"post": "jia.leader", "delegate": "jia.window", "since": "2025-09-20"})
    found = viewer("zhao", "jia.leader")
    assert (found.post, found.roles, found.stands_for) == (
        pk("jia.leader"),
        {"leader"},
        frozenset(),
    )


def test_a_stand_in_passes_nothing_on(city: Record) -> None:
    """Who stands in for a stand-in does not stand in for the first."""
    city("delegated", {"post": "jia.leader", "delegate": "jia.window", "since": "2025-09-20"})
    city("delegated", {"post": "jia.window", "delegate": "yi.window", "since": "2025-09-20"})
    city("tenure_started", {"post": "yi.window", "account": "sun", "since": "2025-09-20"})
    assert viewer("sun").posts == {pk("yi.window"), pk("jia.window")}


def test_posts_of_takes_two_queries_at_most(city: Record) -> None:
    """Which posts an account has costs a query, and one more where others are lent to it."""
    city("delegated", {"post": "jia.leader", "delegate": "jia.window", "since": "2025-09-20"})
    account = Account.objects.get(username="zhao")
    with CaptureQueriesContext(connection) as queries:
        seats = viewers.posts_of(account.pk)
    assert len(queries) == 2
    assert [(seat.code, seat.via) for seat in seats] == [
        ("jia.window", None),
        ("jia.leader", pk("jia.window")),
    ]


@pytest.fixture
def client_token(city: Record) -> str:
    city("client_opened", {"name": "oa", "post": "jia.leader", "since": "2025-09-01"})
    return tokens.issue(ApiClient.objects.get(name="oa"))


def test_a_token_opens_its_post(client_token: str) -> None:
    """A machine acts from its post with its roles; one query."""
    with CaptureQueriesContext(connection) as queries:
        found = viewers.viewer_of_token(client_token, DAY)
    assert len(queries) == 1
    assert found is not None
    assert (found.kind, found.roles, found.scope) == ("client", {"leader"}, "990102")
    assert found.account is None


def test_only_the_digest_is_kept(client_token: str) -> None:
    """A token stands nowhere in the database."""
    kept = ApiClient.objects.get(name="oa").token_hash
    assert kept == tokens.digest(client_token)
    assert client_token not in str(ApiClient.objects.values())


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "", lambda t: "x" * 5000, lambda t: t.upper()])  # fmt: skip
def test_a_wrong_token_is_nobody(client_token: str, spoil: Callable[[str], str]) -> None:
    """Anything but the token itself is worth nothing."""
    assert viewers.viewer_of_token(spoil(client_token), DAY) is None


def test_a_token_ends(city: Record, client_token: str) -> None:
    """A closed client, an ended post, or a newer token makes a token worthless at once."""
    assert viewers.viewer_of_token(client_token, date(2025, 8, 31)) is None
    fresh = tokens.issue(ApiClient.objects.get(name="oa"))
    assert viewers.viewer_of_token(client_token, DAY) is None
    assert viewers.viewer_of_token(fresh, DAY) is not None
    city("client_closed", {"name": "oa", "on": "2025-09-26"})
    assert viewers.viewer_of_token(fresh, DAY) is None


def test_a_role_is_declared_once() -> None:
    """The same role declared in another way is a mistake found at load."""
    roles.register(Role(name="window", zh="窗口", en="Window"))
    with pytest.raises(LoadError, match="window"):
        roles.register(Role(name="window", zh="窗口", en="Window", sees="division"))


# ---- on requests ------------------------------------------------------------------------------


def show(request: Any) -> Any:
    from django.http import JsonResponse

    seen = request.viewer
    return JsonResponse({"kind": seen.kind, "post": seen.post, "seats": len(request.seats)})


def choose(request: Any, post: int) -> Any:
    viewers.choose_post(request, post)
    return show(request)


urlpatterns = [path("", show), path("choose/<int:post>", choose)]


@pytest.mark.urls(__name__)
def test_staff_are_known_by_their_session(account: Callable[[str], Account]) -> None:
    """A session gives the viewer with one query of its own where nobody has lent him a post."""
    browser = Client()
    browser.force_login(account("zhao"))
    browser.get("/")
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/").json()
    assert answer == {"kind": "staff", "post": pk("jia.window"), "seats": 1}
    city_queries = [
        q for q in queries if "city_tenure" in q["sql"] or "city_delegation" in q["sql"]
    ]
    assert len(city_queries) == 1


@pytest.mark.urls(__name__)
def test_the_chosen_post_stays_chosen(city: Record, account: Callable[[str], Account]) -> None:
    """Who has two posts acts from the one chosen, also in later requests."""
    city("tenure_started", {"post": "yi.window", "account": "zhao", "since": "2025-09-01"})
    browser = Client()
    browser.force_login(account("zhao"))
    assert browser.get("/").json()["post"] == pk("jia.window")
    assert browser.get(f"/choose/{pk('yi.window')}").json()["post"] == pk("yi.window")
    assert browser.get("/").json() == {"kind": "staff", "post": pk("yi.window"), "seats": 2}


@pytest.mark.urls(__name__)
def test_no_foreign_post_is_chosen(account: Callable[[str], Account]) -> None:
    """A post that is not one's own today is refused and nothing is kept."""
    browser = Client()
    browser.force_login(account("zhao"))
    with pytest.raises(Forbidden):
        browser.get(f"/choose/{pk('yi.leader')}")
    assert browser.get("/").json()["post"] == pk("jia.window")


@pytest.mark.urls(__name__)
def test_an_ended_tenure_ends_the_open_session(
    city: Record, account: Callable[[str], Account]
) -> None:
    """A session opened before gives nothing from the day of the end on."""
    browser = Client()
    browser.force_login(account("zhao"))
    assert browser.get("/").json()["post"]
    city("tenure_ended", {"post": "jia.window", "account": "zhao", "until": "2025-09-26"})
    assert browser.get("/").json() == {"kind": "staff", "post": None, "seats": 0}
    city("account_closed", {"username": "zhao", "on": "2025-09-26"})
    assert browser.get("/").json()["kind"] == "public"


@pytest.mark.urls(__name__)
def test_the_public_costs_nothing(db: None) -> None:
    """Who has no session is the public, without a query."""
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/").json()["kind"] == "public"
    assert len(queries) == 0


@pytest.mark.urls(__name__)
def test_a_bearer_token_counts_before_a_session(
    client_token: str, account: Callable[[str], Account]
) -> None:
    """A request with a token is the machine's; a wrong token is not helped by a session."""
    browser = Client()
    browser.force_login(account("zhao"))
    header = {"authorization": f"Bearer {client_token}"}
    assert browser.get("/", headers=header).json()["kind"] == "client"
    assert browser.get("/", headers={"authorization": "Bearer x"}).json()["kind"] == "public"


def test_the_middleware_needs_no_session(db: None, rf: RequestFactory) -> None:
    """A bare request with nobody on it is the public."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpResponse

    request = rf.get("/")
    request.user = AnonymousUser()
    ViewerMiddleware(lambda _: HttpResponse())(request)
    assert request.viewer == PUBLIC  # type: ignore[attr-defined]
