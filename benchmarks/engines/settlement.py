"""50 million claims settled by DuckDB, against polars' streaming engine summing the same file.

Each runs in a process of its own on one file; memory is the peak of its resident set. Polars only
sums by home, visit and flag; ours also settles every account. ``--quick``: 5 million rows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from claims import Claims, arguments, median

ALLIANCES = 10


def write_claims(path: Path, rows: int) -> None:
    import duckdb

    with duckdb.connect() as base:
        base.execute("SET memory_limit = '1GiB'; SET preserve_insertion_order = false")
        base.execute(
            f"""COPY (SELECT
                  'alliance ' || (hash(i, 1) % {ALLIANCES}) AS home,
                  'alliance ' || (CASE WHEN hash(i, 2) % 10 = 0 THEN hash(i, 3) ELSE hash(i, 1) END
                    % {ALLIANCES}) AS visit,
                  (hash(i, 4) % 12 + 1)::TINYINT AS month,
                  (hash(i, 5) % 200000)::BIGINT AS fund_fen,
                  hash(i, 6) % 50 = 0 AS excluded,
                  i AS claim
                FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
        )


def by_ours(path: Path) -> int:
    import numpy as np

    from dingzi.engines.contract import Stop
    from dingzi.engines.settlement.deciding import decide
    from dingzi.engines.settlement.problem import SettlementProblem, SettlementSettings

    problem = SettlementProblem(
        alliances=[f"alliance {at}" for at in range(ALLIANCES)],
        classes=["all"],
        heads=np.full((ALLIANCES, 1), 500_000),
        weight=np.array([1000]),
        score=np.full(ALLIANCES, 900),
        per_head=100_000,
        deductions=(),
        claims=path,
    )
    found = decide(problem, SettlementSettings(stop=Stop(work=1, cores=2)))
    assert found.solution is not None
    return found.solution.claimed


def by_polars(path: Path) -> int:
    import polars as pl

    found = (
        pl.scan_parquet(path)
        .group_by("home", "visit", "excluded")
        .agg(
            pl.len(),
            pl.col("fund_fen").sum(),
            (pl.col("fund_fen").is_null() | ~pl.col("month").is_between(1, 12))
            .sum()
            .alias("wrong"),
        )
        .collect(engine="streaming")
    )
    return int(found["fund_fen"].sum())


def measured(which: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--run", which, "--path", str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--run", choices=("ours", "polars"), help="one measurement")
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.run:
        begun = time.monotonic()
        total = {"ours": by_ours, "polars": by_polars}[options.run](options.path)
        took = time.monotonic() - begun
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": took, "mib": memory, "fen": total}))
        return 0
    rows = 5_000_000 if options.quick else 50_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.parquet"
        write_claims(path, rows)
        measured("ours", path)  # the file is in the page cache for both
        runs = {which: [measured(which, path) for _ in range(3)] for which in ("ours", "polars")}
    ours, peer = runs["ours"], runs["polars"]
    assert {one["fen"] for one in ours} == {one["fen"] for one in peer}
    claims = Claims(f"{rows // 1_000_000} million rows in Parquet, 2 cores, median of 3")
    judged = not options.quick
    seconds = [median([one["seconds"] for one in each]) for each in (ours, peer)]
    memory = [max(one["mib"] for one in each) for each in (ours, peer)]
    claims.against("settlement: time against polars", *seconds, "s", at_most=2, judged=judged)
    claims.against("settlement: memory against polars", *memory, "MiB", at_most=0.5, judged=judged)
    claims.at_most("settlement: memory", memory[0], 1536, "MiB")
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
