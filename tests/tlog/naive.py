"""RFC 6962 as its section 2.1 is written: recursion over lists of entries, nothing clever."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root(entries: list[bytes], of=digest) -> bytes:
    """MTH(D[n])."""
    if not entries:
        return of(b"")
    if len(entries) == 1:
        return of(b"\x00" + entries[0])
    k = _split(len(entries))
    return of(b"\x01" + root(entries[:k], of) + root(entries[k:], of))


def inclusion(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if m < k:
        return [*inclusion(m, entries[:k]), root(entries[k:])]
    return [*inclusion(m - k, entries[k:]), root(entries[:k])]


def consistency(m: int, entries: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]); from the empty tree nothing need be proved."""
    return _sub(m, entries, True) if m else []


def _sub(m: int, entries: list[bytes], known: bool) -> list[bytes]:
    if m == len(entries):
        return [] if known else [root(entries)]
    k = _split(len(entries))
    if m <= k:
        return [*_sub(m, entries[:k], known), root(entries[k:])]
    return [*_sub(m - k, entries[k:], False), root(entries[:k])]


def _split(n: int) -> int:
    """Return the largest power of two smaller than n."""
    return 1 << (n - 1).bit_length() - 1
