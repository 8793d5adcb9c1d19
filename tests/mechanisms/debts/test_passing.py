"""An obligation passes with the post: signed by who leaves, who comes, and the post above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from dingzi import matters
from dingzi.city.models import Tenure
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal
from dingzi.matters import handover, signing, untouched
from dingzi.matters.models import Event, HandOver, HandOverSign, Matter
from dingzi.matters.rebuild import rebuild

from .conftest import Debts

DAY = 86_400


@pytest.fixture
def clock(city: Debts, at: Callable[..., Any]) -> Any:
    return at("2026-03-02T09:00+08:00")


def signs(number: str) -> list[str]:
    rows = HandOverSign.objects.filter(matter__number=number).order_by("id")
    return list(rows.values_list("side", flat=True))


def refused(number: str, by: Any, code: str, *, one: HandOver, **data: Any) -> None:
    action = data.pop("action", "sign_over")
    before = Event.objects.count()
    with pytest.raises((Refusal, Forbidden, Invalid), match=code):
        matters.act(number, action, {"handover": one.id} | data, by=by)
    assert Event.objects.count() == before


def test_three_sign_each_at_his_time(city: Debts, clock: Any) -> None:
    """Listed ahead by the timer; given before leaving, taken after coming, witnessed last."""
    number = city.entered()
    assert handover.run() == 1  # the holder leaves in four days
    one = HandOver.objects.get()
    assert (one.tenure, one.leaving) == (None, Tenure.objects.get(account=city.leaving).id)
    refused(number, city.comer, "handover_still_held", one=one, side="takes")
    refused(number, city.supervisor, "handover_not_taken", one=one, action="witness_over")
    handover.sign(one.id, [number], city.leaver, "gives", "付了三成，答应年底付清")
    refused(number, city.leaver, "already_signed", one=one, side="gives")
    late = city.entered(title="后来上的账")
    clock.shift(5 * DAY)
    assert handover.run() == 1
    one.refresh_from_db()
    assert one.tenure == Tenure.objects.get(account=city.coming).id
    assert {i.matter.number for i in handover.items(one)} == {number, late}
    refused(number, replace(city.comer, account=city.leaving.id), "handover_same", one=one)
    refused(late, city.leaver, "handover_not_leaving", one=one, side="gives")
    handover.sign(one.id, [number, late], city.comer)
    refused(number, replace(city.supervisor, account=city.coming.id), "handover_same", one=one,
            action="witness_over")  # fmt: skip
    refused(late, city.supervisor, "handover_say_why", one=one, action="witness_over")
    assert handover.run() == 0
    handover.sign(one.id, [number], city.supervisor, "witness")
    handover.sign(one.id, [late], city.supervisor, "witness", "离任后上的账，当面说清")
    assert signs(number) == ["gives", "takes", "witness"]
    assert signs(late) == ["takes", "witness"]
    assert handover.run() == 1
    one.refresh_from_db()
    assert one.closed_at is not None
    assert rebuild(write=False).differences == []


def test_an_ordinary_matter_still_needs_one_signature(city: Debts, clock: Any) -> None:
    """Beside obligations, a task on the same post is signed for by who comes alone."""
    city.entered()
    world = city.world
    data = {"text": "漏水", "place": "360902001"}
    dispute = matters.open_matter("dispute", "file", data, by=world.window).number
    matters.act(dispute, "transfer", {"post": city.housing.post, "why": "x"}, by=world.window)
    one = handover.prepare(city.housing.post or 0, city.leaver)
    assert handover.prepare(city.housing.post or 0, city.supervisor) == one
    refused(dispute, city.leaver, "handover_side_not_needed", one=one, side="gives")
    clock.shift(5 * DAY)
    handover.run()
    handover.sign(one.id, [dispute], city.comer)
    item = next(i for i in handover.items(one) if i.matter.number == dispute)
    assert item.complete
    with pytest.raises(NotFound):
        handover.prepare(city.housing.post or 0, city.desk)


def test_who_stays_after_all_keeps_everything(city: Debts, clock: Any) -> None:
    """A list made ahead moves nothing where nobody has left."""
    number = city.entered()
    Tenure.objects.filter(account=city.coming).delete()
    Tenure.objects.filter(account=city.leaving).update(until=None)
    one = handover.prepare(city.housing.post or 0, city.leaver)
    clock.shift(30 * DAY)
    handover.run()
    one.refresh_from_db()
    assert one.closed_at is not None
    assert Matter.objects.get(number=number).holder_id == city.housing.post


def test_the_wizard_leads_each_side(city: Debts, clock: Any) -> None:
    """The page asks of each what is his: give, take, witness; a refusal keeps the remark."""
    number = city.entered()
    desk = sit(city.leaving)
    assert "要离任了" in desk.get("/work/handover/").content.decode()
    page = desk.post("/work/handover/prepare/", follow=True)
    one = HandOver.objects.get()
    assert "请您在离任以前一件一件签交" in page.content.decode()
    address = f"/work/handover/{one.id}/"
    told = desk.post(address, {"pick": [number], "remark": "说清了"}, follow=True)
    assert "再由上级岗位监交" in told.content.decode() and signs(number) == ["gives"]
    clock.shift(5 * DAY)
    handover.run()
    comes = sit(city.coming)
    assert "签收勾上的" in comes.get(address).content.decode()
    comes.post(address, {"pick": [number]})
    above = sit(city.above)
    assert "监交勾上的" in above.get(address).content.decode()
    assert "请先勾上要签的" in above.post(address, {}, follow=True).content.decode()
    above.post(address, {"pick": [number]})
    assert signs(number) == ["gives", "takes", "witness"]
    assert sit(city.leaving).get(address).status_code == 404  # he has left


def test_what_nobody_touched_since_the_change_is_shown(city: Debts, clock: Any) -> None:
    """Signing and passing on touch nothing; a note does. Who has no part in it sees nothing."""
    left, touched = city.entered(), city.entered(title="动过的")
    clock.shift(5 * DAY)
    handover.run()
    one = HandOver.objects.get()
    handover.sign(one.id, [left, touched], city.comer)
    matters.act(touched, "note", {"text": "问过了"}, by=city.comer)
    for viewer in (city.comer, city.supervisor):
        (found,) = untouched.of_viewer(viewer)
        assert (found.post, found.vacant) == (city.housing.post, False)
        assert [m.number for m in found.matters] == [left]
    assert untouched.of_viewer(city.world.stranger) == []
    page = sit(city.coming).get("/work/untouched/").content.decode()
    assert left in page and touched not in page and "换了人" in page
    Tenure.objects.filter(account=city.coming).update(until="2026-03-07")
    (found,) = untouched.of_viewer(city.supervisor)
    assert found.vacant
    assert signing.sitting(city.housing.post or 0) is None


def sit(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
