"""The command on the literature's files: both layouts, and damaged ones."""

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
TITLED = """ This file contains 2 problems.
 EXAMPLE
 1 9 // 1 knapsack, 9 objects
 +++++++++++++++++++++++++++++

 problem FIRST.DAT

 +++++++++++++++++++++++++++++
 2 3
 5 4 3
 5 6
 2 3 1
 4 1 2

 9

 +++++++++++++++++++++++++++++

 problem SECOND.DAT

 +++++++++++++++++++++++++++++
 1 2
 8.5 1
 1
 1 1

 8.5
"""


@pytest.mark.parametrize("text", [ORLIB, TITLED])
@pytest.mark.parametrize(("number", "objective"), [(1, 9), (2, 8.5)])
def test_the_public_format_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, number: int, objective: float
) -> None:
    """A problem is picked by its number; decimals keep their unit; what is written is checked."""
    file, out = tmp_path / "x.txt", tmp_path / "out.csv"
    file.write_text(text)
    command = ["portfolio", str(file), "--format", "orlib-mknap", "--number", str(number)]
    assert main([*command, "--work", "20", "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["objective"], told["bound"], told["status"]) == (objective, objective, "optimal")
    again = tmp_path / "again.csv"
    assert main([*command, "--json", "--check", str(out), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()
    assert json.loads(capsys.readouterr().out)["objective"] == objective


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        (" 5 6\n", " -5 6\n", 6, "between 0 and"),
        (" 5 6\n2 1 8.5\n 8.5 1\n 1 1\n 1\n", " 5", 6, "ends here"),
        (" 4 1 2", " 4 x 2", 5, "must be a number"),
        ("2\n3", "0\n3", 1, "between 1"),
        (" 1\n", " 1 7\n", 10, "should have ended"),
        (" 4 1 2", " 4 nan 2", 5, "must be a number"),
        (" 4 1 2", " 4 1e30 2", 5, "between 0 and"),
        (" 4 1 2", " 4 0.0000000000001 2", None, "too many decimals"),
        ("2\n3 2 0", "two\n3 2 0", 1, "must be a number"),
        ("3 2 0", "99999999999 2 0", 2, "between 1"),
    ],
)
def test_a_damaged_file_is_refused_at_its_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    line: int | None,
    code: str,
) -> None:
    """Cut off, negative, not a number, too long: which line, what is wrong."""
    file = tmp_path / "x.txt"
    head, found, tail = ORLIB.rpartition(old)
    assert found
    file.write_text(head + new + tail)
    assert main(["portfolio", str(file), "--format", "orlib-mknap", "--work", "5"]) == 2
    told = capsys.readouterr().err
    assert (f"{file}:{line}:" if line else f"{file}: ") in told
    assert code in told


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        (" 1 1\n\n 8.5\n", " 1", 25, "ends here"),
        (" 8.5\n", "", 25, "best known value is missing"),
        (" 4 1 2\n", " 4 1\n", 15, "best known value is missing"),
        (" 4 1 2\n", " 4 1 -2\n", 13, "between 0 and"),
        ("\n 9\n", "\n 9 9\n", 15, "should have ended"),
    ],
)
def test_a_damaged_problem_of_many_is_refused_at_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, code: str
) -> None:
    """Problems that are named by title: a fault in any of them, whichever is asked for."""
    file = tmp_path / "x.txt"
    head, found, tail = TITLED.rpartition(old)
    assert found
    file.write_text(head + new + tail)
    assert main(["portfolio", str(file), "--format", "orlib-mknap", "--work", "5"]) == 2
    told = capsys.readouterr().err
    assert f"{file}:{line}:" in told
    assert code in told


def test_a_number_that_is_not_in_the_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--number counts from 1 to what the file holds."""
    file = tmp_path / "x.txt"
    file.write_text(ORLIB)
    assert main(["portfolio", str(file), "--format", "orlib-mknap", "--number", "3"]) == 2
    assert "2 problems" in capsys.readouterr().err
