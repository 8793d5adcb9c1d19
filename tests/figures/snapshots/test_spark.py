"""The same declarations on Spark: the same statements, carried over, give the same numbers."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from django.db.models import Q

from dingzi import figures
from dingzi.figures import fetching, registry, snapshots
from dingzi.figures.declare import Part
from dingzi.figures.fetching import Query
from dingzi.figures.period import Period, today
from dingzi.figures.snapshots import compiling, reading, spark
from tests.conftest import missing
from tests.figures.snapshots.test_same_values import parts, told

#: The projection whose parts are asked as of a past leaf too.
FIRST = "disputes_dispute"
pytestmark = [pytest.mark.slow, pytest.mark.one_engine, pytest.mark.django_db]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark on this machine, with one thread and no more than it needs."""
    logging.getLogger("py4j").setLevel(logging.WARNING)
    missing("openjdk-17-jre-headless", shutil.which("java"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Spark's own modules warn of
        from pyspark.sql import SparkSession

        made = (
            SparkSession.builder.master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.driver.memory", "512m")
            # little data, many columns: compiling each question to bytecode would take the time
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
    yield made
    made.stop()


def test_spark_gives_the_same_numbers(city: list[int], session: Any, tmp_path: Path) -> None:
    """A part of every form by county, category and month, some as of a past leaf; a figure's value."""
    tree = spark.export(tmp_path)
    assert tree.size == city[-1]
    answers, asked = spark.Answers(session, tmp_path), list(_queries())
    for size, several in ((tree.size, asked), (city[1] + 5, asked[:1])):
        with snapshots.as_of(size) as past:
            for query in several:
                here = told(query, fetching.fetch(query))
                assert here and told(query, answers.answer(query, past)) == here
    period = Period.whole_months()
    name = "disputes.resolved_share"
    with snapshots.as_of():
        there = figures.value(name, period, {"county": "360902"}, public=False)
    with reading.answered_by(answers, tree):
        assert figures.value(name, period, {"county": "360902"}, public=False) == there


def test_every_declaration_is_carried_over() -> None:
    """All statements of all parts are Spark's own language: what differs is only what they count."""
    made = 0
    for query in _asked(lambda part: True):
        for signed in (True, False):
            for statement in compiling.statements(query, signed=signed):
                (carried,) = sqlglot.transpile(
                    statement.sql.replace(compiling.ROWS, "t"), read="duckdb", write="spark"
                )
                assert sqlglot.parse_one(carried, read="spark")
                made += 1
    assert made > 50


def _queries() -> list[Query]:
    """Ask one part of every form: how it tallies, and what kinds of conditions it has."""
    known: set[Any] = set()

    def fresh(part: Part) -> bool:
        form = (part.keep, _form(part.population.where))
        return form not in known and not known.add(form)  # type: ignore[func-returns-value]

    return list(_asked(fresh))


def _asked(wanted: Callable[[Part], bool]) -> Iterator[Query]:
    """Ask the parts wanted, by projection, that of the disputes first."""
    models = {figure.model for figure in registry.load().values()}
    for model in sorted(models, key=lambda m: (m._meta.db_table != FIRST, m._meta.db_table)):
        asked = tuple(
            p for p in parts() if p.population.model is model and not p.until and wanted(p)
        )
        by = next((f.by for f in registry.load().values() if f.model is model and f.by), ())
        named = tuple(one for one in by if one.name in ("county", "category"))
        if asked:
            yield Query(asked, None, today(), named, "month")


def _form(where: Q) -> Any:
    """Return a condition without its columns and values."""
    inner = [
        _form(one) if isinstance(one, Q) else one[0].partition("__")[2] for one in where.children
    ]
    return where.connector, where.negated, frozenset(inner)
