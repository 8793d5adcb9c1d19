"""``dingzi decide siting`` on a folder with a city."""

from __future__ import annotations

import json

import pytest

from dingzi.engines import cli

FILES = {
    "city.yaml": "years: [2026, 2027, 2028]\nmodule_seats: 10\nfen_per_km: 1000\nmove_fen: 100\n"
    "bands:\n  低段: {limit_m: 3000, from_age: 6, to_age: 8}\n"
    "  高段: {limit_m: 3000, stays: true, from_age: 9, to_age: 11}\n",
    "schools.csv": "school,seats,modules,least,keep_fen,module_fen\n"
    "大校,64,1,10,1000,2000\n小校,20,0,0,500000,0\n",
    "ways.csv": "village,school,metres\n甲,大校,100\n甲,小校,2000\n乙,大校,2000\n乙,小校,100\n",
    "home.csv": "village,band,school\n甲,低段,大校\n甲,高段,大校\n乙,低段,小校\n乙,高段,小校\n",
    "pupils.csv": "village,band,year,pupils\n"
    + "".join(
        f"{village},{band},{year},{pupils}\n"
        for village, pupils in (("甲", 30), ("乙", 4))
        for band in ("低段", "高段")
        for year in (2026, 2027, 2028)
    ),
}


@pytest.fixture
def run(tmp_path, capsys):
    """Run on these files, some of them replaced; None leaves a file out."""

    def go(*arguments: str, **files: str | None) -> tuple[int, str, str]:
        folder = tmp_path / "city"
        folder.mkdir(exist_ok=True)
        for name, text in {**FILES, **{k.replace("_", "."): v for k, v in files.items()}}.items():
            if text is not None:
                (folder / name).write_text(text, "utf-8")
        code = cli.main(
            ["siting", str(folder), "--format", "city", "--work", "2000", *arguments]
        )  # fmt: skip
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


def test_a_city_is_decided_told_written_and_checked(run, tmp_path) -> None:
    """Before and after per village in JSON; the plan as a table is read back and holds."""
    out = tmp_path / "plan.csv"
    code, told, err = run("--json", "--out", str(out))
    found = json.loads(told)
    assert (code, err, found["status"]) == (0, "", "optimal")
    assert found["solution"]["schools"][1]["status"] == ["winding", "closed", "closed"]
    upper = found["solution"]["villages"][3]
    assert (upper["village"], upper["before"], upper["after"]) in (
        ("乙", "小校", "大校"),
        ("甲", "大校", "大校"),
    )
    again = tmp_path / "again.csv"
    code, told, _ = run("--check", str(out), "--json", "--out", str(again))
    assert again.read_text() == out.read_text()
    checked = json.loads(told)
    assert (code, checked["status"]) == (0, "feasible")
    assert checked["objective"] == found["objective"]
    assert checked["reasons"] == found["reasons"]


def test_a_city_in_words(run) -> None:
    """Both languages say why a village moves."""
    assert "小校 在过渡" in run()[1]
    assert "小校 winds up" in run("--language", "en")[1]


def test_pupils_are_forecast_from_children(run) -> None:
    """With counts by age instead of pupils; the high end needs no fewer seats than the low."""
    rows = ["village,year,age,children"]
    for village, each in (("甲", 4), ("乙", 1)):
        rows += [
            f"{village},{y},{a},{each + (y * 5 + a * 3) % 3}"
            for y in range(2021, 2026)
            for a in range(12)
        ]
    children = "\n".join(rows) + "\n"
    pupils = []
    for end in ("low", "high"):
        code, out, err = run("--json", "--demand", end, children_csv=children, pupils_csv=None)
        assert (code, err) == (0, "")
        pupils.append(sum(row["pupils"] for row in json.loads(out)["solution"]["villages"]))
    assert 0 < pupils[0] < pupils[1]


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("city.yaml", "module_seats: 10", "module_seats: x", "city.yaml"),
        ("city.yaml", "2028]", "2029]", "city.yaml"),
        ("city.yaml", "limit_m: 3000, from", "limit: 3, from", "city.yaml"),
        ("city.yaml", "bands:", "bands: [", "city.yaml:"),
        ("schools.csv", "大校,64", "大校,-64", "schools.csv:2"),
        ("schools.csv", "小校,20", "大校,20", "schools.csv:3"),
        ("ways.csv", "乙,小校,100", "乙,中校,100", "ways.csv:5"),
        ("ways.csv", "乙,小校,100", "乙,大校,100", "ways.csv:5"),
        ("home.csv", "乙,高段,小校", "丙,高段,小校", "home.csv:5"),
        ("pupils.csv", "乙,高段,2028,4", "乙,高段,2029,4", "pupils.csv:13"),
        ("pupils.csv", "乙,高段,2028,4", "乙,高段,2028,", "pupils.csv:13"),
    ],
)
def test_a_folder_that_is_wrong_is_refused_with_file_and_line(run, name, old, new, where) -> None:
    """Exit status 2, nothing on stdout."""
    text = FILES[name].replace(old, new)
    code, out, err = run(**{name.replace(".", "_"): text})
    assert (code, out) == (2, "")
    assert where in err


def _without(text: str, year: int) -> str:
    """The table without the rows of a year."""
    return "".join(f"{row}\n" for row in text.splitlines() if f",{year}," not in row)


CHILDREN = "village,year,age,children\n" + "".join(
    f"{village},{year},{age},5\n"
    for village in "甲乙"
    for year in range(2021, 2026)
    for age in range(12)
)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"pupils_csv": "village,band,year,pupils\n"}, "no village has pupils"),
        ({"pupils_csv": _without(FILES["pupils.csv"], 2028)}, "for 2028"),
        ({"pupils_csv": None, "children_csv": _without(CHILDREN, 2025)}, "for 2025"),
        ({"pupils_csv": None, "children_csv": "village,year,age,children\n"}, "no rows"),
        ({"children_csv": CHILDREN}, "both children and pupils"),
        ({"home_csv": FILES["home.csv"].replace("乙,高段,小校", "乙,高段,中校")}, "not in schools"),
    ],
)
def test_numbers_that_are_not_there_are_no_zeros(run, files, says) -> None:
    """An empty table, a year of the plan or of the count without a row, two tables for one thing."""
    code, out, err = run(**files)
    assert (code, out, says in err) == (2, "", True)


def test_a_missing_table_is_refused(tmp_path, capsys) -> None:
    """The file that is not there is named."""
    (tmp_path / "city.yaml").write_text(FILES["city.yaml"], "utf-8")
    assert cli.main(["siting", str(tmp_path), "--format", "city"]) == 2
    assert "schools.csv" in capsys.readouterr().err
