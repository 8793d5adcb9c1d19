"""The same declarations on Spark: the same statements, carried over, give the same numbers."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dingzi import figures
from dingzi.figures import fetching, registry, snapshots
from dingzi.figures.fetching import Query
from dingzi.figures.period import Period, today
from dingzi.figures.snapshots import reading, spark
from tests.conftest import missing
from tests.figures.snapshots.test_same_values import parts, told

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
    """All parts by county, category and month as of two leaves, and values by the usual questions."""
    tree = spark.export(tmp_path)
    assert tree.size == city[-1]
    answers, compared = spark.Answers(session, tmp_path), 0
    for size in (city[1] + 5, tree.size):
        with snapshots.as_of(size) as past:
            for query in _queries():
                here = told(query, fetching.fetch(query))
                assert told(query, answers.answer(query, past)) == here
                compared += len(here)
    assert compared > 2_000
    period = Period.whole_months()
    for name in ("disputes.resolved_share", "disputes.days_median", "disputes.registered_change"):
        with snapshots.as_of():
            there = figures.value(name, period, {"county": "360902"}, public=False)
        with reading.answered_by(answers, tree):
            assert figures.value(name, period, {"county": "360902"}, public=False) == there


def _queries() -> Iterator[Query]:
    for model in {figure.model for figure in registry.load().values()}:
        asked = tuple(p for p in parts() if p.population.model is model and not p.until)
        by = next((f.by for f in registry.load().values() if f.model is model and f.by), ())
        named = tuple(one for one in by if one.name in ("county", "category"))
        yield Query(asked, None, today(), named, "month")
