"""What staff open themselves: an old debt, a problem on a list; no receipt, straight to the case."""

from __future__ import annotations

from typing import Any

import pytest

from dingzi.city import directory
from dingzi.city.models import Post
from dingzi.matters.models import Event, Matter

from .conftest import Office

DEBT = {
    "new-category": "contract", "new-title": "工程款没有付清", "new-text": "前任定的",
    "new-owed_to": "某建设公司", "new-basis": "结算书", "new-arose_on": "2020-05-01",
    "new-amount": "3000.50",
}  # fmt: skip


def test_a_unit_enters_what_it_owes(office: Office) -> None:
    """The list offers it to who may; sent, it is on the unit's desk, in fen."""
    desk = office.client(office.world.bureau)
    assert "上账" in desk.get("/work/debts/").content.decode()
    page = desk.get("/work/new/debts/").content.decode()
    assert "来人" not in page and "欠谁的" in page
    answer = desk.post("/work/new/debts/", DEBT | {"new-owing": office.world.housing})
    matter = Matter.objects.get(process="debt")
    assert answer.status_code == 302 and "/receipt" not in answer["Location"]
    assert matter.holder_id == office.world.bureau.post
    assert matter.debt.amount == 300_050  # type: ignore[attr-defined]


def test_what_is_wrong_stands_beside_its_field(office: Office) -> None:
    """A day to come and a unit that is none: 422, said, and nothing written."""
    desk = office.client(office.world.bureau)
    sent = DEBT | {"new-owing": office.world.housing, "new-arose_on": "2098-01-01"}
    answer = desk.post("/work/new/debts/", sent)
    assert answer.status_code == 422
    assert "起欠的日期不能在今天以后" in answer.content.decode()
    assert desk.post("/work/new/debts/", DEBT | {"new-owing": 10**8}).status_code == 422
    assert not Event.objects.exists()


@pytest.mark.parametrize("mechanism", ["debts", "rectification"])
def test_who_may_not_is_not_offered_it(office: Office, mechanism: str) -> None:
    """No button, and 403 at its address; a mechanism whose matters nobody opens has none: 404."""
    desk = office.client(office.world.mediator)
    assert f"/work/new/{mechanism}/" not in desk.get(f"/work/{mechanism}/").content.decode()
    assert desk.get(f"/work/new/{mechanism}/").status_code == 403
    assert desk.get("/work/new/carried/").status_code == 404


def test_an_inspector_lists_a_problem(office: Office, client: Any) -> None:
    """From the supervisor's desk, without a unit yet: it is kept where it was found."""
    Post.objects.filter(id=office.world.supervisor.post).update(roles=["supervisor", "inspector"])
    directory.forget()
    desk = office.client(office.world.supervisor)
    sent = {
        "new-list": "hotspot", "new-title": "河段倾倒垃圾", "new-text": "三处",
        "new-place": "360902001", "new-how": "inspection",
    }  # fmt: skip
    answer = desk.post("/work/new/rectification/", sent, follow=True)
    assert "河段倾倒垃圾" in answer.content.decode()
    assert Matter.objects.get(process="problem").holder_id == office.world.supervisor.post
