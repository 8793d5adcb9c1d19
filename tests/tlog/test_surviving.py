"""A log survives being killed, a full disk and a power cut, at every step."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dingzi.tlog import checking, checkpoints, files, notes, writing
from dingzi.tlog.errors import LogError
from dingzi.tlog.log import TileLog
from tests.tlog import naive

SIGNER = notes.Signer("log.example", b"l" * 32)
ROOT = Path(__file__).parents[2]
#: every call with which a writer changes the disk
CALLS = ("open", "write", "fsync", "fdatasync", "replace", "ftruncate", "mkdir", "unlink", "rmdir")


def entry(number: int) -> bytes:
    return b"entry %d " % number * (number % 7)


def entries(start: int, end: int) -> list[bytes]:
    return [entry(n) for n in range(start, end)]


class Killed(BaseException):
    """Stands for a kill: nothing in the writer may catch it."""


class Faults:
    """Lets the n-th call to the operating system fail; ``torn`` writes half before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]) -> None:
        self.at, self.count, self.fault = -1, 0, fault
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name, real):
        def call(*given, **named):
            self.count += self.at >= 0
            if self.at < 0 or self.count - 1 != self.at:
                # a kill is no power cut: waiting for the disk changes nothing here
                return None if "sync" in name else real(*given, **named)
            if name == "write":
                real(given[0], bytes(given[1])[: len(given[1]) // 2])
            raise self.fault(28, "No space left on device")

        return call

    def during(self, at: int, act) -> bool:
        """Do something with a fault at this call; tell whether it came so far."""
        self.at, self.count = at, 0
        try:
            act()
        except self.fault:
            return True
        finally:
            self.at = -1
        return False


def sound(folder: Path) -> int:
    """Return the size that a reader sees, after reading all of it; a head of it can be published."""
    log = TileLog(folder)
    size = log.size()
    assert list(log.read()) == entries(0, size)
    assert log.root() == naive.root(entries(0, size))
    assert log.consistency(size // 3, size) == naive.consistency(size // 3, entries(0, size))
    return size


def published(folder: Path) -> int:
    """Check the folder as an outsider does, against what is published."""
    if not (folder / "checkpoint").exists():
        return 0
    report = checking.check(folder, SIGNER.verifier)
    assert not report.findings
    return report.checkpoint.size


def publish(log: TileLog) -> None:
    log.publish(checkpoints.Checkpoint(SIGNER.name, log.size(), log.root()).sign(SIGNER))


@pytest.mark.parametrize("way", ["append", "settle", "publish"])
def test_a_kill_at_every_step(tmp_path, monkeypatch, way):
    """At each call readers see the old or the new log, whole; the next writer has lost nothing."""
    start = tmp_path / "start"
    log = TileLog(start)
    log.append(entries(0, 240))
    publish(log)
    log.append(entries(240, 250))
    faults = Faults(monkeypatch, Killed)
    steps = 0
    while True:
        folder = tmp_path / f"at{steps}"
        shutil.copytree(start, folder)
        log = TileLog(folder)
        if not faults.during(steps, lambda log=log: _do(log, way)):
            break
        steps += 1
        seen = sound(folder)
        assert seen in (250, 280)
        assert published(folder) in (240, 250)
        kept = TileLog(folder).recover()
        assert kept in (seen, 280)
        assert sound(folder) == kept
        # the writer that failed, and a new one, go on from there
        for again in (log, TileLog(folder)):
            size = again.recover()
            assert again.append(entries(size, size + 30)) == range(size, size + 30)
        again.settle()
        publish(again)
        assert published(folder) == sound(folder) == kept + 60
        shutil.rmtree(folder)
    assert steps > {"append": 12, "settle": 20, "publish": 3}[way]


def _do(log: TileLog, way: str) -> None:
    if way == "append":
        log.append(entries(250, 280))
    elif way == "settle":
        log.append(entries(250, 280))
        log.settle()
    else:
        publish(log)


def test_a_full_disk_adds_nothing(tmp_path, monkeypatch):
    """An append that raises has not happened, wherever the disk was full."""
    start = tmp_path / "start"
    TileLog(start).append(entries(0, 250))
    faults = Faults(monkeypatch, OSError)
    raised = []
    for step in range(1000):
        folder = tmp_path / f"at{step}"
        shutil.copytree(start, folder)
        log = TileLog(folder)
        try:
            raised.append(faults.during(step, lambda log=log: log.append(entries(250, 600))))
        except LogError:  # while reading
            raised.append(True)
        assert sound(folder) == log.recover() == (250 if raised[-1] else 600)
        assert log.append(entries(log.size(), 601)).stop == sound(folder) == 601
        if faults.count <= step:
            break
    assert raised.count(True) > 10


@pytest.mark.parametrize("lost", ["tiles", "size"])
def test_a_power_cut(tmp_path, lost):
    """What was never synced may be gone or empty: the journal brings it back."""
    log = TileLog(tmp_path / "log")
    log.append(entries(0, 300))
    log.settle()
    before = {p: p.read_bytes() for p in (log.folder / "tile").rglob("*") if p.is_file()}
    for at in range(300, 1000, 70):
        log.append(entries(at, at + 70))
    for path in (log.folder / "tile").rglob("*"):
        if path.is_file() and path not in before and lost == "tiles":
            path.write_bytes(b"")
    if lost == "size":
        (log.folder / ".state" / "size").write_bytes(b"")
    assert TileLog(log.folder).recover() == 1000
    assert sound(log.folder) == 1000


def test_a_torn_journal(tmp_path):
    """Wherever the journal's end was cut, the batches before it are there and no part of one is."""
    log = TileLog(tmp_path / "log")
    log.append(entries(0, 5))
    log.append(entries(5, 9))
    whole = (log.folder / ".state" / "journal").read_bytes()
    for length in range(8, len(whole)):
        folder = tmp_path / f"cut{length}"
        (folder / ".state").mkdir(parents=True)
        (folder / ".state" / "journal").write_bytes(whole[:length])
        size = TileLog(folder).recover()
        assert size in (0, 5)
        assert sound(folder) == size
    (log.folder / ".state" / "journal").write_bytes(whole[:7])
    with pytest.raises(LogError, match="restore it from a backup"):
        TileLog(log.folder).recover()


def test_two_writers(tmp_path):
    """By turns they go on from one another; at one time only one writes."""
    one, two = TileLog(tmp_path), TileLog(tmp_path)
    for turn in range(6):
        writer = (one, two)[turn % 2]
        assert writer.append(entries(turn * 100, turn * 100 + 100)).start == turn * 100
        if turn == 3:
            writer.settle()
    with one._writer.alone(), pytest.raises(LogError, match="another process is writing"):
        two.append([b""])
    assert sound(tmp_path) == 600


def test_a_damaged_edge_is_not_built_upon(tmp_path):
    """A writer that finds its newest bundle or tile changed or gone stops and says which."""
    log = TileLog(tmp_path)
    log.append(entries(0, 300))
    log.settle()
    for name in ("tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1"):
        path = tmp_path / name
        kept = path.read_bytes()
        for bad in (kept[:-1], b"", kept[:-1] + bytes([kept[-1] ^ 1]), None):
            if name.startswith("tile/1") and bad == kept[:-1] + bytes([kept[-1] ^ 1]):
                continue  # seen by the check of the whole log, not by looking at the edge
            path.write_bytes(bad) if bad is not None else path.unlink()
            with pytest.raises(Exception, match=r"bundle|damaged|missing"):
                TileLog(tmp_path).append([b"more"])
        path.write_bytes(kept)
    assert TileLog(tmp_path).append([b"more"]) == range(300, 301)


def test_a_log_written_elsewhere_is_only_read(tmp_path):
    """A copy without ``.state`` can be read and proved from, at its checkpoint's size."""
    log = TileLog(tmp_path / "log")
    log.append(entries(0, 300))
    publish(log)
    shutil.rmtree(log.folder / ".state")
    assert sound(log.folder) == 300
    with pytest.raises(LogError, match="written elsewhere"):
        TileLog(log.folder).append([b"more"])
    assert published(log.folder) == 300


WORKER = """
import sys
from tests.tlog.test_surviving import *
writing.SETTLE_AT = 20_000
log = TileLog(sys.argv[1])
size = log.recover()
while True:
    size = log.append(entries(size, size + 37)).stop
    publish(log)
    print(size, flush=True)
"""


def test_kill_9(tmp_path, campaign):
    """A writer killed at any moment: all that it acknowledged is there, once, and verifies."""
    folder = tmp_path / "log"
    acknowledged = 0
    for turn in range(campaign(4, 200)):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        )
        told = [worker.stdout.readline()]
        time.sleep(0.05 + turn * 0.037 % 0.3)
        worker.send_signal(signal.SIGKILL)
        told += worker.stdout.read().splitlines()
        worker.wait()
        worker.stdout.close()
        acknowledged = max([acknowledged, *(int(line) for line in told if line.strip())])
        assert TileLog(folder).size() >= acknowledged
        assert published(folder) >= acknowledged
        size = TileLog(folder).recover()
        assert size >= acknowledged
        assert list(TileLog(folder).read()) == entries(0, size)
    assert acknowledged > 37


def test_partial_tiles_go_when_full_ones_are_safe(tmp_path, monkeypatch):
    """Only after a sync, and those of the unfinished tile stay."""
    log = TileLog(tmp_path)
    for at in range(0, 300, 30):
        log.append(entries(at, at + 30))
    assert (tmp_path / "tile/0/000.p/30").exists()
    monkeypatch.setattr(writing, "SETTLE_AT", 0)
    log.append(entries(300, 310))
    assert not (tmp_path / "tile/0/000.p").exists()
    assert not (tmp_path / "tile/entries/000.p").exists()
    assert sorted(p.name for p in (tmp_path / "tile/0/001.p").iterdir()) == ["14", "44", "54"]
    assert sound(tmp_path) == 310


def test_a_writer_goes_on_from_another_that_was_killed(tmp_path, monkeypatch):
    """What another process added is taken over, told to readers or not, whole or cut short."""
    faults = Faults(monkeypatch, Killed)
    for step in range(1000):
        folder = tmp_path / f"at{step}"
        one, two = TileLog(folder), TileLog(folder)
        one.append(entries(0, 250))
        two.append(entries(250, 255), tell=False)
        came = faults.during(step, lambda two=two: two.append(entries(255, 300), tell=False))
        size = one.recover()
        assert size in (255, 300)
        assert one.append(entries(size, 310)).stop == sound(folder) == 310
        one.settle()
        assert two.append(entries(310, 320)).stop == sound(folder) == 320
        if not came:
            break
    assert step > 8


def test_readers_learn_of_a_batch_by_its_checkpoint(tmp_path):
    """Untold, a batch is not read before its head is published; then it is there for all."""
    log, reader = TileLog(tmp_path), TileLog(tmp_path)
    log.append(entries(0, 5))
    log.append(entries(5, 9), tell=False)
    assert reader.size() == 5
    head = checkpoints.Checkpoint(SIGNER.name, log.recover(), log.root_with(()))
    log.publish(head.sign(SIGNER))
    assert reader.size() == 9
    assert list(reader.read()) == entries(0, 9)
    assert TileLog(tmp_path).append([b"more"]) == range(9, 10)


def test_what_has_become_full_is_not_waited_for(tmp_path, monkeypatch):
    """Thousands of partial tiles are removed, not synced; what the last base stands on stays until then."""
    synced: list[Path] = []
    real = files.sync_all
    monkeypatch.setattr(files, "sync_all", lambda paths: real(synced.extend(p := list(paths)) or p))
    log = TileLog(tmp_path)
    log.append(entries(0, 10))
    log.settle()
    for at in range(10, 300):
        log.append(entries(at, at + 1))
    base, begun = tmp_path / "tile/0/000.p/10", []
    start = writing.Journal.start
    monkeypatch.setattr(
        writing.Journal, "start", lambda *told: begun.append(base.exists()) or start(*told)
    )
    synced.clear()
    log.settle()
    plain = [path for path in synced if path.is_file()]
    assert len(plain) == 2 + 2 * 44 + 1  # two full files, the next tile's partial ones, one above
    assert begun == [True]
    assert not base.parent.exists()
    assert sound(tmp_path) == 300
