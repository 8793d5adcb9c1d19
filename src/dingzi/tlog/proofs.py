"""Verification of inclusion and consistency proofs (RFC 6962, section 2.1; RFC 9162, 2.1.3-2.1.4).

A proof is a sequence of 32-byte hashes from the bottom up. Nothing here reads a log.
"""

from __future__ import annotations

from collections.abc import Sequence

from .errors import NotVerified
from .hashing import SHA256, SIZE, Hashing


def verify_inclusion(
    leaf_hash: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    hashing: Hashing = SHA256,
) -> None:
    """Raise NotVerified unless the leaf stands at ``index`` of the tree of ``size`` under ``root``."""
    if root_of_inclusion(leaf_hash, index, size, proof, hashing) != root:
        raise NotVerified("other_root", size=size)


def root_of_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], hashing: Hashing = SHA256
) -> bytes:
    """Return the root which an inclusion proof leads to; raises NotVerified for a wrong length."""
    if not 0 <= index < size:
        raise NotVerified("index_outside", index=index, size=size)
    inner = (index ^ (size - 1)).bit_length()
    _check_length(proof, inner + (index >> inner).bit_count())
    _check_hashes((leaf_hash,))
    digest, top = hashing.digest, leaf_hash
    for height, sibling in enumerate(proof):
        # above ``inner`` the path runs along the right edge: all siblings stand on the left
        if height >= inner or index >> height & 1:
            top = digest(b"\x01" + sibling + top)
        else:
            top = digest(b"\x01" + top + sibling)
    return top


def verify_consistency(
    old_size: int,
    new_size: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    hashing: Hashing = SHA256,
) -> None:
    """Raise NotVerified unless the new tree begins with the old one.

    Every tree begins with the empty one: then, as for equal sizes, the proof is empty.
    """
    if not 0 <= old_size <= new_size:
        raise NotVerified("sizes_fall", old=old_size, new=new_size)
    if old_size == 0 and old_root != hashing.empty():
        raise NotVerified("other_root", size=0)
    if old_size == new_size and old_root != new_root:
        raise NotVerified("other_root", size=new_size)
    if old_size in (0, new_size):
        _check_length(proof, 0)
        if old_size != new_size:
            _check_hashes((new_root,))
        return
    # the smallest perfect subtree at the right edge of the old tree: where the proof begins
    height = (old_size & -old_size).bit_length() - 1
    index, last = (old_size - 1) >> height, (new_size - 1) >> height
    inner = (index ^ last).bit_length()
    given = index != 0  # where the old tree is that very subtree, its root need not be sent
    _check_length(proof, given + inner + (index >> inner).bit_count())
    node = hashing.node
    old = new = proof[0] if given else old_root
    for height, sibling in enumerate(proof[1:] if given else proof):
        if height >= inner or index >> height & 1:
            old, new = node(sibling, old), node(sibling, new)
        else:
            new = node(new, sibling)
    if old != old_root:
        raise NotVerified("other_root", size=old_size)
    if new != new_root:
        raise NotVerified("other_root", size=new_size)


def _check_length(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length:
        raise NotVerified("proof_length", found=len(proof), expected=length)
    _check_hashes(proof)


def _check_hashes(hashes: Sequence[bytes]) -> None:
    for length in map(len, hashes):
        if length != SIZE:
            raise NotVerified("hash_length", found=length)
