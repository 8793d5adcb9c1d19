"""What the snapshot's answers are set beside: PostgreSQL asked directly, and Sidemantic."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg

FIRST, LAST = date(2026, 1, 1), date(2026, 10, 31)
BEFORE = (date(2025, 1, 1), date(2025, 10, 31))
CLOSED = "accepted_on IS NOT NULL AND outcome IN ('agreed', 'settled', 'failed', 'breached', 'withdrawn')"
RESOLVED = f"{CLOSED} AND outcome IN ('agreed', 'settled')"
DAYS = f"BETWEEN '{FIRST}' AND '{LAST}'"
#: The four questions as somebody would write them for a table of disputes as they are now.
HEADLINE = (
    f"SELECT count(*) FILTER (WHERE {RESOLVED}), count(*) FILTER (WHERE {CLOSED}) "
    f"FROM {{dispute}} WHERE closed_on {DAYS}"
)
COUNTIES = (
    f"SELECT county, date_trunc('month', closed_on), count(*) FILTER (WHERE {RESOLVED}), "
    f"count(*) FILTER (WHERE {CLOSED}) FROM {{dispute}} WHERE closed_on {DAYS} GROUP BY 1, 2"
)
YEARS = (
    f"SELECT count(*) FILTER (WHERE registered_on {DAYS}), count(*) FILTER (WHERE registered_on "
    f"BETWEEN '{BEFORE[0]}' AND '{BEFORE[1]}') FROM {{dispute}} WHERE registered_on <= '{LAST}'"
)
MATTERS = "SELECT count(DISTINCT matter) FROM {event}"
SQL = {
    "headline": HEADLINE,
    "county by month": COUNTIES,
    "year on year": YEARS,
    "distinct matters": MATTERS,
}
Ask = Callable[[], Any]


def postgres(url: str, base: Path, pieces: Path) -> dict[str, Ask]:
    """Load the same rows into PostgreSQL, as the row store keeps them and as events; return the asks.

    ``dispute`` has one row a dispute and the row store's indexes, ``event`` one an event.
    """
    connection = psycopg.connect(url, autocommit=True)
    names = (
        "matter",
        "county",
        "category",
        "outcome",
        "registered_on",
        "accepted_on",
        "closed_on",
        "days",
    )
    (there,) = connection.execute("SELECT to_regclass('bench_event') IS NOT NULL").fetchone() or (
        False,
    )
    if not there:
        connection.execute(
            "CREATE TABLE bench_dispute (matter bigint PRIMARY KEY, county varchar(6), category varchar(24), "
            "outcome varchar(24), registered_on date, accepted_on date, closed_on date, days integer)"
        )
        connection.execute("CREATE TABLE bench_event (leaf bigint PRIMARY KEY, matter bigint)")
        with duckdb.connect() as source:
            source.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
            both = "SELECT leaf, matter FROM base.disputes_dispute UNION ALL SELECT leaf, matter FROM base.disputes_dispute_past"
            columns = ", ".join(names)
            for table, sql in (
                ("bench_dispute", f"SELECT {columns} FROM base.disputes_dispute"),
                ("bench_event", f"SELECT leaf, matter FROM ({both}) ORDER BY leaf"),
            ):
                path = pieces / f"{table}.csv"
                source.execute(f"COPY ({sql}) TO '{path}' (FORMAT csv, HEADER false)")
                with (
                    connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy,
                    path.open("rb") as file,
                ):
                    while data := file.read(1 << 20):
                        copy.write(data)
                path.unlink()
        connection.execute("CREATE INDEX ON bench_dispute (registered_on, county)")
        connection.execute("CREATE INDEX ON bench_dispute (closed_on, county)")
        for table in ("bench_dispute", "bench_event"):
            connection.execute(f"VACUUM (ANALYZE) {table}")

    def asker(sql: str) -> Ask:
        told = sql.format(dispute="bench_dispute", event="bench_event")
        return lambda: connection.execute(told).fetchall()

    return {name: asker(sql) for name, sql in SQL.items()}


def duck(base: Path, config: dict[str, Any]) -> dict[str, Ask]:
    """Ask the base itself by the same texts: what a question costs without figures."""
    connection = duckdb.connect(config=config)
    connection.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
    return {
        name: (lambda sql=sql: connection.execute(sql.format(dispute="base.disputes_dispute", event="base.disputes_dispute")).fetchall())
        for name, sql in SQL.items()
    }  # fmt: skip


def sidemantic(base: Path) -> tuple[dict[str, Ask], dict[str, Ask]]:
    """Return the asks of a semantic layer over the same base, and those of the SQL that it makes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sidemantic import Dimension, Metric, Model, SemanticLayer

        layer = SemanticLayer(connection="duckdb:///:memory:")
        layer.adapter.execute(f"ATTACH '{base}' AS base (READ_ONLY)")
        layer.adapter.execute("CREATE VIEW dispute AS SELECT * FROM base.disputes_dispute")
        model = Model(
            name="disputes", table="dispute", primary_key="matter",
            dimensions=[
                Dimension(name="county", type="categorical", sql="county"),
                Dimension(name="closed_on", type="time", granularity="day", sql="closed_on"),
                Dimension(name="registered_on", type="time", granularity="day", sql="registered_on"),
            ],
            metrics=[
                Metric(name="resolved", agg="count", filters=[RESOLVED]),
                Metric(name="closed", agg="count", filters=[CLOSED]),
                Metric(name="all", agg="count"),
                Metric(name="matters", agg="count_distinct", sql="matter"),
            ],
        )  # fmt: skip
        if "disputes" not in layer.list_models():
            layer.add_model(model)
    closed, filed = f"disputes.closed_on {DAYS}", f"disputes.registered_on {DAYS}"
    then = f"disputes.registered_on BETWEEN '{BEFORE[0]}' AND '{BEFORE[1]}'"
    both = ["disputes.resolved", "disputes.closed"]
    asked: dict[str, list[dict[str, Any]]] = {
        "headline": [{"metrics": both, "filters": [closed]}],
        "county by month": [
            {"metrics": both, "dimensions": ["disputes.county", "disputes.closed_on__month"], "filters": [closed]}
        ],
        "year on year": [{"metrics": ["disputes.all"], "filters": [one]} for one in (filed, then)],
        "distinct matters": [{"metrics": ["disputes.matters"]}],
    }  # fmt: skip

    def through(several: list[dict[str, Any]]) -> Ask:
        return lambda: [layer.query(**one).fetchall() for one in several]

    def alone(several: list[dict[str, Any]]) -> Ask:
        texts = [layer.compile(**one) for one in several]
        return lambda: [layer.adapter.execute(text).fetchall() for text in texts]

    return (
        {name: through(several) for name, several in asked.items()},
        {name: alone(several) for name, several in asked.items()},
    )
