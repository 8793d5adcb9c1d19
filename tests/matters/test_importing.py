"""Spreadsheets of cities: bad rows named, good ones or none written, and again changes little."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dingzi import matters
from dingzi.core.spreadsheet import Row
from dingzi.matters import registry
from dingzi.matters.clocks import LOCAL
from dingzi.matters.importing import columns, moments, reading, running, words
from dingzi.matters.models import Counter, Event, Matter
from dingzi.matters.rebuild import rebuild
from tests.world import TOWN, World

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "乡镇", "联系电话"]


def sheet(n: int, **wrong: dict[str, Any]) -> list[Row]:
    """Rows 2.. of a spreadsheet; ``wrong`` replaces cells of row ``rN``."""
    rows = []
    for i in range(n):
        row: dict[str, Any] = {
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


OLD = ["编号", "登记日期", "案由", "基本情况", "乡镇", "受理日期", "办结日期", "调解结果"]


def old_cases(*rows: dict[str, Any]) -> list[Row]:
    """Rows 2.. of a ledger of finished cases."""
    usual = {
        "编号": "", "登记日期": "2024.3.1", "案由": "田埂", "基本情况": "两家争一条田埂。",
        "乡镇": "灵泉街道", "受理日期": "2024年3月2日", "办结日期": "20240310", "调解结果": "达成协议",
    }  # fmt: skip
    return [Row(n, usual | {"编号": f"J{n}"} | row) for n, row in enumerate(rows, 2)]


def test_old_cases_are_taken_over_finished(world: World) -> None:
    """A ledger of finished cases becomes archived matters with their own days."""
    outcome = running.run(old_cases({}, {}), plan("take_over", OLD), world.window, good_only=True)
    assert (outcome.opened, outcome.bad) == (2, [])
    taken = Matter.objects.get(foreign_number="J2")
    assert (taken.state, taken.outcome) == ("archived", "agreed")
    assert taken.closed_at is not None and taken.closed_at.astimezone(LOCAL).day == 10


def test_refused_rows_leave_no_gap_in_the_numbers(world: World) -> None:
    """What a check refuses in the middle of a batch takes no number from those after it."""
    rows = old_cases({}, {"办结日期": "2024-02-01"}, {}, {"受理日期": "2023-01-01"}, {})
    outcome = running.run(rows, plan("take_over", OLD), world.window, good_only=True)
    named = [(row, [(c, p["column"]) for c, p in reasons]) for row, reasons in outcome.bad]
    assert named == [
        (3, [("closed_out_of_order", "办结日期")]),
        (5, [("accepted_out_of_order", "受理日期")]),
    ]
    numbers = list(Matter.objects.order_by("id").values_list("number", flat=True))
    assert [int(n.partition("〕")[2].removesuffix("号")) for n in numbers] == [1, 2, 3]
    (series,) = {n.partition("〕")[0] + "〕" for n in numbers}
    assert Counter.objects.get(name=series).last == 3
    assert rebuild(write=False).differences == []


def test_a_number_that_stands_twice_is_found_however_far_apart(world: World) -> None:
    """The second row with a number is refused, though the first was written long before it."""
    rows = sheet(running.CHUNK + 5)
    last = rows[-1]
    rows[-1] = Row(last.number, last.cells | {"留言编号": "A0"})
    outcome = running.run(rows, plan(), world.window, good_only=True)
    assert [(row, reasons[0][0], reasons[0][1]["row"]) for row, reasons in outcome.bad] == [
        (last.number, "number_twice", 2)
    ]
    assert Matter.objects.count() == running.CHUNK + 4


def test_all_or_nothing_names_every_bad_row(world: World) -> None:
    """Once one row is bad the rest is only looked at: the report is whole, nothing is written."""
    bad = sheet(running.CHUNK + 50, r7={"乡镇": "?"}, r1040={"留言时间": "昨天"})
    outcome = running.run(bad, plan(), world.window, good_only=False)
    assert [row for row, _ in outcome.bad] == [7, 1040]
    assert (outcome.opened, Event.objects.count(), Matter.objects.count()) == (0, 0, 0)


def test_what_was_corrected_here_is_not_undone_by_the_next_import(world: World) -> None:
    """Only what changed in the source is a change: our clerk's category and title stay."""
    header = [*HEADER, "类别"]
    rows = [Row(r.number, r.cells | {"类别": "邻里"}) for r in sheet(1)]
    running.run(rows, plan("file", header), world.window, good_only=False)
    number = Matter.objects.get().number
    ours = {"title": "我们改的标题", "why": "写得更清楚"}
    matters.act(number, "correct", ours, by=world.window)
    matters.act(number, "accept", {"category": "wages"}, by=world.window)
    again = running.run(rows, plan("file", header), world.window, good_only=False)
    assert (again.corrected, again.same) == (0, 1)
    matter = Matter.objects.get()
    assert (matter.title, matter.category) == ("我们改的标题", "wages")


def test_a_change_that_no_correction_can_make_is_named(world: World) -> None:
    """Another telephone than last time is for a person to look at; the row says so."""
    running.run(sheet(2), plan(), world.window, good_only=False)
    changed = running.run(
        sheet(2, r3={"联系电话": "13800006620"}), plan(), world.window, good_only=True
    )
    assert [(row, r[0][0], r[0][1]["column"]) for row, r in changed.bad] == [
        (3, "not_corrected_by_import", "联系电话")
    ]


def test_a_number_that_others_brought_in_is_not_touched(world: World) -> None:
    """A unit that does not see the matter can neither read nor change it through its number."""
    running.run(sheet(1), plan(), world.window, good_only=False)
    events = Event.objects.count()
    theirs = running.run(sheet(1, r2={"留言主题": "改掉"}), plan(), world.stranger, good_only=True)
    assert [r[0][0] for _, r in theirs.bad] == ["number_of_others"]
    assert Event.objects.count() == events


def test_who_merely_sees_a_matter_corrects_nothing_by_import(world: World) -> None:
    """The county sees the town's matters; what it may not correct by hand no spreadsheet corrects."""
    running.run(sheet(1), plan(), world.window, good_only=False)
    events = Event.objects.count()
    changed = sheet(1, r2={"留言主题": "改掉"})
    theirs = running.run(changed, plan(), world.supervisor, good_only=True)
    assert [r[0][0] for _, r in theirs.bad] == ["number_of_others"]
    assert Event.objects.count() == events
    ours = running.run(changed, plan(), world.window, good_only=True)
    assert (ours.corrected, ours.bad_count) == (1, 0)


def test_a_day_before_any_rule_is_refused_in_words(world: World) -> None:
    """A deadline cannot be counted from 1998; the row says so instead of the import breaking."""
    early = running.run(
        sheet(2, r3={"留言时间": "1998/5/1 8:00:00"}), plan(), world.window, good_only=True
    )
    assert [(row, r[0][0], r[0][1]["column"]) for row, r in early.bad] == [
        (3, "rule_not_in_force", "留言时间")
    ]
    assert early.opened == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019/2/28 11:25:05", "2019-02-28T11:25:05"),
        ("2019-02-28T11:25", "2019-02-28T11:25:00"),
        ("2019年2月8日", "2019-02-08T09:00:00"),
        ("2019年2月8日 下午3时5分", "2019-02-08T15:05:00"),
        ("2019.2.8 3:05 PM", "2019-02-08T15:05:00"),
        ("20190208", "2019-02-08T09:00:00"),
        (20190208, "2019-02-08T09:00:00"),
        ("20190208112505", "2019-02-08T11:25:05"),
    ],
)
def test_days_are_read_as_people_write_them(written: Any, read: str) -> None:
    """Slashes, dots, characters, no signs at all; always the city's own time."""
    assert moments.moment(written).replace(tzinfo=None).isoformat() == read


@pytest.mark.parametrize(
    ("column", "target"),
    [
        ("来电时间", "@time"), ("工单编号", "@number"), ("案由", "title"), ("诉求内容", "text"),
        ("事发地址", "place"), ("来电人姓名", "name"), ("手机号码", "phone"), ("纠纷类别", "category"),
        ("序号", None), ("办结时间", None), ("答复内容", None), ("承办单位", None), ("备注", None),
    ],
)  # fmt: skip
def test_a_column_means_what_its_words_say_the_most(column: str, target: str | None) -> None:
    """办结时间 sounds like a time and is another one; a running number names nothing."""
    action = registry.handle("dispute").latest.actions["file"]
    assert columns.guess([column], action).get(column) == target


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("邻里纠纷", "neighbours"), ("婚姻家庭类", "family"), ("劳动工资", "wages"), ("道路交通事故", "traffic"),
        ("Consumer", "consumer"), ("环境问题", "environment"), ("量子力学", ""), ("", ""),
    ],
)  # fmt: skip
def test_foreign_words_for_categories_are_guessed(word: str, code: str) -> None:
    """The same word with an ending that says nothing is the same; a strange one stays open."""
    action = registry.handle("dispute").latest.actions["file"]
    category = next(f for f in action.fields if f.name == "category")
    assert words.choice(category, word) == code


def test_places_are_read_as_addresses_too(world: World) -> None:
    """A name, a name with those above it, or an address whose rest becomes the spot."""
    places = words.Places()
    assert places.read("灵泉街道") == (TOWN, "")
    assert places.read("袁州区灵泉街道") == (TOWN, "")
    assert places.read("袁州区灵泉街道秀江花园3栋202") == (TOWN, "秀江花园3栋202")
    assert places.read("没有的地方") is None
    assert words.Places(known={"我们那片": TOWN}).read("我们那片") == (TOWN, "")
    outcome = running.run(
        sheet(1, r2={"乡镇": "袁州区灵泉街道秀江花园3栋"}), plan(), world.window, good_only=True
    )
    assert outcome.bad == []
    matter = Matter.objects.get()
    assert (matter.town, matter.spot) == (TOWN, "秀江花园3栋")


def test_a_formula_in_a_column_that_is_taken_refuses_its_row(world: World) -> None:
    """In a column that nobody takes it does not matter."""
    fault = ("formula", {"field": "留言主题", "row": 2, "cell": "C2"})
    aside = ("formula", {"field": "留言用户", "row": 3, "cell": "B3"})
    rows = [Row(r.number, r.cells, (why,)) for r, why in zip(sheet(2), (fault, aside), strict=True)]
    outcome = running.run(rows, plan(), world.window, good_only=True)
    assert [(row, r[0][0]) for row, r in outcome.bad] == [(2, "formula")]
    assert outcome.opened == 1
