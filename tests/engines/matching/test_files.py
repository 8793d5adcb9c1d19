"""``dingzi decide matching`` on tables: read, decided, written, checked again, refused by line."""

from __future__ import annotations

import json

import pytest

from dingzi.engines import cli, tables

SEEKERS = """seeker,place,district,most_minutes,least_wage_fen,education,experience_years,certificates,shifts,most_weekly_hours,wants,category
zhao,p1,,40,400000,2,3,welder;driver,day;night,48,6-31-01-01;4-00-00-00,
qian,p1,east,40,400000,2,1,,day,48,6-31-01-00,difficulty
sun,p2,,40,900000,2,1,,day,48,6-31-01-00,
"""
VACANCIES = """vacancy,place,occupation,wage_fen,education,experience_years,certificates,shifts,weekly_hours,seats,reserved,conditions
fitter,p2,6-31-01-01,500000,1,0,,day,44,1,difficulty:1,
driver,p1,4-02-02-01,450000,1,2,driver,day,44,2,,
guard,p1,4-07-05-01,450000,0,0,,day,44,1,,sex
"""
PLACES = "place,district\np1,west\np2,east\n"
WAYS = "from,to,minutes\np1,p2,25\np2,p1,25\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in (
        ("seekers", SEEKERS), ("vacancies", VACANCIES), ("places", PLACES), ("ways", WAYS),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def test_a_folder_of_tables_is_decided_and_told(folder, capsys) -> None:
    """Who got what with the parts of his score, and a reason for everybody else."""
    assert cli.main(["matching", str(folder), "--json", "--on", "2026-01-01"]) == 0
    told = json.loads(capsys.readouterr().out)
    got = {row["seeker"]: row for row in told["solution"]}
    assert {s: row["vacancy"] for s, row in got.items()} == {"zhao": "driver", "qian": "fitter"}
    assert (got["qian"]["score_occupation"], got["qian"]["score_travel"]) == (75, 75)
    assert got["qian"]["score"] == 75 * 30 + 20 * 30 + 75 * 20 + 75 * 10 + 20 * 10
    codes = dict(told["reasons"])
    assert codes["matching_none_wage"] == {"seeker": "sun", "left": 1}
    assert codes["matching_notice_forbidden"]["vacancy"] == "guard"
    assert codes["matching_stable_less_kept"]["first"] == "fitter"
    assert told["status"] == "optimal"
    assert told["objective"] == told["bound"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_written_matching_can_be_checked_again(folder, tmp_path, capsys, suffix) -> None:
    """What --out wrote, --check accepts; another one it does not."""
    out = tmp_path / f"out.{suffix}"
    assert cli.main(["matching", str(folder), "--out", str(out)]) == 0
    again = tmp_path / f"again.{suffix}"
    command = ["matching", str(folder), "--check", str(out), "--out", str(again)]
    assert cli.main(command) == 0
    assert cli.main(["matching", str(folder), "--check", str(again)]) == 0  # the pairs, unscored
    worse = tmp_path / "worse.csv"
    tables.write(worse, {"seeker": ["zhao"], "vacancy": ["driver"]})
    assert cli.main(["matching", str(folder), "--check", str(worse), "--language", "en"]) == 1
    assert "rather have each other" in capsys.readouterr().out


def test_one_table_of_pairs_is_enough(tmp_path, capsys) -> None:
    """A Parquet file of pairs, by two methods."""
    path = tmp_path / "problem.parquet"
    tables.write(
        path,
        {
            "seeker": ["a", "a", "b", "c"], "vacancy": ["x", "y", "x", "x"],
            "score": [9, 3, 8, 1], "priority": [1, 1, 5, 2], "seats": [1, 2, 1, 1],
        },
    )  # fmt: skip
    for method, got in (("stable", {"a": "y", "b": "x"}), ("assignment", {"a": "y", "b": "x"})):
        assert cli.main(["matching", str(path), "--method", method, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert {row["seeker"]: row["vacancy"] for row in told["solution"]} == got
        assert {code for code, _ in told["reasons"]} >= {f"matching_{method}_less"}


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "told"),
    [
        ("seekers", "6-31-01-00,difficulty", "6-31-01-99,", 3, "6-31-01-99"),
        ("seekers", "sun,p2", "sun,p9", 4, "p9"),
        ("seekers", "qian,p1,east", "qian,p1,north", 3, "north"),
        ("seekers", "sun,p2,,40", "sun,p2,,-4", 4, "most_minutes"),
        ("vacancies", "44,1,difficulty:1", "44,-1,", 2, "seats"),
        ("vacancies", "difficulty:1", "difficulty", 2, "difficulty"),
        ("vacancies", ",,sex", ",,beauty", 4, "beauty"),
        ("ways", "p2,p1,25", "p2,p1,soon", 3, "soon"),
        ("places", "p2,east", "p1,east", 3, "p1"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_line(folder, capsys, table, old, new, line, told) -> None:
    """File, line and what was found; nothing is computed, nothing is a stack trace."""
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert cli.main(["matching", str(folder)]) == 2
    message = capsys.readouterr().err
    assert f"{table}.csv:{line}:" in message
    assert told in message


@pytest.mark.parametrize("between", [";", "；", "、", "，", " , "])
def test_names_in_one_cell_are_parted_as_people_part_them(folder, capsys, between) -> None:
    """Wide semicolons, commas and the Chinese list mark say the same; a wide colon as well."""
    assert cli.main(["matching", str(folder), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    seekers = SEEKERS.replace("welder;driver", f'"welder{between}driver"')
    seekers = seekers.replace("day;night", f'"day{between}night"')
    seekers = seekers.replace("6-31-01-01;4-00", f'"6-31-01-01{between}4-00').replace(
        "4-00-00-00", '4-00-00-00"'
    )
    (folder / "seekers.csv").write_text(seekers, "utf-8")
    wide = VACANCIES.replace("difficulty:1", "difficulty：1")
    (folder / "vacancies.csv").write_text(wide, "utf-8")
    assert cli.main(["matching", str(folder), "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert [before[key] for key in ("solution", "reasons")] == [
        after[key] for key in ("solution", "reasons")
    ]


def test_equal_points_are_told_as_a_lot(tmp_path, capsys) -> None:
    """One seat, two with as many points: who got none was not placed behind for his points."""
    path = tmp_path / "pairs.csv"
    path.write_text("seeker,vacancy,score,priority\na,x,5,7\nb,x,5,7\nc,x,5,6\n", "utf-8")
    assert cli.main(["matching", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["reasons"]
    assert {code: params["own"] for code, params in told} == {
        "matching_stable_nothing_lot": 7, "matching_stable_nothing": 6,
    }  # fmt: skip


def test_nobody_at_all_is_no_fault(tmp_path, capsys) -> None:
    """A table without rows is matched, with nothing and nobody."""
    path = tmp_path / "pairs.csv"
    path.write_text("seeker,vacancy,score,priority\n", "utf-8")
    for method in ("stable", "assignment", "candidates"):
        assert cli.main(["matching", str(path), "--method", method, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["solution"], told["reasons"], told["objective"]) == ([], [], 0)


def test_a_missing_table_and_a_pair_twice_are_refused(folder, tmp_path, capsys) -> None:
    """Each with the file that is wrong."""
    (folder / "ways.csv").unlink()
    assert cli.main(["matching", str(folder)]) == 2
    assert "ways.csv" in capsys.readouterr().err
    path = tmp_path / "pairs.csv"
    path.write_text("seeker,vacancy,score,priority\na,x,1,1\nb,x,1,1\na,x,2,2\n", "utf-8")
    assert cli.main(["matching", str(path)]) == 2
    assert "pairs.csv:4:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        *(
            (one, "sex")
            for one in ("性别", "男", "限男性", "女性优先", "Male only", "SEX", "ｇｅｎｄｅｒ")
        ),
        *((one, "ethnicity") for one in ("民族", "汉族", "仅限汉族", "Han people", "ethnic")),
        *((one, "race") for one in ("种族", "Race", "肤色白")),
        *(
            (one, "religion")
            for one in ("宗教信仰", "无宗教信仰", "religious belief", "不招穆斯林")
        ),
    ],
)
def test_a_forbidden_condition_is_one_however_it_is_written(folder, capsys, written, kind) -> None:
    """Chinese, English, capitals, wide letters: the notice is offered to nobody and told so."""
    path = folder / "vacancies.csv"
    path.write_text(VACANCIES.replace(",,sex", f",,{written}"), "utf-8")
    assert cli.main(["matching", str(folder), "--json", "--on", "2026-01-01"]) == 0
    told = dict(json.loads(capsys.readouterr().out)["reasons"])["matching_notice_forbidden"]
    assert (told["vacancy"], kind in told.values()) == ("guard", True)


@pytest.mark.parametrize(
    "written", ["男女不限", "健康证", "Driving licence", "any gender", "居住证"]
)
def test_what_keeps_nobody_out_is_no_forbidden_condition(folder, capsys, written) -> None:
    """Open to all, or a condition that may be made."""
    path = folder / "vacancies.csv"
    path.write_text(VACANCIES.replace(",,sex", f",,{written}"), "utf-8")
    assert cli.main(["matching", str(folder), "--json", "--on", "2026-01-01"]) == 0
    told = json.loads(capsys.readouterr().out)["reasons"]
    assert "matching_notice_forbidden" not in {code for code, _ in told}


@pytest.mark.parametrize(
    ("table", "old", "new", "line"),
    [
        ("vacancies", ",driver,day", ",男性,day", 3),
        ("vacancies", "difficulty:1", "female:1", 2),
        ("vacancies", "difficulty:1", "difficulty:7", 2),
        ("vacancies", ",,sex", ",,婚育状况", 4),
        ("ways", "p2,p1,25", "p1,p2,30", 3),
    ],
)
def test_a_slip_or_a_trick_in_a_table_is_refused_at_its_line(
    folder, capsys, table, old, new, line
) -> None:
    """A sex as a certificate or as a reserved category, seats kept that are not there, a way twice."""
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert cli.main(["matching", str(folder)]) == 2
    told = capsys.readouterr()
    assert (told.out, f"{table}.csv:{line}:" in told.err) == ("", True)
