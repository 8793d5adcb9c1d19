"""``dingzi decide`` as one types it, with an engine that picks the smallest number of a file."""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from dingzi.engines import cli, tables, words
from dingzi.engines.contract import Result, Settings, Verdict
from dingzi.engines.registry import Engine, Format
from dingzi.engines.tokens import Tokens

COLUMN = {"picked": tables.Column(kind="int")}


def _read(path: Path, options: Namespace) -> list[int]:
    tokens = Tokens(path)
    numbers = [tokens.integer("number", 0) for _ in range(tokens.integer("count", 0))]
    tokens.end()
    return numbers


def _decide(numbers: list[int], settings: Settings) -> Result[int]:
    found = min(numbers) + settings.seed if numbers else None
    return Result(
        status="infeasible" if found is None else "optimal", solution=found, objective=found,
        bound=found, reasons=[("least.lost", {"number": n}) for n in numbers if n != found],
        seed=settings.seed, solver="min", version="1", seconds=0.0,
    )  # fmt: skip


def _check(numbers: list[int], settings: Settings, picked: int) -> Verdict:
    broken = () if picked in numbers else (("least.strange", {"number": picked}),)
    return Verdict(objective=picked, broken=broken, reasons=())


LEAST = Engine(
    formats={"plain": Format(zh="数", en="numbers", read=_read)},
    settings=lambda problem, options, **common: Settings(**common),
    decide=_decide,
    check=_check,
    as_data=lambda problem, picked: {"picked": picked},
    write=lambda problem, picked, path: tables.write(path, {"picked": [picked]}),
    read_solution=lambda problem, path: int(tables.read(path, COLUMN)["picked"][0]),
)
WORDS = {
    "least.title": {"zh": "最小的数", "en": "the least number"},
    "least.lost": {"zh": "{number} 不是最小的。", "en": "{number} is not the least."},
    "least.strange": {"zh": "没有 {number}。", "en": "there is no {number}."},
}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run ``decide least`` on a file of this text."""
    monkeypatch.setattr(cli, "names", lambda: ["least"])
    monkeypatch.setattr(cli, "engine", lambda name: LEAST)
    held = dict(words.load()) | WORDS
    monkeypatch.setattr(words, "load", lambda: held)
    path = tmp_path / "numbers.txt"

    def go(text: str, *arguments: str) -> tuple[int, str, str]:
        path.write_text(text)
        code = cli.main(["least", str(path), *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


def test_an_answer_as_json(run) -> None:
    """Exactly the keys promised, in that order."""
    code, out, err = run("3 5 2 9", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list(found) == [
        *("objective", "bound", "gap", "seconds", "solver", "version"),
        *("seed", "status", "solution", "reasons"),
    ]
    assert found["solution"] == {"picked": 2}
    assert found["reasons"] == [["least.lost", {"number": 5}], ["least.lost", {"number": 9}]]


def test_an_answer_in_words(run) -> None:
    """Both languages; each loser in a line."""
    assert "- 5 不是最小的。" in run("3 5 2 9")[1]
    told = run("3 5 2 9", "--language", "en")[1]
    assert "status: optimal" in told
    assert "- 9 is not the least." in told


def test_a_solution_goes_out_and_is_checked(run, tmp_path) -> None:
    """What --out writes --check reads, and writes anew; a strange one is told apart by its status."""
    out = tmp_path / "picked.csv"
    assert run("3 5 2 9", "--out", str(out))[0] == 0
    again = tmp_path / "again.csv"
    code, told, _ = run("3 5 2 9", "--check", str(out), "--json", "--out", str(again))
    assert again.read_text() == out.read_text()
    assert (code, json.loads(told)["status"], json.loads(told)["objective"]) == (0, "feasible", 2)
    code, told, _ = run("2 5 9", "--check", str(out), "--json")
    found = json.loads(told)
    assert (code, found["status"]) == (1, "infeasible")
    assert found["reasons"] == [["least.strange", {"number": 2}]]
    assert run("2 5 9", "--check", str(out), "--out", str(tmp_path / "none.csv"))[0] == 1
    assert not (tmp_path / "none.csv").exists()


def test_an_answer_that_the_checker_rejects_is_not_told(run, tmp_path) -> None:
    """The engine is wrong with a seed: nothing is written, the exit status says so."""
    out = tmp_path / "picked.csv"
    code, told, err = run("3 5 2 9", "--seed", "2", "--out", str(out))
    assert (code, told, out.exists()) == (1, "", False)
    assert "没有 4" in err


def test_what_a_solver_prints_is_no_part_of_the_answer(monkeypatch, capfd, tmp_path) -> None:
    """Lines that a C library writes to standard output go to standard error: JSON stays JSON."""

    def noisy(numbers: list[int], settings: Settings) -> Result[int]:
        ctypes.CDLL(None).puts(b"solver speaking")
        return _decide(numbers, settings)

    monkeypatch.setattr(cli, "names", lambda: ["least"])
    monkeypatch.setattr(cli, "engine", lambda name: replace(LEAST, decide=noisy))
    held = dict(words.load()) | WORDS
    monkeypatch.setattr(words, "load", lambda: held)
    path = tmp_path / "numbers.txt"
    path.write_text("2 5 3")
    assert cli.main(["least", str(path), "--json"]) == 0
    told = capfd.readouterr()
    assert json.loads(told.out)["objective"] == 3
    assert "solver speaking" in told.err


def test_nothing_holds_is_an_answer(run) -> None:
    """No solution, and the exit status is 0."""
    code, out, _ = run("0", "--json")
    assert (code, json.loads(out)["status"], json.loads(out)["solution"]) == (0, "infeasible", None)


@pytest.mark.parametrize(
    ("text", "arguments", "says"),
    [
        ("3 5 2", (), "numbers.txt:1"),
        ("1 -2", (), "numbers.txt:1"),
        ("1 2", ("--seconds", "0"), "--seconds"),
        ("1 2", ("--cores", "0"), "--cores"),
        ("1 2", ("--format", "other"), "--format"),
        ("1 2", ("--out", "nowhere/x.csv"), "nowhere"),
        ("1 2", ("--check", "none.csv"), "none.csv"),
        ("1 2", ("--seed", "-1"), "-1"),
    ],
)
def test_bad_input_is_refused_in_words(run, text, arguments, says) -> None:
    """Exit status 2, nothing on stdout, no stack trace."""
    code, out, err = run(text, *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_help_and_an_unknown_engine(run, capsys) -> None:
    """Help names the engines in both languages; another name is refused with those there are."""
    assert cli.main([]) == 0
    assert "the least number" in capsys.readouterr().out
    assert run("", "--help")[1].count("plain") >= 1
    assert cli.main(["most", "x"]) == 2
    assert "least" in capsys.readouterr().err


def test_the_command_loads_no_engine_before_one_is_named() -> None:
    """No solver, no numpy: help is quick."""
    code = (
        "import sys; from dingzi.project.cli import main; main(['decide'])\n"
        "print([n for n in ('numpy', 'ortools', 'highspy', 'pyarrow', 'django') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
