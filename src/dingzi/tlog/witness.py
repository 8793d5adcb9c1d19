"""What a witness decides: cosign a log's new head, or refuse and keep the evidence.

Pure functions; requests have the form of C2SP tlog-witness (``add-checkpoint``), so a witness of
that kind serves this log and ours serves others. Whoever calls ``consider`` must store what it
returns before the answer goes out, and let no other request of the same log come between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from . import checkpoints, notes, proofs
from .encoding import decimal, decode_hash, encode
from .errors import Malformed, NotVerified
from .hashing import SHA256
from .standalone import MOST_HASHES

#: a checkpoint has three short lines; what is kept must stay readable with one signature more
_MOST_BYTES = notes.MOST_BYTES // 2

#: why a head is refused, with the HTTP status of tlog-witness
REFUSALS = {
    "malformed": 400,
    "unknown_log": 404,
    "bad_signature": 403,
    "rollback": 400,
    "other_size": 409,
    "fork": 422,
    "bad_proof": 422,
}


@dataclass(frozen=True, slots=True)
class Request:
    """An ``add-checkpoint``: the size from which ``proof`` leads to the ``checkpoint``."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        lines = [f"old {self.old_size}", *map(encode, self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Request:
        """Read a request's body; raises Malformed."""
        top, gap, checkpoint = data.partition(b"\n\n")
        lines = top.decode("utf-8", "replace").split("\n")
        if not gap or not lines[0].startswith("old ") or len(lines) > MOST_HASHES + 1:
            raise Malformed("bad_request")
        size = decimal(lines[0].removeprefix("old "))
        return cls(size, tuple(map(decode_hash, lines[1:])), checkpoint)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two heads that one log signed and that do not go together, or do not seem to.

    ``seen`` is what the witness had cosigned, ``shown`` what it was then shown, both as signed.
    """

    code: str
    seen: bytes
    shown: bytes
    proof: tuple[bytes, ...]
    at: int

    def encode(self) -> bytes:
        """Return the evidence as JSON, for keeping and handing on."""
        found = {
            "code": self.code,
            "at": self.at,
            "seen": self.seen.decode(),
            "shown": self.shown.decode(),
            "proof": list(map(encode, self.proof)),
        }
        return json.dumps(found, ensure_ascii=False, indent=2).encode()

    @classmethod
    def parse(cls, data: bytes) -> Evidence:
        """Read evidence; raises Malformed."""
        try:
            found = json.loads(data)
            seen, shown = found["seen"].encode(), found["shown"].encode()
            code, at, proof = found["code"], found["at"], tuple(map(decode_hash, found["proof"]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Malformed("bad_evidence") from error
        if code not in REFUSALS or type(at) is not int:
            raise Malformed("bad_evidence")
        return cls(code, seen, shown, proof, at)

    def convicts(self, log: notes.Verifier, origin: str | None = None) -> bool:
        """Tell whether it proves by itself, to anybody, that the log forked.

        That is so where two heads of one size have different roots. A rollback and a proof that
        does not hold are grounds to ask, not proof: an old head is no lie.
        """
        try:
            seen, _ = checkpoints.open_checkpoint(self.seen, log, origin)
            shown, _ = checkpoints.open_checkpoint(self.shown, log, origin)
        except (Malformed, NotVerified):
            return False
        return seen.size == shown.size and seen.root != shown.root


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The head was cosigned: the ``signature`` to answer with, and the ``note`` to store as seen."""

    checkpoint: checkpoints.Checkpoint
    signature: notes.Signature
    note: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The head was not cosigned; ``reason`` is a plain ``(code, params)``, ``status`` HTTP's.

    ``evidence`` is there where the log signed both heads and yet they do not go together.
    """

    reason: tuple[str, dict[str, str | int]]
    status: int
    evidence: Evidence | None = None


def consider(
    request: Request,
    seen: bytes | None,
    log: notes.Verifier,
    witness: notes.Signer,
    at: int,
    origin: str | None = None,
) -> Cosigned | Refused:
    """Decide about a new head of a log.

    ``seen`` is the note of the last ``Cosigned`` for this log, None at first; ``witness`` a key of
    kind COSIGNATURE; ``at`` the time in seconds since 1970. Never raises for what a request holds.
    """
    try:
        if len(request.checkpoint) > _MOST_BYTES:
            raise Malformed("note_too_long", bytes=len(request.checkpoint))
        head, note = checkpoints.open_checkpoint(request.checkpoint, log, origin)
    except Malformed as error:
        return _refused("malformed", why=error.code)
    except NotVerified as error:
        other = error.code == "tlog.other_origin"
        return _refused("unknown_log" if other else "bad_signature")
    last = checkpoints.parse_note(seen) if seen is not None else None
    size, root = (last.size, last.root) if last else (0, SHA256.empty())

    def caught(code: str, **params: int) -> Refused:
        evidence = None
        if seen is not None:
            evidence = Evidence(code, seen, request.checkpoint, request.proof, at)
        return _refused(code, evidence, **params)

    if head.size < size:
        return caught("rollback", shown=head.size, seen=size)
    if head.size == size and last and head.root != root:
        return caught("fork", size=size)
    if request.old_size != size:
        return _refused("other_size", shown=request.old_size, seen=size)
    try:
        proofs.verify_consistency(size, head.size, root, head.root, request.proof)
    except NotVerified:
        return caught("bad_proof", shown=head.size, seen=size)
    signature = witness.sign(note.text, at)
    # signatures of strangers are not kept: anybody can add them
    kept = next(s for s in note.signatures if log.made(s))
    return Cosigned(head, signature, notes.Note(note.text, (kept, signature)).encode())


def encode_signatures(signatures: Sequence[notes.Signature]) -> bytes:
    """Return the body of the answer to a request that was cosigned."""
    return "".join(signature.line() for signature in signatures).encode()


def _refused(code: str, evidence: Evidence | None = None, **params: str | int) -> Refused:
    return Refused((f"tlog.witness_{code}", params), REFUSALS[code], evidence)
