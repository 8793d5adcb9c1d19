"""A whole round in one run: 10,000 products × 30 bidders, each loser told what would have won.

There is no peer: no package decides such rounds. The independent checker judges the same round
again in plain Python; ``--quick`` takes a tenth of the products.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from claims import Claims, arguments

from dingzi.engines.award.checking import check
from dingzi.engines.award.deciding import decide
from dingzi.engines.award.problem import AwardProblem, AwardSettings
from dingzi.engines.award.rulebook import presets, rule_book
from dingzi.engines.contract import Stop


def made(products: int, bidders: int, regions: int, seed: int) -> AwardProblem:
    random = np.random.default_rng(seed)
    bids = products * bidders
    return AwardProblem(
        products=[f"p{at}" for at in range(products)],
        bidders=[f"b{at}" for at in range(bidders)],
        regions=[f"r{at}" for at in range(regions)],
        ceiling=np.full(products, 2000),
        volume=random.integers(0, 10_000, (products, regions)),
        product=np.repeat(np.arange(products), bidders),
        bidder=np.tile(np.arange(bidders), products),
        price=random.integers(100, 2100, bids),
        qualified=random.random(bids) < 0.95,
        revives=random.random(bids) < 0.5,
        score=random.integers(0, 3, bids),
    )


def main() -> int:
    options = arguments(__doc__).parse_args()
    products = 1_000 if options.quick else 10_000
    problem = made(products, 30, 10, 1)
    claims = Claims(f"{products} products × 30 bidders × 10 regions")
    for name in presets():
        settings = AwardSettings(stop=Stop(work=1), rules=rule_book(name))
        decide(made(3, 3, 1, 1), settings)  # compiled before the clock runs
        begun = time.monotonic()
        found = decide(problem, settings)
        took = time.monotonic() - begun
        assert found.solution is not None
        verdict = check(problem, settings, found.solution)
        assert not verdict.broken and list(verdict.reasons) == list(found.reasons)
        claims.at_most(f"award: a round under {name}", took, 30, "s", judged=not options.quick)
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
