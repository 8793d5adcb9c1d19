"""Fixtures and rules for every test.

``db`` and ``transactional_db`` work as the web's role. In one run ``DINGZI_TEST_DATABASE`` says
which engine; ``tools/suite`` runs both beside each other. Nothing may be skipped unless
ALLOW_MISSING=1.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import databases
from tests.settings import CLUSTER, ENGINE

pytest_plugins = ["tests.browsing", "tests.installations"]

CAMPAIGN = os.environ.get("DINGZI_CAMPAIGN") == "full"
ALLOW_MISSING = os.environ.get("ALLOW_MISSING") == "1"
#: Fixtures that mean: this test touches the database.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "installation"}

hypothesis_settings.register_profile(
    "small",
    max_examples=60,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.register_profile(
    "full", parent=hypothesis_settings.get_profile("small"), max_examples=2000, derandomize=False
)
hypothesis_settings.load_profile("full" if CAMPAIGN else "small")


# ---- which tests run where ---------------------------------------------------------------------


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what a campaign makes larger: ``-m campaign`` runs that alone."""
    grows = "campaign" in getattr(item, "fixturenames", ())
    if grows or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker(pytest.mark.campaign)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Share the suite between the two engines of ``tools/suite``.

    Both run what touches the database; SQLite's worker also drives the browser, PostgreSQL's takes
    what needs no database. Browser tests come last: their event loop stays until the end.
    """
    items.sort(key=lambda item: bool(item.get_closest_marker("browser")))
    if os.environ.get("DINGZI_TEST_SHARE") != "1":
        return
    leave = [item for item in items if not _belongs_here(item)]
    items[:] = [item for item in items if _belongs_here(item)]
    config.hook.pytest_deselected(items=leave)


def _belongs_here(item: pytest.Item) -> bool:
    one = item.get_closest_marker("browser") or item.get_closest_marker("one_engine")
    if ENGINE == "sqlite":
        return bool(one) or touches_database(item)
    return not one


def touches_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or names & DATABASE_FIXTURES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: Any) -> None:
    """Say beside a test's name on which engine's worker it ran."""
    worker = getattr(report, "node", None)
    if worker is not None and os.environ.get("DINGZI_TEST_SHARE") == "1":
        report.nodeid += f" [{worker.gateway.spec.env['DINGZI_TEST_DATABASE']}]"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Turn a skip into a failure: what is not tested must not look as if it were."""
    report = yield
    if report.skipped and not ALLOW_MISSING and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: {reason} (only ALLOW_MISSING=1 lets a test be skipped)"
    return report


def missing(what: str, found: object) -> None:
    """Skip the test where ``what`` is not on this system and ALLOW_MISSING=1; else fail it."""
    if not found:
        pytest.skip(f"{what} is missing: make system")


# ---- database ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database as its owner, use it as the web's role."""
    with django_db_blocker.unblock():
        databases.let_owner_empty_tables()
        if CLUSTER:
            databases.make(CLUSTER)
            yield
            return
        made = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def db_engine() -> str:
    """``sqlite`` or ``postgresql``."""
    return ENGINE


@pytest.fixture
def acting_as() -> Callable[[str], AbstractContextManager[None]]:
    """``with acting_as("dingzi_steward"):`` do as another role of the database."""
    return databases.acting_as


# ---- surroundings ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder of this run's installation."""
    return Path(os.environ["DINGZI_HOME"])


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page asked for in English leaves its language to the thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_blobs() -> Iterator[None]:
    yield
    shutil.rmtree(settings.BLOBS, ignore_errors=True)


@pytest.fixture
def at() -> Iterator[Callable[..., time_machine.Coordinates]]:
    """Stop the clock: ``at(2025, 9, 26)`` or ``at("2025-09-26T10:00+08:00")``.

    Call it again, or ``.shift(seconds)`` what it returns, to move on. The database's own clock
    goes on.
    """
    travels: list[time_machine.travel] = []

    def travel(*when: Any) -> time_machine.Coordinates:
        to = datetime.fromisoformat(when[0]) if isinstance(when[0], str) else None
        to = to or (when[0] if isinstance(when[0], datetime) else datetime(*when, tzinfo=UTC))
        while travels:
            travels.pop().stop()
        travels.append(time_machine.travel(to, tick=False))
        return travels[-1].start()

    yield travel
    while travels:
        travels.pop().stop()


@pytest.fixture(scope="session")
def campaign() -> Callable[[int, int], int]:
    """``campaign(2, 20)``: the first in ``make test``, the second in ``make campaign``."""
    return lambda small, full: full if CAMPAIGN else small


@pytest.fixture(scope="session")
def pango() -> None:
    """What makes PDFs; without it WeasyPrint cannot."""
    missing("libpango-1.0-0", ctypes.util.find_library("pango-1.0"))
