"""Base64 and decimals in the one form that the specifications allow."""

from __future__ import annotations

import base64
import binascii

from .errors import Malformed
from .hashing import SIZE

#: sizes and indexes are uint64
LARGEST = 2**64 - 1


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes:
    """Decode standard base64; raises Malformed for any other form, bits left over included."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Malformed("bad_base64", text=shown(text)) from error
    if encode(data) != text:
        raise Malformed("bad_base64", text=shown(text))
    return data


def decode_hash(text: str) -> bytes:
    """Decode a hash of 32 bytes; raises Malformed."""
    data = decode(text)
    if len(data) != SIZE:
        raise Malformed("bad_hash", text=shown(text))
    return data


def decimal(text: str) -> int:
    """Read a whole number without sign or leading zeroes, at most 2**64-1; raises Malformed."""
    plain = text.isascii() and text.isdigit() and len(text) <= 20
    if not plain or (text[0] == "0" and text != "0") or int(text) > LARGEST:
        raise Malformed("bad_number", text=shown(text))
    return int(text)


def shown(text: str) -> str:
    """Return a text from outside so that it can be put into a message."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
