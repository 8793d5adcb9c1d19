"""The random keys of an installation."""

from __future__ import annotations

import secrets
from pathlib import Path

from dingzi.core import keyfiles


def raw(path: Path, size: int = 32) -> bytes:
    """Return the key in ``path``, making it (owner-readable only) where there is none."""
    return keyfiles.keep(path, lambda: secrets.token_bytes(size))


def text(path: Path) -> str:
    return raw(path).hex()
