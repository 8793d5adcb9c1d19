"""What one may see and do where several matters and posts meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from dingzi import matters
from dingzi.city.viewer import PUBLIC, Viewer, receipt
from dingzi.core import keyset
from dingzi.core.errors import NotFound, WrongState
from dingzi.matters import clocks, selectors, telling
from dingzi.matters.models import Matter
from dingzi.matters.timeline import timeline
from dingzi.matters.visibility import visible
from tests.world import TOWN, World

ASK = {"category": "property", "what": "看看是不是共用管道"}


def asked(world: World, number: str) -> str:
    """Give ``number`` to its lead with the bureau's help; return the bureau's task."""
    data = ASK | {"lead": world.mediation, "co_units": [world.housing]}
    matters.act(number, "accept_dispatch", data, by=world.window)
    return f"{number}-1"


def test_a_task_that_was_dropped_leaves_no_ruling_behind(world: World, filed: str) -> None:
    """Nobody rules on what nobody needs any more: the ruling ends with its task."""
    task = asked(world, filed)
    matters.act(task, "object", {"why": "不归我们"}, by=world.bureau)
    matters.act(task, "drop", {}, by=world.mediator)
    ruling = Matter.objects.get(number=f"{task}-1")
    assert (ruling.state, ruling.active, ruling.next_check_at) == ("dropped", False, None)
    with pytest.raises(WrongState):
        matters.act(ruling.number, "rule", {"theirs": "not_theirs", "why": "不"}, by=world.window)
    assert Matter.objects.get(number=task).state == "dropped"


def test_who_sees_a_matter_sees_its_parts(world: World, filed: str) -> None:
    """One rule for the case page, the timeline, the API and acts: after a hand-over the new holder
    finds the open task and can end it, and so can agree."""
    task = asked(world, filed)
    matters.act(task, "object", {"why": "不归我们"}, by=world.bureau)
    below = [task, f"{task}-1"]
    stranger = world.stranger  # of another county, now given the matter
    with pytest.raises(NotFound):
        selectors.get(task, stranger)
    matters.act(filed, "transfer", {"post": stranger.post, "why": "由贵单位办"}, by=world.mediator)
    parent = selectors.get(filed, stranger)
    assert [selectors.get(number, stranger).number for number in below] == below
    assert [m.number for m in selectors.children(parent, stranger)] == [task]
    told = {entry.number for entry in timeline(parent, stranger, "zh-hans")}
    assert told == {filed, *below}
    rows = Matter.objects.filter(visible(stranger, parts=True)).values_list("number", flat=True)
    assert set(rows) == {filed, *below}
    matters.act(task, "drop", {}, by=stranger)
    assert not Matter.objects.filter(number__in=below, active=True).exists()


def test_only_who_has_it_in_hand_reads_whole_telephone_numbers(world: World, filed: str) -> None:
    """The timeline gives others the last four digits, by whatever door they read it."""

    def phones(viewer: Viewer) -> set[str]:
        told = timeline(selectors.get(filed, viewer), viewer, "zh-hans")
        return {
            str(line.value) for entry in told for line in entry.lines if line.field.name == "phone"
        }

    assert phones(world.window) == {"13800006620"}
    assert phones(world.supervisor) == {"*******6620"}


def test_a_pause_says_what_was_waited_for(world: World, filed: str) -> None:
    """An explained deadline names the state in which the clock stood, in either language."""
    with time_machine.travel(datetime(2026, 9, 2, 1, tzinfo=UTC), tick=False):
        number = matters.open_matter(
            "dispute", "file", {"text": "漏水", "place": TOWN}, by=PUBLIC, door="web"
        ).number
        lead = {"category": "property", "lead": world.mediation}
        matters.act(number, "accept_dispatch", lead, by=world.window)
        matters.act(number, "ask_papers", {"text": "报价单"}, by=world.mediator)
    with time_machine.travel(datetime(2026, 9, 5, 1, tzinfo=UTC), tick=False):
        matters.act(number, "bring_papers", {}, by=world.mediator)
    state = selectors.state_of(selectors.get(number, world.mediator))
    why = clocks.explain(state.matter.clocks["mediation"], state.process)
    day = date(2026, 9, 6)
    zh = "".join(line["text"] for line in telling.reasons(why, "zh-hans", day))
    en = " ".join(line["text"] for line in telling.reasons(why, "en", day))
    assert "等补材料，这2天不算" in zh
    assert "waiting for papers, 2 days not counted" in en


def test_a_receipt_opens_no_part(world: World, filed: str) -> None:
    """What units ask each other is not the citizen's to read."""
    task = asked(world, filed)
    holder = receipt(Matter.objects.get(number=filed).id)
    assert selectors.children(selectors.get(filed, holder), holder) == []
    with pytest.raises(NotFound):
        selectors.get(task, holder)


def test_a_supervisor_is_told_of_nothing_that_he_may_not_see(world: World, filed: str) -> None:
    """A confidential matter that ran late is for those who have a part in it."""
    late = timezone.now() - timedelta(days=1)
    Matter.objects.filter(number=filed).update(overdue=True, due_at=late)
    assert [m.number for m in selectors.supervised(world.supervisor)] == [filed]
    Matter.objects.filter(number=filed).update(confidential=True)
    assert selectors.supervised(world.supervisor) == []


def test_who_stands_in_is_not_told_what_the_other_post_handled_and_gave_away(
    world: World, filed: str
) -> None:
    """Of another unit's matters he sees those on the post that he stands in for, no others."""
    asked(world, filed)
    deputy = replace(world.stranger, stands_for=frozenset({world.window.post or 0}))

    def handled() -> list[str]:
        branches = selectors.handled(deputy)
        rows = keyset.page(branches, order=("-id",), size=9, rows=Matter.objects.all())
        return [matter.number for matter in rows]

    assert handled() == []
    Matter.objects.filter(number=filed).update(holder=world.window.post)
    assert handled() == [filed]


def test_a_number_with_a_nul_is_nobodys(world: World, filed: str) -> None:
    """What PostgreSQL takes in no text is not found rather than an error."""
    assert [m.number for m in selectors.by_numbers([filed, "\0"], world.window)] == [filed]
