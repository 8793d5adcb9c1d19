"""The same declarations answered by Spark, where one machine is too small.

``export`` writes a snapshot as plain Parquet, a file a table. ``Answers`` reads such files, wherever
they lie; its statements are those of DuckDB, carried over by sqlglot. Needs pyspark, sqlglot and
Java, which no site needs otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..fetching import Found, Query
from . import compiling, engine, manifest, tables
from .reading import Tree, opened
from .tables import Table


def export(folder: Path) -> Tree:
    """Write the snapshot in place to ``folder``; return what it is as of.

    The files hold exact days and towns: they are for the city's own machines, not open data. Raises
    Refusal ``figures_no_snapshot``.
    """
    source = opened()
    made = source.manifest
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables.tables():
        with manifest.new_file(folder / f"{table.name}.parquet") as path, source.cursor() as cursor:
            cursor.execute(
                f"COPY ({_everything(source.folder, made, table)} ORDER BY leaf, sign, matter) "
                f"TO {engine.text(path)} (FORMAT parquet)"
            )
    return Tree(made.size, made.root, made.at)


def _everything(folder: Path, made: manifest.Manifest, table: Table) -> str:
    columns = [
        f"CAST({compiling.quoted(name)} AS {kind}) AS {compiling.quoted(name)}"
        for name, kind in table.columns
    ]
    kept = ", ".join(["leaf", "{until}", "{sign}", "matter", *columns])
    found = []
    if made.base:
        until = f"CAST({tables.OPEN} AS BIGINT) AS until"
        one = kept.replace("{sign}", "CAST(1 AS TINYINT) AS sign")
        found.append(f"SELECT {one.replace('{until}', until)} FROM base.{table.name}")
        found.append(f"SELECT {one.replace('{until}', 'until')} FROM base.{table.name}_past")
    names = [folder / one.files[table.name] for one in made.segments if table.name in one.files]
    if names:
        plain = kept.replace("{until}", "until").replace("{sign}", "sign")
        found.append(f"SELECT {plain} FROM {engine.parquet(names)}")
    if not found:
        nothing = [
            f"CAST(NULL AS {kind}) AS {compiling.quoted(n)}" for n, kind in table.all_columns
        ]
        found.append(f"SELECT {', '.join(nothing)} WHERE FALSE")
    return f"SELECT * FROM ({' UNION ALL '.join(found)})"


class Answers:
    """Answers queries by a Spark session over exported files (`reading.answered_by`)."""

    def __init__(self, session: Any, folder: Path | str) -> None:
        self.session = session
        for table in tables.tables():
            files = session.read.parquet(f"{folder}/{table.name}.parquet")
            files.createOrReplaceTempView(table.name)

    def answer(self, query: Query, tree: Tree) -> Found:
        found = compiling.nothing(query)
        table = tables.of(query.parts[0].population.model)
        for statement in compiling.statements(query, signed=True):
            sql = statement.sql.replace(compiling.ROWS, _rows(table, tree))
            compiling.tallied(statement, self._run(sql, statement.params), found)
        return Found(found, tree.at)

    def first_day(self, table: Table, column: str, tree: Tree) -> date | None:
        day = compiling.quoted(column)
        sql = (
            f"SELECT {day} FROM {_rows(table, tree)} WHERE {day} IS NOT NULL "
            f"GROUP BY {day} HAVING sum(sign) > 0 ORDER BY {day} LIMIT 1"
        )
        rows = self._run(sql, ())
        return rows[0][0] if rows else None

    def _run(self, sql: str, params: Sequence[Any]) -> Sequence[Sequence[Any]]:
        import sqlglot

        (carried,) = sqlglot.transpile(sql, read="duckdb", write="spark")
        rows: Sequence[Sequence[Any]] = self.session.sql(carried, args=list(params)).collect()
        return rows


def _rows(table: Table, tree: Tree) -> str:
    return f"(SELECT * FROM {table.name} WHERE leaf < {tree.size} AND until >= {tree.size})"
