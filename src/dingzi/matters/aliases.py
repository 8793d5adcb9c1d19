"""A matter's name outside: it opens nothing, cannot be guessed, and only we can read it back."""

from __future__ import annotations

import hmac
from functools import cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

_SIZE = 16


@cache
def _cipher(key: bytes) -> Cipher[modes.ECB]:
    # one block whose second half is nought: a permutation of ids, and what is made up does not decrypt
    made = hmac.digest(key, b"dingzi alias of a matter", "sha256")
    return Cipher(algorithms.AES(made), modes.ECB())  # noqa: S305 - a single block


def of(matter_id: int) -> str:
    """Return the alias of a matter: 32 hexadecimal digits, always the same."""
    block = matter_id.to_bytes(8, "big") + bytes(_SIZE - 8)
    one = _cipher(settings.PSEUDONYM_KEY).encryptor()
    return (one.update(block) + one.finalize()).hex()


def matter_id(alias: str) -> int | None:
    """Return the id of the matter that an alias means, None for anything else."""
    if len(alias) != 2 * _SIZE or not alias.isascii():
        return None
    try:
        raw = bytes.fromhex(alias)
    except ValueError:
        return None
    one = _cipher(settings.PSEUDONYM_KEY).decryptor()
    block = one.update(raw) + one.finalize()
    return int.from_bytes(block[:8], "big") if block[8:] == bytes(_SIZE - 8) else None
