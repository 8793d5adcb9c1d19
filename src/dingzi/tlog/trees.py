"""Which nodes of a tree make its root and its proofs.

A node is ``(height, index)``: the perfect subtree over the leaves ``index << height`` up to
``(index + 1) << height``. A reader of nodes is all that is needed; where they lie does not matter.
"""

from __future__ import annotations

from collections.abc import Callable

from .hashing import Hashing

Reader = Callable[[int, int], bytes]


def peaks(start: int, end: int) -> list[tuple[int, int]]:
    """Return the largest perfect subtrees from ``start`` to ``end``, left to right.

    ``start`` is a multiple of a power of two that is at least ``end - start``.
    """
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def root(size: int, read: Reader, hashing: Hashing) -> bytes:
    """Return the root of the first ``size`` leaves."""
    return hashing.fold([read(*node) for node in peaks(0, size)])


def inclusion(index: int, size: int, read: Reader, hashing: Hashing) -> list[bytes]:
    """Return the proof that leaf ``index`` is in the tree of ``size`` (RFC 6962, 2.1.1)."""
    return _path(0, index, size, read, hashing)


def consistency(old: int, new: int, read: Reader, hashing: Hashing) -> list[bytes]:
    """Return the proof that the tree of ``new`` begins with that of ``old`` (RFC 6962, 2.1.2)."""
    if old in (0, new):
        return []
    height = (old & -old).bit_length() - 1
    index = (old - 1) >> height
    first = [read(height, index)] if index else []
    return first + _path(height, index, new, read, hashing)


def _path(bottom: int, index: int, size: int, read: Reader, hashing: Hashing) -> list[bytes]:
    """Return the siblings on the way up from a node of height ``bottom``."""
    last = (size - 1) >> bottom
    inner = (index ^ last).bit_length()
    found = [read(bottom + height, (index >> height) ^ 1) for height in range(inner - 1)]
    if inner:
        # where the path meets the right edge, the sibling need not be perfect
        start = ((index >> inner - 1) | 1) << bottom + inner - 1
        found.append(hashing.fold([read(*node) for node in peaks(start, size)]))
    found += [
        read(bottom + height, (index >> height) - 1)
        for height in range(inner, index.bit_length())
        if index >> height & 1
    ]
    return found
