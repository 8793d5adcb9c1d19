"""The one writer of a log: batches into the journal, from there into tiles.

The order that survives a kill at any step:

1. the batch goes into the journal and is synced: from here on it is in the log;
2. its bundles and tiles are written, each under another name and renamed;
3. ``size`` is renamed into place: from here on readers see it.

A writer that finds a journal writes all of it again, from the size at which the tiles were last
synced, so neither a kill nor a power cut between these steps loses or doubles anything. Now and then
the tiles are synced and the journal begins anew (``settle``); partial tiles that have become full are
removed there instead, but for those of the last time, which stay until the new journal stands.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import files, tiles
from .errors import LogError
from .hashing import SIZE, Hashing
from .journal import Journal

#: bytes of the journal at which the tiles are synced: some thousand entries, a tenth of a second
SETTLE_AT = 2_000_000
#: checkpoints that were published before stay so many rounds for who still has them open
SPARES = 4


class Writer:
    """Writes the log in ``folder``; ``entries=False`` writes no bundles and takes leaf hashes."""

    def __init__(
        self, folder: Path, hashing: Hashing, entries: bool, told: Callable[[], int]
    ) -> None:
        self.folder = folder
        self._root = os.fspath(folder)
        self.hashing = hashing
        self.entries = entries
        self.state = folder / ".state"
        self.size = 0
        self._journal: Journal | None = None
        #: the partial bundle, and the partial tile of each level
        self._bundle = b""
        self._rows: list[bytes] = []
        #: the perfect subtrees that make the root, largest first
        self._peaks: list[bytes] = []
        self._unsynced: set[str] = set()
        self._holder = 0
        self._turn = 0
        #: how much readers know of
        self._told = told
        #: whether what is taken over stands in its files already
        self._written = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the log's lock and have it in order; raises LogError while another process has it.

        Within itself, in the same thread, it does nothing.
        """
        if self._holder == threading.get_ident():
            yield
            return
        handle = self._lock()
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LogError("log_busy", path=str(self.folder)) from error
            batches = self._journal.others() if self._journal is not None else None
            if batches is None:
                self._recover()
            elif batches:
                self._follow(batches)
            self._holder = threading.get_ident()
            yield
        finally:
            self._holder = 0
            os.close(handle)

    def _lock(self) -> int:
        path, flags = self.state / "lock", os.O_RDWR | os.O_CREAT
        try:
            return os.open(path, flags, 0o644)
        except FileNotFoundError:
            self.state.mkdir(parents=True, exist_ok=True)
            return os.open(path, flags, 0o644)

    def root(self, more: Iterable[bytes] = ()) -> bytes:
        """Return the root of what is written, and of so many leaf hashes more, within ``alone``."""
        return self.hashing.fold(_grown(self._peaks, self.size, more, self.hashing))

    def append(self, entries: list[bytes], *, sync: bool = True, tell: bool = True) -> range:
        """Add a batch, within ``alone``; without ``tell`` readers learn of it by the checkpoint."""
        assert self._journal is not None
        start, length = self.size, self._journal.length
        packed = tiles.pack(entries)
        self._journal.add(len(entries), packed, sync=sync)
        journal, self._journal = self._journal, None  # whatever fails now is put right next time
        try:
            self._write(entries, tell=tell)
        except OSError:
            journal.take_back(length)
            raise
        self._journal = journal
        if tell:
            self.tidy()
        return range(start, self.size)

    def tidy(self) -> None:
        """Settle where the journal has grown long, within ``alone``."""
        if self._journal is not None and self._journal.length > SETTLE_AT:
            self.settle()

    def spare(self) -> Path:
        """Return the file that the next checkpoint is written to, within ``alone``."""
        self._turn = (self._turn + 1) % SPARES
        return self.state / f"checkpoint.{self._turn}"

    def settle(self) -> None:
        """Sync the tiles and begin the journal anew, within ``alone``."""
        assert self._journal is not None
        base = self._journal.base
        past, lasting = self._past(base), []
        folders = set(map(Path, past))
        for path in self._unsynced:
            if os.path.dirname(path) in past:  # noqa: PTH120 there are thousands
                with suppress(OSError):
                    os.unlink(path)  # noqa: PTH108
            else:
                lasting.append(Path(path))
                folders.add(lasting[-1].parent)
        files.sync_all(lasting)
        for path in past:
            with suppress(OSError):  # with what the tree of the last base stands on
                os.rmdir(path)  # noqa: PTH106
        above = {above for folder in folders for above in self._above(folder)}
        files.sync_all(one for one in above if one.exists())
        self._journal = Journal.start(self._journal.path, self.size)
        self._unsynced.clear()
        for path in past:
            shutil.rmtree(path, ignore_errors=True)

    def complete(self, size: int, read: Callable[[int | None, int, int], bytes]) -> None:
        """Have the partial tiles that a checkpoint of ``size`` asks for, within ``alone``."""
        for level in (None, *tiles.levels(size)) if self.entries else tiles.levels(size):
            index, width = divmod(size >> tiles.HEIGHT * (level or 0), tiles.WIDTH)
            name = tiles.path(level, index, width)
            full = index < self.size >> tiles.HEIGHT * ((level or 0) + 1)
            if width and not full and not (self.folder / name).exists():
                self._put(name, read(level, index, width))

    def _above(self, folder: Path) -> list[Path]:
        """Return a folder and those above it, up to the log's own."""
        return [folder, *(p for p in folder.parents if p.is_relative_to(self.folder))]

    def _recover(self) -> None:
        """Have tiles, size and memory as the journal says."""
        path = self.state / "journal"
        loaded = Journal.load(path)
        if loaded is None:
            if (self.folder / "tile").exists():
                raise LogError("not_ours", path=str(self.folder))
            loaded = Journal.start(path, 0), []
            files.sync_all([self.folder, self.folder.parent])
        journal, entries = loaded
        self._load_edge(journal.base)
        self._unsynced.clear()  # what is beyond the base is written now, all else was synced
        self._write(entries)
        self._journal = journal

    def _follow(self, batches: list[list[bytes]]) -> None:
        """Take over what other processes have added to the same journal.

        Who was killed in between has not told readers of it: then its files are written again.
        """
        journal, self._journal = self._journal, None
        self._written = self._told() == self.size + sum(map(len, batches))
        try:
            for entries in batches:
                self._write(entries)
        finally:
            self._written = False
        self._journal = journal

    def _load_edge(self, size: int) -> None:
        """Read the partial bundle and tiles of a tree of ``size``."""
        self.size = size
        self._rows = []
        self._bundle = b""
        for level in tiles.levels(size):
            index, width = divmod(size >> tiles.HEIGHT * level, tiles.WIDTH)
            self._rows.append(self._edge(level, index, width) if width else b"")
            if len(self._rows[-1]) != width * SIZE:
                name = tiles.path(level, index, width)
                raise LogError("damaged", path=name)
        self._peaks = _peaks(self._rows, self.hashing)
        index, width = divmod(size, tiles.WIDTH)
        if self.entries and width:
            self._bundle = self._edge(None, index, width)
            leaves = tiles.unpack(self._bundle, width)
            if b"".join(map(self.hashing.leaf, leaves)) != self._rows[0]:
                raise LogError("damaged", path=tiles.path(None, index, width))

    def _edge(self, level: int | None, index: int, width: int) -> bytes:
        name = tiles.path(level, index, width)
        data = files.read(self.folder / name)
        if data is None:
            raise LogError("missing", path=name)
        return data

    def _write(self, entries: list[bytes], *, tell: bool = True) -> None:
        """Write the bundles and tiles that a batch changes, then the size."""
        old, new = self.size, self.size + len(entries)
        leaves = entries
        if self.entries:
            self._write_bundles(old, new, entries)
            leaves = [self.hashing.leaf(entry) for entry in entries]
        peaks = _grown(self._peaks, old, leaves, self.hashing)
        row = b"".join(leaves)
        level = 0
        while row:
            row = self._write_tiles(level, row, new)
            level += 1
        if tell and not self._written:
            files.write(self.state / "size", f"{new}\n".encode())
        self.size, self._peaks = new, peaks

    def _write_bundles(self, old: int, new: int, entries: list[bytes]) -> None:
        at, bundle = 0, self._bundle
        for index, width in tiles.spans(None, new, old):
            take = min(new, index * tiles.WIDTH + width) - (old + at)
            bundle += tiles.pack(entries[at : at + take])
            at += take
            self._put(tiles.path(None, index, width), bundle)
            if width == tiles.WIDTH:
                bundle = b""
        self._bundle = bundle

    def _write_tiles(self, level: int, more: bytes, new: int) -> bytes:
        """Add hashes to a level; return those of the tiles that became full."""
        if level == len(self._rows):
            self._rows.append(b"")
        row = self._rows[level] + more
        full, above = tiles.WIDTH * SIZE, []
        index = (new >> tiles.HEIGHT * level) // tiles.WIDTH - len(row) // full
        while len(row) >= full:
            self._put(tiles.path(level, index), row[:full])
            above.append(tiles.grow(row[:full], self.hashing)[-1])
            row = row[full:]
            index += 1
        if row:
            self._put(tiles.path(level, index, len(row) // SIZE), row)
        self._rows[level] = row
        return b"".join(above)

    def _put(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        if not self._written and not files.create(path, data):
            files.write(Path(path), data)
        self._unsynced.add(path)

    def _past(self, old: int) -> set[str]:
        """Return the folders of partial tiles that have become full since the log had size ``old``."""
        return {
            f"{self._root}/{tiles.path(level, index, 1)}".rpartition("/")[0]
            for level in (None, *tiles.levels(self.size))
            for index, width in tiles.spans(level, self.size, old)
            if width == tiles.WIDTH
        }


def _peaks(rows: list[bytes], hashing: Hashing) -> list[bytes]:
    """Return the perfect subtrees, largest first, of the partial tiles of each level."""
    found = []
    for row in reversed(rows):
        at, count = 0, len(row) // SIZE
        for bit in reversed(range(tiles.HEIGHT)):
            if count >> bit & 1:
                part = range(at, at + (SIZE << bit), SIZE)
                found.append(hashing.root(row[place : place + SIZE] for place in part))
                at += SIZE << bit
    return found


def _grown(
    peaks: list[bytes], size: int, leaves: Iterable[bytes], hashing: Hashing
) -> list[bytes]:  # fmt: skip
    """Return the perfect subtrees of a tree of ``size`` after these leaf hashes are added."""
    grown = list(peaks)
    for count, top in enumerate(leaves, size):
        while count & 1:
            top, count = hashing.node(grown.pop(), top), count >> 1
        grown.append(top)
    return grown
