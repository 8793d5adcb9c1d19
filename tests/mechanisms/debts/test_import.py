"""A unit's old debts come from a spreadsheet: units by name, amounts in yuan."""

from __future__ import annotations

from typing import Any

from dingzi.core.spreadsheet import Row
from dingzi.matters import registry
from dingzi.matters.importing import columns, reading, running
from dingzi.matters.models import Matter
from dingzi.mechanisms.debts.models import Debt

from .conftest import Debts

HEADER = [
    "编号",
    "是哪一种",
    "欠什么",
    "来龙去脉",
    "欠谁的",
    "凭什么",
    "哪一天起欠的",
    "哪个单位欠的",
    "金额",
]


def sheet(**wrong: dict[str, Any]) -> list[Row]:
    rows = []
    for n in range(2, 6):
        row: dict[str, Any] = {
            "编号": f"Z{n}", "是哪一种": "合同、协议", "欠什么": "工程款", "来龙去脉": "前任定的",
            "欠谁的": "某公司", "凭什么": "结算书", "哪一天起欠的": "2020-05-01",
            "哪个单位欠的": "区住房和城乡建设局", "金额": "3,000.50",
        }  # fmt: skip
        rows.append(Row(n, row | wrong.get(f"r{n}", {})))
    return rows


def plan() -> reading.Plan:
    found = registry.handle("debt").latest.actions["enter"]
    mapped = columns.guess(HEADER, found) | {"编号": "@number", "凭什么": "basis"}
    values = {"category": {"合同、协议": "contract"}}
    return reading.Plan(process="debt", action=found, columns=mapped, values=values, source="清单")


def test_units_are_known_by_name_or_code(city: Debts) -> None:
    """Each row lands on the desk of the unit that it names; a second import adds nothing."""
    lines = sheet(r3={"哪个单位欠的": "zj-360902"})
    outcome = running.run(lines, plan(), city.desk, good_only=True)
    assert outcome.bad == []
    assert set(Matter.objects.values_list("holder", flat=True)) == {city.housing.post}
    assert set(Debt.objects.values_list("amount", flat=True)) == {300_050}
    running.run(lines, plan(), city.desk, good_only=True)
    assert Debt.objects.count() == 4


def test_a_unit_that_is_none_is_named_with_its_row(city: Debts) -> None:
    """The other rows are taken; of the bad ones row, column and reason are told."""
    lines = sheet(r4={"哪个单位欠的": "没有的局"}, r5={"金额": "很多"})
    outcome = running.run(lines, plan(), city.desk, good_only=True)
    told = {row: [(code, p["column"]) for code, p in why] for row, why in outcome.bad}
    assert told[4] == [("unknown_unit_name", "哪个单位欠的")]
    assert told[5][0][1] == "金额"
    assert Debt.objects.count() == 2
