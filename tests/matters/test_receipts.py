"""Receipts: what opens a case, and what no longer does."""

from __future__ import annotations

import pytest

from dingzi import matters
from dingzi.core.errors import NotFound
from dingzi.matters import receipts
from dingzi.matters.models import Matter
from dingzi.matters.rebuild import rebuild
from tests.world import World


def test_number_and_code_or_the_reference_open_the_case(world: World, filed: str) -> None:
    """Both ways lead to the same one matter; look-alike characters are forgiven."""
    matter = Matter.objects.get(number=filed)
    code = receipts.secret_of(matter)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    for opened, viewer in (
        receipts.open_by_number(f" {filed} ", typed),
        receipts.open_by_reference(receipts.reference(matter)),
    ):
        assert opened.id == matter.id and viewer.matter == matter.id


@pytest.mark.parametrize("wrong", ["", "0000-0000-0000", "七", "x" * 500])
def test_a_wrong_code_opens_nothing(world: World, filed: str, wrong: str) -> None:
    """Nothing tells whether the number or the code was wrong."""
    for number in (filed, "袁纠〔1999〕1号"):
        with pytest.raises(NotFound, match="no_such_receipt"):
            receipts.open_by_number(number, wrong)
    with pytest.raises(NotFound):
        receipts.open_by_reference(f"1.!!.{wrong}")


def test_a_replaced_receipt_ends_the_old_one(world: World, filed: str) -> None:
    """A lost slip is replaced at the counter; who finds the old one sees nothing."""
    matter = Matter.objects.get(number=filed)
    old = receipts.secret_of(matter)
    matters.act(filed, "replace_receipt", {"checked": "回拨登记的电话"}, by=world.window)
    matter.refresh_from_db()
    with pytest.raises(NotFound):
        receipts.open_by_number(filed, old)
    assert receipts.open_by_number(filed, receipts.secret_of(matter))[0].id == matter.id
    assert rebuild(write=False).differences == []
