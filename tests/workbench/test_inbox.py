"""The inbox: four groups of what a post must do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dingzi import matters
from dingzi.city.models import Delegation
from dingzi.matters.models import Matter
from tests.world import SINCE

from .conftest import Office


def test_a_post_sees_what_waits_on_it(office: Office, file: Callable[..., str]) -> None:
    """What was filed in the town waits on its window, with what is asked and by when."""
    number = file(title="楼上漏水")
    page = office.client(office.world.window).get("/work/")
    assert page.status_code == 200
    text = page.content.decode()
    assert number in text
    assert "受理，或写明为什么不收" in text


def test_nobody_comes_in_without_signing_in(office: Office) -> None:
    """Who has not signed in is sent to the sign-in page and back."""
    from django.test import Client

    answer = Client().get("/work/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/work/"


def test_rows_stand_in_the_group_of_their_day(office: Office, file: Callable[..., str]) -> None:
    """Overdue, today, this week and later are told apart by the end of days in the city."""
    now = timezone.now()
    ends = {"overdue": -timedelta(hours=1), "later": timedelta(days=9)}
    for title, wait in ends.items():
        Matter.objects.filter(number=file(title=title)).update(due_at=now + wait)
    none = file(title="no deadline")
    Matter.objects.filter(number=none).update(due_at=None)
    text = office.client(office.world.window).get("/work/").content.decode()
    assert text.index("已逾期") < text.index("overdue") < text.index(">以后<")
    assert text.index(">以后<") < text.index("later") < text.index("no deadline")


def test_another_units_matters_are_not_there(office: Office, file: Callable[..., str]) -> None:
    """The window of the next town has nothing of ours in its inbox, list or counters."""
    number = file()
    client = office.client(office.world.other_window)
    assert number not in client.get("/work/").content.decode()
    assert number not in client.get("/work/disputes/").content.decode()


def test_who_stands_in_sees_the_other_post_too(office: Office, file: Callable[..., str]) -> None:
    """A delegate's inbox holds the matters of the post he stands in for, and says so."""
    world = office.world
    number = file()
    matters.act(
        number, "accept_dispatch", {"category": "family", "lead": world.mediation}, by=world.window
    )
    Delegation.objects.create(
        post_id=world.mediator.post, delegate_id=world.window.post, since=SINCE
    )
    text = office.client(world.window).get("/work/").content.decode()
    assert number in text
    assert "本岗，代" in text


def test_a_supervisor_sees_what_ran_late_below(office: Office, file: Callable[..., str]) -> None:
    """What the timer reported is a group of its own, whoever holds it."""
    number = file(title="拖久了的")
    Matter.objects.filter(number=number).update(
        overdue=True, due_at=timezone.now() - timedelta(days=3)
    )
    text = office.client(office.world.supervisor).get("/work/").content.decode()
    assert "督办" in text
    assert number in text


def test_more_of_a_group_is_paged_by_key(office: Office, file: Callable[..., str]) -> None:
    """A group with more than its first rows leads to a page of its own, in the same order."""
    for place in range(23):
        file(title=f"第{place:02}件")
    Matter.objects.update(due_at=timezone.now() + timedelta(days=30))
    client = office.client(office.world.window)
    text = client.get("/work/").content.decode()
    assert "再看3件" in text
    more = client.get("/work/inbox/later/").content.decode()
    assert more.count("data-row") == 23
    assert client.get("/work/inbox/never/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?process=nothing", "?whose=unit", "?process=dispute&whose=unit"]
)
def test_the_sentence_filters(office: Office, file: Callable[..., str], query: str) -> None:
    """Another choice shows the same matter; a process that does not exist is as none."""
    number = file()
    assert number in office.client(office.world.window).get(f"/work/{query}").content.decode()


def test_an_inbox_costs_few_queries(
    office: Office, file: Callable[..., str], django_assert_max_num_queries: Any
) -> None:
    """However many rows, names and counters, at most ten."""
    for place in range(30):
        file(title=f"第{place:02}件")
    Matter.objects.filter(number__contains="1").update(due_at=timezone.now() - timedelta(days=2))
    client = office.client(office.world.supervisor)
    client.get("/work/")
    with django_assert_max_num_queries(10):
        client.get("/work/?whose=unit")
    window = office.client(office.world.window)
    window.get("/work/")
    with django_assert_max_num_queries(10):
        window.get("/work/")


def test_one_acts_only_from_ones_own_posts(office: Office) -> None:
    """Another's post is refused, whatever is sent; one's own becomes the one acted from."""
    client = office.client(office.world.window)
    for post in (str(office.world.mediator.post), "", "x", "9" * 30, "9" * 5000):
        assert client.post("/work/post/", {"post": post}).status_code == 403
    answer = client.post("/work/post/", {"post": str(office.world.window.post)})
    assert answer.status_code == 302


def test_the_language_is_whole(office: Office, file: Callable[..., str]) -> None:
    """In English no sentence of the page is left in Chinese; data stay as they were written."""
    file(title="A leak", text="Water from above.")
    page = office.client(office.world.window).get("/work/", headers={"Accept-Language": "en"})
    text = re.sub(r"<(script|style).*?</\1>", "", page.content.decode(), flags=re.S)
    said = re.sub(r"<[^>]+>", " ", text)
    left = [w for w in re.findall(r"[一-鿿]+", said) if w not in KNOWN]
    assert not left


#: Names of the test city, which has none in English, and what the brand and numbers hold.
KNOWN = {
    "灵泉街道综治中心", "受理岗", "东门社区", "袁纠", "号", "中文", "钉子", "宜春市",
}  # fmt: skip
