"""The one way to write: refusals leave nothing, retries do one act, the past is not touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import Forbidden, Invalid, KeyReused, NotFound, Refusal, Stale
from dingzi.matters import envelope, selectors
from dingzi.matters.acts import Intent
from dingzi.matters.models import Event, Matter, Opening, Part, Private
from dingzi.matters.rebuild import rebuild
from dingzi.matters.timers import fire
from tests.world import TOWN, World

ACCEPT = {"category": "neighbours"}


def test_a_retry_with_the_same_key_does_one_act(world: World, filed: str) -> None:
    """A double click, or a retry after a lost answer, gives the first answer again."""
    key = uuid4()
    first = matters.act(filed, "accept", ACCEPT, by=world.window, key=key, seen=1)
    again = matters.act(filed, "accept", ACCEPT, by=world.window, key=key, seen=1)
    assert (first.seq, again.seq, again.again) == (2, 2, True)
    assert Event.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(world: World, filed: str) -> None:
    """A key stands for one request; another body under it is a mistake, and is told so."""
    key = uuid4()
    matters.act(filed, "accept", ACCEPT, by=world.window, key=key)
    with pytest.raises(KeyReused):
        matters.act(filed, "accept", {"category": "other"}, by=world.window, key=key)
    with pytest.raises(KeyReused):
        matters.act(filed, "note", {"text": "x"}, by=world.window, key=key)
    with pytest.raises(KeyReused):
        earlier = timezone.now() - timedelta(seconds=20)
        matters.act(filed, "accept", ACCEPT, by=world.window, key=key, occurred_at=earlier)
    assert Event.objects.count() == 2


def test_filing_twice_with_one_key_opens_one_matter(world: World) -> None:
    """A phone that sends the form twice gets one number."""
    key = uuid4()
    data = {"text": "噪声扰民。", "place": TOWN}
    first = matters.open_matter("dispute", "file", data, by=PUBLIC, key=key)
    again = matters.open_matter("dispute", "file", data, by=PUBLIC, key=key)
    assert first.number == again.number
    assert Matter.objects.count() == 1


def test_a_stale_page_is_told_what_changed(world: World, filed: str) -> None:
    """Who looked at version 1 cannot act on version 2 unseen."""
    matters.act(filed, "note", {"text": "先看看"}, by=world.window)
    with pytest.raises(Stale) as stale:
        matters.act(filed, "accept", ACCEPT, by=world.window, seen=1)
    assert [e.action for e in stale.value.changes] == ["note"]
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({}, "required", "category"),
        ({"category": "nonsense"}, "unknown_choice", "category"),
        ({"category": "other", "extra": 1}, "unknown_field", "extra"),
        ({"category": "other", "subcategory": "长" * 25}, "too_long", "subcategory"),
    ],
)
def test_wrong_data_names_its_field(
    world: World, filed: str, data: dict[str, object], code: str, field: str
) -> None:
    """Each wrong answer is named, and nothing is written."""
    with pytest.raises(Invalid) as invalid:
        matters.act(filed, "accept", data, by=world.window)
    assert [(c, p["field"]) for c, p in invalid.value.reasons] == [(code, field)]
    assert Event.objects.count() == 1


def test_a_past_act_needs_permission_and_a_reason(world: World, filed: str) -> None:
    """Back-dating is allowed to who may, with a reason, and never before the registration."""
    past = timezone.now() - timedelta(days=2)
    with pytest.raises(Forbidden):
        plain = replace(world.window, roles=frozenset({"window"}))
        matters.act(filed, "note", {"text": "x"}, by=plain, occurred_at=past, reason="补记")
    with pytest.raises(Invalid, match="backdated_needs_reason"):
        matters.act(filed, "note", {"text": "x"}, by=world.window, occurred_at=past)
    with pytest.raises(Invalid, match="before_opening"):
        matters.act(filed, "note", {"text": "x"}, by=world.window, occurred_at=past, reason="补记")
    with pytest.raises(Invalid, match="in_the_future"):
        later = timezone.now() + timedelta(days=1)
        matters.act(filed, "note", {"text": "x"}, by=world.window, occurred_at=later)
    assert Event.objects.count() == 1


def test_a_reason_without_an_earlier_time_marks_nothing_as_late(world: World, filed: str) -> None:
    """Only what happened earlier counts as back-dated, whatever a client sends beside it."""
    matters.act(filed, "note", {"text": "x"}, by=world.window, reason="随便")
    late = Event.objects.order_by("id").last()
    assert late is not None
    assert "backdated_days" not in late.facts
    assert "reason_for_date" not in late.private.data


def test_the_database_refuses_to_change_an_event(world: World, filed: str) -> None:
    """Even direct SQL under the web's role cannot change or delete what happened."""
    for sql in (
        "UPDATE matters_event SET action = 'x'",
        "DELETE FROM matters_event",
        "UPDATE matters_private SET data = '{}'",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Event.objects.get().action == "file"


def test_commitments_open_and_the_mac_holds(world: World, filed: str) -> None:
    """Each hidden field opens with its salt; a changed row is not genuine."""
    event = Event.objects.get()
    opening, private = Opening.objects.get(), Private.objects.get()
    assert envelope.genuine(event)
    assert envelope.verify(event, bytes(opening.salts), private.data, bytes(private.salt)) == []
    event.facts["place"] = "360902002"
    assert not envelope.genuine(event)
    assert envelope.verify(event, bytes(opening.salts), private.data, bytes(private.salt)) == [
        "place"
    ]


def test_a_batch_does_all_or_names_the_bad(world: World) -> None:
    """With good_only the bad rows are named and the rest is written; without, nothing is."""

    def batch() -> list[Intent]:
        rows = [
            Intent(
                action="file", process="dispute", data={"text": f"第{i}件", "place": TOWN},
                by=world.window, ref=f"#{i}",
            )
            for i in range(5)
        ]  # fmt: skip
        rows[3].data["place"] = "999999"
        return [
            *rows,
            Intent(action="accept", data=ACCEPT, by=world.window, number="#3"),
            Intent(action="accept", data=ACCEPT, by=world.window, number="#1"),
        ]

    with pytest.raises(Refusal):
        matters.record(batch())
    assert Event.objects.count() == 0
    report = matters.record(batch(), good_only=True)
    assert [i for i, _ in report.refused] == [3, 5]
    numbers = sorted(Matter.objects.values_list("number", flat=True))
    assert [n.split("〕")[1] for n in numbers] == ["1号", "2号", "3号", "4号"]
    assert Event.objects.count() == 5


def test_a_rebuild_changes_nothing_and_mends_what_was_changed(world: World, filed: str) -> None:
    """Projections are folds of events: the same again, and wrong ones are found and put right."""
    matters.act(
        filed, "accept_dispatch",
        {"category": "other", "lead": world.mediation, "co_units": [world.housing], "what": "看"},
        by=world.window,
    )  # fmt: skip
    assert rebuild(write=False).differences == []
    Matter.objects.filter(number=filed).update(state="archived", title="改了")
    found = {(t, c) for t, _, c in rebuild().differences}
    assert found == {("matters.Matter", "state"), ("matters.Matter", "title")}
    assert Matter.objects.get(number=filed).state == "mediating"
    assert rebuild(write=False).differences == []


def test_a_clock_that_runs_out_is_escalated_once(world: World, filed: str) -> None:
    """The timer reports an overdue matter to the supervisor, once."""
    assert fire(timezone.now()) == 0
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert fire(timezone.now()) == 1
        assert fire(timezone.now()) == 0
        assert [m.number for m in selectors.supervised(world.supervisor)] == [filed]
    assert Matter.objects.get(number=filed).overdue


def test_co_handlers_get_their_own_clock_and_may_object(world: World, filed: str) -> None:
    """A task waits at the bureau; its objection is ruled on; the task ends or goes on."""
    matters.act(
        filed, "accept_dispatch",
        {"category": "other", "lead": world.mediation, "co_units": [world.housing], "what": "查"},
        by=world.window,
    )  # fmt: skip
    task = Matter.objects.get(parent__number=filed)
    assert task.number == f"{filed}-1"
    assert task.holder_unit_id == world.housing and task.due_at is not None
    assert [g.count for g in selectors.inbox(world.bureau)].count(0) == 3
    matters.act(task.number, "object", {"why": "不归我们"}, by=world.bureau)
    ruling = Matter.objects.get(parent=task)
    assert ruling.holder_unit_id == world.centre
    with pytest.raises(NotFound):
        matters.act(ruling.number, "rule", {"theirs": "yes_theirs", "why": "x"}, by=world.stranger)
    matters.act(ruling.number, "rule", {"theirs": "not_theirs", "why": "有理"}, by=world.window)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("not_ours", "not_ours")
    assert rebuild(write=False).differences == []


def test_a_rebuild_that_only_compares_writes_nothing(world: World, filed: str) -> None:
    """`dingzi rebuild --check` names a row too many and leaves it where it is."""
    Part.objects.create(
        unit_id=world.housing,
        matter=Matter.objects.get(),
        process="dispute",
        opened_at=timezone.now(),
    )
    for _ in range(2):
        assert [d[0] for d in rebuild(write=False).differences] == ["matters.Part"]
    rebuild()
    assert rebuild(write=False).differences == []
