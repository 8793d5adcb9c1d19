"""API clients in the workbench: a steward opens one, gives it a token, ends it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dingzi.city import viewers
from dingzi.city.models import ApiClient, Post
from dingzi.matters.models import BOOK, Event
from dingzi.matters.rebuild import rebuild

from .conftest import Office

LIST = "/work/clients/"


def opened(steward: Client, name: str = "12345热线", **other: Any) -> Any:
    data = {"name": name, "post": "cz-town-window", "since": timezone.localdate()} | other
    form = {f"client_opened-{key}": value for key, value in data.items()}
    return steward.post(LIST, {"do": "client_opened"} | form)


def actions() -> list[str]:
    found = Event.objects.filter(stream=BOOK).order_by("seq")
    return list(found.values_list("action", flat=True))


def given(page: Any) -> str:
    word = re.search(r"<code>(dingzi_[\w-]{43})</code>", page.content.decode())
    assert word
    return word[1]


def test_a_client_is_opened_gets_a_token_once_and_is_ended(office: Office, steward: Client) -> None:
    """Opening and ending are events; the token works on its post, is on no second page, ends."""
    assert "还没有接口用户" in steward.get(LIST).content.decode()
    where = opened(steward)["Location"]
    assert "还没有给" in steward.get(where).content.decode()
    page = steward.post(where, {"do": "token"})
    assert page["Cache-Control"] == "private, no-store"
    token = given(page)
    viewer = viewers.viewer_of_token(token)
    assert viewer and viewer.post == Post.objects.get(code="cz-town-window").pk
    assert token not in steward.get(where).content.decode()
    assert token not in steward.get(LIST).content.decode()
    again = given(steward.post(where, {"do": "token"}))
    assert viewers.viewer_of_token(token) is None and viewers.viewer_of_token(again) is not None
    end = {"do": "client_closed", "client_closed-on": timezone.localdate()}
    assert steward.post(where, end).status_code == 302
    assert viewers.viewer_of_token(again) is None
    page = steward.get(where).content.decode()
    assert "停用了" in page and "可以做的" not in page
    assert actions() == ["client_opened", "client_closed"]
    assert rebuild(write=False).differences == []


def test_an_ended_client_gets_no_token(office: Office, steward: Client) -> None:
    """A page that was open before gives none; ending twice is refused and not written."""
    where = opened(steward)["Location"]
    end = {"do": "client_closed", "client_closed-on": timezone.localdate()}
    steward.post(where, end)
    assert steward.post(where, {"do": "token"}).status_code == 422
    assert steward.post(where, end).status_code == 404
    assert ApiClient.objects.get().token_hash is None
    assert actions() == ["client_opened", "client_closed"]


def test_a_client_may_be_ended_ahead(office: Office, steward: Client) -> None:
    """Until that day its token works."""
    where = opened(steward)["Location"]
    day = timezone.localdate() + timedelta(days=3)
    steward.post(where, {"do": "client_closed", "client_closed-on": day})
    token = given(steward.post(where, {"do": "token"}))
    assert viewers.viewer_of_token(token) is not None
    assert viewers.viewer_of_token(token, today=day) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"post": "nowhere"}, "nowhere"),
        ({"name": ""}, "还没有填"),
        ({"name": "热" * 61}, "最多60个字"),
        ({"name": "taken"}, "taken"),
        ({"since": "2025-02-30"}, "日期"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    office: Office, steward: Client, asked: dict[str, Any], said: str
) -> None:
    """A wrong post, no name, too long a one, one that is in use: nothing is written."""
    opened(steward, name="taken")
    page = opened(steward, **asked)
    assert page.status_code == 422 and said in page.content.decode()
    assert actions() == ["client_opened"]


def test_a_client_is_opened_from_its_post(office: Office, steward: Client) -> None:
    """The post's page leads to the form, with its code filled in."""
    page = steward.get("/work/posts/cz-town-window/").content.decode()
    link = re.search(r'href="(/work/clients/\?[^"]+)"', page)
    assert link
    form = steward.get(link[1].replace("&amp;", "&")).content.decode()
    assert 'value="cz-town-window"' in form and "<details" in form


def test_clients_are_the_stewards_alone(office: Office, steward: Client) -> None:
    """Other staff neither see nor change them; who is not signed in is sent to sign in."""
    where = opened(steward)["Location"]
    window = office.client(office.world.window)
    assert "接口用户" not in window.get("/work/").content.decode()
    for path in (LIST, where):
        assert window.get(path).status_code == 403
        assert window.post(path, {"do": "token"}).status_code == 403
        assert Client().post(path, {"do": "token"}).status_code == 302
    assert opened(window, name="x").status_code == 403
    assert ApiClient.objects.get().token_hash is None
    assert steward.get("/work/clients/999/").status_code == 404
    assert steward.post(where, {"do": "parameter_set"}).status_code == 404
