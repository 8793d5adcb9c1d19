"""Proofs that stand alone, after C2SP tlog-proof: index, path and signed checkpoint in one text.

Whoever has the entry, the log's key and this text needs neither the log nor a network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import checkpoints, notes, proofs
from .encoding import LARGEST, decimal, decode, decode_hash, encode
from .errors import Malformed, NotVerified
from .hashing import SHA256, Hashing

HEADER = "c2sp.org/tlog-proof@v1"
#: no tree of 2**64 leaves is higher
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof has shown: the head, and when which witness saw it (seconds since 1970)."""

    checkpoint: checkpoints.Checkpoint
    cosigned: dict[str, int]


@dataclass(frozen=True, slots=True)
class StandaloneProof:
    """``path`` are 32-byte hashes from the leaf up; ``extra`` is not covered by any signature."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the text; raises Malformed for an index that is none."""
        if not 0 <= self.index <= LARGEST:
            raise Malformed("bad_number", text=str(self.index))
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode(self.extra)}")
        lines += [f"index {self.index}", *map(encode, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    def verify(
        self,
        leaf_hash: bytes,
        log: notes.Verifier,
        *,
        origin: str | None = None,
        witnesses: Iterable[notes.Verifier] = (),
        quorum: int = 0,
        hashing: Hashing = SHA256,
    ) -> Verified:
        """Verify signature, origin, path and that ``quorum`` of the witnesses cosigned.

        Raises Malformed or NotVerified.
        """
        head, note = checkpoints.open_checkpoint(self.checkpoint, log, origin)
        cosigned = checkpoints.cosigned(note, witnesses)
        if len(cosigned) < quorum:
            raise NotVerified("few_witnesses", found=len(cosigned), expected=quorum)
        proofs.verify_inclusion(leaf_hash, self.index, head.size, self.path, head.root, hashing)
        return Verified(head, cosigned)


def parse(data: bytes) -> StandaloneProof:
    """Read a proof without verifying it; raises Malformed."""
    top, gap, checkpoint = data.partition(b"\n\n")
    try:
        lines = top.decode().split("\n")
    except UnicodeDecodeError as error:
        raise Malformed("not_utf8") from error
    if not gap or lines.pop(0) != HEADER:
        raise Malformed("bad_proof", header=HEADER)
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = decode(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index ") or len(lines) > MOST_HASHES + 1:
        raise Malformed("bad_proof", header=HEADER)
    index = decimal(lines.pop(0).removeprefix("index "))
    path = tuple(map(decode_hash, lines))
    checkpoints.parse_note(checkpoint)
    return StandaloneProof(index, path, checkpoint, extra)
