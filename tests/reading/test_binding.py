"""Claims bound to declared figures: verified only when everything fits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dingzi.reading import bind, catalogue, read
from dingzi.reading.errors import Unreadable

FIGURES: dict[str, Any] = {
    "homes": ["全市", "我市", "宜春市"],
    "figures": [
        {
            "name": "disputes.received", "title": "受理矛盾纠纷", "synonyms": ["矛盾纠纷受理量"], "also": ["综治中心"],
            "unit": "件", "kind": "count",
            "values": [
                {"period": "2025-01..2025-10", "scope": "全市", "value": "15217"},
                {"period": "2024-01..2024-10", "scope": "全市", "value": "14102"},
                {"period": "2025-01..2025-10", "scope": "袁州区", "value": "3120"},
            ],
        },
        {
            "name": "disputes.resolved_share", "title": "矛盾纠纷化解率", "synonyms": ["化解率"], "unit": "%", "kind": "share",
            "values": [
                {"period": "2025-01..2025-10", "scope": "全市", "value": "0.98174"},
                {"period": "2024-01..2024-10", "scope": "全市", "value": "0.9468"},
            ],
        },
        {
            "name": "bidding.saved", "title": "节约采购资金", "unit": "元", "kind": "money",
            "values": [{"period": "2024", "value": "318400000"}],
        },
        {"name": "roads.length", "title": "农村公路", "unit": "米", "kind": "measure", "values": [{"period": "2024", "value": "18500"}]},
        {"name": "a.share", "title": "满意率", "unit": "%", "kind": "share"},
        {"name": "b.share", "title": "满意率", "unit": "%", "kind": "share"},
        {"name": "rank.business", "title": "营商环境评价", "unit": "位", "kind": "rank", "values": [{"period": "2024", "scope": "全省", "value": "3"}]},
    ],
}  # fmt: skip
CATALOGUE = catalogue.parse(FIGURES)


def verdicts(text: str, year: int | None = 2025) -> list[tuple[str | None, str, list[str]]]:
    """(figure, verdict, codes) of each claim."""
    bound = bind(read(text, year=year, places=CATALOGUE.places).claims, CATALOGUE)
    return [
        (one.figure.name if one.figure else None, one.verdict, [code for code, _ in one.why])
        for one in bound
    ]


@pytest.mark.parametrize(
    ("text", "figure", "verdict", "code"),
    [
        ("今年1至10月，全市受理矛盾纠纷1.52万件。", "disputes.received", "verified", "claim_as_recorded"),
        ("今年1至10月，我市综治中心共受理矛盾纠纷超过1.5万件。", "disputes.received", "verified", "claim_as_recorded"),
        ("今年1至10月，全市受理矛盾纠纷1.53万件。", "disputes.received", "differs", "claim_outside_stated"),
        ("今年1至10月，全市受理矛盾纠纷15216件。", "disputes.received", "differs", "claim_outside_stated"),
        ("今年1至10月，全市受理矛盾纠纷近1.6万件。", "disputes.received", "verified", "claim_as_recorded"),
        ("今年1至10月，全市矛盾纠纷化解率98.2%。", "disputes.resolved_share", "verified", "claim_as_recorded"),
        ("今年1至10月，全市化解率达到98%以上。", "disputes.resolved_share", "verified", "claim_as_recorded"),
        ("今年1至10月，全市矛盾纠纷化解率98.3%。", "disputes.resolved_share", "differs", "claim_outside_stated"),
        ("今年1至10月，全市婚姻家庭纠纷化解率98.2%。", "disputes.resolved_share", "no data", "claim_narrowed"),
        ("全市矛盾纠纷化解率98.2%。", "disputes.resolved_share", "no data", "claim_no_period"),
        ("今年1至10月，矛盾纠纷化解率98.2%。", "disputes.resolved_share", "no data", "claim_no_scope"),
        ("今年1至9月，全市矛盾纠纷化解率98.2%。", "disputes.resolved_share", "no data", "claim_no_value_for_period"),
        ("今年1至10月，丰城市矛盾纠纷化解率98.2%。", "disputes.resolved_share", "no data", "claim_no_value_for_scope"),
        ("截至10月底，全市受理矛盾纠纷1.52万件。", "disputes.received", "no data", "claim_as_of_only"),
        ("今年1至10月，全市受理矛盾纠纷1.52万起。", "disputes.received", "no data", "claim_other_unit"),
        ("今年1至10月，全市受理矛盾纠纷98.2%。", "disputes.received", "no data", "claim_other_kind"),
        ("今年1至10月，全市办结率98.2%。", None, "no data", "claim_no_name"),
        ("今年1至10月，全市满意率98.2%。", None, "no data", "claim_several_figures"),
        ("今年1至10月，全市化解率为98.2%（按户数计）。", "disputes.resolved_share", "no data", "claim_narrowed"),
        ("今年1至10月全市受理矛盾纠纷15217件（不含重复件）。", "disputes.received", "no data", "claim_narrowed"),
        ("今年1至10月全市受理矛盾纠纷15217件（含线上）。", "disputes.received", "verified", "claim_as_recorded"),
        ("今年1至10月，除袁州区外，全市受理矛盾纠纷15217件。", "disputes.received", "no data", "claim_no_scope"),
        ("全市矛盾纠纷受理量今年1至10月1.52万件。", "disputes.received", "verified", "claim_as_recorded"),
        ("2024年，全市节约采购资金3.2亿元。", "bidding.saved", "verified", "claim_as_recorded"),
        ("2024年，全市节约采购资金3.3亿元。", "bidding.saved", "differs", "claim_outside_stated"),
        ("2024年，全市农村公路18.5公里。", "roads.length", "verified", "claim_as_recorded"),
        ("2024年，营商环境评价居全省第3位。", "rank.business", "verified", "claim_as_recorded"),
        ("2024年，营商环境评价居全省第2位。", "rank.business", "differs", "claim_outside_stated"),
    ],
)  # fmt: skip
def test_one_claim(text, figure, verdict, code):
    """Bound by name; called verified only where unit, kind, period, place and definition fit."""
    ((found, said, codes),) = verdicts(text)
    assert (found, said) == (figure, verdict)
    assert code in codes


def test_without_the_year_a_period_is_not_guessed():
    """1至10月 of an undated text may be of any year."""
    ((_, verdict, codes),) = verdicts("1至10月，全市受理矛盾纠纷1.52万件。", year=None)
    assert (verdict, codes) == ("no data", ["claim_period_undated"])


def test_a_change_is_computed_from_two_values():
    """同比 compares with the same months a year before: in points for shares, in parts for counts."""
    found = verdicts("今年1至10月，全市矛盾纠纷化解率98.2%，同比提高3.5个百分点。")
    assert [one[:2] for one in found] == [("disputes.resolved_share", "verified")] * 2
    found = verdicts("今年1至10月，全市受理矛盾纠纷1.52万件，同比增长7.9%。")
    assert found[1][:2] == ("disputes.received", "verified")
    found = verdicts("今年1至10月，全市受理矛盾纠纷1.52万件，同比下降7.9%。")
    assert found[1][:2] == ("disputes.received", "differs")
    found = verdicts("今年1至10月，全市受理矛盾纠纷1.52万件，同比增加1115件。")
    assert found[1][:2] == ("disputes.received", "verified")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("提高3.5个百分点", "claim_no_base"),
        ("环比提高3.5个百分点", "claim_base_unclear"),
        ("较上年提高3.5个百分点", "claim_base_unclear"),
        ("同比提高3.5%", "claim_percent_of_share"),
    ],
)
def test_a_change_without_a_clear_base_is_not_judged(change, code):
    """What it is measured from must be said, and a share changes in points."""
    found = verdicts(f"今年1至10月，全市矛盾纠纷化解率98.2%，{change}。")
    assert (found[1][1], found[1][2]) == ("no data", [code])


def test_a_part_takes_the_figure_of_its_whole():
    """其中袁州区3120件 is the same figure at another place."""
    found = verdicts("今年1至10月，全市受理矛盾纠纷1.52万件，其中袁州区3120件。")
    assert found[1][:2] == ("disputes.received", "verified")
    found = verdicts("今年1至10月，全市受理矛盾纠纷1.52万件，其中邻里纠纷3120件。")
    assert found[1][:2] == (None, "no data")


def test_what_contradicts_itself_differs_without_any_record():
    """A part above its whole is wrong whatever the record says."""
    ((_, first, _), (_, second, codes)) = verdicts("排查隐患320处，已整改331处。")
    assert (first, second) == ("no data", "differs")
    assert codes[0] == "part_exceeds_whole"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"figures": {}}, "figures"),
        ({"homes": "全市"}, "homes"),
        ({"figures": [{"name": "a"}]}, "figures[0].title"),
        ({"figures": [{"name": "a", "title": "b", "unit": "件", "kind": "sum"}]}, "figures[0].kind"),
        ({"figures": [{"name": "a", "title": "b", "unit": "件", "kind": "count", "values": [{"period": "10月", "value": "1"}]}]}, "figures[0].values[0].period"),
        ({"figures": [{"name": "a", "title": "b", "unit": "件", "kind": "count", "values": [{"period": "2025", "value": 1.5}]}]}, "figures[0].values[0].value"),
        ({"figures": [{"name": "a", "title": "b", "unit": "件", "kind": "count"}] * 2}, "figures"),
    ],
)  # fmt: skip
def test_a_wrong_catalogue_is_refused_with_the_place(change, where, tmp_path):
    """It names the file and the entry, and what is wanted there."""
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(FIGURES | change), "utf-8")
    with pytest.raises(Unreadable) as refused:
        catalogue.load(path)
    code, params = refused.value.reason
    assert (code, params["where"]) == ("catalogue_broken", where)


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2025H2", ("2025-07-01", "2025-12-31")),
        ("2024Q1", ("2024-01-01", "2024-03-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2021..2025", ("2021-01-01", "2025-12-31")),
        ("2025-01-01..2025-10-15", ("2025-01-01", "2025-10-15")),
        ("..2025-10-31", ("", "2025-10-31")),
        ("2025-10..2025-01", None),
        ("2025-13", None),
        ("今年以来", None),
    ],
)
def test_equal_periods_are_equal_however_they_are_written(code, days):
    """Every code becomes its first and last day."""
    assert catalogue.days(code) == days


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("化解率、受理比例分别为98.2%、97.1%", ["verified", "no data"]),
        ("受理比例、化解率分别为98.2%、97.1%", ["no data", "differs"]),
        ("化解率98.2%，满意率97.1%，同比分别提高3.5和1.1个百分点", ["verified", "no data", "verified", "no data"]),
        ("化解率98.2%，满意率97.1%，同比分别提高1.1和3.5个百分点", ["verified", "no data", "differs", "no data"]),
        ("化解率分别为98.2%、97.1%", ["no data", "no data"]),
        ("化解率未达到98.2%", ["no data"]),
        ("化解率98.2%以上的县有6个", ["no data"]),
        ("调解率、化解率均达98.2%", ["no data"]),
    ],
)  # fmt: skip
def test_what_is_told_together_is_compared_apart(text, wanted):
    """Each number with its own name or level; where that is not told, with none."""
    found = verdicts(f"今年1至10月，全市矛盾纠纷{text}。")
    assert [verdict for _, verdict, _ in found] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "全年受理信访事项3120件，上年结转210件，办结3215件。",
        "排查隐患320处，整改完成331处（含上年遗留11处）。",
        "下达计划200个，完成212个，完成率106%。",
        "案件量从2020年的3.2万件下降到2.1万件，较上年下降6%。",
        "信访积案由年初的312件下降到47件，同比下降60%。",
        "受理矛盾纠纷15 217件，已化解14 939件。",
        "征求意见320条，收回意见表3210份，已采纳331条（含去年收到的20条）。",
    ],
)
def test_what_can_be_true_is_not_accused(text):
    """More is done than came in where some was left or a plan was given; another year has another base."""
    assert "differs" not in [verdict for _, verdict, _ in verdicts(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("化解率由去年同期的94.7%提高到98.2%", ["no data", "verified"]),
        ("化解率由去年同期的94.7%提高到98.3%", ["no data", "differs"]),
        ("化解率由年初的94.7%提高到98.9%", ["no data", "no data"]),
        ("受理15217件，比去年同期的14102件增加1115件", ["verified", "no data", "verified"]),
        ("受理15217件，同比+7.9%", ["verified", "verified"]),
        ("受理15217件，同比-7.9%", ["verified", "differs"]),
        ("受理15217件，同比不降反升7.9%", ["verified", "verified"]),
        ("受理不止1.5万件", ["verified"]),
        ("受理1.6万件不到", ["verified"]),
        ("日均受理50件", ["no data"]),
        ("化解率误报为95%", ["no data"]),
    ],
)
def test_levels_signs_and_bounds_as_drafts_write_them(text, wanted):
    """由去年同期的 ... 提高到, 同比+7.9%, 1.6万件不到; a level of another day is not compared."""
    text = text.replace("受理", "受理矛盾纠纷", 1) if "受理" in text else f"矛盾纠纷{text}"
    found = verdicts(f"今年1至10月，全市{text}。")
    assert [verdict for _, verdict, _ in found] == wanted
