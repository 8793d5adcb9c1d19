"""A snapshot of any number of events for benchmarks: disputes of two years, made from a seed.

Four events a dispute (filed, accepted, closed, the citizen's word), each of which changes what is
counted, in the order of their days. Rows go the way that a folded log's go: pieces of Parquet, then
``merging.to_base``; only the fold itself is left out, which ``figures_writing`` measures on real
events.
"""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

EVENTS_EACH = 4
FIRST, DAYS = "2025-01-01", 690
#: What an event changes, by column: from which of a dispute's events on, and its value.
COLUMNS = {
    "registered_on": (1, "registered"),
    "county": (1, "'3609' || lpad(CAST(c % 10 AS VARCHAR), 2, '0')"),
    "town": (1, "'3609' || lpad(CAST(c % 10 AS VARCHAR), 2, '0') || lpad(CAST(t % 19 AS VARCHAR), 3, '0')"),
    "category": (1, "['neighbours', 'property', 'family', 'land', 'labour', 'debt', 'other'][1 + k % 7]"),
    "door": (1, "['web', 'counter', 'phone', 'unit'][1 + d % 4]"),
    "imported": (1, "FALSE"),
    "reopened": (1, "0"),
    "court": (1, "''"),
    "accepted_on": (2, "accepted"),
    "outcome": (3, "['agreed', 'agreed', 'settled', 'failed', 'withdrawn', 'breached'][1 + o % 6]"),
    "closed_on": (3, "closed"),
    "days": (3, "closed - accepted"),
    "on_time": (3, "closed - accepted <= 30"),
    "days_left": (3, "30 - (closed - accepted)"),
    "noted_after": (3, "CAST(o % 3 AS BIGINT)"),
    "word": (4, "['confirmed', 'confirmed', 'disagreed', 'silent'][1 + w % 4]"),
    "word_on": (4, "spoken"),
    "rating": (4, "1 + w % 5"),
}  # fmt: skip


class Built(NamedTuple):
    """What building a base took: seconds, rows of it, and the process's peak in bytes."""

    seconds: float
    rows: int
    memory: int


def build(folder: Path, events: int, seed: int) -> Built:
    """Make the snapshot in place in ``folder``; to be called in a process of its own."""
    import resource

    from dingzi.figures.snapshots import engine, manifest, merging, tables
    from dingzi.figures.snapshots.manifest import Base, Manifest
    from dingzi.mechanisms.disputes.models import Dispute

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known, table = tables.tables(), tables.of(Dispute)
    piece = folder / "0.parquet"
    with engine.writer(folder) as base:
        base.execute(
            f"COPY ({versions(table, events, seed)}) TO {engine.text(piece)} (FORMAT parquet)"
        )
    begin = time.perf_counter()
    name = f"base-1-{events}.duckdb"
    with manifest.new_file(folder / name) as path, engine.writer(folder) as base:
        rows = merging.to_base(base, None, {table: merging.Sources([piece])}, known, path)
    at = datetime.now(UTC)
    made = Manifest(1, tables.form(known), events, "ab" * 32, at, Base(name, events, rows))
    manifest.publish(folder, made)
    manifest.sweep(folder)
    seconds = time.perf_counter() - begin
    return Built(seconds, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def versions(table: object, events: int, seed: int) -> str:
    """Return a statement that gives the versions of so many events, matter by matter."""
    from dingzi.figures.snapshots import tables

    assert isinstance(table, tables.Table)
    matters = events // EVENTS_EACH
    told = []
    for name, kind in table.columns:
        first, value = COLUMNS.get(name, (9, "NULL"))
        blank = "''" if kind == "VARCHAR" else "NULL"
        told.append(
            f'CAST(CASE WHEN e >= {first} THEN {value} ELSE {blank} END AS {kind}) AS "{name}"'
        )
    drawn = ", ".join(
        f"CAST(hash(m * 31 + {seed * 1_000 + n}) % 1000003 AS BIGINT) AS {name}"
        for n, name in enumerate("ctkdow")
    )
    return f"""
        WITH matter AS (
            SELECT m, {drawn}, DATE '{FIRST}' + CAST(m * {DAYS} // {matters} AS INTEGER) AS registered
            FROM range({matters}) AS r(m)),
        dated AS (
            SELECT *, registered + CAST(d % 3 AS INTEGER) AS accepted,
                registered + CAST(d % 3 + 2 + o % 40 AS INTEGER) AS closed,
                registered + CAST(d % 3 + 2 + o % 40 + 5 + w % 9 AS INTEGER) AS spoken FROM matter),
        event AS (
            SELECT *, row_number() OVER (
                ORDER BY [registered, accepted, closed, spoken][e], m, e) - 1 AS leaf
            FROM dated, range(1, {EVENTS_EACH + 1}) AS n(e))
        SELECT CAST(leaf AS BIGINT) AS leaf,
            CAST(coalesce(lead(leaf) OVER (PARTITION BY m ORDER BY e), {tables.OPEN}) AS BIGINT) AS until,
            CAST(1 AS TINYINT) AS sign, CAST(m + 1000 AS BIGINT) AS matter, {", ".join(told)}
        FROM event ORDER BY m, e"""
