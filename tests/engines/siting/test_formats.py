"""``dingzi decide siting`` on the public formats and on a table of pairs."""

from __future__ import annotations

import json

import pytest

from dingzi.engines import cli

PMED = "4 4 1\n1 2 3\n2 3 4\n3 4 5\n1 2 2\n"
CAP = "2 2\n10 5.5\n10 7.25\n4\n1 2\n6\n8 3\n"
OPEN = CAP.replace("10 ", "capacity ")
SSCFLP = "2 3\n7 5\n10 20\n3 4 2\n1 2\n3 4\n5 6\n"
TABLE = "customer,site,cost,demand,capacity\n甲,东,1,2,3\n甲,西,4,2,9\n乙,东,2,2,3\n乙,西,3,2,9\n"


@pytest.fixture
def run(capsys, tmp_path):
    """Run ``decide siting`` on a text; return exit status, what it printed, what it refused."""

    def go(text: str, *arguments: str, name: str = "problem.txt") -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        code = cli.main(["siting", str(path), "--work", "5000", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


def test_pmed_takes_the_last_of_two_edges(run) -> None:
    """Site 3: 1-2-3 is 2 + 4, 3-4 is 5; the best single node is 2 or 3 at 15."""
    code, out, _ = run(PMED, "--format", "orlib-pmed", "--json")
    found = json.loads(out)
    assert (code, found["status"], found["objective"], found["bound"]) == (0, "optimal", 15, 15)
    assert found["solution"]["open"] in ([2], [3])


def test_cap_splits_and_leaves_capacity_to_the_caller(run) -> None:
    """Costs are for the whole demand; an open capacity must be given, none is no limit."""
    code, out, _ = run(CAP, "--format", "orlib-cap", "--json")
    assert (code, json.loads(out)["objective"]) == (0, pytest.approx(7.25 + 2 + 3))
    code, out, _ = run(OPEN, "--format", "orlib-cap", "--capacity", "6", "--json")
    found = json.loads(out)
    assert found["objective"] == pytest.approx(5.5 + 7.25 + 1 + 3)
    code, out, _ = run(OPEN, "--format", "orlib-cap", "--capacity", "none", "--json")
    assert json.loads(out)["objective"] == pytest.approx(12.25)
    code, out, err = run(OPEN, "--format", "orlib-cap")
    assert (code, out) == (2, "")
    assert "problem.txt:2" in err


def test_sscflp_reads_a_row_of_costs_for_each_customer(run) -> None:
    """Facility 1 has 7 seats for 9, so the second opens too."""
    code, out, _ = run(SSCFLP, "--format", "sscflp", "--json")
    found = json.loads(out)
    assert (code, found["status"], found["objective"]) == (0, "optimal", 10 + 20 + 1 + 3 + 6)


def test_a_table_of_pairs_with_names(run, tmp_path) -> None:
    """Names come back, in words and in the table; the table is checked."""
    out = tmp_path / "plan.csv"
    code, told, _ = run(TABLE, "--out", str(out), name="pairs.csv")
    assert code == 0
    assert "乙最近的" in told.replace(" ", "")
    assert sorted(out.read_text("utf-8").replace('"', "").split()) == [
        "customer,site,share",
        "乙,西,1",
        "甲,东,1",
    ]
    code, told, _ = run(TABLE, "--check", str(out), "--json", name="pairs.csv")
    assert (code, json.loads(told)["objective"]) == (0, 4)
    out.write_text("customer,site,share\n甲,东,1\n乙,东,1\n", "utf-8")
    code, told, _ = run(TABLE, "--check", str(out), "--json", name="pairs.csv")
    assert code == 1
    assert json.loads(told)["reasons"] == [
        ["siting.too_full", {"site": "东", "load": 4.0, "most": 3.0}]
    ]


@pytest.mark.parametrize(
    ("text", "form", "line"),
    [
        (PMED[:-4], "orlib-pmed", 5),
        (PMED.replace("2 3 4", "2 9 4"), "orlib-pmed", 3),
        (PMED.replace("2 3 4", "2 3 -4"), "orlib-pmed", 3),
        (PMED.replace("4 4 1", "4 4 5"), "orlib-pmed", 1),
        (PMED + "1 4 4\n", "orlib-pmed", 6),
        (CAP[:-3], "orlib-cap", 7),
        (CAP.replace("10 7", "-1 7"), "orlib-cap", 3),
        (CAP.replace("10 7", "nan 7"), "orlib-cap", 3),
        (CAP + "1", "orlib-cap", 8),
        (PMED, "orlib-cap", 5),
        (SSCFLP.replace("7 5", "7 -5"), "sscflp", 2),
        (SSCFLP[:-3], "sscflp", 7),
        (SSCFLP + "9\n", "sscflp", 8),
        ("", "sscflp", 1),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(run, text, form, line) -> None:
    """Cut off, of another format, negative, too long: exit status 2 and where."""
    code, out, err = run(text, "--format", form)
    assert (code, out) == (2, "")
    assert f"problem.txt:{line}:" in err


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (TABLE + "甲,东,1,2,3\n", 6),
        (TABLE.replace("乙,东,2,2,3", "乙,东,2,2,5"), 4),
        (TABLE.replace("乙,东,2,2,3", "乙,东,2,2,-3"), 4),
        (TABLE.replace("乙,东,2", "乙,东,x"), 4),
    ],
)
def test_a_table_of_pairs_that_is_wrong_is_refused(run, text, line) -> None:
    """Pairs twice, values that differ within one site, what is no number."""
    code, _, err = run(text, name="pairs.csv")
    assert code == 2
    assert f"pairs.csv:{line}:" in err


def test_demands_that_cannot_hold_are_told_as_one_writes_numbers(tmp_path, capsys) -> None:
    """Ten for five seats: whole amounts without a point, others with it; no row is no problem."""
    path = tmp_path / "pairs.csv"
    path.write_text("customer,site,cost,demand,opening,capacity\na,s,5,10,1,5\nb,s,5,2.5,1,5\n")
    command = ["siting", str(path), "--work", "50", "--language", "en"]
    assert cli.main(command) == 0
    told = capsys.readouterr().out
    assert "s serves at most 5." in told
    assert "a (10) must be served." in told
    path.write_text("customer,site,cost\n")
    assert cli.main([*command, "--open", "1"]) == 2
    assert "no rows" in capsys.readouterr().err


def test_a_plan_with_names_that_are_not_there_is_refused(run, tmp_path) -> None:
    """The line of the plan is named."""
    plan = tmp_path / "plan.csv"
    plan.write_text("customer,site,share\n甲,南,1\n", "utf-8")
    code, _, err = run(TABLE, "--check", str(plan), name="pairs.csv")
    assert code == 2
    assert "plan.csv:2" in err


def test_a_site_out_of_reach_of_somebody_is_told(run) -> None:
    """A graph in two pieces with one site: nobody can be blamed but the one who is cut off."""
    code, out, _ = run("3 1 1\n1 2 1\n", "--format", "orlib-pmed", "--json")
    found = json.loads(out)
    assert (code, found["status"]) == (0, "infeasible")
    assert found["reasons"]
