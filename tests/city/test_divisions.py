"""Files of divisions: what is shipped, what is refused line by line, what is loaded."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dingzi.city import directory, divisions
from dingzi.city.models import Division
from dingzi.core import reasons
from dingzi.core.errors import Invalid

SINCE = date(2000, 1, 1)
CITY = "code,name\n9901,丁市\n"


def refused(text: str | bytes) -> list[tuple[str, int]]:
    """Codes and lines for which a file is refused."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(Invalid) as caught:
        divisions.judge(divisions.read(content), SINCE)
    for reason in caught.value.reasons:
        for language in ("zh-hans", "en"):
            assert reasons.say(reason, language) != reasons.say(("unknown_reason", {}), language)
    return [(code, params.get("line", 0)) for code, params in caught.value.reasons]


def test_the_shipped_set_is_whole() -> None:
    """Yichun is 1 city, 10 counties, 186 townships and their villages."""
    rows = divisions.read(divisions.YICHUN.read_bytes())
    assert Counter(len(row.code) for row in rows) == {4: 1, 6: 10, 9: 186, 12: 2694}
    shorts = {row.name: divisions.short_of(row) for row in rows if len(row.code) <= 6}
    assert "".join(shorts.values()) == "市袁奉万上宜靖铜丰樟高"


def test_the_shipped_set_holds_no_zone_or_prison() -> None:
    """Of the source's townships only real ones are kept."""
    rows = divisions.read(divisions.YICHUN.read_bytes())
    towns = [row.name for row in rows if len(row.code) == 9]
    assert all(name.endswith(("镇", "乡", "街道")) for name in towns)


def test_the_shipped_counties_are_the_ten_of_the_file() -> None:
    """Every county has an outline, a place for its name inside the box, and a GeoJSON feature."""
    outlines = json.loads((divisions.DATA / "counties.json").read_text())
    rows = divisions.read(divisions.YICHUN.read_bytes())
    codes = {row.code for row in rows if len(row.code) == 6}
    assert {one["code"] for one in outlines["counties"]} == codes
    assert {f["properties"]["code"] for f in outlines["geojson"]["features"]} == codes
    _, _, width, height = map(int, outlines["viewBox"].split())
    for one in outlines["counties"]:
        assert 0 < one["label"][0] < width
        assert 0 < one["label"][1] < height
        assert one["d"].startswith("M")
    assert (divisions.DATA / "counties.json").stat().st_size < 48_000


def test_outlines_share_their_borders() -> None:
    """Simplifying left no gap: every inner vertex stands in two counties at least."""
    outlines = json.loads((divisions.DATA / "counties.json").read_text())
    owners = Counter(
        tuple(point)
        for feature in outlines["geojson"]["features"]
        for point in {tuple(p) for part in feature["geometry"]["coordinates"] for p in part[0]}
    )
    assert sum(count > 1 for count in owners.values()) > 100
    assert sum(count > 2 for count in owners.values()) >= 6


def test_loads_the_shipped_set(db: None) -> None:
    """The set of Yichun loads whole, in a few queries, and loads again without a change."""
    content = divisions.YICHUN.read_bytes()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert divisions.load(content, since=SINCE) == 2891
    assert len(queries) < 50
    before = list(Division.objects.order_by("code").values())
    divisions.load(content, since=SINCE)
    assert list(Division.objects.order_by("code").values()) == before
    assert Division.objects.get(code="360981205").also == "荷湖乡"
    assert Division.objects.get(code="3609").population == 5_007_702
    assert directory.short("360983101") == "高"


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ("9901,丁市\n99010,甲县", "divisions_code", 3),
        ("9901,丁市\n99O102,甲县", "divisions_code", 3),
        ("9901,丁市\n990102,甲县\n990102,乙县", "divisions_code_twice", 4),
        ("9901,丁市\n990102,", "divisions_no_name", 3),
        ("9901,丁市\n990102001,东街道", "divisions_no_parent", 3),
        ("9901,丁市\n880102,甲县", "divisions_other_city", 3),
        ("9901,丁市\n990102,甲县\n990103,甲区", "divisions_short", 4),
        ("9901,丁市\n990102,<b>甲县</b>", "divisions_characters", 3),
        ("9901,丁市\n990102," + "甲" * 61, "divisions_too_long", 3),
    ],
)
def test_names_the_bad_line(db: None, lines: str, code: str, line: int) -> None:
    """A fault is named with its line."""
    assert (code, line) in refused("code,name\n" + lines)


@pytest.mark.parametrize(
    ("head", "cells", "code"),
    [
        ("level", "city", "divisions_level"),
        ("级别", "镇", "divisions_level"),
        ("parent", "9902", "divisions_parent"),
        ("population", "12万", "divisions_population"),
        ("population", "-3", "divisions_population"),
        ("since", "2020年1月", "divisions_date"),
        ("until", "1999-01-01", "divisions_dates"),
        ("successor", "990199", "divisions_no_successor"),
        ("short", "甲乙丙丁戊", "divisions_too_long"),
    ],
)
def test_names_the_bad_cell(db: None, head: str, cells: str, code: str) -> None:
    """A fault in a column that need not be there is named as well."""
    assert refused(f"code,name,{head}\n9901,丁市,\n990102,甲县,{cells}") == [(code, 3)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "divisions_no_text"),
        (b"", "divisions_columns_missing"),
        (b"code\n9901\n", "divisions_columns_missing"),
        (b"code,name,colour\n9901,X,red\n", "divisions_column_unknown"),
        (b"code,name,name\n9901,X,Y\n", "divisions_column_twice"),
        (b"code,name\n", "divisions_empty"),
        (b"code,name\n9901,A,B\n", "divisions_line_length"),
        (b"code,name\n" + b"9" * divisions.LIMIT, "too_large"),
    ],
)
def test_refuses_what_is_no_table(content: bytes, code: str) -> None:
    """A file that is no table of divisions says what is missing."""
    with pytest.raises(Invalid) as caught:
        divisions.read(content)
    assert caught.value.codes == (code,)


def test_reads_what_excel_writes() -> None:
    """GB 18030 with Chinese headings and a UTF-8 mark are read alike."""
    text = "区划代码,名称,级别\n9901,丁市,市\n"
    assert divisions.read(text.encode("gb18030")) == divisions.read(text.encode("utf-8-sig"))


def test_counts_what_it_does_not_name(db: None) -> None:
    """A thousand faults do not flood the terminal: the first hundred are named, the rest counted."""
    found = refused(CITY + "".join(f"x{n},甲\n" for n in range(1000)))
    assert len(found) == divisions.NAMED + 1
    assert found[-1][0] == "divisions_more"


def test_a_refused_file_leaves_nothing(db: None, tmp_path: Path) -> None:
    """Nothing is written on an error, and the command says so in both languages."""
    path = tmp_path / "bad.csv"
    path.write_text(CITY + "990102001,东街道\n")
    said = StringIO()
    with pytest.raises(CommandError, match="没有写入"):
        call_command("divisions", "load", str(path), stderr=said)
    assert "第3行" in said.getvalue()
    assert "Line 3" in said.getvalue()
    assert not Division.objects.exists()


def test_check_writes_nothing(db: None, tmp_path: Path) -> None:
    """--check looks and writes nothing."""
    path = tmp_path / "good.csv"
    path.write_text(CITY)
    said = StringIO()
    call_command("divisions", "load", str(path), "--check", stdout=said)
    assert "1" in said.getvalue()
    assert not Division.objects.exists()


def test_another_city_loads(db: None, tmp_path: Path) -> None:
    """A city outside Yichun is loaded from its own file, with its own dates."""
    path = tmp_path / "city.csv"
    path.write_text("代码,名称,简称\n9901,丁市,\n990102,甲县,甲\n990103,甲江县,江\n")
    call_command("divisions", "load", str(path), "--since", "2010-05-01", stdout=StringIO())
    assert [c.name for c in directory.children("9901")] == ["甲县", "甲江县"]
    assert directory.short("990103001") == "江"
    assert Division.objects.get(code="9901").since == date(2010, 5, 1)


def test_a_second_city_is_refused(db: None) -> None:
    """One installation holds one city."""
    divisions.load(CITY.encode(), since=SINCE)
    assert ("divisions_other_city", 2) in refused("code,name\n8801,戊市\n")


def test_a_division_ends_with_a_successor(db: None) -> None:
    """A township merged into another is not offered any more, and its past stays readable."""
    base = CITY + "990102,甲县\n990102001,东街道\n990102002,西街道\n"
    divisions.load(base.encode(), since=SINCE)
    change = "code,name,until,successor\n990102002,西街道,2025-01-01,990102001\n"
    divisions.load(change.encode(), since=SINCE)
    assert [one.name for one in directory.children("990102")] == ["东街道"]
    ended = Division.objects.get(code="990102002")
    assert (ended.name, ended.until) == ("西街道", date(2025, 1, 1))
    assert ended.successor is not None and ended.successor.name == "东街道"


def test_the_readme_names_every_column() -> None:
    """docs/city.md lists each column that a file may have."""
    page = (Path(__file__).parents[2] / "docs" / "city.md").read_text()
    for field, headings in divisions.COLUMNS.items():
        assert f"`{field}`" in page
        assert headings[1] in page


def test_the_shipped_file_needs_no_quoting() -> None:
    """Each line of the shipped file has one cell for each column."""
    with divisions.YICHUN.open(encoding="utf-8") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert len(widths) == 1
