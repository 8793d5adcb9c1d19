"""Duplicates are proposed to who may see them, and merged by an act."""

from __future__ import annotations

import pytest

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import Invalid
from dingzi.matters import duplicates
from dingzi.matters.models import Event, Matter
from tests.world import OTHER_TOWN, TOWN, World

AGAIN = {"text": "楼上漏水，我家天花板受损，水管没人修。", "place": TOWN, "phone": "13800006620"}


def test_a_second_filing_is_proposed_with_its_reason(world: World, filed: str) -> None:
    """The clerk sees the likely earlier one, and that the telephone is the same."""
    second = matters.open_matter("dispute", "file", AGAIN, by=PUBLIC).number
    matters.open_matter("dispute", "file", {"text": "广场舞太吵。", "place": TOWN}, by=PUBLIC)
    found = duplicates.similar(Matter.objects.get(number=second), world.window)
    assert [(f.matter.number, f.same_phone) for f in found] == [(filed, True)]
    matters.act(second, "merge", {"into": filed}, by=world.window)
    merged = Matter.objects.get(number=second)
    assert merged.merged_into is not None and merged.merged_into.number == filed
    assert duplicates.similar(Matter.objects.get(number=filed), world.window) == []


def test_what_the_viewer_may_not_see_is_never_proposed(world: World, filed: str) -> None:
    """A clerk of another town learns nothing of this one's matters."""
    found = duplicates.like("dispute", TOWN, AGAIN["text"], "13800006620", world.other_window)
    assert found == []
    elsewhere = matters.open_matter("dispute", "file", AGAIN | {"place": OTHER_TOWN}, by=PUBLIC)
    events = Event.objects.count()
    with pytest.raises(Invalid, match="no_such_matter"):
        matters.act(elsewhere.number, "merge", {"into": filed}, by=world.other_window)
    assert Event.objects.count() == events
