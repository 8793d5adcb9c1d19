"""A real steward: what was sealed is in the snapshot within two seconds."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.installations import Installation

pytestmark = pytest.mark.slow
OPEN_AN_ACCOUNT = (
    "from dingzi.city import book; from dingzi.city.viewer import SYSTEM; "
    "book.record('account_opened', {'rows': [{'username': 'reader%d'}]}, by=SYSTEM)"
)


def test_the_steward_keeps_the_snapshot_two_seconds_behind_at_most(
    installation: Installation,
) -> None:
    """From the head's being signed to the manifest that has its leaves, for each of three acts.

    What he and we are kept waiting because others are at work on the machine is not his.
    """
    installation.migrate()
    installation.start()
    log, manifest = (
        installation.home / "log" / "checkpoint",
        installation.home / "figures" / "manifest.json",
    )
    behind, steward = [], installation.pid_of("steward")
    for n in range(3):
        before = _signed(log)
        installation.dingzi("shell", "-c", OPEN_AN_ACCOUNT % n)
        size = _wait(lambda before=before: _signed(log) > before and _signed(log))
        begin = time.monotonic() - _kept_waiting(steward)
        _wait(lambda size=size: _taken(manifest) >= size)
        behind.append(time.monotonic() - _kept_waiting(steward) - begin)
    assert max(behind) < 2
    said = installation.dingzi("doctor", check=False).stdout
    assert f"{_taken(manifest):,} / {_signed(log):,}" in said
    assert installation.stop() == 0


def _kept_waiting(steward: int) -> float:
    """Return the seconds in which his threads, and we, could have run and no core was free."""
    waited = 0
    for one in (*Path(f"/proc/{steward}/task").iterdir(), Path(f"/proc/{os.getpid()}")):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            waited += int((one / "schedstat").read_text().split()[1])
    return waited / 1e9


def _wait(found: object) -> int:
    assert callable(found)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if got := found():
            return int(got)
        time.sleep(0.02)
    raise AssertionError("nothing came in a minute")


def _signed(log: Path) -> int:
    return int(log.read_text().splitlines()[1]) if log.exists() else 0


def _taken(manifest: Path) -> int:
    return int(json.loads(manifest.read_text())["size"]) if manifest.exists() else 0
