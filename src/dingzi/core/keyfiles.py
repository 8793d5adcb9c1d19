"""Keys of an installation: made on first use, kept in files outside the database."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def keep(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the key in ``path``, making it (owner-readable only) where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = _fresh(path, make())
    try:
        os.link(fresh, path)  # the first of two starting processes wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()


def replace(path: Path, key: bytes) -> None:
    """Put another key into ``path``; a kill leaves the old one or the new one."""
    _fresh(path, key).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fresh(path: Path, key: bytes) -> Path:
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, key)
        os.fsync(file)
    finally:
        os.close(file)
    return fresh
