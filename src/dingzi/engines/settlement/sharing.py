"""Money split into whole fen so that the parts always add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` (from 0) by weights; the largest remainders get the last fen.

    The method of largest remainders (Hamilton): each part is within one fen of its exact share,
    and equal remainders go to the earlier part.

    Raises ValueError where weights are negative or all nought.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("a total from 0 and weights from 0, not all 0, are needed")
    parts = [total * weight // whole for weight in weights]
    rest = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-rest[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


def share_of(amount: int, rate: Decimal) -> int:
    """Return a rate of an amount (from 0) in whole fen, rounded down."""
    numerator, denominator = rate.as_integer_ratio()
    return amount * numerator // denominator
