"""Files of versions made into one: segments into a segment, everything into a new base.

In the order of leaves, what takes a matter's version away comes right after it: so a version holds
until the next row of its matter, whichever that is, and what took it away is not needed any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from . import engine
from .compiling import quoted
from .tables import OPEN, Table

#: Codes of so many different values at most are kept as numbers.
CODES = 1_000
#: How rows of one matter follow each other.
_FOLLOWING = "OVER (PARTITION BY matter ORDER BY leaf, sign)"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where rows of one table come from: segments, and files just spooled."""

    segments: Sequence[Path] = ()
    spooled: Sequence[Path] = ()

    def rows(self, table: Table) -> str:
        """Return them as something to select from."""
        found = []
        if self.segments:
            names = ", ".join(quoted(name) for name in table.names)
            found.append(f"SELECT {names} FROM {engine.parquet(self.segments)}")
        if self.spooled:
            names = ", ".join(
                f"coalesce({quoted(n)}, '') AS {quoted(n)}" if kind == "VARCHAR" else quoted(n)
                for n, kind in table.all_columns
            )
            found.append(f"SELECT {names} FROM {engine.csv(self.spooled, table.all_columns)}")
        if not found:
            nothing = ", ".join(f"CAST(NULL AS {k}) AS {quoted(n)}" for n, k in table.all_columns)
            return f"(SELECT {nothing} WHERE FALSE)"
        return f"({' UNION ALL '.join(found)})"


def to_segment(
    base: duckdb.DuckDBPyConnection, sources: Sources, table: Table, path: Path
) -> int:  # fmt: skip
    """Write the rows of several files as one; return how many."""
    columns = _columns(table)
    sql = f"""
        SELECT leaf, CASE WHEN sign > 0 THEN coalesce(following, {OPEN}) ELSE {OPEN} END AS until, sign, matter, {columns} FROM (
            SELECT *, lead(leaf) {_FOLLOWING} AS following, row_number() {_FOLLOWING} AS place
            FROM {sources.rows(table)})
        WHERE sign > 0 OR place = 1 ORDER BY leaf, sign, matter"""
    found = base.execute(f"COPY ({sql}) TO {engine.text(path)} (FORMAT parquet)").fetchone()
    return int(found[0]) if found else 0


def to_base(
    base: duckdb.DuckDBPyConnection, old: Path | None, sources: Mapping[Table, Sources],
    tables: Sequence[Table], path: Path,
) -> int:  # fmt: skip
    """Write a new base of the old one and what came after it; return its rows."""
    rows = 0
    base.execute(f"ATTACH {engine.text(path)} AS new")
    if old:
        base.execute(f"ATTACH {engine.text(old)} AS old (READ_ONLY)")
    for table in tables:
        rows += _table(base, table, sources.get(table, Sources()), bool(old))
    base.execute("CHECKPOINT new")
    base.execute("DETACH new")
    if old:
        base.execute("DETACH old")
    return rows


def _table(base: duckdb.DuckDBPyConnection, table: Table, sources: Sources, old: bool) -> int:
    columns = _columns(table)
    kept = f"leaf, until, matter, {columns}"
    fresh = f"SELECT leaf, until, sign, matter, {columns} FROM {sources.rows(table)}"
    before = f"SELECT leaf, {OPEN} AS until, 1 AS sign, matter, {columns} FROM old.{table.name}"
    base.execute("DROP VIEW IF EXISTS fresh")
    base.execute(f"CREATE TEMP VIEW fresh AS {fresh}")
    touched = "matter IN (SELECT matter FROM fresh)"
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE versions AS SELECT leaf, coalesce(lead(leaf) {_FOLLOWING}, "
        f"{OPEN}) AS until, sign, matter, {columns} FROM (FROM fresh"
        + (f" UNION ALL {before} WHERE {touched}" if old else "")
        + ") QUALIFY sign > 0"
    )
    now = f"SELECT {kept} FROM versions WHERE until = {OPEN}"
    past = f"SELECT {kept} FROM versions WHERE until < {OPEN}"
    if old:
        now += f" UNION ALL SELECT {kept} FROM ({before}) WHERE NOT {touched}"
        past += f" UNION ALL SELECT {kept} FROM old.{table.name}_past"
    coded = _codes(base, table, f"{now} UNION ALL {past}")
    base.execute(
        f"CREATE TABLE new.{table.name} AS "
        f"SELECT leaf, matter, {coded} FROM ({now}) ORDER BY leaf, matter"
    )
    base.execute(
        f"CREATE TABLE new.{table.name}_past AS "
        f"SELECT leaf, until, matter, {coded} FROM ({past}) ORDER BY leaf, matter"
    )
    base.execute("DROP TABLE versions")
    count = f"SELECT (SELECT count(*) FROM new.{table.name}) + (SELECT count(*) FROM new.{table.name}_past)"
    (rows,) = base.execute(count).fetchone() or (0,)
    return int(rows)


def _columns(table: Table) -> str:
    return ", ".join(quoted(name) for name, _ in table.columns)


def _codes(base: duckdb.DuckDBPyConnection, table: Table, rows: str) -> str:
    """Make types of the codes that a table's columns hold; return the columns as they are kept."""
    made = []
    for name, kind in table.columns:
        column = quoted(name)
        if kind == "VARCHAR":
            values = f"SELECT DISTINCT CAST({column} AS VARCHAR) AS v FROM ({rows}) WHERE {column} IS NOT NULL"
            found = [v for (v,) in base.execute(f"{values} LIMIT {CODES + 1}").fetchall()]
            if 0 < len(found) <= CODES:
                code = f"new.{table.name}__{name}"
                told = ", ".join("'" + v.replace("'", "''") + "'" for v in sorted(found))
                base.execute(f"CREATE TYPE {code} AS ENUM ({told})")
                column = f"CAST({column} AS {code}) AS {column}"
        made.append(column)
    return ", ".join(made)
