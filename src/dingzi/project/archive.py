"""The file of ``dingzi backup``: one tar, and in it, last, the sums of all that stands before.

::

    database.sqlite3 | database.dump    SQLite's file, or pg_dump's custom format
    log/…  blobs/…  keys/…              the public log with ``.state``, papers, keys where asked for
    MANIFEST                            SHA-256 of the JSON below it, then that JSON

No Django here: a restore has read all of it before settings make keys of their own.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORM = 1
LAST = "MANIFEST"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FOLDERS = ("log", "blobs", "keys")
#: Keys without which the record cannot be checked; they never change, so a sum tells them apart.
NEEDED_KEYS = ("event.key", "pseudonym.key")
#: bytes of a manifest above which it is none: some millions of files
MOST = 1 << 30


class Trouble(Exception):
    """Backing up or restoring must not go on; the message says why and what to do, zh and en."""


@dataclass(slots=True)
class Manifest:
    """What a backup holds.

    ``origin``, ``size`` and ``root`` (hex) are the published head it was taken at, ``""`` and 0
    before the first one; ``places`` the entries that its database knows; ``key_sums`` SHA-256 (hex)
    by name of the needed keys, included or not; ``files`` name -> [bytes, SHA-256 in hex].
    """

    engine: str
    release: str
    made: str
    origin: str = ""
    size: int = 0
    root: str = ""
    places: int = 0
    key_sums: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    form: int = FORM

    @property
    def database(self) -> str:
        return DATABASES[self.engine]

    @property
    def holds_keys(self) -> bool:
        return any(name.startswith("keys/") for name in self.files)


class _Summed:
    """A file that is summed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sum = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.sum.update(data)
        return data


class Archive:
    """A backup that is being written; ``close`` puts the manifest last."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self.manifest = manifest
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            summed = _Summed(file)
            found = os.fstat(file.fileno())
            info = _member(name, found.st_size, stat.S_IMODE(found.st_mode))
            self._tar.addfile(info, summed)
        self.manifest.files[name] = [info.size, summed.sum.hexdigest()]

    def close(self) -> None:
        body = json.dumps(asdict(self.manifest), ensure_ascii=False, sort_keys=True).encode()
        text = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
        info = _member(LAST, len(text))
        self._tar.addfile(info, io.BytesIO(text))
        self._tar.close()


def _member(name: str, size: int, mode: int = 0o600) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, mode
    return info


def check(path: Path) -> Manifest:
    """Read a whole backup and return its manifest; writes nothing.

    Raises Trouble for what is none, is cut off, or differs in a byte from what was backed up.
    """
    found: dict[str, list[Any]] = {}
    manifest: Manifest | None = None
    with _reading(path) as tar:
        for info, file in _members(path, tar):
            if manifest is not None or info.name in found or not _ours(info.name):
                raise _broken(path, info.name)
            if info.name == LAST:
                manifest = _manifest(path, file.read(MOST))
                continue
            digest = hashlib.sha256()
            while data := file.read(1 << 20):
                digest.update(data)
            found[info.name] = [info.size, digest.hexdigest()]
    if manifest is None:
        raise _broken(path, LAST)
    told = manifest.files
    wrong = {name for name in found.keys() | told if found.get(name) != told.get(name)}
    if wrong or manifest.database not in found:
        raise _broken(path, min(wrong, default=manifest.database))
    return manifest


def unpack(path: Path, folder: Path) -> None:
    """Write the files of a backup that was checked into ``folder``."""
    with _reading(path) as tar:
        for info, file in _members(path, tar):
            if info.name == LAST:
                continue
            target = folder / info.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, info.mode & 0o777)
            with os.fdopen(handle, "wb") as out:
                shutil.copyfileobj(file, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())


def sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 (hex) of every file below ``folder``, by its name in a backup."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


@contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup; say in our words what goes wrong while it is read."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError, ValueError, KeyError):
        raise _broken(path, LAST) from None
    except OSError as error:
        told = f"{error.filename or path}: {error.strerror or error}"
        raise Trouble(f"读写不了，没有恢复 | nothing was restored: {told}") from None


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for info in tar:
        file = tar.extractfile(info) if info.isreg() else None
        if file is None:
            raise _broken(path, info.name)
        yield info, file


def _manifest(path: Path, text: bytes) -> Manifest:
    digest, _, body = text.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise _broken(path, LAST)
    try:
        told = json.loads(body)
        if told["form"] != FORM:
            raise Trouble(
                f"{path}: 是更新的版本做的备份，用那个版本恢复 | "
                f"made by a later release: restore it with that one"
            )
        manifest = Manifest(**told)
        if manifest.engine not in DATABASES:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        raise _broken(path, LAST) from None
    return manifest


def _ours(name: str) -> bool:
    """Say whether a name is one that a backup has, and leads nowhere else."""
    parts = PurePosixPath(name).parts
    if len(parts) == 1:
        return name == LAST or name in DATABASES.values()
    return parts[0] in FOLDERS and ".." not in parts and "/".join(parts) == name


def _broken(path: Path, name: str) -> Trouble:
    return Trouble(
        f"{path}: 备份不完整或被改过（{name}），什么都没有写。换另一份备份 | "
        f"cut off or changed ({name}); nothing was written. Take another backup"
    )
