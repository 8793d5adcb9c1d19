"""A real steward: what was sealed is in the snapshot within two seconds."""

from __future__ import annotations

import json
import time
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
    """From the head's being signed to the manifest that has its leaves, for each of three acts."""
    installation.migrate()
    installation.start()
    log, manifest = (
        installation.home / "log" / "checkpoint",
        installation.home / "figures" / "manifest.json",
    )
    behind = []
    for n in range(3):
        before = _signed(log)
        installation.dingzi("shell", "-c", OPEN_AN_ACCOUNT % n)
        size = _wait(lambda before=before: _signed(log) > before and _signed(log))
        begin = time.monotonic()
        _wait(lambda size=size: _taken(manifest) >= size)
        behind.append(time.monotonic() - begin)
    assert max(behind) < 2
    said = installation.dingzi("doctor", check=False).stdout
    assert f"{_taken(manifest):,} / {_signed(log):,}" in said
    assert installation.stop() == 0


def _wait(found: object) -> int:
    assert callable(found)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if got := found():
            return int(got)
        time.sleep(0.02)
    raise AssertionError("nothing came in half a minute")


def _signed(log: Path) -> int:
    return int(log.read_text().splitlines()[1]) if log.exists() else 0


def _taken(manifest: Path) -> int:
    return int(json.loads(manifest.read_text())["size"]) if manifest.exists() else 0
