"""What is owed in money: by month, by kind, and by unit for the city's own staff."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dingzi import figures, matters
from dingzi.core.errors import Invalid, NotFound
from dingzi.figures import Period
from dingzi.matters import registry, selectors
from dingzi.matters.models import Event, Matter
from dingzi.mechanisms.debts.models import Debt

from .conftest import Debts

MARCH = Period.month(2026, 3)


def paid(city: Debts, amount: int) -> str:
    number = city.performing(amount=amount)
    matters.act(number, "step", {"text": "付清", "paid": amount}, by=city.housing)
    matters.act(number, "perform", {"text": "付清了"}, by=city.housing)
    matters.act(number, "confirm", {"text": "收到"}, by=city.desk)
    return number


def test_amounts_are_told_in_yuan_to_the_fen(city: Debts) -> None:
    """Entered, settled and still open; a promise without an amount is in none of them."""
    paid(city, 1_234_567)
    city.entered(amount=100)
    half = city.performing(amount=50_000_000_001)
    matters.act(half, "step", {"text": "第一笔", "paid": 1}, by=city.housing)
    gone = city.entered(amount=70_000)
    matters.act(gone, "write_off", {"ground": "waived", "text": "放弃"}, by=city.desk)
    city.entered(category="promise")
    figures.refresh()
    told = {
        name: figures.value(f"debts.{name}_amount", MARCH)
        for name in ("entered", "open", "settled")
    }
    assert told["entered"].number == Fraction(1_234_567 + 100 + 50_000_000_001 + 70_000, 100)
    assert told["open"].number == Fraction(100 + 50_000_000_001, 100)
    assert told["settled"].number == Fraction(1_234_567, 100)
    assert str(told["settled"].shown) == "12345.67"
    assert told["settled"].unit.en == "yuan"
    table = figures.table("debts.open_amount", MARCH, "category", public=False)
    assert {row.key: row.value.number for row in table.rows if row.value.number} == {
        "contract": Fraction(50_000_000_101, 100)
    }


def test_by_unit_is_for_the_staff_alone(city: Debts) -> None:
    """Each unit that owes has a row; outsiders are told that there is no such division."""
    paid(city, 20_000)
    city.entered(amount=30_000)
    figures.refresh()
    table = figures.table("debts.entered_amount", MARCH, "unit", public=False)
    assert [(row.key, row.value.number) for row in table.rows if row.value.number] == [
        ("zj-360902", Fraction(500))
    ]
    for name in ("entered", "open", "settled"):
        with pytest.raises(Invalid, match="inner_dimension"):
            figures.table(f"debts.{name}_amount", MARCH, "unit")
    assert Debt.objects.values_list("unit", flat=True).distinct().get() == "zj-360902"


def test_no_receipt_is_replaced_where_nobody_outside_has_one(city: Debts) -> None:
    """A debt has no citizen: the act is neither offered nor taken; a petition's is."""
    number = city.entered()
    state = selectors.state_of(Matter.objects.get(number=number))
    assert registry.RECEIPT not in {one.name for one in selectors.possible(state, city.housing)}
    before = Event.objects.count()
    with pytest.raises(NotFound, match="no_such_action"):
        matters.act(number, registry.RECEIPT, {"checked": "身份证"}, by=city.housing)
    assert Event.objects.count() == before
    holds = {one.name: one.latest.has_citizen for one in registry.handles()}
    assert {name for name, one in holds.items() if one} >= {"dispute", "petition"}
    assert not any(holds[name] for name in ("debt", "problem", "estate", "household"))
