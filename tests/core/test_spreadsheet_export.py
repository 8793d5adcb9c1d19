# ruff: noqa: DTZ001 (a spreadsheet's times have no zone)
"""Spreadsheets written: read by others, and harming nobody."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from dingzi.core.spreadsheet import as_text, export, read
from dingzi.core.text import Text

MOMENT = datetime(2025, 9, 26, 2, 30, tzinfo=UTC)
RISKY = ["=1+1", "+86 795", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "普通", "'引号"]


def written(kind, header, rows, title=""):
    return io.BytesIO(b"".join(export(header, rows, kind, title)))


def test_xlsx_export_is_read_by_others():
    """openpyxl reads what we write; texts stay texts, dates dates, times are the city's."""
    row = ["<b>&\"'", 7, Decimal("1.50"), date(2025, 9, 26), MOMENT, None, Text("甲", "A"), True]
    file = written("xlsx", [f"列{n}" for n in range(8)], [row], "矛盾/纠纷")
    book = load_workbook(file)
    assert book.sheetnames == ["矛盾 纠纷"]
    assert [cell.value for cell in book.active[2]] == [
        "<b>&\"'", 7, 1.5, datetime(2025, 9, 26), datetime(2025, 9, 26, 10, 30), None, "甲", "TRUE",
    ]  # fmt: skip
    assert book.active.freeze_panes == "A2"


def test_no_export_holds_a_formula():
    """CSV injection: what begins like a formula is text in both kinds and comes back unchanged."""
    rows = [[text, -5] for text in RISKY]
    file = written("xlsx", ["=标题", "n"], rows)
    cells = [cell for row in load_workbook(file).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"} or {
        cell.data_type for cell in cells
    } == {"inlineStr", "n"}
    text = written("csv", ["=标题", "n"], rows).getvalue().decode("utf-8-sig")
    for line in text.split("\r\n"):
        assert not line.lstrip('"').startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "'=1+1,-5" in text


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_we_export_we_read(kind):
    """Export and import are each other's inverse."""
    rows = [[text.strip(), "x"] for text in RISKY]
    table = read(written(kind, ["甲", "乙"], rows))
    assert [as_text(row.cells["甲"]) for row in table] == [row[0] for row in rows]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_export_bears_any_text(kind):
    """Control characters, lone surrogates and over-long texts do not break a file."""
    rows = [["a\x00\x0bb\ud800", "_x0041_"], ["长" * 40_000, ""], [10**20, 10**15]]
    (first, second, third) = read(written(kind, ["甲", "乙"], rows))
    assert first.cells == {"甲": "ab", "乙": "_x0041_"}
    assert len(second.cells["甲"]) == (32_767 if kind == "xlsx" else 40_000)
    assert third.cells == {"甲": str(10**20), "乙": str(10**15)}


def test_export_streams():
    """A list of any length is written in pieces as it is read."""
    pieces = export(["n"], ([n] for n in range(200_000)), "csv")
    assert len(next(pieces)) < 200_000


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    """More rows than a sheet can hold go on in the next one, under the same titles."""
    monkeypatch.setattr("dingzi.core.spreadsheet.writing.SHEET_ROWS", 3)
    file = written("xlsx", ["n"], [[n] for n in range(7)], "清单")
    book = load_workbook(file)
    assert [(sheet.title, sheet.max_row) for sheet in book] == [
        ("清单", 4), ("清单 2", 4), ("清单 3", 2),
    ]  # fmt: skip


def test_unknown_kind():
    """There are two kinds."""
    with pytest.raises(ValueError, match="xlsx or csv"):
        export([], [], "xls")


def test_memory_does_not_grow_with_the_rows():
    """A long table is written and read in a few megabytes."""
    rows = (
        [f"袁纠〔2025〕{n}号", "小区物业乱收费" * 10, n, date(2025, 1, 1)] for n in range(10_000)
    )
    tracemalloc.start()
    file = written("xlsx", ["编号", "内容", "数", "日期"], rows)
    table = read(file)
    assert sum(row.cells["数"] for row in table) == 9_999 * 5_000
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_columns_are_as_wide_as_what_stands_in_them():
    """A moment in a narrow column is shown as ####; a long text does not push all else away."""
    rows = [["袁纠〔2026〕349号", MOMENT, date(2025, 9, 26), "长" * 200, None], ["短", MOMENT]]
    sheet = load_workbook(written("xlsx", ["编号", "登记", "期限", "说法", "空"], rows)).active
    width = {name: sheet.column_dimensions[name].width for name in "ABCDE"}
    assert width["A"] >= 18 and width["B"] >= 20 and width["C"] >= 12
    assert 50 <= width["D"] <= 62 and width["E"] <= 12
    assert sheet.max_row == 3
