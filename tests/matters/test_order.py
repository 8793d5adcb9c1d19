"""No act is dated before what it builds on; what builds on nothing may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from dingzi import matters
from dingzi.core import reasons
from dingzi.core.errors import Invalid
from dingzi.matters.acts import Done, Intent
from dingzi.matters.models import Event, Matter
from dingzi.mechanisms.disputes.models import Dispute
from tests.world import TOWN, World

FIFTH = datetime(2025, 9, 5, 2, 0, 30, tzinfo=UTC)
ACCEPT = {"category": "neighbours"}
Act = Callable[..., Done]


@pytest.fixture
def act(world: World, filed: str) -> Iterator[Act]:
    """Act on a dispute filed on the 1st, accepted on the 5th, dispatched then; today is the 9th."""

    def late(
        action: str, data: dict[str, object], at: datetime | None = None, desk: str = "window"
    ) -> Done:
        by = getattr(world, desk)
        who = replace(by, roles=by.roles | {"backdate"})
        return matters.act(filed, action, data, by=who, occurred_at=at, reason="补记" if at else "")

    with time_machine.travel(FIFTH + timedelta(days=4)):
        yield late


@pytest.fixture
def filed(world: World) -> str:
    with time_machine.travel(FIFTH - timedelta(days=4), tick=False):
        data = {"text": "楼上水管漏水。", "place": TOWN}
        number = matters.open_matter("dispute", "file", data, by=world.window).number
    with time_machine.travel(FIFTH, tick=False):
        matters.act(number, "accept", ACCEPT, by=world.window)
    return number


def test_an_act_before_the_state_it_builds_on_is_refused(act: Act, filed: str) -> None:
    """Accepted on the 5th, dispatched on the 3rd: refused with both acts named, nothing written."""
    seen = Event.objects.count()
    lead = {"lead": Matter.objects.get(number=filed).holder_unit_id}
    with pytest.raises(Invalid) as refused:
        act("dispatch", lead, FIFTH - timedelta(days=2))
    ((code, params),) = refused.value.reasons
    assert (code, params["field"], params["at"]) == ("before_last_act", "occurred_at", FIFTH)
    assert "受理" in reasons.say((code, params), "zh-hans")
    assert "Accept" in reasons.say((code, params), "en")
    assert Event.objects.count() == seen


def test_what_builds_on_nothing_may_be_earlier(act: Act) -> None:
    """A note or a paper that came in on the 3rd is no claim about the acceptance of the 5th."""
    done = act("note", {"text": "3号来过电话"}, FIFTH - timedelta(days=2))
    assert Event.objects.get(stream=done.stream, seq=done.seq).occurred_at < FIFTH


def test_an_earlier_note_moves_nothing(act: Act, world: World) -> None:
    """What comes after it builds on the acceptance still, not on the note that was entered last."""
    act("note", {"text": "3号来过电话"}, FIFTH - timedelta(days=2))
    with pytest.raises(Invalid, match="before_last_act"):
        act("withdraw", {}, FIFTH - timedelta(days=1))


def test_late_entries_in_their_order_are_taken(act: Act, world: World) -> None:
    """A paper file entered today, act by act as it happened; durations follow what is claimed."""
    lead = {"lead": world.mediation}
    act("dispatch", lead, FIFTH + timedelta(days=1))
    session = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
    act("session", session, FIFTH + timedelta(days=3), "mediator")
    act("session", session, FIFTH + timedelta(days=2), "mediator")  # sessions wait for no session
    with pytest.raises(Invalid, match="before_last_act"):
        act("settle", {"text": "说和了"}, FIFTH, "mediator")
    done = act("settle", {"text": "说和了"}, FIFTH + timedelta(days=3), "mediator")
    own = Dispute.objects.get(matter_id=done.stream)
    assert own.closed_on == date(2025, 9, 8)


def test_within_a_minute_is_in_order(act: Act, world: World) -> None:
    """Forms ask for the minute: what was done in that minute comes after what was done in it."""
    done = act("dispatch", {"lead": world.mediation}, FIFTH.replace(second=0))
    assert Event.objects.get(stream=done.stream, seq=done.seq).occurred_at == FIFTH


def test_two_clocks_that_differ_are_no_claim(act: Act, world: World, filed: str) -> None:
    """A client some minutes behind acts after what it builds on, not before."""
    act("dispatch", {"lead": world.mediation})
    sent = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
    behind = datetime.now(UTC) - timedelta(minutes=3)
    done = matters.act(filed, "session", sent, by=world.mediator, occurred_at=behind)
    times = Event.objects.of(done.stream).order_by("seq").values_list("occurred_at", flat=True)
    assert list(times) == sorted(times)


def test_a_batch_keeps_its_own_order(world: World) -> None:
    """Of an import each act is held against those before it in the same batch."""
    by = world.window.as_import()
    old = datetime(2025, 3, 1, 2, tzinfo=UTC)
    data = {"text": "旧系统里的一件。", "place": TOWN}
    lead = {"lead": world.mediation}

    def intents(second: datetime, third: datetime) -> list[Intent]:
        return [
            Intent(action="file", process="dispute", ref="#1", data=data, by=by, occurred_at=old),
            Intent(action="accept", number="#1", data=ACCEPT, by=by, occurred_at=second),
            Intent(action="dispatch", number="#1", data=lead, by=by, occurred_at=third),
        ]

    with pytest.raises(Invalid, match="before_last_act"):
        matters.record(intents(old + timedelta(days=5), old + timedelta(days=3)))
    assert not Matter.objects.filter(opened_at=old).exists()
    matters.record(intents(old + timedelta(days=3), old + timedelta(days=5)))
    assert Matter.objects.filter(opened_at=old).exists()
