"""A year settled: every fen accounted for, refused where one could be lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dingzi.engines.cli import main
from dingzi.engines.contract import Stop
from dingzi.engines.settlement.checking import check
from dingzi.engines.settlement.deciding import decide, rerun
from dingzi.engines.settlement.problem import SettlementProblem, SettlementSettings
from dingzi.engines.settlement.sharing import apportion

Claim = tuple[str, str, int, int, bool]
SETTINGS = SettlementSettings(stop=Stop(work=1))
NAMES = ["a", "b", "c"]
AMOUNTS = (
    *("budget", "spent", "retained", "returned", "fund_bears", "alliance_bears", "due"),
    *("received", "paid", "final", "apart"),
)
claims = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(1, 12),
        st.integers(-500, 5_000), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


def write_claims(path: Path, rows: Sequence[Claim]) -> None:
    names = ("home", "visit", "month", "fund_fen", "excluded")
    types = (pa.string(), pa.string(), pa.int32(), pa.int64(), pa.bool_())
    columns = {
        name: pa.array([row[at] for row in rows], kind)
        for at, (name, kind) in enumerate(zip(names, types, strict=True))
    }
    pq.write_table(pa.table(columns), path)


def year(path: Path, rows: Sequence[Claim], per_head: int = 100) -> SettlementProblem:
    write_claims(path, rows)
    return SettlementProblem(
        alliances=NAMES,
        classes=["young", "old"],
        heads=np.array([[10, 5], [20, 0], [0, 7]]),
        weight=np.array([1000, 2500]),
        score=np.array([900, 1000, 333]),
        per_head=per_head,
        deductions=(("reserve", 77),),
        claims=path,
    )


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claims, st.integers(2, 2_000), st.tuples(*[st.decimals(0, 1, places=3)] * 3),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 12), st.integers(-99, 99)), max_size=3),
)  # fmt: skip
def test_every_fen_is_accounted_for(
    tmp_path: Path,
    rows: list[Claim],
    per_head: int,
    rates: tuple[Decimal, Decimal, Decimal],
    appeals: list[tuple[int, int, int, int]],
) -> None:
    """Sum in is sum out: of the pool, of the claims, of the transfers; and the checker agrees."""
    problem = replace(year(tmp_path / "c.parquet", rows, per_head), appeals=tuple(appeals))
    rules = replace(SETTINGS, prepaid=rates[0], band=rates[1], fund_share=rates[2])
    found = decide(problem, rules)
    assert found.solution is not None
    accounts = found.solution.accounts
    assert found.solution.pool == 42 * per_head - 77 == sum(one.budget for one in accounts)
    for one in accounts:
        assert one.budget + one.fund_bears == one.due + one.returned
        assert one.spent == one.due - one.retained + one.alliance_bears
        assert sum(one.prepaid) + one.final == one.due + one.received - one.paid
    assert sum(one.received for one in accounts) == sum(one.paid for one in accounts)
    spent = sum(one.spent + one.apart for one in accounts)
    assert spent == sum(row[3] for row in rows) + sum(one[3] for one in appeals)
    assert sum(sum(one.prepaid) + one.final for one in accounts) == found.objective
    verdict = check(problem, rules, found.solution)
    assert not verdict.broken
    assert list(verdict.reasons) == list(found.reasons)


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_parts_add_up_and_are_fair(total: int, weights: list[int]) -> None:
    """Each part is within a fen of its share; all together are the whole."""
    parts = apportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole


def test_a_year_by_hand(tmp_path: Path) -> None:
    """One surplus kept by score, one overspend within and beyond the band, one visit elsewhere."""
    rows = [("a", "a", 1, 1000, False), ("b", "b", 2, 2500, False), ("b", "a", 3, 500, False),
            ("c", "c", 4, 9, True)]  # fmt: skip
    problem = replace(
        year(tmp_path / "c.parquet", rows),
        heads=np.array([[20, 0], [20, 0], [2, 0]]), deductions=(),
    )  # fmt: skip
    found = decide(problem, SETTINGS)
    assert found.solution is not None
    a, b, c = found.solution.accounts
    assert (a.budget, a.spent, a.retained, a.returned, a.due) == (2000, 1000, 900, 100, 1900)
    assert (a.received, a.final) == (500, 1900 - 1800 + 500)
    # 1,000 over: 200 within the band of 10 %, half of it borne by the fund
    assert (b.spent, b.fund_bears, b.alliance_bears, b.due) == (3000, 100, 900, 2100)
    assert (c.apart, c.spent, c.retained) == (9, 0, 200 * 333 // 1000)
    assert found.reasons[1] == (
        "settlement.overspent", {"alliance": "b", "over": 1000, "fund": 100, "own": 900},
    )  # fmt: skip


def test_an_appeal_is_settled_again(tmp_path: Path) -> None:
    """A ruling changes what follows from it and nothing else; the difference is told."""
    problem = year(tmp_path / "c.parquet", [("a", "b", 1, 100, False), ("c", "c", 1, 50, False)])
    found = rerun(problem, SETTINGS, ((0, 1, 1, 40),))
    assert found.after.appealed == 40
    assert found.after.claimed == found.before.claimed == 150
    # a pays 40 more to b and keeps 36 less of its surplus: the fund owes 40 - 36 more
    assert found.change == {"a": -36, "b": 40, "c": 0}


def test_deductions_beyond_the_income_are_named(tmp_path: Path) -> None:
    """The smallest set of deductions that takes more than there is."""
    problem = replace(
        year(tmp_path / "c.parquet", []),
        deductions=(("small", 10), ("large", 4_000), ("second", 300)),
    )
    found = decide(problem, SETTINGS)
    assert found.status == "infeasible"
    assert [params["name"] for _, params in found.reasons] == ["large", "second"]


YEAR = """
classes: [{name: young, weight: 1}, {name: old, weight: 2.5}]
alliances:
  - {name: a, heads: {young: 10, old: 5}, score: 0.9}
  - {name: b, heads: {young: 20}, score: 1}
per_head: 100
deductions: [{name: reserve, fen: 50}]
claims: claims.parquet
appeals: [{home: a, visit: b, month: 2, fen: -5}]
"""


def test_a_year_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read, settled, written, checked; a changed account is found."""
    write_claims(tmp_path / "claims.parquet", [("a", "b", 1, 100, False)])
    file, out = tmp_path / "year.yaml", tmp_path / "out.csv"
    file.write_text(YEAR)
    assert main(["settlement", str(file), "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["solution"]["accounts"][0]["spent"] == 95
    again = tmp_path / "again.csv"
    assert main(["settlement", str(file), "--check", str(out), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()
    out.write_text(out.read_text().replace(",95,", ",96,"))
    assert main(["settlement", str(file), "--check", str(out)]) == 1


def test_rulings_are_settled_from_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What each alliance gets before and after, and the difference; a strange one is refused."""
    write_claims(tmp_path / "claims.parquet", [("a", "b", 1, 100, False)])
    file, rulings = tmp_path / "year.yaml", tmp_path / "rulings.csv"
    file.write_text(YEAR)
    rulings.write_text("home,visit,month,fen\na,b,1,-40\n")
    command = ["settlement", str(file), "--json", "--rulings", str(rulings)]
    assert main(command) == 0
    rows = {row["alliance"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert all(r["change"] == r["final_after"] - r["final_before"] for r in rows.values())
    assert rows["b"]["change"] == -40
    rulings.write_text("home,visit,month,fen\na,b,1,-40\na,x,1,-40\n")
    assert main(command) == 2
    assert "3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "text", "message"),
    [
        ([("a", "x", 1, 1, False)], YEAR, "alliance x"),
        ([("a", "b", 13, 1, False)], YEAR, "1 rows from a to b"),
        ([("a", "b", 1, None, False)], YEAR, "1 rows from a to b"),
        ([("a", "b", 1, 1, None)], YEAR, "1 rows from a to b"),
        ([], YEAR.replace("score: 1}", "score: 2}"), "between 0 and 1"),
        ([], YEAR.replace("score: 0.9", "score: 0.9999"), ":4: score may have three decimals"),
        ([], YEAR.replace("weight: 2.5", "weight: 2.50001"), "weight may have three decimals"),
        ([("a", "b", 1, 10**15 + 1, False)], YEAR, "1 rows from a to b"),
        ([("a", "b", 1, 10**15, False)] * 5000, YEAR, "fund_fen holds a value out of range"),
        ([], YEAR.replace("claims.parquet", "other.parquet"), "cannot be read"),
        ([], YEAR.replace("visit: b", "visit: z"), "z in visit"),
    ],
)
def test_what_would_lose_a_fen_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[Claim], text: str, message: str
) -> None:
    """A row that belongs to nobody, a month that is none, an amount that is missing."""
    write_claims(tmp_path / "claims.parquet", rows)
    file = tmp_path / "year.yaml"
    file.write_text(text)
    assert main(["settlement", str(file)]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("rate", ["NaN", "sNaN", "Infinity", "-0.1", "1.0000001", "many"])
@pytest.mark.parametrize("option", ["--prepaid", "--band", "--fund-share"])
def test_a_rate_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, rate: str
) -> None:
    """Not a number, infinite, negative, too fine: told before a claim is read."""
    file = tmp_path / "year.yaml"
    file.write_text(YEAR)
    write_claims(tmp_path / "claims.parquet", [])
    assert main(["settlement", str(file), option, rate]) == 2
    assert option.strip("-").replace("-", "_") in capsys.readouterr().err.replace("-", "_")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("fund_fen", pa.array([100.5])),
        ("fund_fen", pa.array(["100"])),
        ("fund_fen", pa.array([Decimal("1.23")])),
        ("month", pa.array([1.5])),
        ("excluded", pa.array([0])),
        ("home", pa.array([7])),
    ],
)
def test_an_amount_that_would_be_rounded_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, values: pa.Array
) -> None:
    """Columns of other types are not converted in silence."""
    write_claims(tmp_path / "claims.parquet", [("a", "b", 1, 100, False)])
    table = pq.read_table(tmp_path / "claims.parquet")
    table = table.set_column(table.column_names.index(name), name, values)
    pq.write_table(table, tmp_path / "claims.parquet")
    file = tmp_path / "year.yaml"
    file.write_text(YEAR)
    assert main(["settlement", str(file)]) == 2
    assert f"column {name} is of type" in capsys.readouterr().err


@limits(max_examples=60)
@given(st.data())
def test_no_changed_account_passes(data: st.DataObject) -> None:
    """Any figure of any account off by a fen, or of the whole: the checker says so."""
    with TemporaryDirectory() as folder:
        rows = [("a", "a", 1, 900, False), ("b", "a", 2, 9_000, False), ("c", "b", 3, 70, True)]
        problem = year(Path(folder) / "c.parquet", rows)
        solution = decide(problem, SETTINGS).solution
        assert solution is not None
        by = data.draw(st.sampled_from([-1, 1]))
        name = data.draw(st.sampled_from(["pool", "rows", "claimed", "account", "prepaid"]))
        if name in ("pool", "rows", "claimed"):
            changed = replace(solution, **{name: getattr(solution, name) + by})
        else:
            at = data.draw(st.integers(0, 2))
            one = solution.accounts[at]
            field = data.draw(st.sampled_from(AMOUNTS)) if name == "account" else "prepaid"
            value = getattr(one, field)
            new = (value[0] + 2 * by, *value[1:]) if field == "prepaid" else value + by
            accounts = list(solution.accounts)
            accounts[at] = replace(one, **{field: new})
            changed = replace(solution, accounts=tuple(accounts))
        assert not check(problem, SETTINGS, changed).feasible


def test_a_file_that_is_no_parquet_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said plainly, without a trace."""
    (tmp_path / "claims.parquet").write_text("home,visit\n")
    file = tmp_path / "year.yaml"
    file.write_text(YEAR)
    assert main(["settlement", str(file)]) == 2
    assert "claims.parquet" in capsys.readouterr().err
