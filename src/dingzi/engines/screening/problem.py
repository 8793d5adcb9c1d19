"""The problems, the settings and the findings of ``screening``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..contract import Settings
from ..errors import BadProblem, BadSettings

Ints = NDArray[np.int64]
Kind = Literal["values", "purchases", "bids"]
LARGEST = 10**15


@dataclass(frozen=True, kw_only=True, eq=False)
class ScreeningProblem:
    """Numbers in groups.

    Parameters
    ----------
    kind
        ``values``: bunching below a threshold, a step at a target, heaping on round numbers.
        ``purchases``: splitting below a threshold, by group (buyer, supplier and year).
        ``bids``: markers of bids that follow each other, by group (tender).
    groups : names
    group : (N,) int64, places
    value : (N,) int64, from 0
    """

    kind: Kind
    groups: Sequence[str]
    group: Ints
    value: Ints
    source: str = "problem"

    def __post_init__(self) -> None:
        if self.group.shape != self.value.shape or not len(self.value):
            raise BadProblem(self.source, None, "screening.empty", {})
        if not 0 <= self.value.min() <= self.value.max() <= LARGEST:
            raise BadProblem(self.source, None, "screening.range", {"high": LARGEST})
        if set(self.group.tolist()) != set(range(len(self.groups))):
            raise BadProblem(self.source, None, "screening.empty", {})


@dataclass(frozen=True, kw_only=True)
class ScreeningSettings(Settings):
    """Every one is a setting of who looks; none is of law, but the threshold may be.

    Parameters
    ----------
    alpha
        A finding is told where chance alone gives it with at most this probability.
    threshold, width
        ``values``: the limit or target and the width of the strips beside it; None: heaping alone.
        ``purchases``: the limit, and how far below it counts as near.
    base
        Heaping: multiples of it are round.
    draws
        Bids: simulated tenders for the reference.
    """

    alpha: float = 0.01
    threshold: int | None = None
    width: int | None = None
    base: int = 10
    draws: int = 2_000

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if not 0 < self.alpha < 1 or self.base < 2 or not 100 <= self.draws <= 10**6:
            raise BadSettings("screening.settings", {})
        if (self.threshold is None) != (self.width is None):
            raise BadSettings("screening.threshold", {})
        limit, width = self.threshold, self.width
        if limit is not None and width is not None and not 0 < 2 * width <= limit:
            raise BadSettings("screening.threshold", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One screen of one group: what was seen, what chance would give, how probable that is."""

    screen: str
    group: str
    count: int
    seen: float
    chance: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Every screen of every group that has enough numbers for it, in the groups' order."""

    findings: tuple[Finding, ...]
