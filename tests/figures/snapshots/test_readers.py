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
        _read_anew(tmp_path, range(3))
        for n in range(2, 26):
            counts[_grown(writer)] = n
            if n == 12:
                _read_anew(tmp_path, range(3))
                readers[0].send_signal(signal.SIGKILL)
        _read_anew(tmp_path, range(1, 3))
    finally:
        stop.touch()
        ends = [reader.wait(60) for reader in readers]
    assert ends == [-signal.SIGKILL, 0, 0]
    for n in range(3):
        told = [line.split() for line in (tmp_path / f"{n}.out").read_text().splitlines()]
        assert all(counts[int(size)] == int(count) for size, count in told)
        assert len({size for size, _ in told}) > 2 or n == 0  # early, in the middle, at the end
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


def _read_anew(folder: Path, readers: range) -> None:
    """Wait until each of these readers has begun a reading after this call, and ended it."""
    told = {n: folder / f"{n}.out" for n in readers}
    known = {n: len(path.read_text().splitlines()) for n, path in told.items()}
    end = time.monotonic() + 120
    while any(len(told[n].read_text().splitlines()) < known[n] + 2 for n in readers):
        assert time.monotonic() < end, "a reader does not read"
        time.sleep(0.05)
