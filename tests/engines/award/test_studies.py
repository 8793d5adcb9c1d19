"""The further questions of an award on the command line: a budget, a default."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dingzi.engines.award.budgeting import BudgetSettings, Buying
from dingzi.engines.award.checking import check_buying
from dingzi.engines.award.deciding import decide
from dingzi.engines.cli import main
from dingzi.engines.contract import Stop
from tests.engines.award.making import round_of, settings

BIDS = "product,bidder,price\np,a,100\np,b,120\np,c,990\nq,a,20\nq,b,30\n"
DEMAND = "product,region,volume,ceiling\np,east,100,1000\np,west,50,1000\nq,east,10,40\n"


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Ask ``decide award`` something about one small round."""
    (tmp_path / "bids.csv").write_text(BIDS)
    (tmp_path / "demand.csv").write_text(DEMAND)
    command = [
        "award", str(tmp_path / "bids.csv"), "--demand", str(tmp_path / "demand.csv"),
        "--rules", "national-7",
    ]  # fmt: skip

    def go(*arguments: str) -> tuple[int, str, str]:
        code = main([*command, *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


def test_a_budget_buys_what_is_worth_most(ask: Any, tmp_path: Path) -> None:
    """9,099 fen buy p from its cheapest winner; q would cost one fen more than is left."""
    (tmp_path / "worth.csv").write_text("product,worth\np,5\nq,1\n")
    code, out, _ = ask("--budget", "9099", "--worth", str(tmp_path / "worth.csv"), "--json")
    told = json.loads(out)
    assert code == 0
    assert told["study"] == "budget"
    bought = {row["product"]: (row["bidder"], row["fen"]) for row in told["rows"]}
    assert bought["p"] == ("a", 9000)
    assert told["reasons"][0] == ["award.buying", {"objective": 5, "bound": 5}]
    assert told["reasons"][1][0] == "award.over_budget"


def test_a_budget_that_nothing_meets_names_what_cannot_hold(ask: Any) -> None:
    """Two suppliers cannot be had for nothing."""
    code, out, _ = ask("--budget", "0", "--least-bidders", "2", "--json")
    assert code == 1
    assert {reason[0] for reason in json.loads(out)["reasons"]} <= {
        "award.budget", "award.least_bidders",
    }  # fmt: skip


def test_a_default_is_told_region_by_region(ask: Any) -> None:
    """b steps in for a at its own price, and a is barred for the days named."""
    code, out, _ = ask("--default", "p", "a", "--on", "2026-03-01", "--barred", "365")
    assert code == 0
    assert "east" in out
    assert "120" in out
    assert "2027-03-01" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--default", "p", "a"], "--barred"),
        (["--default", "p", "nobody", "--barred", "1"], "nobody"),
        (["--default", "p", "c", "--barred", "1"], "did not win"),
        (["--budget", "1", "--default", "p", "a", "--barred", "1"], "one thing"),
        (["--budget", "-1"], "whole number"),
        (["--budget", "1", "--worth", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(
    ask: Any, arguments: list[str], said: str
) -> None:
    """Exit status 2, and what to write instead."""
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_choice_is_checked_apart_from_its_solver() -> None:
    """Over the budget, of a bid that did not win, too often one bidder, too few: each is named."""
    problem = round_of([100, 110, 300], [10])
    award = decide(problem, settings("national-7")).solution
    assert award is not None

    def broken(at: int, **demands: Any) -> set[str]:
        asked = BudgetSettings(stop=Stop(work=1), **{"budget": 10**9} | demands)
        found = check_buying(
            problem, award, np.ones(1, np.int64), asked, Buying(supplier=np.array([at]))
        )
        return {code for code, _ in found.broken}

    assert broken(0) == set()
    assert broken(2) == {"award.buying_wrong"}
    assert broken(0, budget=1) == {"award.buying_over"}
    assert broken(0, most_of_one=0) == {"award.buying_many"}
    assert broken(-1, least_bidders=1) == {"award.buying_few"}
