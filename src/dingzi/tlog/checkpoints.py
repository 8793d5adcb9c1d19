"""A log's head in the form of C2SP tlog-checkpoint: origin, size, root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import notes
from .encoding import LARGEST, decimal, decode_hash, encode, shown
from .errors import Malformed, NotVerified
from .hashing import SIZE


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head; ``root`` is 32 bytes, ``extensions`` are further lines, as a rule none.

    Raises Malformed for what cannot be written down.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise Malformed("bad_checkpoint_line", line=shown(line))
        if not 0 <= self.size <= LARGEST:
            raise Malformed("bad_number", text=str(self.size))
        if len(self.root) != SIZE:
            raise Malformed("bad_hash", text=shown(self.root.hex()))

    def text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), encode(self.root), *self.extensions)
        return "\n".join(lines) + "\n"

    def sign(self, *signers: notes.Signer) -> bytes:
        """Return the signed note, as it is published."""
        return notes.sign(self.text(), *signers)


def parse(text: str) -> Checkpoint:
    """Read a note's text; raises Malformed."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Malformed("bad_checkpoint")
    return Checkpoint(lines[0], decimal(lines[1]), decode_hash(lines[2]), tuple(lines[3:-1]))


def parse_note(data: bytes) -> Checkpoint:
    """Read a signed checkpoint without verifying it; raises Malformed."""
    return parse(notes.parse(data).text)


def open_checkpoint(
    data: bytes, log: notes.Verifier, origin: str | None = None
) -> tuple[Checkpoint, notes.Note]:
    """Read a checkpoint that the log's key signed, under this origin (default: the key's name).

    Raises Malformed, or NotVerified where the signature or the origin is another.
    """
    opened = notes.open_note(data, [log])
    checkpoint = parse(opened.text)
    expected = log.name if origin is None else origin
    if checkpoint.origin != expected:
        raise NotVerified("other_origin", found=shown(checkpoint.origin), expected=shown(expected))
    return checkpoint, opened.note


def cosigned(note: notes.Note, witnesses: Iterable[notes.Verifier]) -> dict[str, int]:
    """Return name -> time (seconds since 1970) of each witness whose cosignature holds."""
    return {
        witness.name: witness.time(signature)
        for witness in witnesses
        for signature in note.signatures
        if witness.kind == notes.COSIGNATURE and witness.holds(note.text, signature)
    }
