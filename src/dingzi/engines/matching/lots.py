"""Lots: who goes first where a vacancy ranks two seekers alike, drawn by the seed.

A lot is a one-to-one mixing of 32 bits, so no two seekers draw the same, and anyone can recompute
it from the seeker's number and the seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MASK = np.int64(0xFFFFFFFF)
#: an odd factor: multiplying by it modulo 2**32 can be undone
TIMES = np.int64(0x9E3779B1)


def lots(seekers: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return each seeker's lot, 32 bits; the greater goes first."""
    mixed = (seekers ^ np.int64(seed)) & MASK
    mixed = mixed ^ (mixed >> 16)
    mixed = (mixed * TIMES) & MASK
    return mixed ^ (mixed >> 16)


def keys(priority: NDArray[np.int32], seekers: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return what a vacancy orders seekers by: priority, then lot."""
    return (priority.astype(np.int64) << 32) | lots(seekers, seed)
