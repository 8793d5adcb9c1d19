"""Bids sealed against the operator: a commitment that binds, a key that no single holder has.

The bidder encrypts its bid (AES-256-GCM), publishes the commitment before the deadline and gives
each key holder one share. Shares are XOR pads: all of them make the key, any fewer tell nothing
about it. The platform stores commitment and box and can neither read nor change a bid; who holds a
share and loses it can block the opening, so a bidder keeps the shares of its own bid.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..errors import EngineError

_NAME = b"dingzi sealed bid 1\n"
_BYTES = 32
_MOST_HOLDERS = 100


@dataclass(frozen=True, slots=True)
class Sealed:
    """``commitment`` (32 bytes) is published; ``box`` is stored; each holder keeps one share."""

    commitment: bytes
    box: bytes
    shares: tuple[bytes, ...]


def seal(bid: bytes, round_name: str, holders: int) -> Sealed:
    """Seal a bid for a round; it cannot be moved to another round.

    Raises EngineError for fewer than two holders, one alone would be the operator again, and for
    more than anybody could bring together.
    """
    if not 2 <= holders <= _MOST_HOLDERS:
        raise EngineError("award.seal_holders", {"found": holders, "most": _MOST_HOLDERS})
    key, salt, nonce = (secrets.token_bytes(size) for size in (_BYTES, _BYTES, 12))
    about = _NAME + round_name.encode()
    box = nonce + AESGCM(key).encrypt(nonce, salt + bid, about)
    pads = [secrets.token_bytes(_BYTES) for _ in range(holders - 1)]
    return Sealed(_commit(about, salt, bid), box, (*pads, _xor([key, *pads])))


def open_sealed(commitment: bytes, box: bytes, shares: Sequence[bytes], round_name: str) -> bytes:
    """Return the bid. Raises EngineError where a share is missing or wrong, the box was changed, or
    the bid is not the one committed to."""
    about = _NAME + round_name.encode()
    if len(shares) < 2 or any(len(share) != _BYTES for share in shares):
        raise EngineError("award.seal_shares", {"bytes": _BYTES})
    try:
        opened = AESGCM(_xor(shares)).decrypt(box[:12], box[12:], about)
    except (InvalidTag, ValueError):
        raise EngineError("award.seal_broken", {}) from None
    salt, bid = opened[:_BYTES], opened[_BYTES:]
    if not hmac.compare_digest(_commit(about, salt, bid), commitment):
        raise EngineError("award.seal_other", {})
    return bid


def _commit(about: bytes, salt: bytes, bid: bytes) -> bytes:
    size = len(about).to_bytes(8)
    return hashlib.sha256(size + about + salt + bid).digest()


def _xor(parts: Sequence[bytes]) -> bytes:
    made = bytes(_BYTES)
    for part in parts:
        made = bytes(a ^ b for a, b in zip(made, part, strict=True))
    return made
