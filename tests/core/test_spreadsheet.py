# ruff: noqa: DTZ001 (a spreadsheet's times have no zone)
"""Spreadsheets read: what is taken and what is refused."""

import io
import re
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from dingzi.core import filetypes
from dingzi.core.errors import Invalid
from dingzi.core.spreadsheet import read

HEADER = ["编号", "标题", "日期"]
SHARED = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


def workbook(*rows, header=HEADER, change=None, shared=True):
    """An xlsx file as Excel (texts shared between cells) or other programs save it."""
    book = Workbook()
    sheet = book.active
    for row in [header, *rows] if header else rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return sharing(file) if shared else file


def sharing(file):
    """The same file with its texts in a part of their own."""
    texts = []

    def moved(match):
        texts.append(match[2])
        return match[1] + f's"><v>{len(texts) - 1}</v></c>'.encode()

    cell = re.compile(rb'(<c [^>]*t=")inlineStr"><is>(.*?)</is></c>', re.DOTALL)
    with zipfile.ZipFile(file) as packed:
        sheets = {
            name.replace("/", "__").replace(".", "_DOT_"): lambda xml: cell.sub(moved, xml)
            for name in packed.namelist()
            if "/sheet" in name
        }
    out = repacked(file, **sheets)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        items = b"".join(b"<si>" + text + b"</si>" for text in texts)
        packed.writestr("xl/sharedStrings.xml", SHARED % items)
    return out


def repacked(file, **changes):
    """The same file with parts replaced (by path with _ for /) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for path, change in changes.items():
                if name == path.replace("__", "/").replace("_DOT_", "."):
                    content = change(content)
            new.writestr(name, content)
    return out


def refusal(file, **options):
    """Codes with which the file is refused, on opening or reading."""
    with pytest.raises(Invalid) as caught:
        list(read(file, **options))
    return caught.value.codes


def csv(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


# ---- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [True, False])
def test_xlsx_values(shared):
    """Each kind of cell comes as the value a person sees."""
    rows = [
        ["A1", "噪音\n扰民", date(2025, 9, 26)],
        [12, 1.5, datetime(2025, 9, 26, 10, 30)],
        [None, "  全角空格　", -3.0],
        [None, None, None],
        [True, "007", 0.1 + 0.2],
    ]
    table = read(workbook(*rows, shared=shared))
    assert table.header == ("编号", "标题", "日期")
    assert [(row.number, list(row.cells.values())) for row in table] == [
        (2, ["A1", "噪音\n扰民", date(2025, 9, 26)]),
        (3, [12, Decimal("1.5"), datetime(2025, 9, 26, 10, 30)]),
        (4, [None, "全角空格", -3]),
        (6, ["TRUE", "007", Decimal("0.3")]),
    ]
    assert [row.reasons for row in table] == [(), (), (), ()]


def test_a_table_can_be_read_again():
    """A first pass checks, a second writes."""
    table = read(workbook(["1", "a", None], ["2", "b", None]))
    assert list(table) == list(table)


def test_dates_since_1904():
    """Workbooks of old Macs count days from 1904."""

    def since_1904(book, sheet):
        book.epoch = CALENDAR_MAC_1904

    table = read(workbook(["1", "a", date(2025, 9, 26)], change=since_1904))
    assert next(iter(table)).cells["日期"] == date(2025, 9, 26)


@pytest.mark.parametrize("serial", [0, 0.5, 1, 60, 366, 2958466])
def test_dates_in_1900_are_named(serial):
    """A blank or a time of day shown as a day of 1900 is no date."""

    def shown_as_date(book, sheet):
        sheet["C2"].number_format = "yyyy-mm-dd"

    (row,) = read(workbook(["1", "a", serial], change=shown_as_date))
    assert row.cells == {"编号": "1", "标题": "a", "日期": None}
    assert row.reasons == (("no_date_in_cell", {"field": "日期", "row": 2, "cell": "C2"}),)


def test_chinese_date_formats():
    """Formats built into Chinese Excel (2025年9月26日) are dates although no file spells them out."""

    def built_in(book, sheet):
        sheet["C2"].number_format = "yyyy-mm-dd"

    file = workbook(["1", "a", 45926], change=built_in)
    old = b'numFmtId="164"'
    file = repacked(file, xl__styles_DOT_xml=lambda xml: xml.replace(old, b'numFmtId="31"'))
    (row,) = read(file)
    assert row.cells["日期"] == date(2025, 9, 26)


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x")', ArrayFormula("C2", "=A1")])
def test_a_formula_is_refused_with_its_cell(formula):
    """Formulas are never computed; the cell is named, the rest of the row is read."""
    (row,) = read(workbook(["1", "a", formula]))
    assert row.cells == {"编号": "1", "标题": "a", "日期": None}
    assert row.reasons == (("formula", {"field": "日期", "row": 2, "cell": "C2"}),)


def test_a_formula_with_a_stored_result_is_refused_too():
    """What Excel computed last need not be what the formula gives now."""
    file = workbook(["1", "a", "=1+1"])
    stored = {
        "xl__worksheets__sheet1_DOT_xml": lambda xml: xml.replace(b"<v />", b"<v>2</v>").replace(
            b"<v></v>", b"<v>2</v>"
        )
    }
    (row,) = read(repacked(file, **stored))
    assert row.cells["日期"] is None
    assert row.reasons[0][0] == "formula"


def test_text_that_looks_like_a_formula_is_text():
    """A cell of text may begin with an equals sign."""

    def as_text_cell(book, sheet):
        sheet["B2"].data_type = "s"

    (row,) = read(workbook(["1", "=不是公式", None], change=as_text_cell))
    assert row.cells["标题"] == "=不是公式"


def test_error_values_and_lost_digits_are_named():
    """#N/A and numbers beyond 15 digits cannot be taken."""
    (row,) = read(workbook([360902198503071234, "#N/A", "ok"]))
    assert row.cells == {"编号": None, "标题": None, "日期": "ok"}
    assert [(code, params["cell"]) for code, params in row.reasons] == [
        ("digits_lost", "A2"),
        ("error_value", "B2"),
    ]


def test_cells_beyond_the_header_are_named():
    """A value without a column title is not silently dropped."""
    (row,) = read(workbook(["1", "a", None, "多出来的"]))
    assert row.reasons == (("beyond_header", {"field": "", "row": 2, "cell": "D2"}),)


def test_titles_above_the_header_are_passed_over():
    """City forms have a merged title and a remark above the column titles."""

    def title(book, sheet):
        sheet.insert_rows(1, 2)
        sheet["A1"] = "2025年矛盾纠纷登记表"
        sheet.merge_cells("A1:C1")
        sheet["A2"] = "填报单位："

    table = read(workbook(["1", "a", None], change=title))
    assert (table.header_row, table.header) == (3, tuple(HEADER))
    assert [row.number for row in table] == [4]


def test_the_header_row_can_be_told():
    """Where the guess is wrong, the person says which row it is."""
    table = read(workbook(["x", "y", "z"], ["1", "2", "3"]), header_row=2)
    assert table.header == ("x", "y", "z")
    assert [row.cells for row in table] == [{"x": "1", "y": "2", "z": "3"}]
    assert refusal(workbook(["x", "y", "z"]), header_row=9) == ("empty_table",)


def test_titles_are_unique():
    """Two columns of one title, and one without, can still be told apart."""
    table = read(workbook(["a", "b", "c", "d"], header=["备注", "备注", None, "电话\n号码"]))
    assert table.header == ("备注", "备注（2）", "C列", "电话 号码")


def test_merged_cells_have_their_value_in_every_row():
    """A county merged over its rows belongs to each of them; the next row is another."""

    def merge(book, sheet):
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B3:C3")

    rows = [["袁州区", "a", "x"], [None, "b", None], ["樟树市", "c", "z"]]
    table = read(workbook(*rows, change=merge))
    assert [list(row.cells.values()) for row in table] == [
        ["袁州区", "a", "x"],
        ["袁州区", "b", None],
        ["樟树市", "c", "z"],
    ]


def test_sheets_are_chosen_by_name():
    """The first visible sheet, or the one named."""

    def more(book, sheet):
        sheet.sheet_state = "hidden"
        for name in ("一季度", "二季度"):
            book.create_sheet(name).append([name, "标题"])
        book.active = 1

    file = workbook(change=more)
    table = read(file)
    assert (table.sheets, table.header[0]) == (("一季度", "二季度"), "一季度")
    assert read(file, sheet="二季度").header[0] == "二季度"
    assert refusal(file, sheet="三季度") == ("unknown_sheet",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_encodings_and_delimiters(encoding, delimiter):
    """Files of Excel, WPS and databases are told apart by content."""
    lines = ["编号,标题,日期", "007,“噪音”扰民𠮷,2025-09-26", "", '8,"a""b' + "\n" + 'c",']
    table = read(csv("\r\n".join(lines).replace(",", delimiter), encoding))
    assert table.kind == "csv"
    assert [(row.number, list(row.cells.values())) for row in table] == [
        (2, ["007", "“噪音”扰民𠮷", "2025-09-26"]),
        (4, ["8", 'a"b\nc', None]),
    ]


# ---- refusals ----------------------------------------------------------------------------------


def doctype(xml):
    return (
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml.partition(b"?>")[2]
        if b"?>" in xml
        else (b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml)
    )


SHEET = "xl__worksheets__sheet1_DOT_xml"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (io.BytesIO(b""), "empty_file"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500), "old_excel"),
        (io.BytesIO(b"PK\x03\x04 not a zip"), "broken_file"),
        (io.BytesIO(b"%PDF-1.7\x00\xff\xfe"), "wrong_type"),
        (io.BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00"), "wrong_type"),
        (csv("\n\n"), "empty_table"),
        (csv('a,b\n1,"2\n'), "broken_row"),
        (csv('a,b\n1,"2"x\n'), "broken_row"),
        (csv(",".join(map(str, range(501))) + "\n1"), "too_many_columns"),
        (workbook(header=None), "empty_table"),
        (repacked(workbook(), **{SHEET: lambda xml: xml[:200]}), "broken_file"),
        (repacked(workbook(), **{SHEET: doctype}), "broken_file"),
        (repacked(workbook(), xl__workbook_DOT_xml=doctype), "broken_file"),
        (repacked(workbook(), xl__workbook_DOT_xml=lambda xml: b"<x"), "broken_file"),
        (repacked(workbook(), **{SHEET: lambda xml: xml.replace(b'<c r="A1" t="s"><v>0<', b'<c r="A1" t="s"><v>99<')}), "broken_file"),
        (repacked(workbook(), **{SHEET: lambda xml: xml.replace(b'<row r="1"', b'<row r="1048577"')}), "too_many_rows"),
        (repacked(workbook(), **{SHEET: lambda xml: xml.replace(b'r="C1"', b'r="XFD1"')}), "too_many_columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_files(file, code):
    """Each kind of bad file is refused with its own message."""
    assert refusal(file) == (code,)


def test_macros_are_refused():
    """A workbook that carries macros is not opened."""
    file = workbook()
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    assert refusal(file) == ("macros",)


def test_a_zip_bomb_is_refused_unread(monkeypatch):
    """What unpacks to too much is refused before anything is unpacked."""
    monkeypatch.setattr(filetypes, "MAX_UNPACKED", 50_000_000)
    file = workbook()
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb.xml", b"0" * 50_000_000)
    tracemalloc.start()
    assert refusal(file) == ("unpacks_too_large",)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_shared_texts_are_limited(monkeypatch):
    """The texts of a workbook, which must lie in memory, have a limit of their own."""
    monkeypatch.setattr("dingzi.core.spreadsheet.workbook._MAX_STRINGS", 100)
    assert refusal(workbook(["x" * 200, "a", None])) == ("unpacks_too_large",)


def test_rich_texts_and_readings():
    """Runs of one text are joined; the reading beside it is not part of it."""
    rich = b"<si><r><t>\xe5\x99\xaa</t></r><r><t>\xe9\x9f\xb3</t></r><rPh><t>zao</t></rPh></si>"
    file = repacked(
        workbook(["1", "MARK", None]),
        xl__sharedStrings_DOT_xml=lambda xml: xml.replace(b"<si><t>MARK</t></si>", rich),
    )
    (row,) = read(file)
    assert row.cells["标题"] == "噪音"


def test_size_is_limited():
    """A file beyond the limit is refused by its length alone."""
    assert refusal(csv("a,b\n" + "1,2\n" * 100), max_bytes=100) == ("too_large",)


def test_a_cell_too_long_is_named():
    """More text than a spreadsheet can hold is a fault of the cell."""
    file = repacked(
        workbook(["1", "MARK", None]),
        xl__sharedStrings_DOT_xml=lambda xml: xml.replace(b"MARK", b"x" * 40_000),
    )
    (row,) = read(file)
    assert [code for code, _ in row.reasons] == ["cell_too_long"]
