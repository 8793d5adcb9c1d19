"""An old debt from the list to being made good, on the word of others than who owes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingzi import matters
from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.debts.models import Debt

from .conftest import Debts


def own(number: str) -> Debt:
    return Debt.objects.select_related("matter").get(matter__number=number)


def test_it_runs_from_the_list_to_the_other_sides_word(city: Debts) -> None:
    """Entered on the unit's desk, recognised, planned, paid in steps, confirmed."""
    number = city.entered(amount=300_000)
    stands = own(number)
    assert (stands.matter.holder_id, stands.county, stands.age_years) == (
        city.housing.post, "360902", 5,
    )  # fmt: skip
    matters.act(number, "recognise", {"text": "付过定金"}, by=city.housing)
    plan = {"text": "分两次", "by_when": "2026-12-31"}
    matters.act(number, "plan", plan, by=city.housing)
    matters.act(number, "step", {"text": "第一笔", "paid": 100_000}, by=city.housing)
    with pytest.raises(Refusal, match="debt_not_paid"):
        matters.act(number, "perform", {"text": "好了"}, by=city.housing)
    matters.act(number, "step", {"text": "第二笔", "paid": 200_000}, by=city.housing)
    matters.act(number, "perform", {"text": "付清了"}, by=city.housing)
    matters.act(number, "confirm", {"text": "收到"}, by=city.desk)
    stands = own(number)
    assert (stands.outcome, stands.paid, stands.matter.active) == ("confirmed", 300_000, False)
    assert stands.settled_on == stands.closed_on == date(2026, 3, 2)
    assert rebuild(write=False).differences == []


def test_who_owes_it_neither_rules_nor_checks_nor_speaks_for_the_other(city: Debts) -> None:
    """Not the unit, whatever its roles, and not the same person from another post."""
    number = city.performed()
    before = Event.objects.count()
    same_unit = replace(city.desk, unit=city.housing.unit)
    same_person = replace(city.desk, account=city.leaving.id)
    for by in (same_unit, same_person):
        for action, data in (
            ("confirm", {"text": "收到"}), ("check", {"text": "核了"}),
            ("write_off", {"ground": "waived", "text": "放弃"}),
        ):  # fmt: skip
            with pytest.raises(Refusal, match="debt_by_the_owing_unit"):
                matters.act(number, action, data, by=by)
    with pytest.raises(Forbidden, match="debt_of_another_unit"):
        other = city.entered()
        before += 1
        matters.act(other, "transfer", {"post": city.desk.post, "why": "x"}, by=city.housing)
        before += 1
        matters.act(other, "recognise", {"text": "认"}, by=city.desk)
    assert Event.objects.count() == before
    matters.act(number, "check", {"text": "核了凭证"}, by=city.desk)
    assert own(number).outcome == "checked"


def test_a_dispute_is_ruled_on_by_others(city: Debts) -> None:
    """It goes to the desk for old debts; owed, it comes back, not owed, it leaves the list."""
    first, second = city.entered(), city.entered()
    why = {"ground": "paid", "why": "付过了"}
    for number in (first, second):
        matters.act(number, "dispute", why, by=city.housing)
        assert own(number).matter.holder_id == city.desk.post
    matters.act(first, "rule_owed", {"why": "没有凭证"}, by=city.desk)
    assert own(first).matter.holder_id == city.housing.post
    matters.act(second, "rule_void", {"why": "有凭证"}, by=city.desk)
    assert (own(second).outcome, own(second).matter.active) == ("void", False)
    assert rebuild(write=False).differences == []


def test_the_other_side_sends_it_back(city: Debts) -> None:
    """Not made good: the unit goes on, with its clock."""
    number = city.performed()
    matters.act(number, "disagree", {"text": "利息没算"}, by=city.desk)
    stands = own(number)
    assert (stands.matter.state, stands.word, stands.performed_on) == (
        "performing",
        "disagreed",
        None,
    )
    assert stands.matter.clocks["performing"]["state"] == "running"


def test_what_cannot_be_is_refused(city: Debts) -> None:
    """Dates, units and amounts that cannot be are named; nothing is written."""
    number = city.performing(amount=100)
    free = city.performing()
    before = Event.objects.count()
    for data, code in (
        ({"arose_on": "2026-03-03"}, "debt_arose_later"), ({"arose_on": "1900-01-01"}, "date_out"),
        ({"owing": 10**9}, "unknown_unit"), ({"amount": -1}, "too_small"), ({"title": ""}, "required"),
        ({"category": "gift"}, "unknown_choice"), ({"amount": 1.5}, "not_a_number"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            city.entered(**data)
    with pytest.raises(Forbidden, match="debt_of_another_unit"):
        city.entered_by(city.housing, owing=city.desk.unit)
    with pytest.raises(Invalid, match="debt_paid_too_much"):
        matters.act(number, "step", {"text": "x", "paid": 101}, by=city.housing)
    with pytest.raises(Invalid, match="debt_no_amount"):
        matters.act(free, "step", {"text": "x", "paid": 1}, by=city.housing)
    with pytest.raises(Invalid, match="debt_by_when_past"):
        plan = {"text": "x", "by_when": "2026-03-01"}
        matters.act(number, "plan", plan, by=city.housing)
    assert Event.objects.count() == before
    assert Matter.objects.filter(process="debt").count() == 2
