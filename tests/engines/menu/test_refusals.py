"""What a canteen, its rules and its options may not say, and what a conflict may take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dingzi.engines.cli import main
from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadSettings
from dingzi.engines.menu import deciding
from dingzi.engines.menu.problem import MenuSettings, Nutrition
from dingzi.engines.menu.reading import FOLDER, nutrition
from tests.engines.menu.canteens import CANTEEN

PRESET = (FOLDER / "rules" / "wst-554-2017.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{rice: 130}", "{rise: 130}", "rise in grams"),
        ("category: staple, fen: 60", "category: staples, fen: 60", "staples in category"),
        ("months: [7, 8]", "months: [13]", "13 in months"),
        ("fen: 60,", "fen: -60,", "between 0 and"),
        ("days: 5", "days: 0", "between 1 and"),
        ("start: 2026-03-02", "start: March", "2025-09-26"),
        ("  - {name: noodles", "  - {name: rice", "rice stands twice"),
    ],
)
def test_a_bad_canteen_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    """What is wrong in which line."""
    assert old in CANTEEN
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN.replace(old, new, 1))
    assert main(["menu", str(file), "--work", "5"]) == 2
    assert message in capsys.readouterr().err


def test_unknown_rules_and_ages_are_refused() -> None:
    """By name, with what there is."""
    with pytest.raises(BadSettings, match="wst-554-2017"):
        nutrition("none", "9-11", 50)
    with pytest.raises(BadSettings, match="12-14"):
        nutrition("wst-554-2017", "3", 50)
    settings = MenuSettings(stop=Stop(work=1), nutrition=Nutrition())
    with pytest.raises(BadSettings):
        replace(settings, repeat=0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share: {low: 35, high: 40", "share: {low: 45, high: 40", "lower limit 45 of share"),
        ("low: 90, high: 110", "low: 120, high: 110", "lower limit 120 of energy"),
        ("low: 20, high: 30", "low: 40, high: 30", "lower limit 40 of fat"),
        ("[2100, 1900]", "[1e30, 1900]", "energy must be from 0 to"),
        ("[2100, 1900]", "[2100.0001, 1900]", "three decimals"),
        ("[2100, 1900]", "[nan, 1900]", "2 numbers"),
        ("age: 9-11", "age: 6-8", "6-8 stands twice"),
        ("  - age: 9-11", "  - age: 9-11\n    engery: [1, 2]", "engery is not known here"),
        ("share: {low: 35", "share: {lo: 1, low: 35", "lo is not known here"),
        ("groups: {least: 3", "groups: {most: 4, least: 3", "most is not known here"),
        ("since: 2017-12-01", "since: 2017-13-01", "2025-09-26"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    """Limits the wrong way round, amounts beyond sense, fields that nobody reads: with their line."""
    assert old in PRESET
    rules, file = tmp_path / "rules.yaml", tmp_path / "canteen.yaml"
    rules.write_text(PRESET.replace(old, new, 1))
    file.write_text(CANTEEN)
    assert main(["menu", str(file), "--work", "5", "--rules", str(rules)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert f"{rules}:" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--without", "eggs"], "there are: celery, crustacean, egg"),
        (["--forbidden", "green bean"], "green beans"),
        (["--boys", "101"], "from 0 to 100"),
        (["--apart", "-1"], "cannot be negative"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """A slip in an allergen's or a food's name must not leave it on the plate."""
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN)
    assert main(["menu", str(file), "--work", "5", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_dish_written_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two rows of one dish on one day would count once: which line."""
    file, menu = tmp_path / "canteen.yaml", tmp_path / "menu.csv"
    file.write_text(CANTEEN)
    menu.write_text("day,dish\n1,rice\n1,rice\n")
    assert main(["menu", str(file), "--check", str(menu)]) == 2
    assert "menu.csv:3" in capsys.readouterr().err


def test_a_conflict_ends_with_the_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty days that cannot be filled: when the second is over no other question is begun, and
    the reasons say that fewer may do."""
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN.replace("days: 5", "days: 60"))
    left: list[float] = []
    solve = deciding._solve

    def seen(*given: Any, **named: Any) -> Any:
        left.append(given[3].seconds_left)
        return solve(*given, **named)

    monkeypatch.setattr(deciding, "_solve", seen)
    assert main(["menu", str(file), "--seconds", "1", "--repeat", "1", "--json"]) in (0, 1)
    assert all(seconds > 0 for seconds in left[1:])  # the first says whether there is a conflict
    told = json.loads(capsys.readouterr().out)
    if told["status"] == "infeasible":
        assert told["reasons"]
