"""Which winner supplies which region: the lowest picks first, then one each a round."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .problem import AwardProblem, Ints
from .rulebook import RuleBook, step


def assign(problem: AwardProblem, rules: RuleBook, rank: Ints) -> tuple[Ints, Ints, Ints]:
    """Return main (P, R), backup (P, R) and agreed (P, R).

    Everyone picks the largest region that is left (by name where two are equal). What is agreed is
    the share that the rules give for so many winners, rounded down to whole units. Who has not the
    capacity for a region lets the next pick it; where nobody has, it stays without a supplier.
    """
    products, regions = problem.volume.shape
    main = np.full((products, regions), -1)
    backup = np.full((products, regions), -1)
    agreed = np.zeros((products, regions), np.int64)
    by_name = np.argsort(np.array(problem.regions, dtype=object), kind="stable")
    winners: list[list[int]] = [[] for _ in range(products)]
    won = np.flatnonzero(rank >= 0)
    for at in won[np.argsort(rank[won], kind="stable")].tolist():
        winners[problem.product[at]].append(at)
    for product, bids in enumerate(winners):
        if not bids:
            continue
        volume = problem.volume[product]
        picks = by_name[np.argsort(-volume[by_name], kind="stable")]
        share = step(rules.shares, len(bids), Fraction(0))
        left = [int(one) if one >= 0 else None for one in problem.capacity[bids]]
        for turn, region in enumerate(picks.tolist()):
            units = int(volume[region]) * share.numerator // share.denominator
            order = [(turn + later) % len(bids) for later in range(len(bids))]
            able = [at for at in order if (room := left[at]) is None or room >= units]
            if not able:
                continue
            room = left[able[0]]
            left[able[0]] = None if room is None else room - units
            main[product, region], agreed[product, region] = bids[able[0]], units
            if rules.backup and len(bids) > 1:
                backup[product, region] = bids[(able[0] + 1) % len(bids)]
    return main, backup, agreed
