"""What one may see and do where several matters and posts meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from dingzi import matters
from dingzi.core import keyset
from dingzi.matters import selectors
from dingzi.matters.models import Matter
from tests.world import World

ASK = {"category": "property", "what": "看看是不是共用管道"}


def asked(world: World, number: str) -> str:
    """Give ``number`` to its lead with the bureau's help; return the bureau's task."""
    data = ASK | {"lead": world.mediation, "co_units": [world.housing]}
    matters.act(number, "accept_dispatch", data, by=world.window)
    return f"{number}-1"


def test_a_task_that_was_dropped_leaves_no_ruling_behind(world: World, filed: str) -> None:
    """Who rules after the task ended ends the ruling and changes nothing else."""
    task = asked(world, filed)
    matters.act(task, "object", {"why": "不归我们"}, by=world.bureau)
    matters.act(task, "drop", {}, by=world.mediator)
    matters.act(f"{task}-1", "rule", {"theirs": "not_theirs", "why": "不归"}, by=world.window)
    assert not Matter.objects.filter(parent__number=task, active=True).exists()
    assert Matter.objects.get(number=task).state == "dropped"


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
        rows = keyset.page(selectors.handled(deputy), order=("-matter_id",), size=9)
        return [part.matter.number for part in rows]

    assert handled() == []
    Matter.objects.filter(number=filed).update(holder=world.window.post)
    assert handled() == [filed]


def test_a_number_with_a_nul_is_nobodys(world: World, filed: str) -> None:
    """What PostgreSQL takes in no text is not found rather than an error."""
    assert [m.number for m in selectors.by_numbers([filed, "\0"], world.window)] == [filed]
