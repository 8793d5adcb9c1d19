"""The command on files: ours, the literature's, and bad ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dingzi.engines.cli import main

ORLIB = """2
3 2 0
 5 4 3
 2 3 1
 4 1 2
 5 6
2 1 8.5
 8.5 1
 1 1
 1
"""
PLAN = """
resources:
  - {name: 2027, capacity: 100_00}
  - {name: 2028, capacity: 50_00, carries: 2027}
items:
  - name: road
    must: true
    versions:
      - {name: whole, value: 9, use: {2027: 80_00, 2028: 60_00}}
      - {name: half, value: 5, use: {2027: 50_00}}
  - name: park
    tier: 1
    versions: [{value: 7, use: {2028: 90_00}}]
groups:
  - {name: all, items: [road, park], most: 2, floor: 10_00, resources: [2027]}
requires: [[park, road]]
"""


@pytest.mark.parametrize(("number", "objective"), [(1, 9), (2, 8.5)])
def test_the_public_format_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, objective: float
) -> None:
    """A problem is picked by its number; decimals keep their unit; what is written is checked."""
    file, out = tmp_path / "x.txt", tmp_path / "out.csv"
    file.write_text(ORLIB)
    command = ["portfolio", str(file), "--format", "orlib-mknap", "--number", str(number)]
    assert main([*command, "--work", "20", "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["objective"], told["bound"], told["status"]) == (objective, objective, "optimal")
    assert main([*command, "--json", "--check", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)["objective"] == objective


def test_a_plan_is_read_and_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Versions, carried rests, groups and links out of one YAML file."""
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    assert main(["portfolio", str(file), "--work", "20", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["objective"] == 12
    assert told["solution"]["used"] == {"2027": 5000, "2028": 9000}
    assert told["reasons"] == [
        [
            "portfolio.smaller_no_room",
            {
                "item": "road",
                "version": "half",
                "better": "whole",
                "resource": "2028",
                "short": 8000,
            },
        ]
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        (" 5 6\n", " -5 6\n", 6, "between 0 and"),
        (" 5 6\n2 1 8.5\n 8.5 1\n 1 1\n 1\n", " 5", 6, "ends here"),
        (" 4 1 2", " 4 x 2", 5, "must be a number"),
        ("2\n3", "0\n3", 1, "between 1"),
        (" 1\n", " 1 7\n", 10, "should have ended"),
    ],
)
def test_a_damaged_file_is_refused_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, code: str
) -> None:
    """Cut off, negative, not a number, too long: which line, what is wrong."""
    file = tmp_path / "x.txt"
    head, found, tail = ORLIB.rpartition(old)
    assert found
    file.write_text(head + new + tail)
    assert main(["portfolio", str(file), "--format", "orlib-mknap", "--work", "5"]) == 2
    told = capsys.readouterr().err
    assert f"{file}:{line}:" in told
    assert code in told


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("carries: 2027", "carries: 2029", "2029 in carries is defined nowhere"),
        ("carries: 2027", "carries: 2028", "carries are wrong"),
        ("value: 7", "value: -7", "between 0 and"),
        ("value: 7", "worth: 7", "worth is not known here"),
        ("[[park, road]]", "[[park, park]]", "make no pair"),
        ("[[park, road]]", "[[park]]", "exactly two names"),
        ("- name: park", "- name: road", "road stands twice"),
        ("  - name: park", " - name: park", "the YAML cannot be read"),
        ("versions: [{value: 7, use: {2028: 90_00}}]", "versions: []", "each item needs a version"),
        ("floor: 10_00", "floor: 1.5", "must be a whole number"),
    ],
)
def test_a_bad_plan_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, code: str
) -> None:
    """Every slip in a plan is told by what and where, and nothing is decided."""
    file = tmp_path / "plan.yaml"
    assert old in PLAN
    file.write_text(PLAN.replace(old, new))
    assert main(["portfolio", str(file), "--work", "5"]) == 2
    assert code in capsys.readouterr().err


def test_a_solution_that_breaks_a_demand_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check names each broken demand; an item that the problem does not know is refused."""
    file, solution = tmp_path / "plan.yaml", tmp_path / "s.csv"
    file.write_text(PLAN)
    solution.write_text("item,version\npark,\n")
    assert main(["portfolio", str(file), "--json", "--check", str(solution)]) == 1
    codes = [code for code, _ in json.loads(capsys.readouterr().out)["reasons"]]
    assert codes == ["portfolio.must", "portfolio.requires", "portfolio.group_floor"]
    solution.write_text("item,version\nlake,\n")
    assert main(["portfolio", str(file), "--check", str(solution)]) == 2
    assert "lake" in capsys.readouterr().err


def test_a_number_that_is_not_in_the_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--number counts from 1 to what the file holds."""
    file = tmp_path / "x.txt"
    file.write_text(ORLIB)
    assert main(["portfolio", str(file), "--format", "orlib-mknap", "--number", "3"]) == 2
    assert "2 problems" in capsys.readouterr().err
