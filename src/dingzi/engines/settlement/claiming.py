"""Claims of a year summed by where people belong and where they went (DuckDB, out of core)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import BadProblem
from .problem import LARGEST, SettlementProblem

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_TEXT = ("VARCHAR", "ENUM")
#: columns with the types they may have: an amount that is not whole would be rounded unseen
_COLUMNS = {
    "home": _TEXT, "visit": _TEXT, "month": _WHOLE, "fund_fen": _WHOLE, "excluded": ("BOOLEAN",)
}  # fmt: skip
#: a sum beyond this is no money of a county
_LARGEST_SUM = 2**62


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
            _check_columns(path, {row[0]: row[1] for row in _describe(base, path)})
            groups = base.execute(_SUM, {"path": str(path), "largest": LARGEST}).fetchall()
        except duckdb.Error as error:
            why = str(error).strip().split("\n")[0]
            raise BadProblem(path, None, "table_broken", {"why": why}) from None
    return _collected(problem, groups)


def _check_columns(path: Path, types: dict[str, str]) -> None:
    for name, allowed in _COLUMNS.items():
        if name not in types:
            params = {"name": name, "found": ", ".join(types)}
            raise BadProblem(path, None, "table_column_missing", params)
        kind = types[name].partition("(")[0]
        if kind not in allowed:
            params = {"name": name, "found": kind, "wanted": allowed[-1]}
            raise BadProblem(path, None, "settlement.column_type", params)


def _describe(base: object, path: Path) -> list[tuple[str, ...]]:
    found = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])  # type: ignore[attr-defined]
    rows: list[tuple[str, ...]] = found.fetchall()
    return rows


#: Group keys are few; months and amounts are judged in the same pass.
_SUM = """
SELECT home, visit, excluded, count(*), sum(fund_fen::BIGINT),
  count(*) FILTER (fund_fen IS NULL OR month IS NULL OR month NOT BETWEEN 1 AND 12
    OR fund_fen NOT BETWEEN -$largest AND $largest)
FROM read_parquet($path) GROUP BY ALL
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
        if abs(int(fen)) > _LARGEST_SUM:  # type: ignore[call-overload]
            raise BadProblem(problem.claims, None, "settlement.range", {"name": "fund_fen"})
        rows += int(number)  # type: ignore[call-overload]
    for home_at, visit_at, _, fen_more in problem.appeals:
        within[home_at][visit_at] += fen_more
    return Summed(within, outside, rows)
