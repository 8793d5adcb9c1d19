"""When a post passes: listed, signed for, and what stays unsigned goes to the supervisor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from dingzi import matters
from dingzi.city.models import Account, Tenure
from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid, NotFound, Refusal
from dingzi.matters import book, handover
from dingzi.matters.models import Event, HandOver, Matter
from dingzi.matters.rebuild import rebuild
from tests.world import World


def passed(world: World) -> HandOver:
    """The window's holder changed today; the steward notices."""
    old = Account.objects.create_user("old-holder", "a-long-password")
    new = Account.objects.create_user("new-holder", "a-long-password")
    today = timezone.localdate()
    post = world.window.post
    Tenure.objects.create(post_id=post, account=old, since=date(2020, 1, 1), until=today)
    Tenure.objects.create(post_id=post, account=new, since=today)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        Tenure.objects.filter(account=new).update(since=today + timedelta(days=1))
        Tenure.objects.filter(account=old).update(until=today + timedelta(days=1))
        assert handover.run() == 1
        assert handover.run() == 0
    return HandOver.objects.get()


def test_a_change_of_holder_lists_everything_and_signing_ends_it(world: World, filed: str) -> None:
    """The list is made by itself; signed items are kept; when all are signed it closes."""
    opened = passed(world)
    assert [i.matter.number for i in handover.items(opened)] == [filed]
    assert handover.of_viewer(world.window) == [opened]
    assert handover.of_viewer(world.supervisor) == [opened]
    with pytest.raises(NotFound):
        handover.get(opened.id, world.mediator)
    with pytest.raises(Refusal, match="handover_still_held"):
        matters.act(filed, "sign_over", {"handover": opened.id}, by=world.window)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        handover.sign(opened.id, [filed], world.window)
        with pytest.raises(Refusal, match="already_signed"):
            matters.act(filed, "sign_over", {"handover": opened.id}, by=world.window)
        handover.run()
    opened.refresh_from_db()
    assert opened.closed_at is not None
    assert rebuild(write=False).differences == []


def test_what_stays_unsigned_goes_to_the_supervisor(world: World, filed: str) -> None:
    """After the time to sign, the supervisor has it; its clock ran on all the while."""
    opened = passed(world)
    due = Matter.objects.get(number=filed).due_at
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        handover.run()
    matter = Matter.objects.get(number=filed)
    assert matter.holder_id == world.supervisor.post
    assert matter.due_at == due
    opened.refresh_from_db()
    assert opened.closed_at is not None


def test_a_post_that_holds_matters_cannot_be_closed(world: World, filed: str) -> None:
    """Nothing is ever without a holder."""
    from dingzi.city.models import Post

    code = Post.objects.get(id=world.window.post).code
    events = Event.objects.count()
    with pytest.raises(Invalid, match="post_still_holds"):
        book.record("post_closed", {"code": code, "on": "2026-11-24"}, by=SYSTEM)
    assert Event.objects.count() == events
    assert handover.move_all(world.window.post, world.supervisor.post, SYSTEM, "撤岗") == 1  # type: ignore[arg-type]
