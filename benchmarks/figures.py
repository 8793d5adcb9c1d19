"""Guards beside figures: false alarms about honest cities, and amounts moved under a threshold.

Amounts are lognormal; a share of all, from above the threshold, is moved to just under it. Beside
rddensity (GPL, in the peers' environment alone): at 5 % false alarms for both, by the quantile of
the same honest sets, how many of the moved sets each finds, and how long each takes.
``--quick``: fewer cities and sets; the comparison is not judged then.
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402
import numpy as np  # noqa: E402
from claims import Claims, arguments, percentile  # noqa: E402

django.setup()

from tests.figures.test_threshold import LIMIT, amounts  # noqa: E402
from tests.figures.test_usual import shouts  # noqa: E402

from dingzi.figures.guards import threshold  # noqa: E402

AMOUNTS, LEVEL = 1_000, 95


def main() -> int:
    options = arguments(__doc__).parse_args()
    cities, sets = (100, 60) if options.quick else (1_000, 500)
    claims = Claims(f"{cities} honest cities, 38 months each")
    loud = sum(bool(shouts(seed)) for seed in range(cities))
    claims.at_most("figures: honest cities with any false alarm", 100 * loud / cities, 5, "%")
    beside_rddensity(claims, sets, judged=not options.quick)
    return claims.finish()


def beside_rddensity(claims: Claims, sets: int, *, judged: bool) -> None:
    from rddensity import rddensity

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
