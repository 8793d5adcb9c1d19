"""Files that are whole or not there."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from .errors import LogError

#: a full bundle of the longest entries, and some
MOST = 17_000_000
_SYNCERS = 16
#: of Linux's renameat2: names are looked up from the working directory; exchange two files
_HERE, _EXCHANGE = -100, 2


def read(path: Path, most: int = MOST) -> bytes | None:
    """Return what lies there, or None where nothing does.

    Raises LogError for what is no plain file, cannot be read or is longer than ``most`` bytes: a
    folder from outside may hold pipes, devices, loops of links and files without an end.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise LogError("unreadable", path=shown_path(path), why=_why(error)) from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise LogError("no_file", path=shown_path(path))
        if found.st_size > most:
            raise LogError("file_too_long", path=shown_path(path), most=most)
        return _read_all(handle, found.st_size)
    except OSError as error:
        raise LogError("unreadable", path=shown_path(path), why=_why(error)) from error
    finally:
        os.close(handle)


def _read_all(handle: int, length: int) -> bytes:
    data = os.read(handle, length)
    while len(data) < length and (more := os.read(handle, length - len(data))):
        data += more
    return data


def shown_path(path: Path | str) -> str:
    """Return a path so that it can be put into a message."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def write(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Put a file in place of what was there, at once; with ``sync`` its bytes are on disk before."""
    folder, name = os.path.split(path)
    temporary = f"{folder}/.{name}.new"
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
    os.replace(temporary, path)  # noqa: PTH105 pathlib takes longer than the system


def swap(path: Path, data: bytes, spare: Path) -> None:
    """Put a file in place of what was there, at once, by exchanging it with a spare one.

    What was there is the spare next time: nothing is created or removed, which on a busy disk takes
    a hundred times as long. Who still has the file open that was there reads it until it is written
    over, so take turns with several spares. A power cut may leave any text that was there lately.
    """
    try:
        handle = os.open(spare, os.O_WRONLY)
    except FileNotFoundError:
        spare.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(spare, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        write_all(handle, data)
        os.ftruncate(handle, len(data))
    finally:
        os.close(handle)
    if not _exchanged(spare, path):
        os.replace(spare, path)  # noqa: PTH105 pathlib takes longer than the system


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two files' names; False where one is missing or the system cannot."""
    call = getattr(_system(), "renameat2", None)
    if call is None:
        return False
    done: int = call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return done == 0


@cache
def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def create(path: str, data: bytes) -> bool:
    """Write a file that nobody looks for yet, under its own name; False where there is one already.

    It costs half of what ``write`` does.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except (FileExistsError, FileNotFoundError):
        return False
    try:
        write_all(handle, data)
    finally:
        os.close(handle)
    return True


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
