"""Readers in processes of their own, while segments, bases and sweeps come one after another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from dingzi.figures.snapshots import Writer, engine, manifest, writing
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Matter
from dingzi.project import roles
from tests.databases import acting_as
from tests.ledger.conftest import file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCRIPT = Path(__file__).with_name("reading_along.py")


def test_readers_in_many_processes_see_whole_editions(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Three processes read on and on: each reading is that of one tree; a killed one holds nothing."""
    monkeypatch.setattr(writing, "MANY", 4)
    writer, counts = Writer(), {}
    counts[_grown(writer)] = 1
    stop = tmp_path / "stop"
    readers = [_reader(stop, tmp_path / f"{n}.out") for n in range(3)]
    try:
        _wait(tmp_path / "2.out", 1)
        for n in range(2, 26):
            counts[_grown(writer)] = n
            if n == 12:
                readers[0].send_signal(signal.SIGKILL)
        _wait(tmp_path / "2.out", len((tmp_path / "2.out").read_text().splitlines()) + 2)
    finally:
        stop.touch()
        ends = [reader.wait(60) for reader in readers]
    assert ends == [-signal.SIGKILL, 0, 0]
    for n in range(3):
        told = [line.split() for line in (tmp_path / f"{n}.out").read_text().splitlines()]
        assert all(counts[int(size)] == int(count) for size, count in told)
        assert len({size for size, _ in told}) > 2 or n == 0
    with acting_as(roles.STEWARD):
        writer.catch_up(anew=True)
    made = manifest.current(engine.folder())
    assert made
    left = {path.name for path in engine.folder().iterdir() if path.is_file()}
    assert left == {manifest.CURRENT, manifest.name_of(made.edition), *made.files}
    assert Matter.objects.filter(process="dispute").count() == max(counts.values())


def _grown(writer: Writer) -> int:
    file()
    with acting_as(roles.STEWARD):
        Sealer().seal()
        done = writer.catch_up()
    assert done
    return done.size


def _reader(stop: Path, out: Path) -> subprocess.Popen[bytes]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("DINGZI_")}
    env |= {
        "DINGZI_HOME": str(settings.CONFIG.home),
        "DJANGO_SETTINGS_MODULE": "dingzi.project.settings",
    }
    with out.open("w") as told:
        return subprocess.Popen([sys.executable, SCRIPT, stop], env=env, stdout=told)


def _wait(path: Path, lines: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if len(path.read_text().splitlines()) >= lines:
            return
        time.sleep(0.05)
    raise AssertionError(f"{path.name} has fewer than {lines} readings")
