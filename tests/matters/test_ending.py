"""What ends a matter ends what is open below it; what is merged goes into what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dingzi import matters
from dingzi.city.viewer import PUBLIC, Viewer, receipt
from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters.acts import Intent
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.matters.recording import record
from tests.world import TOWN, World

SESSION = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
ENDINGS: dict[str, dict[str, Any]] = {
    "withdraw": {},
    "merge": {"into": ""},
    "fail": {"ground": "refused", "remedy": "可以起诉"},
    "settle": {"text": "说好了"},
}


def file(text: str = "楼上漏水。") -> str:
    data = {"text": text, "place": TOWN, "category": "property"}
    return matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number


def helped(world: World, number: str) -> str:
    """Give it to mediation with the bureau's help; the bureau objects. Return the task."""
    data = {"category": "property", "lead": world.mediation, "co_units": [world.housing]}
    matters.act(number, "accept_dispatch", data | {"what": "看看"}, by=world.window)
    matters.act(f"{number}-1", "object", {"why": "不归我们"}, by=world.bureau)
    matters.act(number, "session", SESSION, by=world.mediator)
    return f"{number}-1"


@pytest.mark.parametrize("action", ENDINGS)
def test_what_ends_a_matter_drops_its_tasks(world: World, filed: str, action: str) -> None:
    """Tasks and rulings end in the same act, whoever does it: no unit works on for nobody."""
    task = helped(world, filed)
    data = dict(ENDINGS[action])
    if "into" in data:
        data["into"] = file()
        lead = {"category": "property", "lead": world.mediation}
        matters.act(data["into"], "accept_dispatch", lead, by=world.window)
    by: Viewer = world.mediator
    if action == "withdraw":  # the citizen himself, who does not see the tasks
        by = receipt(Matter.objects.get(number=filed).id)
    matters.act(filed, action, data, by=by)
    below = Matter.objects.filter(number__in=[task, f"{task}-1"])
    assert {m.state for m in below} == {"dropped"}
    assert not below.filter(active=True).exists()
    assert not below.exclude(due_at=None, next_check_at=None).exists()
    assert Event.objects.filter(stream__in=[m.id for m in below], action="drop").count() == 2
    assert rebuild(write=False).differences == []


def test_a_bad_ending_drops_nothing(world: World, filed: str) -> None:
    """What is refused leaves tasks as they were: never half a write."""
    task = helped(world, filed)
    with pytest.raises(Invalid):
        matters.act(filed, "fail", {"ground": "refused"}, by=world.mediator)
    assert Matter.objects.get(number=task).state == "objected"


def test_an_agreement_waits_for_its_tasks(world: World, filed: str) -> None:
    """An agreement is made of what the co-handlers found: it drops nobody, it waits."""
    helped(world, filed)
    with pytest.raises(Refusal) as refused:
        data = {"form": "oral", "text": "说好了", "perform_by": date(2099, 1, 1)}
        matters.act(filed, "agree", data, by=world.mediator)
    assert refused.value.codes == ("children_open",)


def test_nothing_is_merged_into_what_has_ended(world: World, filed: str) -> None:
    """Who is still waiting is not put where nobody works any more."""
    other = file("楼上还在漏水。")
    matters.act(filed, "withdraw", {}, by=world.window)
    with pytest.raises(Invalid) as refused:
        matters.act(other, "merge", {"into": filed}, by=world.window)
    assert refused.value.codes == ("merge_into_closed",)
    assert Matter.objects.get(number=other).state == "registered"


def test_one_batch_ends_the_matter_that_the_next_act_names(world: World, filed: str) -> None:
    """The target is asked for as it stands in the transaction, not as it was stored before it."""
    other = file("楼上还在漏水。")
    report = record(
        [
            Intent(action="withdraw", number=filed, data={}, by=world.window),
            Intent(action="merge", number=other, data={"into": filed}, by=world.window),
        ],
        good_only=True,
    )
    assert [(i, r.codes) for i, r in report.refused] == [(1, ("merge_into_closed",))]


def test_a_part_of_what_the_batch_itself_opens_is_seen_through_it(world: World) -> None:
    """Neither matter has a row yet: who sees the part only by its parent is told why he may not."""
    by = replace(world.mediator, unit=None)  # his post has the matter in hand, his unit no part
    told = {"text": "楼上漏水。", "place": TOWN, "category": "property"}
    asked = {
        "category": "property", "what": "看看", "lead": world.mediation,
        "co_units": [world.housing],
    }  # fmt: skip
    with pytest.raises(Forbidden) as refused:
        record(
            [
                Intent(action="file", process="dispute", ref="#", data=told, by=PUBLIC, door="web"),
                Intent(action="accept_dispatch", number="#", data=asked, by=world.window),
                Intent(action="drop", number="#-1", data={}, by=by),
            ]
        )
    assert refused.value.codes == ("not_the_asking_unit",)
    assert not Matter.objects.exists()
