"""The screens. Each takes one group's numbers and returns what was seen and how probable it is."""

from __future__ import annotations

import numpy as np

from .chance import at_least
from .problem import Finding, Ints

#: fewer say nothing
_LEAST_VALUES, _LEAST_BIDS = 20, 3


def bunching(name: str, value: Ints, threshold: int, width: int) -> Finding | None:
    """Too many just below a limit: the strip below against the strip above.

    Where the density goes on in a straight line through the limit, the two strips have shares
    that the two strips outside them give (the counterfactual of E. Saez, 2010, in its simplest
    form).
    """
    return _beside("bunching", name, value, threshold, width, below=True)


def step(name: str, value: Ints, target: int, width: int) -> Finding | None:
    """Too many that just reach a target: the strip from the target on against the one below."""
    return _beside("step", name, value, target, width, below=False)


def _beside(
    screen: str, name: str, value: Ints, at: int, width: int, *, below: bool
) -> Finding | None:
    def strip(place: int) -> int:
        low = at + place * width
        return int(((value >= low) & (value < low + width)).sum())

    outer_low, low, high, outer_high = strip(-2), strip(-1), strip(0), strip(1)
    count = low + high
    if count < _LEAST_VALUES:
        return None
    # a line through the outer strips (half a value each, so that empty ones do not decide)
    a, b = outer_low + 0.5, outer_high + 0.5
    inner = ((2 * a + b) / 3, (a + 2 * b) / 3)
    share = inner[0 if below else 1] / (a + b)
    # the outer strips are counts too: what they leave open is added to the share
    share = min(1.0, share + share * (1 - share) * 2 * (1 / (a + b)) ** 0.5)
    seen = low if below else high
    return Finding(
        screen=screen, group=name, count=count, seen=seen / count, chance=share,
        probability=at_least(seen, count, share),
    )  # fmt: skip


def heaping(name: str, value: Ints, base: int) -> Finding | None:
    """Too many multiples of ``base``: last digits of counted things are near even."""
    if len(value) < _LEAST_VALUES or int(value.max()) < 5 * base:
        return None
    round_ones = int((value % base == 0).sum())
    return Finding(
        screen="heaping", group=name, count=len(value), seen=round_ones / len(value),
        chance=1 / base, probability=at_least(round_ones, len(value), 1 / base),
    )  # fmt: skip


def splitting(
    name: str, value: Ints, every: tuple[int, int], threshold: int, width: int
) -> Finding | None:
    """Purchases of one buyer from one supplier in one year, near below a limit again and again.

    Only where each is below the limit and the year's sum is not. ``every`` counts all purchases
    below the limit and those near it: what is left without these says how many of them to expect.
    """
    if len(value) < 2 or int(value.max()) >= threshold or int(value.sum()) < threshold:
        return None
    seen = int((value >= threshold - width).sum())
    below, near = every[0] - len(value), every[1] - seen
    share = (near + 1) / (below + 2)
    return Finding(
        screen="splitting", group=name, count=len(value), seen=seen / len(value), chance=share,
        probability=at_least(seen, len(value), share),
    )  # fmt: skip


def markers(value: Ints) -> np.ndarray:
    """Return (3,) markers of a tender's bids, each larger where bids follow each other more.

    Evenness: minus the coefficient of variation. Cover: the distance from the lowest to the next,
    in standard deviations of the losing ones (R. Imhof, 2017). Pattern: minus the variation of the
    steps between neighbouring bids, in units of their mean.
    """
    bids = np.sort(value.astype(np.float64))
    mean = max(float(bids.mean()), 1e-9)
    losing = bids[1:]
    spread = float(losing.std(ddof=1)) if len(losing) > 1 else 0.0
    steps = np.diff(bids)
    step_mean = max(float(steps.mean()), 1e-9)
    return np.array(
        [
            -float(bids.std(ddof=1)) / mean,
            float(bids[1] - bids[0]) / max(spread, 1e-6 * mean),
            -float(steps.std()) / step_mean,
        ]
    )


MARKERS = ("evenness", "cover", "pattern")


def reference(count: int, spread: float, draws: int, seed: int) -> np.ndarray:
    """Return (draws, 3) markers of tenders without any understanding: independent log-normal bids
    with the spread of the whole file, in whole numbers."""
    random = np.random.default_rng((seed, count))
    bids = np.round(1e7 * np.exp(spread * random.standard_normal((draws, count))))
    return np.stack([markers(one) for one in bids.astype(np.int64)])


def spread_of(groups: list[Ints]) -> float:
    """Return the typical spread of the logarithms of a tender's bids: the median over tenders."""
    found = [
        float(np.log(np.maximum(one, 1)).std(ddof=1)) for one in groups if len(one) >= _LEAST_BIDS
    ]
    return max(float(np.median(found)), 1e-4) if found else 0.1


def rigging(name: str, value: Ints, compare: np.ndarray) -> list[Finding]:
    """Compare a tender's markers with the reference of as many bids."""
    if len(value) < _LEAST_BIDS:
        return []
    seen = markers(value)
    found = []
    for at, screen in enumerate(MARKERS):
        # rounding does not part equal ones
        beyond = int((compare[:, at] >= seen[at] - 1e-12 * abs(seen[at])).sum())
        found.append(
            Finding(
                screen=screen,
                group=name,
                count=len(value),
                seen=float(seen[at]),
                chance=float(np.median(compare[:, at])),
                probability=(beyond + 1) / (len(compare) + 1),
            )
        )
    return found
