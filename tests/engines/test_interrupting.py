"""A real SIGINT to ``dingzi decide``: the best answer so far, or said that there is none."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dingzi.engines import cli
from tests.engines.menu.canteens import CANTEEN
from tests.engines.routing.deliveries import as_solomon, windows

#: the command, sending itself a SIGINT: so many seconds after it has begun to listen for one (0:
#: before it goes on), where it first tells of an answer and a bound, or at a frontier's second point
COMMAND = """
import contextlib, dataclasses, os, signal, sys, threading
from dingzi.engines import cli

load, hear = cli.engine, cli.listening
after = sys.argv[1]
seconds = 0 if after in ("told", "second") else float(after)
interrupt = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
interrupt.daemon = True

def tell(objective, bound):
    if objective is not None and bound is not None and not interrupt.ident:
        interrupt.start()

def engine(name):
    found = load(name)
    def settings(problem, options, **common):
        if after == "told":
            common["tell"] = tell
        return found.settings(problem, options, **common)
    return dataclasses.replace(found, settings=settings)

@contextlib.contextmanager
def listening(wanted=True):
    with hear(wanted):
        if after == "0":
            interrupt.function(*interrupt.args)
        elif after not in ("told", "second"):
            interrupt.start()
        yield

if after == "second":
    from dingzi.engines.portfolio import frontier

    decide, points = frontier.decide, []

    def point(*given):
        points.append(given)
        if len(points) == 2:
            interrupt.start()
        return decide(*given)

    frontier.decide = point
cli.engine, cli.listening = engine, listening
raise SystemExit(cli.main(sys.argv[2:]))
"""
SECONDS = 120


def interrupted(after: object, *arguments: object) -> tuple[int, dict[str, object], float]:
    """Return exit status, JSON, and seconds of a decision that is interrupted."""
    begun = time.monotonic()
    done = subprocess.run(
        [
            sys.executable, "-c", COMMAND, str(after), *map(str, arguments),
            "--seconds", str(SECONDS), "--cores", "2", "--json",
        ],
        capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout), time.monotonic() - begun


def p_median(folder: Path) -> list[object]:
    """Too hard to be proven within seconds."""
    random = np.random.default_rng(1)
    edges = np.column_stack([random.integers(1, 701, (9800, 2)), random.integers(1, 101, 9800)])
    edges[:699, :2] = np.column_stack([np.arange(1, 700), np.arange(2, 701)])
    edges = edges[edges[:, 0] != edges[:, 1]]
    rows = [f"700 {len(edges)} 7", *(" ".join(map(str, row)) for row in edges.tolist())]
    (folder / "pmed.txt").write_text("\n".join(rows))
    return ["siting", folder / "pmed.txt", "--format", "orlib-pmed"]


def single_source(folder: Path) -> list[object]:
    random = np.random.default_rng(2)
    sites, customers = 30, 200
    demand = random.integers(5, 36, customers)
    capacity = random.integers(10, 161, sites) + int(demand.sum()) // 15
    where = random.uniform(0, 100, (sites + customers, 2))
    cost = np.hypot(*(where[sites:, None] - where[None, :sites]).transpose(2, 0, 1))
    lines = [
        f"{sites} {customers}",
        " ".join(map(str, capacity)),
        " ".join(map(str, random.integers(300, 700, sites))),
        " ".join(map(str, demand)),
        *(" ".join(f"{one:.0f}" for one in row) for row in cost * 4),
    ]
    (folder / "p.txt").write_text("\n".join(lines))
    return ["siting", folder / "p.txt", "--format", "sscflp"]


def a_city(folder: Path) -> list[object]:
    """Thirty schools, none of them within everybody's reach."""
    random = np.random.default_rng(3)
    schools, villages = 30, 240
    where = random.uniform(0, 25_000, (schools + villages, 2))
    metres = np.hypot(*(where[schools:, None] - where[None, :schools]).transpose(2, 0, 1))
    near = np.argsort(metres, axis=1)[:, :6]
    pupils = random.integers(5, 40, villages)
    load = np.bincount(near[:, 0], 2 * pupils, schools)
    (folder / "city.yaml").write_text(
        "years: [2026, 2027, 2028, 2029]\nmodule_seats: 45\nfen_per_km: 60000\nmove_fen: 50000\n"
        "bands:\n  low: {limit_m: 30000}\n  high: {limit_m: 30000, stays: true}\n"
    )
    tables = {
        "schools": ["school,seats,modules,least,keep_fen,module_fen"]
        + [
            f"s{s},{int(load[s]) + 40},3,100,{40_000_000 + s * 10_000},40000000"
            for s in range(schools)
        ],
        "ways": ["village,school,metres"]
        + [f"v{v},s{s},{metres[v, s]:.0f}" for v in range(villages) for s in near[v]],
        "home": ["village,band,school"]
        + [f"v{v},{band},s{near[v, 0]}" for v in range(villages) for band in ("low", "high")],
        "pupils": ["village,band,year,pupils"]
        + [
            f"v{v},{band},{year},{max(1, pupils[v] - 2 * (year - 2026))}"
            for v in range(villages)
            for band in ("low", "high")
            for year in range(2026, 2030)
        ],
    }
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n")
    return ["siting", folder, "--format", "city"]


def routes(folder: Path) -> list[object]:
    (folder / "r.txt").write_text(as_solomon(windows(120, seed=4)))
    return ["routing", folder / "r.txt", "--format", "solomon"]


def knapsack(folder: Path) -> list[object]:
    random = np.random.default_rng(5)
    use = random.integers(1, 1000, (10, 250))
    blocks = [[1], [250, 10, 0], use.sum(axis=0) // 10 + random.integers(0, 500, 250), *use]
    blocks.append(use.sum(axis=1) // 2)
    (folder / "k.txt").write_text("\n".join(" ".join(map(str, block)) for block in blocks))
    return ["portfolio", folder / "k.txt", "--format", "orlib-mknap"]


def lunches(folder: Path) -> list[object]:
    """Three weeks, of each dish four that differ a little in price and grams."""
    random = np.random.default_rng(7)

    def near(number: re.Match[str]) -> str:
        return f": {int(number[1]) * random.integers(85, 116) // 100}"

    head, _, dishes = CANTEEN.partition("dishes:\n")
    text = head.replace("days: 5", "days: 15") + "dishes:\n"
    for kind in range(4):
        made = re.sub(r": (\d+)(?=[,}])", near, dishes)
        text += re.sub(r"name: ([a-z ]+), category", rf"name: \1 {kind}, category", made)
    (folder / "canteen.yaml").write_text(text)
    return ["menu", folder / "canteen.yaml", "--repeat", "1"]


def tiers(folder: Path) -> list[object]:
    """A plan with a link, for CP-SAT, in which worth follows cost."""
    random = np.random.default_rng(8)
    use = random.integers(1_000, 9_000, (150, 4))
    years = [
        f"  - {{name: y{year}, capacity: {int(use[:, year].sum() // 2)}}}" for year in range(4)
    ]
    items = [
        f"  - {{name: i{item}, versions: [{{value: {int(row.sum() // 40) + random.integers(9)}, use: "
        f"{{{', '.join(f'y{year}: {one}' for year, one in enumerate(row))}}}}}]}}"
        for item, row in enumerate(use)
    ]
    text = ["resources:", *years, "items:", *items, "requires: [[i0, i1]]"]
    (folder / "plan.yaml").write_text("\n".join(text))
    return ["portfolio", folder / "plan.yaml"]


MAKERS = (p_median, single_source, a_city, routes, knapsack, tiers, lunches)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_an_interrupted_search_tells_its_best(make: Callable, tmp_path: Path, capsys) -> None:
    """The best answer so far with bound and gap is told and written, holds, and came early."""
    out = tmp_path / "out.csv"
    arguments = make(tmp_path)
    code, told, seconds = interrupted("told", *arguments, "--out", out)
    assert (code, told["status"]) == (0, "interrupted")
    assert seconds < SECONDS / 2
    assert told["bound"] is not None
    assert told["gap"] > 0
    assert cli.main([*map(str, arguments), "--check", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["objective"] == pytest.approx(told["objective"])


def test_an_interrupted_study_tells_what_it_found(tmp_path: Path) -> None:
    """A frontier is told as far as it came and says that it was interrupted."""
    code, told, _ = interrupted("second", *tiers(tmp_path), "--frontier", "1000000:1400000:300")
    assert code == 0
    assert told["reasons"][-1] == ["interrupted_early", {}]
    assert told["rows"][0]["objective"] > 0
    assert 1 < len(told["rows"]) < 300


def test_nothing_yet_is_said(tmp_path: Path) -> None:
    """Interrupted before there is a plan: no solution, no file, and a reason that says so."""
    out = tmp_path / "out.csv"
    code, told, _ = interrupted(0, *a_city(tmp_path), "--out", out)
    assert (code, told["status"], told["solution"]) == (1, "interrupted", None)
    assert told["reasons"] == [["interrupted_none", {}]]
    assert not out.exists()


def test_an_answer_that_is_there_only_at_the_end(tmp_path: Path) -> None:
    """An engine without a best so far ends at once, without a stack trace."""
    random = np.random.default_rng(6)
    rows = [
        f"s{seeker},v{vacancy},{random.integers(1, 10**6)},1"
        for seeker in range(12_000)
        for vacancy in random.choice(9_000, 20, replace=False)
    ]
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(["seeker,vacancy,score,priority", *rows]) + "\n")
    code, told, _ = interrupted(0.001, "matching", path, "--method", "assignment")
    assert (code, told["status"], told["solution"]) == (1, "interrupted", None)
