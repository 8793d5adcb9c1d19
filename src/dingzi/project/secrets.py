"""Keys of an installation: made on first use, kept in files outside the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def raw(path: Path, size: int = 32) -> bytes:
    """Return the key in ``path``, making it (owner-readable only) where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(size))
    try:
        os.link(fresh, path)  # the first of two starting processes wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()


def text(path: Path) -> str:
    return raw(path).hex()
