"""Figures: guards in honest cities and beside rddensity; snapshots of ten million events.

``guards``: false alarms about honest cities; amounts moved under a threshold, beside rddensity (GPL):
amounts are lognormal, a share of all, from above the threshold, is moved to just under it; at 5 %
false alarms for both, by the quantile of the same honest sets, how many of the moved sets each finds,
and how long each takes. ``building``: a base of ten million
events. ``writing``: how fast a snapshot follows events. ``asking``: headline, county
by month, year on year and distinct matters over ten million events, with the same values from
PostgreSQL and Sidemantic (AGPL); what a figure's page asks. ``--measure`` takes one of them,
``--quick`` smaller sizes, which are not judged where size matters.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import figures_asking  # noqa: E402
import figures_writing  # noqa: E402
import numpy as np  # noqa: E402
from claims import Claims, arguments, percentile  # noqa: E402
from installation import install, keeping  # noqa: E402

MEASURES = ("guards", "building", "asking", "writing")
AMOUNTS, LEVEL = 1_000, 95


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--measure", choices=MEASURES, action="append", help="only this")
    keeping(parser)
    options = parser.parse_args()
    wanted = options.measure or list(MEASURES)
    claims = Claims("")
    if wanted == ["writing"]:
        # events of its own: an installation of its own, and one process has but one
        install("sqlite")
        figures_writing.write(claims, quick=options.quick)
        return claims.finish()
    here = install("postgresql", options.keep and options.keep / "figures")
    if "building" in wanted:
        figures_asking.build(claims, quick=options.quick)
    if "asking" in wanted:
        figures_asking.ask(claims, here, quick=options.quick)
    if "guards" in wanted:
        guards(claims, options.quick)
    status = claims.finish()
    if "writing" in wanted:
        again = [sys.executable, __file__, "--measure", "writing", *["--quick"][: options.quick]]
        status |= subprocess.run(again).returncode
    return status


def guards(claims: Claims, quick: bool) -> None:
    from tests.figures.test_usual import shouts

    cities, sets = (100, 60) if quick else (1_000, 500)
    loud = sum(bool(shouts(seed)) for seed in range(cities))
    claims.at_most(
        "figures: honest cities with any false alarm", 100 * loud / cities, 5, "%",
        size=f"{cities} honest cities, 38 months each",
    )  # fmt: skip
    beside_rddensity(claims, sets, judged=not quick)


def beside_rddensity(claims: Claims, sets: int, *, judged: bool) -> None:
    from rddensity import rddensity
    from tests.figures.test_threshold import LIMIT, amounts

    from dingzi.figures.guards import threshold

    def theirs(drawn: Any) -> float:
        return abs(float(rddensity(X=drawn, c=float(LIMIT)).test["t_jk"]))

    size = f"{sets} sets of {AMOUNTS:,} amounts"
    bounds: list[float] = []
    for moved in (0.0, 0.02, 0.05):
        scores: list[tuple[float, float]] = []
        taken = [0.0, 0.0]
        for seed in range(sets):
            drawn = amounts(seed + round(1_000_000 * moved), AMOUNTS, moved)
            plain = np.array(list(drawn.elements()), float)
            at = time.perf_counter()
            found = threshold.under(drawn, LIMIT, 0.05)
            between = time.perf_counter()
            other = theirs(plain)
            taken = [taken[0] + between - at, taken[1] + time.perf_counter() - between]
            scores.append((found.excess if found else 0.0, other))
        if not bounds:
            bounds = [percentile([score[i] for score in scores], LEVEL) for i in (0, 1)]
            continue
        ours, peer = (
            100 * sum(score[i] > bounds[i] for score in scores) / sets for i in (0, 1)
        )  # fmt: skip
        claims.against(
            f"figures: {moved:.0%} moved under a threshold are found", ours, max(peer, 1), "%",
            at_least=1, judged=judged, size=size,
        )  # fmt: skip
    claims.against(
        "figures: sets screened a second", sets / taken[0], sets / taken[1], "/s", at_least=20,
        judged=judged, size=size,
    )  # fmt: skip


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    raise SystemExit(main())
