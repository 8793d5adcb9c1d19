"""The sealer: takes the outbox, gives each event its place in the log, signs the new head.

A batch goes through these steps; a kill after any of them loses nothing and seals nothing twice:

1. one transaction gives the events their indexes (``Leaf``), takes them out of the outbox, and notes
   the new size and root (``Head``), which no other root can then have;
2. their entries go into the log's folder, all or none (``TileLog.append``);
3. the head is signed and published.

That transaction is all that waits for the disk: from it the rest can be made again, byte for byte,
when a power cut has taken it away.

What was begun is finished first: the places are in the database, an entry is made of its event's
row alone and Ed25519 signs the same text alike, so a second try writes the very same bytes. A head
of a size is thus signed over one root only. Where the database knows fewer leaves than the log has,
it has been put back; the sealer then stops and says so, for it would have to write another history.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dingzi.core.collecting import paused
from dingzi.core.filelock import FileLock
from dingzi.core.turns import turn
from dingzi.matters import envelope
from dingzi.matters.models import BOOK, Book, Event, Outbox
from dingzi.matters.rebuild import SENSELESS
from dingzi.matters.writer import Batch
from dingzi.tlog.checkpoints import Checkpoint, parse_note
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Signer

from . import keys, outbox, parallel
from .leaves import LeafTooLong, leaf
from .models import Head, Leaf, Refused

#: Events that are sealed in one go.
MOST = 4_096
#: Events of which who waits is told that they are sealed.
TOLD = 256
#: How often, and seconds between, an act tries for the lock of who publishes just now.
TRIES, PAUSE = 5, 0.0003
#: What reading a row raises that somebody wrote by hand; a number of bytes may be asked for as well.
_NO_VALUES: tuple[type[Exception], ...] = (*SENSELESS, MemoryError)

log = logging.getLogger("dingzi.ledger")


class SealingStopped(Exception):
    """The sealer must not go on; the message says why and what to do, in both languages."""


@dataclass(slots=True)
class Sealed:
    """What a round did: events sealed, the log's size, the last ones' ids, what was refused and why."""

    events: int = 0
    size: int = 0
    last: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def lock(folder: Path) -> FileLock:
    """Return the lock of who seals into ``folder``; a backup takes it to have the sealer rest."""
    return FileLock(folder.with_name(folder.name + ".lock"))


@dataclass(slots=True)
class Placed:
    """Events that have their places, whose entries are not written yet: from ``start`` on."""

    events: Sequence[Event]
    entries: Sequence[bytes]
    start: int
    root: bytes

    @property
    def size(self) -> int:
        return self.start + len(self.events)


class Sealer:
    """Seals what waits; keeps in memory how far it is, so that a round without work costs a query."""

    def __init__(self, folder: Path | None = None) -> None:
        self.log = TileLog(folder or settings.LOG)
        self._parallel = parallel.beside(self.log)
        self._lock = lock(self.log.folder)
        self._held = ExitStack()
        self._size: int | None = None
        self._signers: list[Signer] = []
        self._origin = ""
        self._book = -1

    def seal(self, most: int = MOST) -> Sealed:
        """Seal all that waits, in batches of at most ``most``; nothing while another one seals.

        Raises
        ------
        SealingStopped, keys.KeyTrouble
        """
        done = Sealed()
        with self._alone() as ours:
            if not ours:
                return done
            try:
                with self.log.held():
                    events = self._begin(most)
                    while events:
                        with paused(large=True):
                            events = self._batch(events, most, done)
                    self.log.tidy()  # seconds, for thousands of files: never while an act waits
            except BaseException:
                self._size = None  # what is in memory may be behind what was written
                raise
            done.size = self._size or 0
        return done

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        if not self._lock.take():
            yield False
            return
        try:
            yield True
        finally:
            self._lock.release()

    # -- with an act ---------------------------------------------------------------------------

    def place(self, most: int) -> Placed | None:
        """Give all that waits its places, in the caller's transaction; ``finish`` must follow.

        Returns None, and holds nothing, where the steward must do it: somebody else seals, more
        than ``most`` wait, a row is refused, what was begun is not finished, or there is no key yet.
        """
        if not self._taken_soon():
            return None
        with ExitStack() as held:
            held.callback(self._lock.release)
            held.enter_context(self.log.held())
            known, events = outbox.standing(most + 1)
            if not known or not events or len(events) > most or not self._caught_up(known):
                return None
            taken, entries, refused = self._sift(events)
            if refused:
                return None
            placed, batch = self._placed(taken, entries)
            batch.flush()
            self._held = held.pop_all()
        return placed

    def _taken_soon(self) -> bool:
        """Take the lock, if need be when another web process has published: that needs no database.

        The steward's turn at the database, which we hold, must never be waited for.
        """
        for _ in range(TRIES):
            if self._lock.take():
                return True
            time.sleep(PAUSE)
        return self._lock.take()

    def finish(self, placed: Placed, *, committed: bool) -> None:
        """Write and publish what was placed, if its transaction was committed; else give it up."""
        with self._held:
            if committed:
                try:
                    self._finish(placed)
                except BaseException:
                    self._size = None
                    raise

    def _caught_up(self, known: int) -> bool:
        """Take over what others have sealed; False where something is left to finish, or no key."""
        now = self.log.head()
        if known != self.log.recover() or known != (now.size if now else 0):
            return False
        if known != self._size or not self._signers:
            self._know_keys()
            self._size = known
        return True

    def _know_keys(self) -> None:
        """Read the keys if the city's book has grown since."""
        seq = Book.objects.values_list("seq", flat=True).get(id=BOOK)
        if seq != self._book:
            self._load_keys()
            self._book = seq

    # -- what was begun ------------------------------------------------------------------------

    def _begin(self, most: int) -> list[Event]:
        """Finish what a kill left undone; know the size and the keys; return the first that wait."""
        known, events = outbox.standing(most)
        if self._signers and self._caught_up(known):
            return events
        self._load_keys()
        written = self.log.recover()
        if known < written:
            raise SealingStopped(
                f"公开日志有 {written} 条，数据库只记得 {known} 条：数据库是旧的备份。"
                f"先看 docs/ledger.md“恢复”一节。\n"
                f"The log holds {written} entries, the database knows {known}: it is an older copy. "
                f"See docs/ledger.md, “Restoring”."
            )
        for start in range(written, known, MOST):
            self._append(start, min(start + MOST, known))
        self._size = known
        if known:
            self._publish(known)
        return outbox.waiting(most)

    def _append(self, start: int, end: int) -> None:
        """Write the entries of places that the database has given already."""
        leaves = Leaf.objects.filter(index__gte=start, index__lt=end).select_related("event")
        entries = []
        for at, row in enumerate(leaves.order_by("index"), start):
            if row.index != at or row.event is None:
                raise SealingStopped(
                    f"位置 {at} 没有事件，不能续写 | place {at} has no event: nothing can be written"
                )
            entry = leaf(row.event)
            if leaf_hash(entry) != bytes(row.hash) or not _genuine(row.event):
                raise SealingStopped(
                    f"位置 {at} 的事件被改过 | the event at place {at} was changed: dingzi audit"
                )
            entries.append(entry)
        if len(entries) != end - start:
            raise SealingStopped(f"位置 {start} 之后有缺 | places are missing after {start}")
        self.log.append(entries, sync=False)

    def _load_keys(self) -> None:
        now = keys.begin()
        known = [one.log for one in keys.every()]
        self._signers = keys.signers(keys.HEADS, now.log, known)
        self._origin = now.origin

    # -- a batch -------------------------------------------------------------------------------

    def _batch(self, events: Sequence[Event], most: int, done: Sealed) -> list[Event]:
        """Seal one batch; return the next."""
        taken, entries, refused = self._sift(events)
        if refused:
            _refuse(refused)
            done.refused += refused
        if taken:
            self._take(taken, entries)
            done.events += len(taken)
            done.last = [event.id for event in taken[-TOLD:]]
        return outbox.waiting(most) if len(events) == most else []

    def _sift(
        self, events: Sequence[Event]
    ) -> tuple[list[Event], list[bytes], list[tuple[int, str]]]:
        taken: list[Event] = []
        entries: list[bytes] = []
        refused: list[tuple[int, str]] = []
        for event in events:
            if not _genuine(event):
                refused.append((event.id, "mac"))
                continue
            try:
                entries.append(leaf(event))
            except LeafTooLong:
                refused.append((event.id, "too_long"))
                continue
            taken.append(event)
        return taken, entries, refused

    def _take(self, events: Sequence[Event], entries: Sequence[bytes]) -> None:
        placed, batch = self._placed(events, entries)
        with nullcontext() if batch.one_statement() else turn():
            batch.flush()
        self._finish(placed)

    def _placed(self, events: Sequence[Event], entries: Sequence[bytes]) -> tuple[Placed, Batch]:
        """Return which event stands where, under which root, and the rows that say so."""
        assert self._size is not None
        hashes = [leaf_hash(entry) for entry in entries]
        placed = Placed(events, entries, self._size, self.log.root_with(hashes))
        batch = Batch()
        for at, (event, one) in enumerate(zip(events, hashes, strict=True), placed.start):
            batch.add(Leaf, (at, event.id, one))
            batch.remove(Outbox, event.id)
        batch.add(Head, (placed.size, placed.root, timezone.now()))
        return placed, batch

    def _finish(self, placed: Placed) -> None:
        self.log.append(placed.entries, sync=False, tell=False)
        self._size = placed.size
        if any(event.stream == BOOK and event.action == keys.ACTION for event in placed.events):
            self._load_keys()
        self._sign(placed.size, placed.root)

    def _publish(self, size: int) -> None:
        """Publish the head of what was begun, over the root that the database names."""
        root = self.log.root_with(())
        head = Head.objects.filter(size=size).first()
        if head is None:  # of a log that was made before heads were noted with their leaves
            with turn():
                head = Head.objects.create(size=size, root=root, at=timezone.now())
        if bytes(head.root) != root:
            raise SealingStopped(
                f"{size} 条的总印已经签过，根不一样 | a head of size {size} was signed over another root"
            )
        now = self.log.published()
        if now is None or parse_note(now).size != size:
            self._sign(size, root)
        elif self._parallel is not None:
            parallel.publish(self._parallel, self.log, self._origin, self._signers)

    def _sign(self, size: int, root: bytes) -> None:
        self.log.publish(Checkpoint(self._origin, size, root).sign(*self._signers), sync=False)
        if self._parallel is not None:
            parallel.publish(self._parallel, self.log, self._origin, self._signers)


def _genuine(event: Event) -> bool:
    try:
        return envelope.genuine(event)
    except _NO_VALUES:  # no MAC was ever made over such values
        return False


def _refuse(refused: Sequence[tuple[int, str]]) -> None:
    now: datetime = timezone.now()
    Refused.objects.bulk_create(Refused(event_id=event, why=why, at=now) for event, why in refused)
    for event, why in refused:
        log.error("an event was not sealed", extra={"fields": {"event": event, "why": why}})


def retry() -> int:
    """Let the sealer try again what it refused; return how many events that are."""
    count, _ = Refused.objects.all().delete()
    return count
