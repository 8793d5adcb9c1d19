"""Frontier, next money and sorting on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dingzi.engines.cli import main

PLAN = """
resources: [{name: own, capacity: 10}]
items:
  - {name: school, versions: [{value: 8, use: {own: 6}}]}
  - {name: road, versions: [{value: 5, use: {own: 5}}]}
  - {name: hall, versions: [{value: 1, use: {own: 9}}]}
"""
FACTS = "item,needed,urgent,ready,started\nschool,yes,yes,yes,no\nroad,yes,yes,yes,no\nhall,no,no,no,no\n"


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask ``decide portfolio`` something about one small plan."""
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "facts.csv").write_text(FACTS)

    def go(*arguments: str) -> tuple[int, str, str]:
        code = main(["portfolio", str(tmp_path / "plan.yaml"), "--work", "50", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


def test_the_frontier_is_a_table(ask: Any, tmp_path: Path) -> None:
    """Each total with its best, proven, and what is in it; also as a file."""
    out = tmp_path / "line.csv"
    code, told, _ = ask("--frontier", "0:10:3", "--json", "--out", str(out))
    rows = json.loads(told)["rows"]
    assert code == 0
    assert [(row["total"], row["objective"], row["bound"]) for row in rows] == [
        (0, 0, 0), (5, 5, 5), (10, 8, 8),
    ]  # fmt: skip
    assert rows[2]["chosen"] == "school"
    assert out.read_text().splitlines()[0] == "total,objective,bound,used,chosen"


def test_the_next_money_is_told(ask: Any) -> None:
    """One more fen lets the road in beside the school."""
    code, told, _ = ask("--next", "1", "--resource", "own", "--json")
    (row,) = json.loads(told)["rows"]
    assert code == 0
    assert (row["gain"], row["at_most"], row["added"]) == (5, 5, "road")


def test_each_item_gets_a_word_and_why(ask: Any, tmp_path: Path) -> None:
    """Stop, defer, guarantee: in words on the screen, as codes in JSON."""
    code, told, _ = ask("--sort", str(tmp_path / "facts.csv"), "--json")
    words = {row["item"]: row["word"] for row in json.loads(told)["rows"]}
    assert code == 0
    assert words == {"school": "guarantee", "road": "defer", "hall": "stop"}
    _, shown, _ = ask("--sort", str(tmp_path / "facts.csv"), "--language", "en")
    assert "hall" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--frontier", "10:0:3"], "low first"),
        (["--frontier", "ten"], "100:500:5"),
        (["--next", "1", "--resource", "none"], "none"),
        (["--next", "0"], "whole number"),
        (["--sort", "nowhere.csv"], "nowhere.csv"),
        (["--next", "1", "--frontier", "0:9:2"], "one thing"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(
    ask: Any, arguments: list[str], said: str
) -> None:
    """Exit status 2, and what to write instead."""
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_facts_must_be_about_every_item_and_no_other(ask: Any, tmp_path: Path) -> None:
    """The line is named where an item is strange, the item where it is missing."""
    strange = tmp_path / "strange.csv"
    strange.write_text(FACTS + "bridge,yes,yes,yes,no\n")
    code, _, err = ask("--sort", str(strange))
    assert (code, "bridge" in err, "5" in err) == (2, True, True)
    short = tmp_path / "short.csv"
    short.write_text("\n".join(FACTS.splitlines()[:-1]) + "\n")
    code, _, err = ask("--sort", str(short))
    assert (code, "hall" in err) == (2, True)
