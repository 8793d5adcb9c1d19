"""``dingzi check FILE`` with the site's own figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dingzi.project import checking
from tests.figures.rows import closed
from tests.world import build

KEYS = [
    "text", "start", "end", "kind", "value", "low", "high", "unit", "direction", "against", "period", "scope", "part_of",
    "binding", "record", "verdict", "why",
]  # fmt: skip
TRUE = "今年1至8月，全市办结矛盾纠纷6件。"


@pytest.fixture
def draft(db: None, at: Callable[..., Any], tmp_path: Path) -> Callable[[str], str]:
    """Six disputes closed in 2025; ``draft(text)`` writes a file and returns its path."""
    at("2025-09-23T10:00+08:00")
    build()
    for month in range(1, 7):
        closed(date(2025, month, 5), registered_on=date(2025, 1, 2))

    def write(text: str) -> str:
        path = tmp_path / "draft.txt"
        path.write_text(text, "utf-8")
        return str(path)

    return write


def test_status_and_json(draft: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """0 where all is so, 1 where a number differs; the JSON has the issue's shape and the record."""
    day = ["--date", "2025-09-23"]
    assert checking.main([draft(TRUE), *day, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["claims", "set_aside"]
    (claim,) = found["claims"]
    assert list(claim) == KEYS
    assert (claim["binding"], claim["record"], claim["verdict"]) == ("disputes.closed", "6", "verified")  # fmt: skip
    assert (claim["kind"], claim["value"], claim["period"]) == ("count", "6", "2025-01..2025-08")
    assert checking.main([draft(TRUE.replace("6件", "7件")), *day, "--json"]) == 1
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert (claim["verdict"], claim["record"]) == ("differs", "6")


def test_what_lacks_is_said(draft: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Without a year there is no period, without a place no scope: no data, status 0, and why."""
    assert checking.main([draft("全市办结矛盾纠纷6件。"), "--json"]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert (claim["verdict"], claim["record"]) == ("no data", None)
    assert [why["code"] for why in claim["why"]] == ["claim_no_period"]


def test_the_table_says_it_in_words(draft: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Title, record and verdict stand in one row; --read-only asks no database."""
    assert checking.main([draft(TRUE), "--date", "2025-09-23"]) == 0
    row = capsys.readouterr().out
    assert "办结的矛盾纠纷" in row and "核实" in row
    assert checking.main([draft(TRUE), "--read-only"]) == 0
    assert "只读文字" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.one_engine
def test_without_an_installation_it_says_what_to_do(tmp_path: Path) -> None:
    """No tables: status 2, one line, both ways out, no stack trace."""
    (tmp_path / "draft.txt").write_text(TRUE, "utf-8")
    surroundings = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("DINGZI", "DJANGO"))
    } | {"DINGZI_HOME": str(tmp_path / "none")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "dingzi.project.cli", "check", str(tmp_path / "draft.txt")],
        capture_output=True, text=True, env=surroundings, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout
    assert "--read-only" in done.stderr and "Traceback" not in done.stderr
