"""Tail probabilities of the binomial distribution."""

from __future__ import annotations

import math


def at_least(seen: int, count: int, share: float) -> float:
    """Return the probability of ``seen`` or more out of ``count`` at ``share`` each."""
    if seen <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    logs = [
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        + k * math.log(share) + (count - k) * math.log1p(-share)
        for k in range(seen, count + 1)
    ]  # fmt: skip
    return min(1.0, math.fsum(math.exp(one) for one in logs))
