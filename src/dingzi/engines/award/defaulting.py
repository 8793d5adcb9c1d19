"""A winner does not supply: who steps in, at what price, and how long the defaulter is barred."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ..contract import Reason
from .problem import Award, AwardProblem


@dataclass(frozen=True, slots=True)
class Substituted:
    """The award afterwards; a reason for each region; the defaulter may not bid before ``until``."""

    award: Award
    reasons: tuple[Reason, ...]
    until: date


def substitute(
    problem: AwardProblem, award: Award, product: int, bidder: int, on: date, barred_days: int
) -> Substituted:
    """Give a defaulter's regions to their backups, else to the next winner, at their own prices.

    ``barred_days`` is a rule of the round or of the city. Who has not the capacity for a region is
    passed over. A region for which nobody is left stays without a supplier, and says so.
    """
    main, backup = award.main.copy(), award.backup.copy()
    rank = award.rank.copy()
    gone = np.flatnonzero((problem.product == product) & (problem.bidder == bidder))
    rank[gone] = -1
    rest = np.flatnonzero((problem.product == product) & (rank >= 0))
    rest = rest[np.argsort(rank[rest], kind="stable")]
    agreed = award.agreed.copy()
    reasons: list[Reason] = []

    def room(at: int) -> float:
        capacity = int(problem.capacity[at])
        return math.inf if capacity < 0 else capacity - int(agreed[main == at].sum())

    for region, name in enumerate(problem.regions):
        params = {"region": name, "defaulter": problem.bidders[bidder]}
        if backup[product, region] in gone:
            others = rest[rest != main[product, region]]
            backup[product, region] = others[0] if len(others) else -1
        if main[product, region] not in gone:
            continue
        new = int(backup[product, region]) if backup[product, region] >= 0 else -1
        # the backup first, then by rank
        needed = int(agreed[product, region])
        able = [at for at in (new, *rest.tolist()) if at >= 0 and room(at) >= needed]
        new = able[0] if able else -1
        main[product, region] = new
        others = rest[rest != new]
        backup[product, region] = others[0] if len(others) and award.backup.max() >= 0 else -1
        if new < 0:
            agreed[product, region] = 0
            reasons.append(("award.nobody_left", params))
        else:
            params |= {"bidder": problem.bidders[problem.bidder[new]]}
            reasons.append(("award.steps_in", params | {"price": int(award.price[new])}))
    price = award.price.copy()
    price[gone] = 0
    made = replace(award, rank=rank, price=price, main=main, backup=backup, agreed=agreed)
    until = date.fromordinal(on.toordinal() + barred_days)
    return Substituted(made, tuple(reasons), until)
