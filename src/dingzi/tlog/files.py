"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .errors import LogError

_SYNCERS = 16


def read(path: Path) -> bytes | None:
    """Return what lies there, or None; raises LogError for what is no readable file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LogError("unreadable", path=str(path), why=error.strerror or "") from error


def write(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Put a file in place of what was there, at once; with ``sync`` it is on disk then."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        write_all(handle, data)
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(path)
    if sync:
        sync_one(path.parent)


def write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def sync_one(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Iterable[Path]) -> None:
    """Wait until all are on disk; side by side, as the disk then joins the waiting."""
    with ThreadPoolExecutor(_SYNCERS) as pool:
        for _ in pool.map(sync_one, paths):
            pass
