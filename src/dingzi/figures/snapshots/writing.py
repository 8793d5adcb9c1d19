"""The writer of snapshots: brings them up to the last signed head, makes few files of many.

One writer at a time, by a lock that ends with its process. Every file is written under another name,
put on disk and renamed; the manifest that names it comes last. So a kill at any step leaves the
manifest before, or the one after; what no manifest names is swept away.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from duckdb import DuckDBPyConnection as Connection

from dingzi.core.filelock import FileLock
from dingzi.ledger.models import Head

from . import doubting, engine, manifest, merging, parallel, tables
from .folding import versions
from .manifest import Base, Manifest, Segment
from .merging import Sources
from .spooling import Spool
from .tables import Table

log = logging.getLogger(__name__)

#: With more rows in segments than this, and than this part of the base, they become a new base.
MANY = 50_000
PART = 4
#: A segment is joined with the one before it while that has no more than so many times its rows.
TIMES = 2


@dataclass(frozen=True, slots=True)
class Written:
    """What a round did: leaves taken, the size after it, and whether all was made from nothing."""

    leaves: int
    size: int
    anew: bool = False


class Writer:
    """Keeps in memory how far it is, so that a round without news costs one query."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or engine.folder()
        self._lock = lock(self.folder)
        self._size: int | None = None

    def catch_up(self, *, anew: bool = False, workers: int = 0) -> Written | None:
        """Take all leaves up to the last signed head; None while another writer is at work.

        ``anew``: from nothing, whatever is there. ``workers``: so many processes fold, where there
        is much; 0 chooses.
        """
        head = Head.objects.order_by("-size").first()
        if head is None:
            return Written(0, 0)
        if head.size == self._size and not anew and self._stands():
            return Written(0, head.size)
        with self._alone() as ours:
            if not ours:
                return None
            self._size = None
            done = self._catch_up(head, anew, workers)
            self._size = head.size
            return done

    def _stands(self) -> bool:
        there = (self.folder / manifest.CURRENT).exists()
        return there and not doubting.doubted(self.folder)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        if not self._lock.take():
            yield False
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield True
        finally:
            self._lock.release()

    def _catch_up(self, head: Head, anew: bool, workers: int) -> Written:
        doubted = doubting.doubted(self.folder)
        manifest.sweep(self.folder)
        shutil.rmtree(engine.spill(self.folder), ignore_errors=True)
        known = tables.tables()
        form, before = tables.form(known), manifest.current(self.folder)
        edition = before.edition + 1 if before else 1
        if (
            anew
            or before is None
            or before.form != form
            or not self._goes_on(before, head, doubted)
        ):
            before = Manifest(edition - 1, form, 0, "", head.at)
            anew = True
        elif before.size == head.size:
            return Written(0, head.size)
        made = replace(
            before, edition=edition, size=head.size, root=bytes(head.root).hex(), at=head.at
        )
        spooled = self._fold(known, before.size, head.size, workers)
        with engine.writer(self.folder) as base:
            made = self._added(base, made, known, spooled, before.size, anew)
        manifest.publish(self.folder, made)
        manifest.sweep(self.folder)
        return Written(head.size - before.size, head.size, anew)

    def _goes_on(self, before: Manifest, head: Head, doubted: bool) -> bool:
        """Tell whether what is there is of this very log: a database may have been put back."""
        missing = [name for name in before.files if not (self.folder / name).exists()]
        if missing or (doubted and doubting.damaged(self.folder, before)):
            return False
        signed = Head.objects.filter(size=before.size).first()
        return before.size <= head.size and signed is not None and (
            bytes(signed.root).hex() == before.root
        )  # fmt: skip

    # -- files -----------------------------------------------------------------------------------

    def _fold(
        self, known: Sequence[Table], start: int, end: int, workers: int
    ) -> dict[Table, list[Path]]:
        workers = workers or parallel.workers(end - start)
        if workers > 1:
            return parallel.fold(known, start, end, self.folder, workers)
        spool = Spool(self.folder, "0")
        spool.take(versions(known, start, end))
        return {table: [path] for table, path in spool.close().items()}

    def _added(
        self, base: Connection, made: Manifest, known: Sequence[Table],
        spooled: dict[Table, list[Path]], start: int, anew: bool,
    ) -> Manifest:  # fmt: skip
        """Return the manifest with the new rows in a segment, or in a base where they are many."""
        if anew:
            fresh = {table: Sources(spooled=paths) for table, paths in spooled.items()}
            return self._based(base, replace(made, base=None, segments=()), known, fresh)
        if not spooled:
            return made
        segments = list(made.segments)
        one = self._segment(base, start, made.size, self._sources(known, (), spooled))
        while segments and segments[-1].rows <= TIMES * one.rows:
            before = segments.pop()
            both = self._sources(known, [before, one])
            one = self._segment(base, before.start, one.end, both)
        made = replace(made, segments=(*segments, one))
        base_rows = made.base.rows if made.base else 0
        if made.rows > max(MANY, base_rows // PART):
            return self._based(base, made, known, self._sources(known, made.segments))
        return made

    def _segment(
        self, base: Connection, start: int, end: int, sources: dict[Table, Sources]
    ) -> Segment:
        files, rows = {}, 0
        for table, found in sources.items():
            name = f"{table.name}-{start}-{end}.parquet"
            with manifest.new_file(self.folder / name) as path:
                rows += merging.to_segment(base, found, table, path)
            files[table.name] = name
        return Segment(start, end, files, rows)

    def _based(
        self, base: Connection, made: Manifest, known: Sequence[Table],
        sources: dict[Table, Sources],
    ) -> Manifest:  # fmt: skip
        name = f"base-{made.edition}-{made.size}.duckdb"
        old = self.folder / made.base.file if made.base else None
        with manifest.new_file(self.folder / name) as path:
            rows = merging.to_base(base, old, sources, known, path)
        return replace(made, base=Base(name, made.size, rows), segments=())

    def _sources(
        self, known: Sequence[Table], segments: Sequence[Segment],
        spooled: Mapping[Table, Sequence[Path]] = MappingProxyType({}),
    ) -> dict[Table, Sources]:  # fmt: skip
        found: dict[Table, Sources] = {}
        for table in known:
            names = [one.files[table.name] for one in segments if table.name in one.files]
            if names or table in spooled:
                paths = [self.folder / name for name in names]
                found[table] = Sources(paths, spooled.get(table, ()))
        return found


def lock(folder: Path) -> FileLock:
    return FileLock(folder.with_name(folder.name + ".lock"))


def lag() -> tuple[int, int]:
    """Return how many leaves are signed and how many of them the snapshot has."""
    head = Head.objects.order_by("-size").first()
    made = manifest.current(engine.folder())
    return (head.size if head else 0), (made.size if made else 0)
