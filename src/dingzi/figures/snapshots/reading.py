"""Figures as of a past or the last leaf: the questions of ``figures``, answered from a snapshot.

    with snapshots.as_of(size) as tree:
        figures.value("disputes.resolved_share", period)

Every process opens what it needs read-only and keeps it; several threads may ask at once. A question
reads one edition from its beginning to its end, whatever is published meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from weakref import WeakValueDictionary, finalize

import duckdb

from dingzi.core.errors import Invalid, Refusal
from dingzi.ledger.models import Head

from .. import fetching
from ..fetching import Found, Query
from ..layout import layout
from . import compiling, doubting, engine, tables
from .manifest import Held, Manifest
from .tables import Table


@dataclass(frozen=True, slots=True)
class Tree:
    """What a value is as of: so many leaves, their root (hex), and when that head was signed.

    ``root`` is "" and ``at`` that of the next head where no head of just this size was signed.
    """

    size: int
    root: str
    at: datetime


class Answers(Protocol):
    """What answers queries over versions; DuckDB here, Spark where one machine is too small."""

    def answer(self, query: Query, tree: Tree) -> Found: ...

    def first_day(self, table: Table, column: str, tree: Tree) -> date | None: ...


class _Opened:
    """A base file open for reading; closed when nothing reads by it any more."""

    def __init__(self, folder: Path, base: str | None) -> None:
        self.connection = engine.reader(folder)
        if base:
            self.connection.execute(f"ATTACH {engine.text(folder / base)} AS base (READ_ONLY)")


class Source:
    """One edition, held for reading."""

    def __init__(self, folder: Path, bases: WeakValueDictionary[str, _Opened]) -> None:
        self.folder = folder
        self.held = Held(folder)
        # the lock goes when the last question that reads by this edition is done
        finalize(self, self.held.release)
        self.manifest: Manifest = self.held.manifest
        if self.manifest.form != tables.form(tables.tables()):
            raise Refusal.of("figures_no_snapshot")
        self._opened = self._base(bases)
        self._firsts: dict[tuple[str, str, int], date | None] = {}

    def _base(self, bases: WeakValueDictionary[str, _Opened]) -> _Opened:
        """Return the base, opened once for all editions that have it."""
        base = self.manifest.base.file if self.manifest.base else None
        try:
            # by its inode: a folder that was emptied begins with the same names again
            name = f"{base} {(self.folder / base).stat().st_ino}" if base else ""
            opened = bases.get(name)
            if opened is None:
                opened = bases[name] = _Opened(self.folder, base)
        except (FileNotFoundError, duckdb.Error) as error:
            # somebody took the file away, or it is damaged: the writer makes it anew
            doubting.doubt(self.folder, error)
            raise Refusal.of("figures_no_snapshot") from None
        return opened

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor of its own: threads share the base, not the running statement."""
        return self._opened.connection.cursor()

    def answer(self, query: Query, tree: Tree) -> Found:
        """Tally what a query asks for, as of a tree."""
        found = compiling.nothing(query)
        table = tables.of(query.parts[0].population.model)
        for rows, signed in self.relations(table, tree.size):
            for statement in compiling.statements(query, signed=signed):
                sql = statement.sql.replace(compiling.ROWS, rows)
                compiling.tallied(statement, self.run(sql, statement.params), found)
        return Found(found, tree.at)

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement. Raises Refusal ``figures_no_snapshot`` for damaged files."""
        try:
            with self.cursor() as cursor:
                return cursor.execute(sql, list(params)).fetchall()
        except duckdb.Error as error:
            if not doubting.is_damage(error):
                raise
            doubting.doubt(self.folder, error)
            raise Refusal.of("figures_no_snapshot") from None

    def first_day(self, table: Table, column: str, tree: Tree) -> date | None:
        """Return the earliest day in a column of the projection as it was in the tree."""
        key = table.name, column, tree.size
        if key not in self._firsts:
            self._firsts[key] = self._first_day(table, compiling.quoted(column), tree)
        return self._firsts[key]

    def _first_day(self, table: Table, day: str, tree: Tree) -> date | None:
        days: dict[date, int] = {}
        for rows, signed in self.relations(table, tree.size):
            n = "sum(sign)" if signed else "count(*)"
            sql = f"SELECT {day}, {n} FROM {rows} WHERE {day} IS NOT NULL GROUP BY 1"
            for one, more in self.run(sql):
                days[one] = days.get(one, 0) + more
        return min((one for one, n in days.items() if n > 0), default=None)

    def relations(self, table: Table, size: int) -> Iterator[tuple[str, bool]]:
        """Yield what to select from, so that together it is the projection as of ``size`` leaves,
        and whether it has signs: a base has none, its rows take nothing away."""
        base, columns = self.manifest.base, ", ".join(compiling.quoted(n) for n, _ in table.columns)
        if base and size >= base.end:
            yield f"base.{table.name}", False
        elif base:
            kept = f"SELECT {columns} FROM base.{table.name}"
            yield f"({kept} WHERE leaf < {size})", False
            yield f"({kept}_past WHERE leaf < {size} AND until >= {size})", False
        names = [
            self.folder / one.files[table.name]
            for one in self.manifest.segments
            if one.start < size and table.name in one.files
        ]
        if names:
            files = engine.parquet(names)
            where = f"WHERE leaf < {size} AND until >= {size}"
            yield f"(SELECT sign, {columns} FROM {files} {where})", True


class _Reader:
    """What this process has open."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._bases: WeakValueDictionary[str, _Opened] = WeakValueDictionary()
        self._source: Source | None = None

    def source(self) -> Source:
        """Return the edition in place. Raises Refusal ``figures_no_snapshot``."""
        folder = engine.folder()
        with self._lock:
            now = self._source
            if now is None or now.folder != folder or not now.held.is_current(folder):
                self._source = now = Source(folder, self._bases)
            return now


_reader = _Reader()
#: A forked child must not touch what its parent has open; nothing of it is freed there.
_of_parents: list[_Reader] = []


def _after_fork() -> None:
    global _reader
    _of_parents.append(_reader)
    _reader = _Reader()


os.register_at_fork(after_in_child=_after_fork)
_asked: ContextVar[tuple[Answers, Tree] | None] = ContextVar("figures_as_of", default=None)


@contextmanager
def as_of(size: int | None = None) -> Iterator[Tree]:
    """Have all questions about figures answered as of ``size`` leaves; None is the latest.

    Raises Refusal ``figures_no_snapshot``; Invalid ``figures_no_such_tree`` for more leaves than
    the snapshot has, or none.
    """
    source = _reader.source()
    tree = _tree(source.manifest, size)
    with answered_by(source, tree):
        yield tree


@contextmanager
def answered_by(answers: Answers, tree: Tree) -> Iterator[None]:
    """Have all questions about figures answered by this, as of the tree."""
    token = _asked.set((answers, tree))
    try:
        with fetching.answered_by(lambda query: answers.answer(query, tree)):
            yield
    finally:
        _asked.reset(token)


def _tree(made: Manifest, size: int | None) -> Tree:
    if size is None or size == made.size:
        return Tree(made.size, made.root, made.at)
    if not 0 < size < made.size:
        raise Invalid.of("figures_no_such_tree", field="size", size=size, most=made.size)
    head = Head.objects.filter(size__gte=size).order_by("size").first()
    if head is None:
        raise Refusal.of("figures_no_snapshot")
    return Tree(size, bytes(head.root).hex() if head.size == size else "", head.at)


def counted_since(model: Any) -> date | None:
    """Return the first day of the month of the first row, as of the tree at hand."""
    asked = _asked.get()
    assert asked is not None
    answers, tree = asked
    columns = {of.on for of in layout(model).populations}
    table = tables.of(model)
    days = [day for on in columns if (day := answers.first_day(table, on, tree))]
    return min(days).replace(day=1) if days else None


def opened() -> Source:
    """Return the edition in place, held for reading. Raises Refusal ``figures_no_snapshot``."""
    return _reader.source()
