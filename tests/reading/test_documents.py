"""The text of documents: what is in them, and what cannot be read."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
import weasyprint
import yaml
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from pypdf import PdfWriter

from dingzi.reading import documents, pages
from dingzi.reading.errors import Unreadable

TEXT = "全市受理4268件，化解4190件。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_offices(encoding):
    """UTF-8 with and without its mark, GB 18030, UTF-16; the mark is no character of the text."""
    assert documents.text_of(TEXT.encode(encoding), "a.txt") == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "全市受理4268件，化解4190件。",
        "本縣今年1至10月受理申訴1.52萬件，辦結率98.2%。",
        "化解率98%",
        "甲縣\t12\t3\n乙縣\t9\t1",
    ],
)
def test_traditional_offices_write_big5(text):
    """Most bytes of Big5 are valid GB 18030 of other characters: the probable ones are taken."""
    assert documents.text_of(text.encode("big5"), "a.txt") == text


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("gold*.yaml")))
def test_no_sentence_in_gb_is_taken_for_big5(path):
    """Sentences of the gold files, short and alone, and traditional characters in GB 18030."""
    sentences = [one["text"] for one in yaml.safe_load(path.read_text("utf-8"))][::5]
    for text in [*sentences, "醫療保險基金支出12.3億元", "臺灣同胞來贛投資項目37個"]:
        assert documents.text_of(text.encode("gb18030"), "a.txt") == text


@pytest.mark.parametrize("text", ["化解率98.2%", "今年受理4,268件，满意率97.1‰。", TEXT])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_short_and_unmarked_texts_are_read(text, encoding):
    """A few characters in GB 18030 are not taken for Big5; UTF-16 is known without its mark."""
    assert documents.text_of(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("今日受理嘅個案已經辦結98宗", "big5hkscs"),
        ("1月から10月まで、全市で受け付けた紛争は1.52万件、解決率は98.2%でした。", "shift_jis"),
        ("1月から10月まで、全市で受け付けた紛争は1.52万件、解決率は98.2%でした。", "euc_jp"),
        ("1월부터 10월까지 접수한 분쟁은 15200건이며, 해결률은 98.2%로 높아졌습니다.", "euc_kr"),
    ],
)
def test_bytes_of_another_table_are_refused(text, encoding):
    """What would be read as characters that no one writes is not read at all."""
    with pytest.raises(Unreadable) as refused:
        documents.text_of(text.encode(encoding), "a.txt")
    assert refused.value.reason == ("text_encoding_unclear", {"file": "a.txt"})


def test_docx_paragraphs_and_tables_in_order():
    """A table between two paragraphs stays between them, a row in a line."""
    made = docx.Document()
    made.add_paragraph("一、总体情况")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "袁州区", "312件"
    made.add_paragraph(TEXT)
    file = io.BytesIO()
    made.save(file)
    assert documents.text_of(file.getvalue(), "a.docx") == f"一、总体情况\n袁州区\t312件\n{TEXT}"


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RUN = "<w:r><w:t>%s</w:t></w:r>"


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        (f"<w:ins {_W}>{_RUN % '312件'}</w:ins>", "受理312件"),
        (f"<w:del {_W}><w:r><w:delText>999件</w:delText></w:r></w:del>", "受理"),
        (f"<w:moveFrom {_W}>{_RUN % '999件'}</w:moveFrom>", "受理"),
        (f"<w:moveTo {_W}>{_RUN % '312件'}</w:moveTo>", "受理312件"),
        (f"<w:hyperlink {_W}>{_RUN % '312件'}</w:hyperlink>", "受理312件"),
        (f"<w:sdt {_W}><w:sdtContent>{_RUN % '312件'}</w:sdtContent></w:sdt>", "受理312件"),
        (f"<w:r {_W}><w:rPr><w:vanish/></w:rPr><w:t>999件</w:t></w:r>", "受理"),
        (f"<w:r {_W}><w:pict><w:txbxContent><w:p>{_RUN % '办结9件'}</w:p></w:txbxContent></w:pict></w:r>", "受理\n办结9件"),
    ],
)  # fmt: skip
def test_a_docx_is_read_as_it_would_be_printed(inside, wanted):
    """Insertions, links, controls and boxes are words of the text; what was struck out or hidden is none."""
    made = docx.Document()
    made.add_paragraph("受理")._p.append(parse_xml(inside))
    file = io.BytesIO()
    made.save(file)
    assert documents.text_of(file.getvalue(), "a.docx") == wanted


def test_a_table_in_a_cell_follows_its_row():
    """Its cells stay cells under their own heads."""
    made = docx.Document()
    outer = made.add_table(2, 2)
    outer.cell(0, 0).text, outer.cell(1, 0).text = "附表", "合计"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "袁州区", "312件"
    file = io.BytesIO()
    made.save(file)
    text = documents.text_of(file.getvalue(), "a.docx")
    assert text.split("\n") == ["附表\t", "袁州区\t312件", "合计\t"]


def test_footnotes_stand_at_the_end():
    """A note's numbers are checked like any other; the rule above the notes is none."""
    made = docx.Document()
    made.add_paragraph("受理312件。")
    notes = f'<w:footnotes {_W}><w:footnote w:type="separator"><w:p>{_RUN % "9件"}</w:p></w:footnote><w:footnote><w:p>{_RUN % "化解300件。"}</w:p></w:footnote></w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    file = io.BytesIO()
    made.save(file)
    assert documents.text_of(file.getvalue(), "a.docx") == "受理312件。\n化解300件。"


def test_a_device_without_end_is_refused():
    """It has no size to ask for: no more than the limit is read of it."""
    with pytest.raises(Unreadable) as refused:
        documents.read("/dev/zero")
    assert refused.value.reason[0] == "text_too_large"


def test_html_without_its_scripts():
    """Blocks are lines, scripts and styles are nothing, entities are their characters."""
    page = f"<!doctype html><html><head><style>p {{ width: 98% }}</style></head><body><p>{TEXT}</p><script>var a = 12;</script><p>化解率98.2&#37;</p></body>"
    assert documents.text_of(page.encode(), "a.html") == f"{TEXT}\n化解率98.2%"


def test_a_pdf_without_text_says_so():
    """A scan has pages and no characters."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(Unreadable) as refused:
        documents.text_of(file.getvalue(), "a.pdf")
    assert refused.value.reason[0] == "text_empty"


def test_a_locked_pdf_says_so():
    """A password cannot be guessed."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(Unreadable) as refused:
        documents.text_of(file.getvalue(), "a.pdf")
    assert refused.value.reason[0] == "text_locked"


def test_lines_of_a_pdf_paragraph_are_joined():
    """A number broken over two lines is one; page numbers and short lines stay alone."""
    page = (
        "今年以来，全市各级综治中心受理的矛盾纠纷化解率达到了98.\n2%，群众满意。\n- 3 -\n二、做法"
    )
    assert (
        pages.joined(page.splitlines())
        == "今年以来，全市各级综治中心受理的矛盾纠纷化解率达到了98.2%，群众满意。\n- 3 -\n二、做法"
    )


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_the_tables_of_a_pdf_have_their_cells(align):
    """Each number stays under its head, wherever in its column it is printed; an empty cell is empty."""
    rows = [
        ("县市区", "登记数（件）", "化解率（%）", "全市排名"),
        ("全市", "657", "80.9", ""),
        ("袁州区", "1,281", "80.3", "3"),
    ]
    told = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = (
        f"<style>body {{ font-family: Noto Sans CJK SC }} table {{ width: 100% }} td {{ text-align: {align} }}"
        f"</style><p>2026年1—10月情况</p><table>{told}</table><p>{TEXT}</p>"
    )
    text = documents.text_of(weasyprint.HTML(string=page).write_pdf(), "a.pdf")
    table = "\n".join("\t".join(row) for row in rows)
    assert text == f"2026年1—10月情况\n{table}\n{TEXT}"


def printed(table: str, align: str = "center", valign: str = "middle") -> str:
    """The text of a page with a table of these rows between a title and a sentence."""
    page = (
        f"<style>body {{ font-family: Noto Sans CJK SC; font-size: 11pt }} table {{ width: 100% }}"
        f"td {{ text-align: {align}; vertical-align: {valign}; padding: 3pt }}</style>"
        f"<p>2026年1—10月情况</p><table>{table}</table><p>{TEXT}</p>"
    )
    text = documents.text_of(weasyprint.HTML(string=page).write_pdf(), "a.pdf")
    assert text.startswith("2026年1—10月情况\n")
    assert text.endswith(f"\n{TEXT}")
    return text.removeprefix("2026年1—10月情况\n").removesuffix(f"\n{TEXT}")


LONG = (
    "<tr><td style='width: 20%'>地方<td>项目数（个）<td>总投资（万元）"
    "<tr><td>宜春经济技术开发区和高新技术产业园区<td>12<td>3,200<tr><td>袁州区<td>31<td>8,400"
    "<tr><td>明月山温泉风景名胜区管理委员会<td>7<td>610"
)
GROUPED = (
    "<tr><td rowspan=2>县（市、区）<td colspan=2>受理<td colspan=2>办结<td rowspan=2>排名"
    "<tr><td>件数（件）<td>人数（人）<td>件数（件）<td>比率（%）"
    "<tr><td>袁州区<td>1,281<td>3,020<td>1,250<td>97.6<td>2"
)


@pytest.mark.parametrize("valign", ["top", "middle", "bottom"])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_cells_of_several_lines_in_a_pdf(align, valign):
    """A long name is one cell, wherever beside it its numbers are printed, and no part of the head."""
    assert printed(LONG, align, valign) == (
        "地方\t项目数（个）\t总投资（万元）\n宜春经济技术开发区和高新技术产业园区\t12\t3,200\n"
        "袁州区\t31\t8,400\n明月山温泉风景名胜区管理委员会\t7\t610"
    )


@pytest.mark.parametrize("valign", ["top", "middle"])
def test_heads_over_several_columns_of_a_pdf(valign):
    """受理 over two columns is in the name of both; a head beside it stands for itself."""
    assert printed(GROUPED, valign=valign) == (
        "县（市、区）\t受理件数（件）\t受理人数（人）\t办结件数（件）\t办结比率（%）\t排名\n"
        "袁州区\t1,281\t3,020\t1,250\t97.6\t2"
    )
    years = (
        "<tr><td rowspan=2>事项<td colspan=2>受理数（件）<td colspan=3>办结数（件）"
        "<tr><td>2025年<td>2026年<td>2024年<td>2025年<td>2026年"
        "<tr><td>信访<td>198<td>216<td>180<td>190<td>214"
    )
    assert printed(years, valign=valign) == (
        "事项\t受理数2025年（件）\t受理数2026年（件）\t办结数2024年（件）\t办结数2025年（件）\t办结数2026年（件）\n"
        "信访\t198\t216\t180\t190\t214"
    )


@pytest.mark.parametrize("align", ["left", "right"])
def test_a_head_that_is_not_clear_makes_no_table(align):
    """Beside its columns' middle a head could be over any of them: the page is told as words."""
    assert "\t" not in printed(GROUPED, align)


def test_a_row_that_does_not_fit_its_head_ends_the_table():
    """A number under two heads, or under none, is told as words: never under another's head."""
    head = [(0.0, 30.0, "地方"), (60.0, 90.0, "受理（件）"), (120.0, 150.0, "化解率（%）")]
    good = [(0.0, 30.0, "甲区"), (70.0, 80.0, "12"), (125.0, 145.0, "98")]
    for wrong in (
        [(0.0, 30.0, "乙市"), (95.0, 115.0, "7")],
        [(0.0, 30.0, "乙市"), (80.0, 130.0, "7")],
    ):
        plain = "\n".join(" ".join(cell for _, _, cell in row) for row in (head, good, wrong))
        lines = [pages.Line(20.0 * at, row) for at, row in enumerate((head, good, wrong))]
        text = pages.with_tables(plain, lines)
        assert text == "地方\t受理（件）\t化解率（%）\n甲区\t12\t98\n乙市 7"


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    """It is refused before it is read."""
    monkeypatch.setattr(documents, "MOST_BYTES", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"1" * 11)
    with pytest.raises(Unreadable) as refused:
        documents.read(path)
    assert refused.value.reason[0] == "text_too_large"


def test_lines_of_a_narrow_column_are_joined():
    """A number broken at the end of a column's line stays one number; lines of a list stay lines."""
    lines = [
        "今年1至10月，受理矛盾纠纷15",
        "217件，化解率98.2%，同比提高3.",
        "5个百分点。",
        "袁州区",
    ]
    assert (
        pages.joined(lines)
        == "今年1至10月，受理矛盾纠纷15217件，化解率98.2%，同比提高3.5个百分点。\n袁州区"
    )
    rows = ["袁州区 312 640 300 610", "丰城市 298 511 290 500"]
    assert pages.joined(rows) == "\n".join(rows)
