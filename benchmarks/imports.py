"""Much brought in at once: an Excel of 100,000 rows, and the whole sample city.

The Excel as a clerk brings it in (``sheets.py``): rows a second, and how much memory it takes, the
first time and again, when it changes nothing; a hotline's disputes, and a register of petitions of
which one in fifty is a confidential accusation. The city (186 townships, two years, about 1.8 million
events) as ``dingzi demo --scale full`` makes it, through ``matters.record`` with every permission,
check, clock, commitment and MAC, by two processes on PostgreSQL (one composes and one records on
SQLite): events a second, and the most memory of a process. ``--quick``: 5,000 rows and a fiftieth
of the city.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from claims import Claims, arguments
from installation import ENGINES, install

ROWS, QUICK_ROWS = 100_000, 5_000
FULL, QUICK = 1.0, 0.02
RATE, MEMORY = 10_000, 600
#: A whole city on SQLite, seconds.
PATIENCE = 600


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    parser.add_argument("--only", choices=("excel", "petitions", "city"))
    parser.add_argument("--share", type=float, help="of a full city")
    options = parser.parse_args()
    if options.only is None:  # an installation is a process's
        call = [sys.executable, *sys.argv, "--only"]
        return max(
            subprocess.run([*call, only]).returncode for only in ("excel", "petitions", "city")
        )
    if options.only != "city":
        import sheets

        kind = "hotline" if options.only == "excel" else "petitions"
        return sheets.measure(options.engine, QUICK_ROWS if options.quick else ROWS, kind).finish()
    return _city(options.engine, options.share or (QUICK if options.quick else FULL))


def _city(engine: str, share: float) -> int:
    install(engine)

    from dingzi.sample import making

    marks: dict[str, float] = {}

    def begun(city: Any) -> None:
        marks["begun"] = marks["last"] = time.monotonic()

    def progress(filled: Any) -> None:
        now = time.monotonic()
        if now - marks.get("told", 0) > 20:
            marks["told"] = now
            rate = filled.events / (now - marks["begun"])
            print(f"  {filled.day}: {filled.events:,} events, {rate:,.0f}/s", flush=True)
        marks["last"] = now

    begin = time.monotonic()
    made = making.make(share=share, seed=1, begun=begun, progress=progress, parts=2)
    whole = time.monotonic() - begin
    assert made is not None
    seconds = marks["last"] - marks["begun"]
    size = f"{engine}, {made.stories:,} disputes, {made.events:,} events"
    print(f"{size}: recorded in {seconds:.1f} s, all in {whole:.1f} s")
    claims = Claims(size)
    full = share >= FULL
    postgresql = engine == "postgresql"
    claims.at_least(
        "events recorded a second, the sample city", made.events / seconds, RATE, "events/s",
        judged=full and postgresql,
    )  # fmt: skip
    claims.at_most("memory of a process that records", made.memory, MEMORY, "MB")
    if not postgresql:
        claims.at_most("a whole city on SQLite", whole, PATIENCE, "s", judged=full)
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
