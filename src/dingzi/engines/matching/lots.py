"""Lots: who goes first where a vacancy ranks two seekers alike, drawn by the seed.

A lot is a one-to-one mixing of 32 bits (the finish of A. Appleby's MurmurHash3, public domain), so
no two seekers draw the same, and anyone can recompute it from the seeker's number and the seed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MASK = np.int64(0xFFFFFFFF)
FIRST, SECOND = np.int64(0x85EBCA6B), np.int64(0xC2B2AE35)


def lots(seekers: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return each seeker's lot, 32 bits; the greater goes first."""
    return _mixed(np.asarray(seekers, dtype=np.int64) ^ np.int64(mask_of(seed)))


def mask_of(seed: int) -> int:
    """Return what a seed puts over the seekers' numbers: mixed too, so that near seeds differ."""
    return int(_mixed(np.array([seed], dtype=np.int64))[0])


def keys(priority: NDArray[np.int32], seekers: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return what a vacancy orders seekers by: priority, then lot."""
    return (priority.astype(np.int64) << 32) | lots(seekers, seed)


def _mixed(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    made = numbers & MASK
    made = ((made ^ (made >> 16)) * FIRST) & MASK
    made = ((made ^ (made >> 13)) * SECOND) & MASK
    return made ^ (made >> 16)
