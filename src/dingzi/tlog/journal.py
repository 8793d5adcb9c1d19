"""The journal of a log: what has been added since its tiles were last synced.

One sync of this file makes a batch last; the tiles themselves are written without waiting and are
written again from here after a crash. The first 8 bytes are the size from which on it holds
everything; each record is a batch: how many entries, how many bytes, the entries as in a bundle,
and the SHA-256 of all that. What follows the last whole record was never acknowledged.
"""

from __future__ import annotations

import hashlib
import os
import struct
import weakref
from collections.abc import Iterator
from pathlib import Path

from . import files, tiles
from .errors import LogError, Malformed

_HEAD = struct.Struct(">Q")
_RECORD = struct.Struct(">QQ")
_SUM = 32
_MOST = 2**40


class Journal:
    """The journal at ``path``; ``base`` is the size at its beginning, ``length`` its bytes.

    Its file stays open, so that no other that takes its place can look like it.
    """

    def __init__(self, path: Path, base: int, length: int) -> None:
        self.path = path
        self.base = base
        self.length = length
        self._handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._handle)
        self._inode = os.fstat(self._handle).st_ino

    @classmethod
    def start(cls, path: Path, base: int) -> Journal:
        """Begin a new journal in place of the old one; it is on disk then."""
        files.write(path, _HEAD.pack(base), sync=True)
        files.sync_one(path.parent)
        return cls(path, base, _HEAD.size)

    @classmethod
    def load(cls, path: Path) -> tuple[Journal, list[bytes]] | None:
        """Read a journal and all its entries, and cut off what follows the last whole record.

        Returns None where there is none; raises LogError where it is no journal.
        """
        data = files.read(path, _MOST)
        if data is None:
            return None
        if len(data) < _HEAD.size:
            raise LogError("bad_journal", path=str(path))
        journal = cls(path, _HEAD.unpack_from(data)[0], _HEAD.size)
        return journal, [entry for batch in journal._take(data) for entry in batch]

    def others(self) -> list[list[bytes]] | None:
        """Return the batches that other processes have added since; None where it is another journal.

        What is no whole record is cut off, as ``load`` does.
        """
        try:
            now = os.stat(self.path)  # noqa: PTH116 pathlib takes longer than the system
        except OSError:
            return None
        if now.st_ino != self._inode or now.st_size < self.length:
            return None
        if now.st_size == self.length:
            return []
        more = os.pread(self._handle, now.st_size - self.length, self.length)
        return list(self._take(more, self.length))

    def _take(self, data: bytes, start: int = 0) -> Iterator[list[bytes]]:
        """Yield the whole records of what stands in the file from ``start`` on; cut off the rest."""
        while found := _record(data, self.length - start):
            yield found[0]
            self.length = start + found[1]
        if self.length < start + len(data):
            self._cut()

    def add(self, count: int, packed: bytes, *, sync: bool = True) -> None:
        """Add a batch of so many packed entries; it is on disk then, or as if never added.

        Without ``sync`` a power cut may take it away again, whole.
        """
        record = _RECORD.pack(count, len(packed)) + packed
        record += hashlib.sha256(record).digest()
        try:
            os.lseek(self._handle, self.length, os.SEEK_SET)
            files.write_all(self._handle, record)
            if sync:
                os.fdatasync(self._handle)
        except OSError:
            self._cut()
            raise
        self.length += len(record)

    def take_back(self, length: int) -> None:
        """Forget what was added after the journal had this length."""
        self.length = length
        self._cut()

    def _cut(self) -> None:
        os.ftruncate(self._handle, self.length)
        os.fsync(self._handle)


def _record(data: bytes, at: int) -> tuple[list[bytes], int] | None:
    """Return the entries of the record that begins there and its end, if it is whole."""
    if at + _RECORD.size > len(data):
        return None
    count, length = _RECORD.unpack_from(data, at)
    end = at + _RECORD.size + length
    if data[end : end + _SUM] != hashlib.sha256(data[at:end]).digest():
        return None
    try:
        return tiles.unpack(data[at + _RECORD.size : end], count), end + _SUM
    except Malformed:
        return None
