"""Hashes of leaves, nodes and trees as RFC 6962, section 2.1 defines them.

The log's own algorithm is SHA-256; ``sm3()`` gives the same tree over SM3 (GB/T 32905), where this
machine's OpenSSL has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from .errors import NotAvailable

SIZE = 32  # bytes of a hash, of either algorithm


@dataclass(frozen=True, slots=True)
class Hashing:
    """A hash function that makes Merkle trees. ``digest`` takes bytes and returns 32 bytes."""

    name: str
    digest: Callable[[bytes], bytes]

    def leaf(self, entry: bytes) -> bytes:
        """Hash one entry."""
        return self.digest(b"\x00" + entry)

    def node(self, left: bytes, right: bytes) -> bytes:
        """Hash two subtrees into the one above them."""
        return self.digest(b"\x01" + left + right)

    def empty(self) -> bytes:
        """Return the root of a tree without leaves."""
        return self.digest(b"")

    def root(self, leaf_hashes: Iterable[bytes]) -> bytes:
        """Return the root over leaf hashes in their order; O(log n) memory."""
        peaks: list[bytes] = []
        for count, leaf in enumerate(leaf_hashes):
            top = leaf
            while count & 1:
                top = self.node(peaks.pop(), top)
                count >>= 1
            peaks.append(top)
        return self.fold(peaks)

    def fold(self, peaks: Sequence[bytes]) -> bytes:
        """Return the root over perfect subtrees, largest (leftmost) first."""
        if not peaks:
            return self.empty()
        top = peaks[-1]
        for left in reversed(peaks[:-1]):
            top = self.node(left, top)
        return top


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


SHA256 = Hashing("sha256", _sha256)

leaf_hash = SHA256.leaf
node_hash = SHA256.node
root = SHA256.root


@cache
def sm3() -> Hashing:
    """Return the tree over SM3; raises NotAvailable where OpenSSL was built without it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    def digest(data: bytes) -> bytes:
        state = hashes.Hash(hashes.SM3())
        state.update(data)
        return state.finalize()

    try:
        digest(b"")
    except UnsupportedAlgorithm as error:
        raise NotAvailable("no_sm3") from error
    return Hashing("sm3", digest)
