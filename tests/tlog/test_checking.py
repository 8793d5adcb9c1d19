"""Checking a whole log in a folder: a sound one passes, any change is found and named."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.tlog import checking, checkpoints, hashing, notes, words
from dingzi.tlog.errors import LogError, Malformed, NotVerified
from dingzi.tlog.log import TileLog
from tests.tlog import naive

SIGNER = notes.Signer("log.example", b"l" * 32)
SIZES = (250, 530)
ENTRIES = [random.Random(n).randbytes(n % 40) for n in range(600)]


def publish(log: TileLog, size: int) -> None:
    log.publish(checkpoints.Checkpoint(SIGNER.name, size, log.root(size)).sign(SIGNER))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A log of 530 entries, published at 250 and 530, with files of both sizes; 600 are written."""
    log = TileLog(tmp_path_factory.mktemp("logs") / "log")
    for size in SIZES:
        log.append(ENTRIES[log.size() : size])
        publish(log, size)
    log.append(ENTRIES[530:])
    return log.folder


@pytest.fixture
def folder(made, tmp_path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "log"))


def codes(folder: Path) -> list[str]:
    report = checking.check(folder, SIGNER.verifier)
    assert all(words.both(finding) for finding in report.findings)
    return [finding[0].removeprefix("tlog.") for finding in report.findings]


def committed(folder: Path) -> list[Path]:
    """The files that the checkpoint bears on."""
    names = ["0/000", "0/001", "0/002.p/18", "1/000.p/2", "entries/000", "entries/001",
             "entries/002.p/18", "0/000.p/250", "entries/000.p/250"]  # fmt: skip
    return [folder / "tile" / name for name in names]


def test_a_sound_log(folder):
    """Size and root as signed; files of earlier sizes count, what is not yet published does not."""
    report = checking.check(folder, SIGNER.verifier)
    assert report.findings == []
    assert (report.checkpoint.size, report.root) == (530, naive.root(ENTRIES[:530]))
    assert (report.entries, report.bundles, report.tiles) == (True, 4, 5)
    (folder / "tile/0/002.p/88").write_bytes(b"")
    (folder / "tile/0/001.p").mkdir()
    (folder / "tile/0/001.p/0x1").write_bytes(b"")
    assert codes(folder) == []


@given(data=st.data())
def test_any_changed_byte_is_found(made, tmp_path_factory, data):
    """In a tile or bundle that the checkpoint commits to; the finding names the file."""
    folder = tmp_path_factory.mktemp("copy") / "log"
    shutil.copytree(made, folder)
    path = data.draw(st.sampled_from(committed(folder)))
    kept = path.read_bytes()
    at = data.draw(st.integers(0, len(kept) - 1))
    changed = kept[:at] + bytes([kept[at] ^ 1 << data.draw(st.integers(0, 7))]) + kept[at + 1 :]
    for bad in (changed, kept[:at], kept + b"\0"):
        path.write_bytes(bad)
        report = checking.check(folder, SIGNER.verifier)
        assert report.findings
        number = path.relative_to(folder / "tile").parts[1][:3]
        assert any(f"/{number}" in str(params["path"]) for _, params in report.findings)
    shutil.rmtree(folder)


def test_where_it_differs(folder):
    """Tile, place in the tile, entry of the log."""
    tile = folder / "tile/0/001"
    data = bytearray(tile.read_bytes())
    data[32 * 7 + 3] ^= 1
    tile.write_bytes(data)
    [finding] = checking.check(folder, SIGNER.verifier).findings
    assert finding == ("tlog.tile_differs", {"path": "tile/0/001", "at": 7, "entry": 263})
    assert "tile/0/001: hash 7" in words.say(finding, "en")


def test_entries_and_tiles_changed_alike(folder):
    """Where somebody recomputed all tiles over a changed entry, the root tells."""
    log = TileLog(folder.parent / "forged")
    log.append([b"forged", *ENTRIES[1:530]])
    shutil.rmtree(folder / "tile")
    shutil.copytree(log.folder / "tile", folder / "tile")
    assert codes(folder) == ["root_differs"]


def test_hash_tiles_alone(folder):
    """Without entries the hashes are checked from level 0 up, and that is said."""
    shutil.rmtree(folder / "tile/entries")
    report = checking.check(folder, SIGNER.verifier)
    assert (report.entries, report.findings, report.tiles) == (False, [], 5)
    tile = folder / "tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert codes(folder) == ["tile_differs", "tile_differs", "root_differs"]


def test_a_full_tile_stands_in_for_a_partial_one(folder):
    """As tlog-tiles allows; a missing one is named."""
    log = TileLog(folder)
    log.append([b"x"] * 168)
    shutil.rmtree(folder / "tile/0/002.p")
    shutil.rmtree(folder / "tile/entries/002.p")
    assert codes(folder) == []
    (folder / "tile/0/002").unlink()
    (folder / "tile/entries/000").unlink()
    assert codes(folder) == ["missing", "missing"]


def hostile(folder: Path, name: str) -> None:
    """Put something odd in the place of a tile."""
    tile = folder / "tile/0/001"
    tile.unlink()
    if name == "folder":
        tile.mkdir()
    elif name == "pipe":
        os.mkfifo(tile)
    elif name == "loop":
        tile.symlink_to(tile)
    elif name == "device":
        tile.symlink_to("/dev/zero")
    elif name == "nowhere":
        tile.symlink_to("/nowhere/at/all")
    elif name == "long":
        tile.write_bytes(bytes(8193))
    elif name == "endless":
        with tile.open("wb") as file:
            file.truncate(1 << 40)


@pytest.mark.parametrize("name", ["folder", "pipe", "loop", "device", "nowhere", "long", "endless"])
def test_odd_things_in_the_place_of_a_tile(folder, name):
    """Each is a finding; none is read without end, waited for or fallen over."""
    hostile(folder, name)
    assert codes(folder)[0] in ("in_file", "missing", "tile_length")


@pytest.mark.parametrize("size", [531, 10**6, 2**40, 2**63, 2**64 - 1])
@pytest.mark.parametrize("with_entries", [True, False])
def test_a_signed_size_far_beyond_the_files(folder, size, with_entries):
    """It is said what is missing, soon, and without memory or time for so many tiles."""
    head = checkpoints.Checkpoint(SIGNER.name, size, bytes(32)).sign(SIGNER)
    (folder / "checkpoint").write_bytes(head)
    if not with_entries:
        shutil.rmtree(folder / "tile/entries")
    report = checking.check(folder, SIGNER.verifier)
    assert 0 < len(report.findings) <= checking.MOST_FINDINGS
    assert any(code == "tlog.missing" for code, _ in report.findings)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (None, LogError),
        (b"", Malformed),
        (b"\xff\xfe", Malformed),
        (b"log.example\n", Malformed),
        (bytes(2_000_000), LogError),
        (checkpoints.Checkpoint("x", 1, bytes(32)).sign(SIGNER), NotVerified),
        (notes.sign("log.example\n1\n", SIGNER), Malformed),
        (
            checkpoints.Checkpoint("log.example", 1, bytes(32)).sign(
                notes.Signer("log.example", b"x" * 32)
            ),
            NotVerified,
        ),
    ],
)
def test_a_checkpoint_that_is_none(folder, data, error):
    """Missing, cut, too long, of another log, by another key: refused before anything is read."""
    (folder / "checkpoint").unlink()
    if data is not None:
        (folder / "checkpoint").write_bytes(data)
    with pytest.raises(error):
        checking.check(folder, SIGNER.verifier)


def test_an_empty_log(tmp_path):
    """Nothing but a checkpoint of size 0, with the root of the empty tree or not."""
    head = checkpoints.Checkpoint(SIGNER.name, 0, hashing.root([]))
    (tmp_path / "checkpoint").write_bytes(head.sign(SIGNER))
    assert codes(tmp_path) == []
    wrong = checkpoints.Checkpoint(SIGNER.name, 0, bytes(32))
    (tmp_path / "checkpoint").write_bytes(wrong.sign(SIGNER))
    assert codes(tmp_path) == ["root_differs"]


def test_the_same_tree_in_sm3(folder):
    """A second log of the same entries under SM3, computed independently, checked from one set."""
    from cryptography.hazmat.primitives import hashes

    def digest(data: bytes) -> bytes:
        state = hashes.Hash(hashes.SM3())
        state.update(data)
        return state.finalize()

    log = TileLog(folder)
    beside = log.beside(hashing.sm3())
    assert beside.follow(log) == range(600)
    assert beside.follow(log) == range(600, 600)
    assert beside.root(530) == naive.root(ENTRIES[:530], digest)
    assert digest(b"abc").hex().startswith("66c7f0f462eeedd9")  # the standard's own example
    head = checkpoints.Checkpoint("log.example/sm3", 530, beside.root(530))
    beside.publish(head.sign(SIGNER))
    report = checking.check(
        beside.folder, SIGNER.verifier, "log.example/sm3", hashing=hashing.sm3(), entries=folder
    )
    assert (report.findings, report.entries) == ([], True)
    assert not (beside.folder / "tile/entries").exists()
