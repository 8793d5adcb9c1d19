"""How often each screen cries where there is nothing, at 1 %, by simulation.

There is no peer: a rate of false alarms is measured, not compared. ``--quick``: fewer groups.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from claims import Claims, arguments

from dingzi.engines.contract import Stop
from dingzi.engines.screening.alarms import false_alarms
from dingzi.engines.screening.problem import Kind, ScreeningSettings

SIZES: dict[Kind, int] = {"values": 400, "purchases": 6, "bids": 6}


def main() -> int:
    options = arguments(__doc__).parse_args()
    groups = 400 if options.quick else 4_000
    claims = Claims(f"{groups} groups without anything in them")
    for kind, size in SIZES.items():
        settings = ScreeningSettings(
            stop=Stop(work=1), alpha=0.01, threshold=10_000, width=1_000, draws=5_000
        )
        for one in false_alarms(kind, settings, groups, size):
            # three standard errors of a share of 1 %
            allowed = 1 + 300 * (0.01 * 0.99 / one.screened) ** 0.5
            claims.at_most(
                f"screening: false alarms of {one.screen} at 1 %", 100 * one.rate, round(allowed, 2),
                "%", size=f"{one.screened} groups of {size}",
            )  # fmt: skip
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
