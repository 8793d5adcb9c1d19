"""The command on plans: read, decided, checked, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dingzi.engines.cli import main

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
