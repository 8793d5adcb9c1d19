"""The sample city: what lies in it, and that it is made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Any

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.db.models import Max
from django.test import RequestFactory, override_settings
from django.utils import timezone

from dingzi.city import directory
from dingzi.city.models import Account, Tenure
from dingzi.city.viewers import viewer_of_token
from dingzi.matters import envelope, receipts
from dingzi.matters.models import Counter, Event, Matter, Private
from dingzi.matters.rebuild import rebuild
from dingzi.matters.samples import SampleCity, Story
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.mechanisms.disputes.sample import stories
from dingzi.sample import accounts, filling, making, marks

pytestmark = pytest.mark.slow
#: A city of some four hundred disputes: every desk has work, and it is made in seconds.
TINY = 0.002


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[filling.Filled]:
    """One tiny city for all tests of this module, undone at its end.

    On a day that stays the same: what happens in it falls out otherwise each day.
    """
    with django_db_blocker.unblock(), time_machine.travel(datetime(2026, 11, 27, 2, tzinfo=UTC)):
        whole = transaction.atomic()
        whole.__enter__()
        directory.forget()
        filled = making.make(share=TINY, seed=7)
        assert filled is not None
        yield filled
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)
        directory.forget()


@pytest.fixture
def one(made: filling.Filled, db: None) -> SampleCity:
    begun = marks.facts(marks.BEGUN)
    assert begun is not None
    return making.city_of(begun)


def desk(username: str) -> list[Matter]:
    post = Tenure.objects.get(account__username=username).post
    return list(Matter.objects.filter(holder=post, closed_at=None))


@pytest.mark.parametrize("username", ["window", "mediator", "handler"])
def test_a_demo_desk_has_work_of_every_urgency(one: SampleCity, username: str) -> None:
    """Overdue, due within days, and later: what an inbox shows, it can show at once."""
    days = sorted((m.due_at - timezone.now()).days for m in desk(username) if m.due_at)
    assert days[0] < 0
    assert any(0 <= d <= 4 for d in days)
    assert days[-1] >= 1


def test_the_desks_wait_for_each_kind_of_act(one: SampleCity) -> None:
    """A task to answer, a ruling to give, proposals and papers awaited, a visit to make."""
    states = {(m.process, m.state) for m in Matter.objects.filter(town=one.home)}
    assert states >= {
        ("dispute", "registered"), ("dispute", "accepted"), ("dispute", "mediating"),
        ("dispute", "proposed"), ("dispute", "waiting"), ("dispute", "agreed"),
        ("dispute", "performed"), ("dispute", "visited"), ("task", "asked"),
        ("task", "objected"), ("ruling", "raised"),
    }  # fmt: skip


def test_no_timer_is_owed(one: SampleCity) -> None:
    """Every clock that ran out has fired: a steward that starts finds nothing to catch up."""
    assert not Matter.objects.filter(next_check_at__lt=one.now).exists()


def test_nothing_has_happened_in_the_future(one: SampleCity) -> None:
    """What would come after now is left to whoever tries the demo."""
    last = Event.objects.filter(door="sample").aggregate(m=Max("recorded_at"))["m"]
    assert one.now - timedelta(days=30) < last <= one.now


def test_a_rebuild_finds_no_difference(one: SampleCity) -> None:
    """The city is made by events alone."""
    result = rebuild(write=False)
    assert result.streams == Matter.objects.count()
    assert result.differences == []


def test_every_event_is_genuine(one: SampleCity) -> None:
    """Batches seal as a click does."""
    assert all(envelope.genuine(event) for event in Event.objects.order_by("?")[:200])


def test_the_city_has_the_flaws_of_a_real_one(one: SampleCity) -> None:
    """Late, entered later with a reason, reported twice, taken up again, not agreed with."""
    disputes = Dispute.objects
    assert disputes.filter(on_time=False).exists()
    assert disputes.filter(reopened__gt=0).exists()
    assert {"confirmed", "disagreed", "silent"} <= set(disputes.values_list("word", flat=True))
    assert {"agreed", "settled", "failed", "breached", "declined", "withdrawn", "merged"} <= set(
        disputes.values_list("outcome", flat=True)
    )
    late = Event.objects.filter(facts__backdated_days__gt=0)
    assert late.exists()
    assert Private.objects.filter(event__in=late, data__has_key="reason_for_date").count() == (
        late.count()
    )
    gone = Tenure.objects.get(account__username="former")
    assert gone.until is not None and gone.until < one.today


def test_nobody_in_it_is_real(one: SampleCity) -> None:
    """Names are placeholders, telephones of a range that nobody has."""
    people = [p for m in Matter.objects.filter(parent=None) for p in m.people]
    assert people
    assert all(p["phone"].startswith("1380000") for p in people if p.get("phone"))
    assert all("某" in p["name"] or p["name"] in ("住户乙", "对方") for p in people)


def test_the_accounts_sign_in_with_what_is_printed(one: SampleCity) -> None:
    """One account for each role, and a token for machines."""
    request = RequestFactory().get("/")
    for account in accounts.demo_accounts(one.home):
        word = accounts.password(account.username)
        user = authenticate(request, username=account.username, password=word)
        assert isinstance(user, Account)
    viewer = viewer_of_token(accounts.token())
    assert viewer is not None and "window" in viewer.roles


def test_the_shown_receipt_opens_a_case_that_waits_for_the_citizen(one: SampleCity) -> None:
    """What is printed can be tried at once."""
    shown = Matter.objects.get(id=Counter.objects.get(name=filling.SHOWN + "citizen").last)
    assert shown.state == "proposed"
    found, viewer = receipts.open_by_number(shown.number, receipts.secret_of(shown))
    assert found == shown and viewer.matter == shown.id


def test_a_second_run_prints_and_changes_nothing(made: filling.Filled, db: None) -> None:
    """``dingzi demo`` may be run at every start."""
    events = Event.objects.count()
    said = StringIO()
    with override_settings(DEMO=True):
        call_command("demo", stdout=said)
    assert accounts.password("window") in said.getvalue()
    assert Event.objects.count() == events


def test_a_seed_gives_one_city_and_parts_give_the_whole(one: SampleCity) -> None:
    """Chances depend on nothing but the seed, the county and the day."""

    def told(city: SampleCity) -> list[str]:
        return sorted(
            f"{act.recorded_at} {act.number} {act.action} {act.data.get('text', '')}"
            for story in filling.stories(city)
            for act in story.acts
        )

    whole = told(one)
    assert told(one) == whole
    assert sorted(told(one.part(0, 2)) + told(one.part(1, 2))) == whole


def test_stories_are_told_in_the_order_of_time(one: SampleCity) -> None:
    """Numbers ascend with the days, and acts of one story never run backwards."""
    found: list[Story] = list(islice(stories(one), 150))
    begins = [s.begins for s in found]
    assert begins == sorted(begins)
    for story in found:
        moments = [a.recorded_at for a in story.acts]
        assert moments == sorted(moments)


def test_leaders_debts_and_lists_have_the_flaws_of_real_ones(one: SampleCity) -> None:
    """Carried on paper and left lying, resolved and sent back; debts disputed, put off, written off;
    problems returned, argued away, back after delisting, voted on twice."""
    larger = replace(one, share=0.02)
    told = [act for story in filling.stories(larger) for act in story.acts]
    carried = {act.action for act in told if act.number and "-" in act.number}
    assert {"read_file", "receive", "visit", "decide", "settle", "look_back"} <= carried
    given = sum(act.action == "carry" for act in told)
    read = sum(act.action == "read_file" for act in told)
    settled = sum(act.action == "settle" and "-" in (act.number or "") for act in told)
    assert given > read > settled > 0
    done = {act.action for act in told}
    assert {"dispute", "rule_void", "step", "perform", "check", "disagree"} <= done
    assert {"argue", "uphold_argument", "return_it", "vote", "delist"} <= done
    results = {act.data.get("result") for act in told if act.action == "look_back"}
    assert {"resolved", "unresolved", "holds", "relapsed"} <= results
    clocks = {act.data.get("clock") for act in told if act.action == "escalate"}
    assert {"reading", "resolving", "recognition", "planning", "rectifying"} <= clocks
