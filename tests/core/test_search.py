"""Search: what is found, by whom, in which order."""

import pytest

from dingzi.core import search

pytestmark = pytest.mark.django_db

TEXTS = {
    1: "隔壁装修噪音扰民",
    2: "小区物业乱收费，电话 0795-3588888",
    3: "袁纠〔2025〕4172号 隔壁漏水",
    4: "ＡＢＣ公司拖欠工资 Payment overdue",
}


@pytest.fixture
def entries():
    search.put(
        search.rows(number, [text], [f"c:{360900 + number % 2}", f"u:{number}"])
        for number, text in TEXTS.items()
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("隔壁", [3, 1]),
        ("隔壁装修", [1]),
        ("装修 隔壁", [1]),
        ("壁装", [1]),
        ("4172", [3]),
        ("04172", [3]),
        ("417", []),
        ("袁纠〔2025〕4172号", [3]),
        ("袁纠（2025）4172号", [3]),
        ("ABC", [4]),
        ("ａｂｃ 公司", [4]),
        ("payment OVERDUE", [4]),
        ("没有的词", []),
    ],
)
def test_finds(entries, query, ids):
    """Every part of the query must be there, in any order, width and case."""
    assert search.match(query).ids == ids


def test_scopes_filter(entries):
    """What the viewer may not see is not found and not counted."""
    assert search.match("隔壁", {"c:360901"}).ids == [3, 1]
    assert search.match("隔壁", {"u:1", "u:2"}).ids == [1]
    assert search.match("隔壁", {"c:360900"}).ids == []
    assert search.match("隔壁", set()).ids == []
