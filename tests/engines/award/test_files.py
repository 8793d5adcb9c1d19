"""Rule books and rounds out of files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dingzi.engines.award.rulebook import presets, rule_book
from dingzi.engines.cli import main

BIDS = "product,bidder,price\np,a,100\np,b,120\np,c,990\nq,a,50\n"
DEMAND = "product,region,volume,ceiling\np,east,100,1000\np,west,50,1000\nq,east,10,40\n"


def files(folder: Path, bids: str = BIDS, demand: str = DEMAND) -> list[str]:
    (folder / "bids.csv").write_text(bids)
    (folder / "demand.csv").write_text(demand)
    return ["award", str(folder / "bids.csv"), "--demand", str(folder / "demand.csv")]


def test_every_preset_names_its_source_and_what_is_local() -> None:
    """No number without somebody who says it."""
    assert presets() == ["national-11", "national-3", "national-7"]
    for name in presets():
        assert rule_book(name).source
        assert "ties" in rule_book(name).local


def test_a_round_is_decided_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bids in, award out, checked again from the file; each loser told what would have won."""
    command, out = files(tmp_path), str(tmp_path / "award.csv")
    assert main([*command, "--rules", "national-7", "--json", "--out", out]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(row["bidder"], row["region"], row["agreed"]) for row in told["solution"]] == [
        ("a", "east", 60),
        ("b", "west", 30),
    ]
    reasons = {(code, params["bidder"]): params["needed"] for code, params in told["reasons"]}
    # b bid 120 and is then the highest: c wins with 120 only if the lot is with it
    assert reasons[("award.highest", "c")] in (119, 120)
    assert reasons[("award.over_ceiling", "a")] == 0
    again = tmp_path / "again.csv"
    assert main([*command, "--rules", "national-7", "--check", out, "--out", str(again)]) == 0
    assert again.read_text() == Path(out).read_text()
    text = Path(out).read_text().replace("60", "61")
    Path(out).write_text(text)
    capsys.readouterr()
    assert main([*command, "--rules", "national-7", "--check", out, "--language", "en"]) == 1
    assert "agreed volumes of p" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("bids", "demand", "message"),
    [
        (BIDS.replace("p,c,990", "p,c,-1"), DEMAND, "bids.csv:4:"),
        (BIDS.replace("p,c,990", "x,c,990"), DEMAND, "no product x"),
        (BIDS.replace("p,c,990", "p,a,990"), DEMAND, "stands twice"),
        (BIDS, DEMAND.replace("p,west,50,1000", "p,west,50,999"), "two ceilings"),
        (BIDS, DEMAND.replace("p,west", "p,east"), "stands twice"),
        (BIDS.replace("price", "prize"), DEMAND, "price is missing"),
    ],
)
def test_a_bad_round_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bids: str, demand: str, message: str
) -> None:
    """What is wrong, and where; nothing is decided."""
    assert main(files(tmp_path, bids, demand)) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("since: 2026-01-01\n", "shares is missing"),
        ("since: x\nwinners: [{from: 1, most: 1}]\nshares: [{from: 1, share: 1}]", "2025-09-26"),
        ("since: 2026-01-01\nwiners: []\n", "winers is not known"),
        ("- 1\n", "name: value"),
    ],
)
def test_a_bad_rule_book_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    """A city's own file is read field by field."""
    path = tmp_path / "own.yaml"
    path.write_text(text)
    assert main([*files(tmp_path), "--rules", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert main([*files(tmp_path), "--rules", "nobody"]) == 2
