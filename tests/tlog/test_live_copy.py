"""A log is copied and checked while it is written: full tiles stand in for partial ones."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dingzi.tlog import checking, checkpoints, cli, files, notes, vectors, writing
from dingzi.tlog.errors import LogError
from dingzi.tlog.log import TileLog

SIGNER = notes.Signer("log.example", b"l" * 32)
KEY = SIGNER.verifier.vkey
ENTRIES = [random.Random(n).randbytes(n % 40) for n in range(1_100)]


def grow(log: TileLog, size: int) -> None:
    """Append up to ``size``, settle (partial tiles that became full go), publish."""
    log.append(ENTRIES[log.size() : size])
    log.settle()
    log.publish(checkpoints.Checkpoint(SIGNER.name, size, log.root(size)).sign(SIGNER))


def copied(log: TileLog, to: Path, *names: str) -> Path:
    """Copy parts of a log as they are now."""
    for name in names:
        if (log.folder / name).is_dir():
            shutil.copytree(log.folder / name, to / name, dirs_exist_ok=True)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(log.folder / name, to / name)
    return to


def findings(folder: Path) -> list[str]:
    return [code for code, _ in checking.check(folder, SIGNER.verifier).findings]


def failures(folder: Path) -> list[str]:
    cases = list(vectors.run(folder, [SIGNER.verifier]))
    assert any(case.failure is None for case in cases) or cases[0].failure
    return [case.path for case in cases if case.failure]


@settings(max_examples=25, deadline=None)
@given(old=st.integers(1, 550), more=st.integers(0, 540))
def test_the_checkpoint_first_then_the_tiles(
    tmp_path_factory: pytest.TempPathFactory, old: int, more: int
) -> None:
    """Whatever was written in between, the older head is borne out by the newer tiles."""
    folder = tmp_path_factory.mktemp("live")
    log = TileLog(folder / "log")
    grow(log, old)
    copied(log, folder / "copy", "checkpoint")
    grow(log, old + more)
    copied(log, folder / "copy", "tile")
    assert findings(folder / "copy") == []
    assert failures(folder / "copy") == []


def test_a_partial_tile_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    """The very case: the head's partial tiles and bundle were removed, the full ones are there."""
    log = TileLog(tmp_path / "log")
    grow(log, 250)
    copied(log, tmp_path / "copy", "checkpoint")
    grow(log, 530)
    copied(log, tmp_path / "copy", "tile")
    assert not (tmp_path / "copy/tile/0/000.p").exists()
    assert (tmp_path / "copy/tile/0/000").exists()
    assert findings(tmp_path / "copy") == failures(tmp_path / "copy") == []


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000"])
@pytest.mark.parametrize("at", [0, -1])
def test_a_full_tile_that_stands_in_is_compared(tmp_path: Path, name: str, at: int) -> None:
    """It is taken for what the head covers of it: there any other byte is found; beyond it, a wrong form."""
    log = TileLog(tmp_path / "log")
    grow(log, 250)
    copied(log, tmp_path / "copy", "checkpoint")
    grow(log, 530)
    path = copied(log, tmp_path / "copy", "tile") / name
    data = bytearray(path.read_bytes())
    if at == 0:
        data[40] ^= 1
    else:
        del data[at]
    path.write_bytes(data)
    assert findings(tmp_path / "copy")
    assert failures(tmp_path / "copy")


def test_tiles_before_the_checkpoint_are_told_how_to_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They lack what the newer head needs: that is a finding, and it says what to do about it."""
    log = TileLog(tmp_path / "log")
    grow(log, 250)
    copied(log, tmp_path / "copy", "tile")
    grow(log, 530)
    copied(log, tmp_path / "copy", "checkpoint")
    assert set(findings(tmp_path / "copy")) == {"tlog.missing", "tlog.root_differs"}
    assert cli.main(["verify", str(tmp_path / "copy"), "--key", KEY]) == 1
    assert "checkpoint first" in capsys.readouterr().out
    assert failures(tmp_path / "copy")


def test_what_is_being_written_is_passed_over(tmp_path: Path) -> None:
    """Files under their names of the moment, and tiles beyond the head, are nobody's fault."""
    log = TileLog(tmp_path / "log")
    grow(log, 250)
    log.append(ENTRIES[250:300])  # not published yet
    (log.folder / "tile/0/.001.new").write_bytes(b"half")
    (log.folder / "tile/entries/001.p").mkdir(exist_ok=True)
    (log.folder / "tile/entries/001.p/.60.new").write_bytes(b"")
    assert findings(log.folder) == failures(log.folder) == []
    (log.folder / "tile/0/stray").write_bytes(b"")
    assert len(failures(log.folder)) == 1


def test_a_log_is_sound_at_every_moment_of_its_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked in its own folder over and over while another thread appends, settles and publishes."""
    monkeypatch.setattr(writing, "SETTLE_AT", 2_000)
    log = TileLog(tmp_path / "log")
    grow(log, 1)
    done = threading.Event()
    broke: list[BaseException] = []

    def write() -> None:
        try:
            for size in range(1, 1_100, 23):
                log.append(ENTRIES[log.size() : size], sync=False)
                head = checkpoints.Checkpoint(SIGNER.name, size, log.root(size))
                log.publish(head.sign(SIGNER), sync=False)
                log.tidy()
        except BaseException as error:
            broke.append(error)
        finally:
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    looked = 0
    while not done.is_set() or not looked:
        assert findings(log.folder) == []
        assert failures(log.folder) == []
        looked += 1
    writer.join()
    assert not broke and looked


def test_a_checkpoint_that_is_gone_meanwhile_is_told(tmp_path: Path) -> None:
    """A folder with tiles and no head is no log yet."""
    log = TileLog(tmp_path / "log")
    log.append(ENTRIES[:10])
    with pytest.raises(LogError, match="checkpoint"):
        checking.check(log.folder, SIGNER.verifier)
    assert files.read(log.folder / "checkpoint") is None
