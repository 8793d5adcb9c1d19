"""Tables: what their heads, rows and captions say of the numbers in their cells."""

from __future__ import annotations

from datetime import date

import pytest

from dingzi.reading import as_data, dated, read

TABLE = """2025年1—10月各县（市、区）矛盾纠纷化解情况表
县（市、区）\t受理数（件）\t化解数（件）\t化解率（%）\t同比增减（百分点）\t排名
袁州区\t32,145\t31,620\t98.4\t2.1\t3
奉新县\t12,033\t11,865\t98.6\t-0.4\t2
全市\t216,030\t212,141\t98.2\t3.5\t—
"""


def claims(text: str) -> list[dict[str, object]]:
    return [as_data(one) for one in read(text).claims]


def test_a_head_gives_unit_kind_and_words_a_row_the_place_a_caption_the_period():
    """Every cell with a number is a claim of its own column, row and caption."""
    found = claims(TABLE)
    assert [(one["text"], one["kind"], one["value"], one["unit"]) for one in found[:5]] == [
        ("32,145", "count", "32145", "件"),
        ("31,620", "count", "31620", "件"),
        ("98.4", "share", "0.984", "%"),
        ("2.1", "change", "0.021", "百分点"),
        ("3", "rank", "3", "位"),
    ]
    assert {one["scope"] for one in found[:5]} == {"袁州区"}
    assert {one["period"] for one in found} == {"2025-01..2025-10"}
    assert found[1]["part_of"] == 0
    fall = found[8]
    assert (fall["value"], fall["direction"], fall["against"]) == ("-0.004", "down", "year")
    assert len(found) == 14


def test_rows_that_contradict_themselves_are_found():
    """A rate that its own row does not give, and a part that exceeds its whole."""
    wrong = TABLE.replace("31,620\t98.4", "31,620\t93.4").replace("11,865", "12,865")
    faults = [code for one in read(wrong).claims for code, _ in one.faults]
    assert "rate_against_counts" in faults
    assert "part_exceeds_whole" in faults
    assert not read(TABLE).contradicts_itself


def test_the_unit_over_a_table_holds_where_a_head_has_none():
    """单位：万元 above it; a column with its own unit keeps that."""
    found = claims("各县投资情况\n单位：万元\n地区\t总投资\t项目数（个）\n丰城市\t3,200\t12\n")
    assert [(one["kind"], one["value"], one["unit"]) for one in found] == [
        ("money", "32000000", "元"),
        ("count", "12", "个"),
    ]


@pytest.mark.parametrize(
    ("head", "why"), [("序号", "no_unit"), ("年度目标（件）", "goal"), ("备注", "no_unit")]
)
def test_columns_that_count_nothing_are_set_aside(head, why):
    """Running numbers, goals and columns without any unit are no claims."""
    found = read(f"县区\t{head}\n袁州区\t12\n奉新县\t15\n")
    assert [one.why for one in found.set_aside] == [why, why]
    assert not found.claims


def test_periods_in_the_head_date_their_columns():
    """2024年 over one column and 2025年 over the other."""
    found = claims("指标\t2024年（件）\t2025年（件）\n受理数\t198\t216\n办结数\t190\t214\n")
    assert [(one["value"], one["period"]) for one in found] == [
        ("198", "2024"), ("216", "2025"), ("190", "2024"), ("214", "2025"),
    ]  # fmt: skip


def test_a_document_says_once_of_what_it_reports():
    """Title and 现将...如下 hold for paragraphs that name neither period nor place."""
    text = "关于全市信访工作情况的通报\n现将2025年1至10月有关情况通报如下。\n受理信访事项386件。\n11月受理42件。"
    one, two = claims(text)
    assert (one["period"], one["scope"]) == ("2025-01..2025-10", "全市")
    assert two["period"] == "2025-11"


def test_the_year_of_a_title_is_no_period():
    """A report of 2025 tells mostly of the year before."""
    (one,) = claims("2025年全市信访工作报告\n受理信访事项386件。")
    assert (one["period"], one["scope"]) == (None, "全市")


def test_a_sentence_after_two_places_is_of_neither():
    """全市, then 袁州区, then no place: the reader does not guess."""
    found = claims("全市受理312件。袁州区受理30件。已整改55个。")
    assert [one["scope"] for one in found] == ["全市", "袁州区", None]
    assert claims("全市受理312件。已整改55个。")[1]["scope"] == "全市"


def test_a_text_dates_itself_by_its_title_and_its_last_line():
    """今年 is the year of the title, else of the day at the end; 今年以来 reaches to that day."""
    assert dated("2025年工作通报\n受理386件。") == (2025, None)
    assert dated("工作通报\n受理386件。\n二〇二五年十一月十八日\n— 2 —\n") == (
        2025,
        date(2025, 11, 18),
    )
    assert dated("今年受理386件，2024年受理350件。") == (None, None)
    (one,) = claims("工作通报\n今年以来受理386件。\n2025年11月18日")
    assert one["period"] == "2025-01-01..2025-11-18"
