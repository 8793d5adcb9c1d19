"""Check a tile log in a folder, ours or not: everything its checkpoint commits to, from the bottom up.

Every bundle is read, every hash computed, every tile compared, partial ones too, and the root held
against the signed checkpoint. What lies beyond the checkpoint's size may still be in the making and is
not looked at. Nothing in the folder is trusted: what has the wrong form is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import checkpoints, files, notes, tiles, trees
from .encoding import encode
from .errors import LogError, Malformed
from .hashing import SHA256, SIZE, Hashing
from .words import Reason

#: after so many findings the rest is not looked at
MOST_FINDINGS = 50
MOST_BUNDLE = tiles.WIDTH * (2 + tiles.LONGEST_ENTRY)


@dataclass(slots=True)
class Report:
    """What a check has found; the log is sound where there are no ``findings``.

    ``entries`` tells whether there were bundles to compute from; ``root`` is the computed one.
    """

    checkpoint: checkpoints.Checkpoint
    entries: bool = False
    root: bytes = b""
    tiles: int = 0
    bundles: int = 0
    findings: list[Reason] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return len(self.findings) < MOST_FINDINGS


class _Enough(Exception):
    """There are too many findings to go on."""


def check(
    folder: Path,
    log: notes.Verifier,
    origin: str | None = None,
    *,
    hashing: Hashing = SHA256,
    entries: Path | None = None,
) -> Report:
    """Check the log in a folder against the checkpoint that lies in it.

    ``entries`` is the log whose bundles to compute from, where they lie in another. Raises LogError, Malformed or NotVerified where the checkpoint itself is missing or not the
    log's; everything else is a finding.
    """
    data = files.read(folder / "checkpoint", notes.MOST_BYTES)
    if data is None:
        raise LogError("no_checkpoint", path=files.shown_path(folder))
    head, _ = checkpoints.open_checkpoint(data, log, origin)
    return _Check(folder, entries or folder, head, hashing).run()


class _Check:
    def __init__(
        self, folder: Path, entries: Path, head: checkpoints.Checkpoint, hashing: Hashing
    ) -> None:
        self.folder = folder
        self.bundles = entries
        self.head = head
        self.hashing = hashing
        self.report = Report(head, entries=(entries / "tile" / "entries").is_dir())
        #: hashes of each level that do not fill a tile yet, and the index of that tile
        self.rows: list[bytes] = []
        self.index: list[int] = []

    def run(self) -> Report:
        try:
            for index, width in tiles.spans(0, self.head.size):
                self._bottom(index, width)
            for level, row in enumerate(self.rows):
                if row and level:
                    self._compare(level, self.index[level], row)
            self._root()
        except _Enough:
            pass
        return self.report

    def _bottom(self, index: int, width: int) -> None:
        """Compute the leaf hashes of a tile from its entries, compare, pass them up.

        Where the entries are not there the tile itself is where the computation begins.
        """
        row = self._leaves(index, width) if self.report.entries else None
        if row is not None:
            self._compare(0, index, row)
        else:
            row = self._compare(0, index, None, width)
        self._add(0, row)

    def _leaves(self, index: int, width: int) -> bytes | None:
        """Return the hashes of a bundle's entries, None where there are none to compute from."""
        row = None
        for used, data in self._versions(None, index, width, MOST_BUNDLE):
            try:
                entries = tiles.unpack(data, used)
            except Malformed as error:
                self._find("in_file", path=tiles.path(None, index, used), why=error.reason)
                continue
            hashes = b"".join(map(self.hashing.leaf, entries))
            self.report.bundles += 1
            if row is None and used >= width:
                row = hashes[: SIZE * width]
            elif row is not None:
                self._same(None, index, used, hashes, row)
        return row

    def _compare(self, level: int, index: int, row: bytes | None, width: int = 0) -> bytes:
        """Compare every file of a tile with the hashes computed for it.

        Where none were, those of its main file are taken, and zeroes where there is none.
        """
        width = width or len(row or b"") // SIZE
        for used, data in self._versions(level, index, width, SIZE * tiles.WIDTH):
            name = tiles.path(level, index, used)
            if len(data) != SIZE * used:
                self._find("tile_length", path=name, found=len(data), expected=SIZE * used)
                continue
            self.report.tiles += 1
            if row is None and used >= width:
                row = data[: SIZE * width]
            elif row is not None:
                self._same(level, index, used, data, row)
        return row or bytes(SIZE * width)

    def _add(self, level: int, more: bytes) -> None:
        """Pass hashes up: where they fill a tile, its root goes into the level above."""
        if level == len(self.rows):
            self.rows.append(b"")
            self.index.append(0)
        row = self.rows[level] + more
        if len(row) == SIZE * tiles.WIDTH:
            if level:
                self._compare(level, self.index[level], row)
            self.index[level] += 1
            self._add(level + 1, tiles.grow(row, self.hashing)[-1])
            row = b""
        self.rows[level] = row

    def _same(self, level: int | None, index: int, width: int, data: bytes, row: bytes) -> None:
        """Report the first hash of a file that is not the computed one."""
        length = min(len(data), len(row))
        if data[:length] == row[:length]:
            return
        at = next(n for n in range(0, length, SIZE) if data[n : n + SIZE] != row[n : n + SIZE])
        at //= SIZE
        self._find(
            "bundle_differs" if level is None else "tile_differs",
            path=tiles.path(level, index, width),
            at=at,
            entry=(index * tiles.WIDTH + at) << tiles.HEIGHT * (level or 0),
        )

    def _versions(
        self, level: int | None, index: int, width: int, most: int
    ) -> Iterator[tuple[int, bytes]]:
        """Yield (width, bytes) of the main file of a tile, then of those for smaller sizes.

        Where a partial tile is gone the full one may stand in for it.
        """
        main = None
        for used in dict.fromkeys((width, tiles.WIDTH)):
            main = self._file(level, index, used, most)
            if main is not None:
                yield used, main
                break
        else:
            self._find("missing", path=tiles.path(level, index, width))
        for used in self._partial(level, index):
            data = self._file(level, index, used, most) if used < width else None
            if data is not None:
                yield used, data

    def _file(self, level: int | None, index: int, width: int, most: int) -> bytes | None:
        folder = self.bundles if level is None else self.folder
        try:
            return files.read(folder / tiles.path(level, index, width), most)
        except LogError as error:
            self._find("in_file", path=tiles.path(level, index, width), why=error.reason)
            return None

    def _partial(self, level: int | None, index: int) -> list[int]:
        """Return the widths of the partial files of a tile."""
        folder = self.bundles if level is None else self.folder
        try:
            names = {path.name for path in (folder / tiles.path(level, index, 1)).parent.iterdir()}
        except OSError:
            return []
        return [width for width in range(1, tiles.WIDTH) if str(width) in names]

    def _root(self) -> None:
        """Compute the root from what stands at the right edge of each level, the top one first."""
        found = []
        for row in reversed(self.rows):
            within = tiles.grow(row, self.hashing)
            for height, at in trees.peaks(0, len(row) // SIZE):
                found.append(within[height][at * SIZE : (at + 1) * SIZE])
        self.report.root = self.hashing.fold(found)
        if self.report.root != self.head.root:
            self._find("root_differs", size=self.head.size, found=encode(self.report.root),
                       expected=encode(self.head.root))  # fmt: skip

    def _find(self, code: str, **params: object) -> None:
        self.report.findings.append((f"tlog.{code}", params))
        if not self.report.complete:
            raise _Enough
