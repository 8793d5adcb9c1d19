"""Claims of a year summed by where people belong and where they went (DuckDB, out of core)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import BadProblem
from .problem import SettlementProblem

_COLUMNS = ("home", "visit", "month", "fund_fen", "excluded")


@dataclass(frozen=True, slots=True)
class Summed:
    """(A, A) fen by home and visit, within and outside the budget; rows read."""

    within: list[list[int]]
    outside: list[list[int]]
    rows: int


def sum_claims(problem: SettlementProblem, memory: int, threads: int) -> Summed:
    """Read the Parquet once; refuse what cannot be attributed, so that no fen is lost."""
    import duckdb

    path = problem.claims
    if not path.is_file():
        raise BadProblem(path, None, "file_unreadable", {"why": "not found"})
    with duckdb.connect() as base:
        base.execute(f"SET memory_limit = '{memory}MiB'")
        base.execute(f"SET threads = {threads}")
        base.execute("SET preserve_insertion_order = false")
        try:
            names = [row[0] for row in _describe(base, path)]
            for name in _COLUMNS:
                if name not in names:
                    params = {"name": name, "found": ", ".join(names)}
                    raise BadProblem(path, None, "table_column_missing", params)
            groups = base.execute(_SUM, [str(path)]).fetchall()
        except duckdb.Error as error:
            why = str(error).strip().split("\n")[0]
            raise BadProblem(path, None, "table_broken", {"why": why}) from None
    return _collected(problem, groups)


def _describe(base: object, path: Path) -> list[tuple[str, ...]]:
    found = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])  # type: ignore[attr-defined]
    rows: list[tuple[str, ...]] = found.fetchall()
    return rows


#: Group keys are few; months and amounts are judged in the same pass.
_SUM = """
SELECT home, visit, excluded, count(*), sum(fund_fen::BIGINT),
  count(*) FILTER (fund_fen IS NULL OR month IS NULL OR month NOT BETWEEN 1 AND 12)
FROM read_parquet(?) GROUP BY ALL
"""


def _collected(problem: SettlementProblem, groups: list[tuple[object, ...]]) -> Summed:
    places = {name: at for at, name in enumerate(problem.alliances)}
    count = len(places)
    within = [[0] * count for _ in range(count)]
    outside = [[0] * count for _ in range(count)]
    rows = 0
    for home, visit, excluded, number, fen, wrong in groups:
        if wrong or excluded is None:
            params = {"count": wrong or number, "home": str(home), "visit": str(visit)}
            raise BadProblem(problem.claims, None, "settlement.rows_wrong", params)
        for name in (home, visit):
            if name not in places:
                params = {"found": str(name), "count": number}
                raise BadProblem(problem.claims, None, "settlement.alliance_unknown", params)
        table = outside if excluded else within
        table[places[str(home)]][places[str(visit)]] += int(fen)  # type: ignore[call-overload]
        rows += int(number)  # type: ignore[call-overload]
    for home_at, visit_at, _, fen_more in problem.appeals:
        within[home_at][visit_at] += fen_more
    return Summed(within, outside, rows)
