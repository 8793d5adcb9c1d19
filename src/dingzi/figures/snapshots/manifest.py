"""Which files make up a snapshot, and who may still read them.

``manifest.json`` is put in place by renaming; it is the same file as ``manifest-N.json``, one for
each edition. A reader holds a shared lock on the manifest that he opened, as long as he reads by it.
A file is removed when no manifest that is left names it; a manifest when its lock is free. Locks end
with the process, so a killed reader holds nothing. What a killed writer left half done no manifest
names: it is swept with the rest.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from dingzi.core.errors import Refusal

CURRENT = "manifest.json"
_EDITION = re.compile(r"manifest-(\d+)\.json").fullmatch


@dataclass(frozen=True)
class Segment:
    """Parquet files by table, of the leaves from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    files: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Base:
    """A DuckDB file of the leaves below ``end``."""

    file: str
    end: int
    rows: int


@dataclass(frozen=True)
class Manifest:
    """A snapshot of the tree of ``size`` leaves with this root, signed at ``at``.

    ``form`` is the digest of its tables; ``edition`` counts manifests.
    """

    edition: int
    form: str
    size: int
    root: str
    at: datetime
    base: Base | None = None
    segments: tuple[Segment, ...] = field(default=())

    @property
    def files(self) -> set[str]:
        made = {name for one in self.segments for name in one.files.values()}
        return made | ({self.base.file} if self.base else set())

    @property
    def rows(self) -> int:
        """Rows of the segments."""
        return sum(one.rows for one in self.segments)


def name_of(edition: int) -> str:
    return f"manifest-{edition}.json"


def parse(data: bytes) -> Manifest:
    """Read a manifest; ValueError, KeyError or TypeError for what is none."""
    made: dict[str, Any] = orjson.loads(data)
    base = made.pop("base")
    segments = made.pop("segments")
    made["at"] = datetime.fromisoformat(made["at"])
    return Manifest(
        base=Base(**base) if base else None,
        segments=tuple(Segment(**one) for one in segments),
        **made,
    )


def current(folder: Path) -> Manifest | None:
    """Return the manifest in place, without holding it; None where there is none that can be read."""
    try:
        return parse((folder / CURRENT).read_bytes())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


class Held:
    """A manifest that is being read by: none of its files is removed until ``release``."""

    def __init__(self, folder: Path) -> None:
        """Open the manifest in place. Raises Refusal ``no_snapshot``."""
        while True:
            try:
                self._file = os.open(folder / CURRENT, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                raise Refusal.of("figures_no_snapshot") from None
            fcntl.flock(self._file, fcntl.LOCK_SH)
            self.inode = os.fstat(self._file)
            if self.inode.st_nlink:
                break
            # the writer was quicker: another one is in place
            os.close(self._file)
        try:
            self.manifest = parse(os.read(self._file, self.inode.st_size))
        except (ValueError, KeyError, TypeError):
            self.release()
            raise Refusal.of("figures_no_snapshot") from None

    def is_current(self, folder: Path) -> bool:
        """Tell whether it is still the one in place."""
        try:
            found = (folder / CURRENT).stat()
        except FileNotFoundError:
            return False
        return (found.st_ino, found.st_dev) == (self.inode.st_ino, self.inode.st_dev)

    def release(self) -> None:
        os.close(self._file)


# -- writing ------------------------------------------------------------------------------------


def publish(folder: Path, made: Manifest) -> None:
    """Put a manifest in place, whole or not at all; its files are on disk already."""
    own = folder / name_of(made.edition)
    with new_file(own) as path:
        path.write_bytes(orjson.dumps(asdict(made)))
    link = folder / f".{CURRENT}.new"
    link.unlink(missing_ok=True)
    os.link(own, link)
    link.replace(folder / CURRENT)
    sync(folder)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a place to write to; what was written there is on disk under its name afterwards."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    yield temporary
    sync(temporary)
    temporary.replace(path)


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove the manifests that nobody reads by any more, then all files that none names.

    Only whoever writes may call it.
    """
    now = current(folder)
    keep = {CURRENT} | ({name_of(now.edition), *now.files} if now else set())
    for path in folder.iterdir():
        found = _EDITION(path.name)
        if found is None or path.name in keep:
            continue
        if (old := _unread(path)) is not None:
            keep |= {path.name, *old.files}
    for path in folder.iterdir():
        if path.name not in keep and path.is_file():
            path.unlink(missing_ok=True)


def _unread(path: Path) -> Manifest | None:
    """Remove a manifest that nobody holds; return one that somebody does."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                return parse(os.read(handle, os.fstat(handle).st_size))
            except (ValueError, KeyError, TypeError):
                return None  # damaged while he reads by it: he has its base open
        path.unlink()
        return None
    finally:
        os.close(handle)
