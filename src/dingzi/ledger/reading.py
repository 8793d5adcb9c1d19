"""Reads all entries of any log, from a folder or over HTTP, and checks that they make its head."""

from __future__ import annotations

from collections.abc import Sequence

from dingzi.tlog import tiles
from dingzi.tlog.checkpoints import open_checkpoint
from dingzi.tlog.errors import LogError, NotVerified
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.hashing import root as root_of
from dingzi.tlog.notes import Verifier

from .witnessing import source


def entries(where: str, key: str) -> list[bytes]:
    """Return the entries under the published head.

    Raises LogError where a part is missing, NotVerified where they are not what the head signs,
    OSError where the log cannot be reached.
    """
    read = source(where)
    signed = read("checkpoint")
    if signed is None:
        raise LogError("missing", path="checkpoint")
    head, _ = open_checkpoint(signed, Verifier.parse(key))
    found = list(tiles.entries(read, head.size))
    if root(found) != head.root:
        raise NotVerified("other_root", size=head.size)
    return found


def root(entries: Sequence[bytes]) -> bytes:
    """Return the root of the tree that has these entries."""
    return root_of(map(leaf_hash, entries))
