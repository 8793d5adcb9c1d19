"""A log in a folder of the C2SP tlog-tiles layout.

``checkpoint``, ``tile/<L>/<N>[.p/<W>]``, ``tile/entries/<N>[.p/<W>]``: any web server can serve it as
it lies there. Beside it ``.state/`` holds ``size`` (how far the log is written), ``journal`` and
``lock``. One process writes, any number read; ``writing`` says how it survives a kill.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from . import checkpoints, files, notes, tiles, trees
from .encoding import decimal
from .errors import LogError, Malformed
from .hashing import SHA256, SIZE, Hashing
from .reading import TileReader
from .writing import Writer

#: Entries that a parallel tree takes over in one batch.
FOLLOWED = 65_536


@lru_cache(16)
def _parsed(checkpoint: bytes) -> tuple[notes.Note, checkpoints.Checkpoint]:
    """Return a checkpoint's note and head; what was published last is asked for with the next."""
    note = notes.parse(checkpoint)
    return note, checkpoints.parse(note.text)


class TileLog:
    """A log in ``folder`` (made with the first append).

    ``hashing`` is the tree's; a log with ``entries=False`` keeps hashes only. Reading needs no lock
    and always sees a whole log. Raises LogError for a folder that is none or is damaged.
    """

    def __init__(
        self, folder: Path | str, *, hashing: Hashing = SHA256, entries: bool = True
    ) -> None:
        self.folder = Path(folder)
        self.hashing = hashing
        self.entries = entries
        self._reader = TileReader(self.folder, hashing, self._written)
        self._writer = Writer(self.folder, hashing, entries, self._written)
        #: full tiles of the last head that was compared with the tiles on disk
        self._compared = -1

    # ---- reading -----------------------------------------------------------------------------

    def size(self) -> int:
        """Return how many entries are in the log now, published or not."""
        return self._written()

    def published(self) -> bytes | None:
        """Return the checkpoint that is published, as it lies there; None where there is none."""
        return files.read(self.folder / "checkpoint") or None

    def head(self) -> checkpoints.Checkpoint | None:
        """Return the head that is published; raises Malformed where its file holds none."""
        published = self.published()
        return _parsed(published)[1] if published is not None else None

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` entries (default: all); 32 bytes."""
        size = self._reader.known(size)
        return trees.root(size, self._reader.node, self.hashing)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that entry ``index`` is among the first ``size``; 32-byte hashes."""
        size = self._reader.known(size)
        if not 0 <= index < size:
            raise LogError("index_outside", index=index, size=size)
        return trees.inclusion(index, size, self._reader.node, self.hashing)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the first ``new`` entries begin with the first ``old``."""
        new = self._reader.known(new)
        if not 0 <= old <= new:
            raise LogError("sizes_fall", old=old, new=new)
        return trees.consistency(old, new, self._reader.node, self.hashing)

    def leaf_hash(self, index: int) -> bytes:
        """Return the hash of entry ``index``."""
        return self._reader.node(0, self._inside(index))

    def entry(self, index: int) -> bytes:
        """Return the bytes of entry ``index``."""
        bundle, at = divmod(self._inside(index), tiles.WIDTH)
        return self._reader.bundle(bundle)[at]

    def _inside(self, index: int) -> int:
        if index < 0:
            raise LogError("index_outside", index=index, size=self.size())
        self._reader.known(index + 1)
        return index

    def tile(self, level: int | None, index: int, width: int) -> bytes:
        """Return the bytes of a tile (of a bundle: level None) as it was when so wide."""
        self._reader.known(((index * tiles.WIDTH) + width) << tiles.HEIGHT * (level or 0))
        return self._reader.first(level, index, width)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the entries from ``start`` to ``end`` (default: all), bundle by bundle."""
        end = self._reader.known(end)
        for index in range(start // tiles.WIDTH, -(-end // tiles.WIDTH)):
            begin = index * tiles.WIDTH
            bundle = self._reader.bundle(index)
            yield from bundle[max(0, start - begin) : end - begin]

    # ---- the same tree under another hash ----------------------------------------------------

    def beside(self, hashing: Hashing) -> TileLog:
        """Return the log of the same entries under another hash (国密 SM3), in a folder below.

        It keeps hashes only; ``follow`` adds what is new. Publish its heads under an origin of
        its own.
        """
        return TileLog(self.folder / hashing.name, hashing=hashing, entries=False)

    def follow(self, log: TileLog) -> range:
        """Add the leaf hashes of the entries that ``log`` has beyond this one, by and by."""
        start, end = self.size(), log.size()
        for at in range(start, end, FOLLOWED):
            part = log.read(at, min(at + FOLLOWED, end))
            self.append([self.hashing.leaf(entry) for entry in part])
        return range(start, end)

    # ---- writing -----------------------------------------------------------------------------

    def append(self, entries: Sequence[bytes], *, sync: bool = True, tell: bool = True) -> range:
        """Add entries in their order and return their indexes; they are on disk then.

        Whoever publishes at once may leave out ``tell``: readers see them with the checkpoint.
        Whoever can make the very same entries again may leave out ``sync``: a power cut may then take
        the last batches away, each whole, and ``size()`` says after ``recover()`` from where on.

        All are added or none; who is killed in between finds out by ``size()`` after
        ``recover()``. Raises Malformed for an entry longer than 65,535 bytes, LogError while
        another process writes, OSError where the disk is full. A log with ``entries=False`` takes
        leaf hashes.
        """
        batch = list(entries)
        if not self.entries and any(len(one) != SIZE for one in batch):
            raise Malformed("not_hashes")
        longest = max(batch, key=len, default=b"")
        if len(longest) > tiles.LONGEST_ENTRY:
            raise Malformed(
                "entry_too_long",
                number=batch.index(longest),
                bytes=len(longest),
                most=tiles.LONGEST_ENTRY,
            )
        with self._writer.alone():
            return (
                self._writer.append(batch, sync=sync, tell=tell)
                if batch
                else range(self._writer.size, self._writer.size)
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the log over several calls of this thread; raises LogError while another writes."""
        with self._writer.alone():
            yield

    def root_with(self, leaves: Iterable[bytes]) -> bytes:
        """Return the root that the log will have after entries with these leaf hashes are added."""
        with self._writer.alone():
            return self._writer.root(leaves)

    def recover(self) -> int:
        """Have everything readable that was ever appended, after a crash; return the size."""
        with self._writer.alone():
            return self._writer.size

    def tidy(self) -> None:
        """Settle where it is time to: batches that are not told leave it to whoever has the time."""
        with self._writer.alone():
            self._writer.tidy()

    def settle(self) -> None:
        """Sync all tiles and empty the journal; happens by itself now and then."""
        with self._writer.alone():
            self._writer.settle()

    def publish(self, checkpoint: bytes, *, sync: bool = True) -> None:
        """Publish a checkpoint of this log, which the caller has signed.

        Without ``sync`` a power cut may leave an earlier one, or an empty file, which counts as none.

        Raises LogError for one that this log does not bear out: another root, a size beyond what is
        written or below what is published, another text for a size already published. What the
        writer has in memory is compared each time, and the tiles as they lie on disk whenever one
        has become full since (and at a writer's first head): reading them for each head of a few
        entries would take as long as all the rest of it.
        """
        note, head = _parsed(checkpoint)
        with self._writer.alone():
            whole = head.size == self._writer.size
            if whole and head.root != self._writer.root():
                raise LogError("publish_root", size=head.size)
            if not whole or head.size // tiles.WIDTH != self._compared:
                if head.root != self._on_disk(head.size):
                    raise LogError("publish_root", size=head.size)
                self._compared = head.size // tiles.WIDTH
            before = self.published()
            if before is not None:
                self._check_follows(note, head, before)
            if not whole:
                self._writer.complete(head.size, self._reader.first)
            if sync:
                files.write(self.folder / "checkpoint", checkpoint, sync=True)
            else:
                files.swap(self.folder / "checkpoint", checkpoint, self._writer.spare())

    def _on_disk(self, size: int) -> bytes:
        """Return the root of the first ``size`` entries as a stranger computes it from the tiles."""
        reader = TileReader(self.folder, self.hashing, lambda: max(size, self._written()))
        return trees.root(reader.known(size), reader.node, self.hashing)

    def _check_follows(
        self, note: notes.Note, head: checkpoints.Checkpoint, published: bytes
    ) -> None:
        try:
            before, last = _parsed(published)
        except Malformed as error:
            raise LogError("damaged", path="checkpoint") from error
        if last.origin != head.origin:
            raise LogError("publish_origin", found=head.origin, expected=last.origin)
        if head.size < last.size:
            raise LogError("publish_back", found=head.size, published=last.size)
        if head.size == last.size and note.text != before.text:
            raise LogError("publish_two", size=head.size)

    def _written(self) -> int:
        """Return the size from ``.state`` or the checkpoint, whichever is the larger."""
        told = 0
        size = files.read(self.folder / ".state" / "size")
        if size is not None:
            with suppress(Malformed):  # after a power cut, until the writer has been here
                told = decimal(size.decode("ascii", "replace").removesuffix("\n"))
        published = self.published()
        try:
            return max(told, _parsed(published)[1].size if published is not None else 0)
        except Malformed:
            if told:  # a checkpoint that cannot be read is its readers' to tell
                return told
            raise
