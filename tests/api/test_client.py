"""`dingzi client`: what opens the door for a machine, and shuts it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dingzi.city.models import ApiClient, Post
from dingzi.matters.models import BOOK, Event
from dingzi.matters.rebuild import rebuild
from tests.api.conftest import Door, Machine, problem


def run(*args: str) -> str:
    said = StringIO()
    call_command("client", *args, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


@pytest.fixture
def post(door: Door) -> str:
    return Post.objects.get(pk=door.world.window.post).code


def test_a_client_is_opened_through_the_book_and_works(door: Door, post: str) -> None:
    """Opening records an event and prints the token once; no event holds it."""
    token = run("open", "市12345热线", "--post", post)
    machine = Machine({"Authorization": f"Bearer {token}"})
    assert machine.get(f"/matters/{door.filed}").status_code == 200
    event = Event.objects.get(stream=BOOK, action="client_opened")
    assert event.facts["name"] == "市12345热线"
    assert token not in str(event.facts)
    assert ApiClient.objects.get(name="市12345热线").token_hash not in (None, "", token)


def test_a_new_token_ends_the_old_one(door: Door, post: str) -> None:
    """After a rotation only the new token opens the door."""
    old = Machine({"Authorization": f"Bearer {run('open', 'x', '--post', post)}"})
    new = Machine({"Authorization": f"Bearer {run('rotate', 'x')}"})
    problem(old.get("/inbox"), 401, "api_wrong_token")
    assert new.get("/inbox").status_code == 200


def test_a_closed_client_is_nobody_and_gets_no_token(door: Door, post: str) -> None:
    """Closing takes effect at once, survives a rebuild, and cannot be undone by a rotation."""
    machine = Machine({"Authorization": f"Bearer {run('open', 'x', '--post', post)}"})
    run("close", "x")
    problem(machine.get("/inbox"), 401, "api_wrong_token")
    with pytest.raises(CommandError, match="no such client"):
        run("rotate", "x")
    rebuild()
    problem(machine.get("/inbox"), 401, "api_wrong_token")
    assert "x\t" in run("list")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["open", "x", "--post", "nothing"], "nothing"),
        (["close", "nobody"], "nobody"),
        (["rotate", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_is_told_in_both_languages(door: Door, args: list[str], told: str) -> None:
    """An unknown post or client is named; nothing is written."""
    before = Event.objects.count(), ApiClient.objects.count()
    with pytest.raises(CommandError) as refused:
        run(*args)
    assert told in str(refused.value)
    assert " | " in str(refused.value)
    assert (Event.objects.count(), ApiClient.objects.count()) == before


def test_a_name_is_given_once(door: Door, post: str) -> None:
    """A second client of the same name is refused."""
    run("open", "x", "--post", post)
    with pytest.raises(CommandError):
        run("open", "x", "--post", post)
    assert Event.objects.filter(stream=BOOK, action="client_opened").count() == 1
