"""Which winner supplies which region: the lowest picks first, then one each a round."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from .problem import AwardProblem, Ints
from .rulebook import RuleBook, step


def assign(problem: AwardProblem, rules: RuleBook, rank: Ints) -> tuple[Ints, Ints, Ints]:
    """Return main (P, R), backup (P, R) and agreed (P, R).

    Everyone picks the largest region that is left (by name where two are equal). What is agreed is
    the share that the rules give for so many winners, rounded down to whole units.
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
        for turn, region in enumerate(picks.tolist()):
            main[product, region] = bids[turn % len(bids)]
            if rules.backup and len(bids) > 1:
                backup[product, region] = bids[(turn + 1) % len(bids)]
        agreed[product] = volume * share.numerator // share.denominator
    return main, backup, agreed
