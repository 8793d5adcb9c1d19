"""Spreadsheets of cities: bad rows named, good ones or none written, and again changes little."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dingzi.core.spreadsheet import Row
from dingzi.matters import registry
from dingzi.matters.clocks import LOCAL
from dingzi.matters.importing import columns, moments, reading, running
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from tests.world import World

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "乡镇", "联系电话"]


def sheet(n: int, **wrong: dict[str, Any]) -> list[Row]:
    """Rows 2.. of a spreadsheet; ``wrong`` replaces cells of row ``rN``."""
    rows = []
    for i in range(n):
        row = {
            "留言编号": f"A{i}",
            "留言用户": f"U{i}",
            "留言主题": f"第{i}件事",
            "留言时间": datetime(2026, 3, 1 + i % 28, 8, 30, tzinfo=LOCAL),
            "留言详情": f"　说了些话{i}\n\t\n",
            "乡镇": "灵泉街道",
            "联系电话": "0795-1234567",
        }
        rows.append(Row(i + 2, row | wrong.get(f"r{i + 2}", {})))
    return rows


def plan(action: str = "file", header: list[str] = HEADER, **more: Any) -> reading.Plan:
    found = registry.handle("dispute").latest.actions[action]
    return reading.Plan(
        process="dispute",
        action=found,
        columns=columns.guess(header, found),
        **{"source": "12345"} | more,
    )


def test_columns_are_guessed_from_their_names() -> None:
    """The words that spreadsheets use are known; what means nothing stays unmapped."""
    assert plan().columns == {
        "留言编号": "@number",
        "留言主题": "title",
        "留言时间": "@time",
        "留言详情": "text",
        "乡镇": "place",
        "联系电话": "phone",
    }


def test_three_bad_rows_of_many_are_named(world: World) -> None:
    """With good_only the bad three are named by row and column, the rest is there."""
    bad = sheet(
        40,
        r5={"乡镇": "没有的镇"},
        r17={"留言时间": "1900-01-00"},
        r33={"留言编号": "A0"},
    )
    outcome = running.run(bad, plan(), world.window, good_only=True)
    told = [(row, [(c, p["field"]) for c, p in reasons]) for row, reasons in outcome.bad]
    assert sorted(told) == [
        (5, [("unknown_division", "place")]),
        (17, [("not_a_date", "@time")]),
        (33, [("number_twice", "@number")]),
    ]
    assert (outcome.rows, outcome.opened, Matter.objects.count()) == (40, 37, 37)
    first = Matter.objects.get(foreign_number="A1")
    assert first.title == "第1件事" and first.opened_at.isoformat() == "2026-03-02T00:30:00+00:00"
    assert rebuild(write=False).differences == []


def test_all_or_nothing_writes_nothing(world: World) -> None:
    """One bad row among many: none is written, and the bad one is named."""
    outcome = running.run(sheet(30, r9={"乡镇": "?"}), plan(), world.window, good_only=False)
    assert (outcome.opened, outcome.bad_count, Event.objects.count()) == (0, 1, 0)


def test_importing_again_changes_only_what_changed(world: World) -> None:
    """The same sheet twice opens nothing; a changed cell becomes one correction."""
    running.run(sheet(5), plan(), world.window, good_only=False)
    events = Event.objects.count()
    again = running.run(sheet(5), plan(), world.window, good_only=False)
    assert (again.opened, again.corrected, again.same) == (0, 0, 5)
    assert Event.objects.count() == events
    changed = running.run(
        sheet(6, r3={"留言主题": "换了说法"}), plan(), world.window, good_only=False
    )
    assert (changed.opened, changed.corrected, changed.same) == (1, 1, 4)
    assert Matter.objects.get(foreign_number="A1").title == "换了说法"
    assert rebuild(write=False).differences == []


def test_a_rehearsal_writes_nothing(world: World) -> None:
    """The mapping page shows what would happen; nothing has happened."""
    outcome = running.look(sheet(10, r4={"联系电话": "abc"}), plan(), world.window)
    assert (outcome.rows, outcome.bad_count, Event.objects.count()) == (10, 1, 0)


@pytest.mark.parametrize("value", ["1900-01-01", "2025-13-40", "昨天", "", 45_000])
def test_odd_dates_are_refused(value: Any) -> None:
    """Dates before the city's records, impossible ones and bare numbers are not guessed at."""
    with pytest.raises(moments.NotRead):
        moments.moment(value)
