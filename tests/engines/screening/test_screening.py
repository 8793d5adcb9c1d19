"""Screens find what was put in, and seldom what was not."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.cli import main
from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadSettings
from dingzi.engines.screening.alarms import false_alarms
from dingzi.engines.screening.chance import at_least
from dingzi.engines.screening.checking import _tail, check
from dingzi.engines.screening.deciding import decide
from dingzi.engines.screening.problem import (
    Findings,
    Kind,
    ScreeningProblem,
    ScreeningSettings,
)

SETTINGS = ScreeningSettings(stop=Stop(work=1), threshold=1000, width=100, draws=500)


def of(kind: Kind, *groups: list[int]) -> ScreeningProblem:
    return ScreeningProblem(
        kind=kind,
        groups=[f"g{at}" for at in range(len(groups))],
        group=np.repeat(np.arange(len(groups)), [len(one) for one in groups]),
        value=np.concatenate([np.array(one, np.int64) for one in groups]),
    )


def found(
    problem: ScreeningProblem, settings: ScreeningSettings = SETTINGS
) -> set[tuple[str, str]]:
    result = decide(problem, settings)
    assert result.solution is not None
    assert check(problem, settings, result.solution).feasible
    return {(code.removeprefix("screening."), params["group"]) for code, params in result.reasons}


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_tail_is_exact(seen: int, more: int, share: float) -> None:
    """The solver's and the checker's, against fractions."""
    count = seen + more
    exact = sum(
        comb(count, k) * Fraction(share) ** k * (1 - Fraction(share)) ** (count - k)
        for k in range(seen, count + 1)
    )
    assert at_least(seen, count, share) == pytest.approx(float(exact), rel=1e-9)
    assert _tail(seen, count, share) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(("kind", "size"), [("values", 400), ("purchases", 6), ("bids", 6)])
def test_false_alarms_are_as_rare_as_said(kind: Kind, size: int) -> None:
    """Where there is nothing, no screen cries more than about alpha allows."""
    settings = replace(SETTINGS, alpha=0.05, draws=1000)
    alarms = false_alarms(kind, settings, 400, size)
    assert alarms
    for one in alarms:
        # three standard errors of a share of 5 %
        allowed = 0.05 + 3 * (0.05 * 0.95 / one.screened) ** 0.5
        assert one.rate <= allowed, one


def test_bunching_below_a_limit_is_found() -> None:
    """Sixty of a hundred and fifty moved to just below the limit, against an even spread."""
    random = np.random.default_rng(2)
    even = random.integers(700, 1300, 600).tolist()
    moved = [990 + at % 10 if 1000 <= one < 1060 else one for at, one in enumerate(even)]
    assert ("bunching", "g0") not in found(of("values", even))
    assert ("bunching", "g0") in found(of("values", moved))
    assert ("step", "g0") not in found(of("values", moved))


def test_a_step_at_a_target_is_found() -> None:
    """Those just short of the target appear just above it."""
    random = np.random.default_rng(3)
    even = random.integers(700, 1300, 600).tolist()
    moved = [1000 + at % 10 if 930 <= one < 1000 else one for at, one in enumerate(even)]
    assert ("step", "g0") in found(of("values", moved))


def test_round_numbers_are_found() -> None:
    """A third rounded to tens among counted ones."""
    random = np.random.default_rng(4)
    counted = random.integers(100, 999, 300).tolist()
    heaped = [one // 10 * 10 if at % 3 == 0 else one for at, one in enumerate(counted)]
    assert ("heaping", "g0") not in found(of("values", counted))
    assert ("heaping", "g0") in found(of("values", heaped))


def test_a_split_purchase_is_found_by_its_year() -> None:
    """Four just below the limit from one supplier in one year; the same amounts apart are nothing."""
    random = np.random.default_rng(5)
    others = [random.integers(50, 900, 3).tolist() for _ in range(50)]
    split = [950, 980, 990, 960]
    assert ("splitting", "g50") in found(of("purchases", *others, split))
    apart = [[one] for one in split]
    assert not found(of("purchases", *others, *apart))


def test_bids_in_even_steps_are_found() -> None:
    """One tender of fifty whose bids follow a ruler."""
    random = np.random.default_rng(6)
    free = [
        (10**7 * np.exp(0.1 * random.standard_normal(6))).astype(int).tolist() for _ in range(50)
    ]
    ruled = [10**7 + 150_000 * step for step in range(6)]
    assert ("pattern", "g50") in found(of("bids", *free, ruled))


@pytest.mark.parametrize(
    ("form", "text", "options"),
    [
        ("values", "value\n" + "\n".join(str(n) for n in range(100, 200)), []),
        ("purchases", "buyer,supplier,day,fen\na,b,2026-01-02,95000\na,b,2026-03-02,96000\n",
         ["--threshold", "100000", "--width", "10000"]),
        ("bids", "tender,price\nt,100\nt,110\nt,131\n", []),
    ],
)  # fmt: skip
def test_tables_are_screened_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, text: str, options: list[str]
) -> None:
    """Read, screened, written, checked; a changed figure is caught."""
    file, out = tmp_path / "x.csv", tmp_path / "out.csv"
    file.write_text(text)
    command = ["screening", str(file), "--format", form, *options]
    assert main([*command, "--json", "--out", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)["solution"]
    again = tmp_path / "again.csv"
    assert main([*command, "--check", str(out), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()
    head, _, row = out.read_text().strip().rpartition("\n")
    out.write_text(f"{head}\n{row.rpartition(',')[0]},0.123\n")
    assert main([*command, "--check", str(out)]) == 1


CHANGES = {
    "screen": lambda one: replace(one, screen="heaped"),
    "group": lambda one: replace(one, group="g9"),
    "count": lambda one: replace(one, count=one.count + 1),
    "seen": lambda one: replace(one, seen=one.seen + 0.001),
    "chance": lambda one: replace(one, chance=one.chance + 0.001),
    "probability": lambda one: replace(one, probability=one.probability / 2),
}


@pytest.mark.parametrize("kind", ["values", "purchases", "bids"])
def test_a_changed_finding_does_not_pass(kind: Kind) -> None:
    """Any figure changed, a finding left out or told twice: the checker says which."""
    random = np.random.default_rng(8)
    numbers = random.integers(700, 1300, (3, 60)) if kind == "values" else None
    if numbers is None:
        numbers = random.integers(700, 999, (3, 5))
    problem = of(kind, *numbers.tolist())
    solution = decide(problem, SETTINGS).solution
    assert solution is not None
    first, *rest = solution.findings
    for change in CHANGES.values():
        verdict = check(problem, SETTINGS, Findings(findings=(change(first), *rest)))
        assert not verdict.feasible
    for wrong in ((*rest,), (first, first, *rest)):
        assert not check(problem, SETTINGS, Findings(findings=wrong)).feasible


def test_the_checker_draws_tenders_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference that is made wrongly in the same way by both is found by other draws."""
    random = np.random.default_rng(9)
    bids = (10**7 * np.exp(0.1 * random.standard_normal((40, 6)))).astype(int).tolist()
    problem = of("bids", *bids)
    plain = np.random.default_rng

    class Skewed:
        def __init__(self, seed: object) -> None:
            self.source = plain(seed)

        def standard_normal(self, shape: tuple[int, int]) -> np.ndarray:
            return 3 * self.source.standard_normal(shape)

    monkeypatch.setattr(np.random, "default_rng", Skewed)
    solution = decide(problem, SETTINGS).solution
    assert solution is not None
    assert not check(problem, SETTINGS, solution).feasible


def test_many_purchases_are_screened_at_once() -> None:
    """A hundred thousand purchases of forty thousand pairs take no time to speak of."""
    random = np.random.default_rng(10)
    group = np.concatenate([np.arange(40_000), random.integers(0, 40_000, 60_000)])
    problem = ScreeningProblem(
        kind="purchases", groups=[f"g{at}" for at in range(40_000)], group=group,
        value=random.integers(1, 990, 100_000),
    )  # fmt: skip
    begun = time.process_time()
    solution = decide(problem, SETTINGS).solution
    assert time.process_time() - begun < 20
    assert solution is not None
    assert check(problem, SETTINGS, solution).feasible


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("values", "value\n", "no numbers"),
        ("values", "value\n-1\n", "between 0"),
        ("purchases", "buyer,supplier,day,fen\na,b,spring,1\n", "2025-09-26"),
        ("purchases", "buyer,supplier,day,fen\na,b,2026-13-01,1\n", "2025-09-26"),
        ("purchases", "buyer,supplier,day,fen\na,b,2026-01-02,1\n", "threshold and width"),
    ],
)
def test_bad_tables_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, text: str, message: str
) -> None:
    """Told plainly."""
    file = tmp_path / "x.csv"
    file.write_text(text)
    assert main(["screening", str(file), "--format", form]) == 2
    assert message in capsys.readouterr().err
    with pytest.raises(BadSettings):
        replace(SETTINGS, threshold=None)
