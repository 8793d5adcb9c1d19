"""A matter in memory for who only wants to know what events make of its projection."""

from __future__ import annotations

import pytest

from dingzi.matters import registry
from dingzi.matters.bare import bare
from dingzi.matters.models import Matter
from dingzi.matters.writer import blank
from dingzi.mechanisms.disputes.models import Dispute


def test_it_begins_as_a_row_does() -> None:
    """Every column that it has is that of a new row, and no two share what can be changed."""
    process = registry.process("dispute", 1)
    one, other = bare(7, process, Dispute), bare(8, process, Dispute)
    for made, row in ((one.matter, blank(Matter, id=7)), (one.own, blank(Dispute, matter_id=7))):
        values = {
            name: value for name, value in vars(made).items() if name not in ("matter", "seq")
        }
        assert values == {name: getattr(row, name) for name in values}
    assert one.own.matter is one.matter and one.matter.clocks is not other.matter.clocks


@pytest.mark.parametrize("name", ["units", "people", "due_at", "paper_count", "title"])
def test_what_it_does_not_follow_is_not_there(name: str) -> None:
    """An apply that reads it fails, rather than go on from what does not hold."""
    made = bare(7, registry.process("dispute", 1), Dispute)
    with pytest.raises(AttributeError):
        getattr(made.matter, name)
