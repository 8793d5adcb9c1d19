"""Check findings: shares and binomial tails counted again with sixty digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

from ..contract import Reason, Verdict
from .deciding import reasons, screen
from .problem import Findings, ScreeningProblem, ScreeningSettings

_CLOSE = 1e-6


def check(problem: ScreeningProblem, settings: ScreeningSettings, solution: Findings) -> Verdict:
    """Name each finding that the numbers do not give; bids are compared with the same reference."""
    broken: list[Reason] = []
    expected = {(one.screen, one.group): one for one in screen(problem, settings)}
    told = {(one.screen, one.group): one for one in solution.findings}
    for key in expected.keys() ^ told.keys():
        broken.append(("screening.other_groups", {"screen": key[0], "group": key[1]}))
    for key in expected.keys() & told.keys():
        mine, theirs = expected[key], told[key]
        probability = mine.probability
        if problem.kind != "bids":
            probability = _tail(round(mine.seen * mine.count), mine.count, mine.chance)
        near = abs(theirs.probability - probability) <= _CLOSE * max(1e-3, probability)
        if not near or abs(theirs.seen - mine.seen) > _CLOSE * max(1.0, abs(mine.seen)):
            broken.append(("screening.other_figures", {"screen": key[0], "group": key[1]}))
    again = [] if broken else reasons(solution, settings)
    return Verdict(objective=len(reasons(solution, settings)), broken=broken, reasons=again)


def _tail(seen: int, count: int, chance: float) -> float:
    with localcontext(prec=60):
        share = Decimal(chance)
        parts = (
            math.comb(count, k) * share**k * (1 - share) ** (count - k)
            for k in range(seen, count + 1)
        )
        return float(sum(parts, Decimal(0)))
