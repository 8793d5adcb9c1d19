"""A log in a folder: what is appended can be read, proved and published."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.tlog import checkpoints, hashing, notes, proofs
from dingzi.tlog.errors import LogError, Malformed
from dingzi.tlog.log import TileLog
from tests.tlog import naive

SIGNER = notes.Signer("log.example/test", bytes(32))


def entries(count: int, seed: int = 1) -> list[bytes]:
    draw = random.Random(seed)
    return [draw.randbytes(draw.randrange(30)) for _ in range(count)]


def test_an_empty_log(tmp_path):
    """It has the root of the empty tree, and no file is made by looking."""
    log = TileLog(tmp_path / "log")
    assert (log.size(), log.root(), log.published()) == (0, naive.root([]), None)
    assert log.consistency(0, 0) == []
    assert list(log.read()) == []
    assert list(tmp_path.iterdir()) == []


@given(batches=st.lists(st.integers(0, 600), max_size=8), reopen=st.booleans())
def test_batches_of_any_size(tmp_path_factory, batches, reopen):
    """However a log is cut into batches, its entries, roots and files come out the same."""
    log = TileLog(tmp_path_factory.mktemp("log"))
    given_entries = entries(sum(batches))
    at = 0
    for count in batches:
        if reopen:
            log = TileLog(log.folder)
        assert log.append(given_entries[at : at + count]) == range(at, at + count)
        at += count
    assert list(log.read()) == given_entries
    assert log.root() == naive.root(given_entries)
    assert TileLog(log.folder).size() == at


def test_reads_of_every_kind(tmp_path):
    """Single entries, slices and leaf hashes, across bundles."""
    log = TileLog(tmp_path)
    all_of_them = entries(700)
    log.append(all_of_them)
    assert [log.entry(i) for i in (0, 255, 256, 699)] == [
        all_of_them[i] for i in (0, 255, 256, 699)
    ]
    assert list(log.read(250, 520)) == all_of_them[250:520]
    assert log.leaf_hash(300) == hashing.leaf_hash(all_of_them[300])
    for wrong in (
        lambda: log.entry(700),
        lambda: log.entry(-1),
        lambda: log.root(701),
        lambda: log.inclusion(5, 5),
    ):
        with pytest.raises(LogError):
            wrong()


def test_a_reader_sees_what_another_writes(tmp_path):
    """A reader opened before follows the log; old sizes stay readable."""
    writer, reader = TileLog(tmp_path), TileLog(tmp_path)
    all_of_them = entries(900)
    for at in range(0, 900, 90):
        writer.append(all_of_them[at : at + 90])
        if at == 450:
            writer.settle()
        size = reader.size()
        assert reader.root(size) == naive.root(all_of_them[:size])
        proof = reader.inclusion(at, size)
        proofs.verify_inclusion(reader.leaf_hash(at), at, size, proof, reader.root(size))
    assert reader.root(450) == naive.root(all_of_them[:450])


def test_an_entry_that_is_too_long(tmp_path):
    """65,535 bytes fit, one more refuses the whole batch."""
    log = TileLog(tmp_path)
    with pytest.raises(Malformed) as refused:
        log.append([b"a", bytes(65_536)])
    assert refused.value.reason == (
        "tlog.entry_too_long", {"number": 1, "bytes": 65_536, "most": 65_535},
    )  # fmt: skip
    assert log.size() == 0
    log.append([bytes(65_535)])
    assert log.entry(0) == bytes(65_535)


def test_a_log_of_hashes_takes_hashes(tmp_path):
    """Anything else is refused, and nothing is written."""
    log = TileLog(tmp_path / "log", entries=False)
    with pytest.raises(Malformed):
        log.append([bytes(32), b"short"])
    assert list(tmp_path.iterdir()) == []
    log.append([hashing.leaf_hash(entry) for entry in entries(300)])
    assert log.root() == naive.root(entries(300))


def test_a_damaged_checkpoint_is_named(tmp_path):
    """It is not published over: somebody must look. An empty one is what a power cut leaves."""
    log = TileLog(tmp_path)
    log.append(entries(3))
    signed = checkpoints.Checkpoint(SIGNER.name, 3, log.root()).sign(SIGNER)
    (tmp_path / "checkpoint").write_bytes(signed[:20])
    with pytest.raises(LogError, match="checkpoint is damaged"):
        log.publish(signed)
    (tmp_path / "checkpoint").write_bytes(b"")
    assert log.published() is None
    log.publish(signed, sync=False)
    assert log.published() == signed


@pytest.mark.parametrize("spoiled", ["tile/0/002.p/88", "tile/1/000.p/2"])
def test_no_head_over_tiles_that_lie_otherwise_on_disk(tmp_path, spoiled):
    """What the writer remembers is no proof of what a stranger will read."""
    log = TileLog(tmp_path)
    log.append(entries(500))
    log.publish(checkpoints.Checkpoint(SIGNER.name, 500, log.root()).sign(SIGNER))
    before = log.published()
    log.append(entries(100))
    tile = tmp_path / spoiled
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    head = checkpoints.Checkpoint(SIGNER.name, 600, log._writer.root()).sign(SIGNER)
    with pytest.raises(LogError, match="600"):
        log.publish(head)
    tile.unlink()
    with pytest.raises(LogError):
        log.publish(head)
    assert log.published() == before


def test_publishing(tmp_path):
    """Only the log's own heads, never backwards, never two of one size."""
    log = TileLog(tmp_path)
    log.append(entries(300))
    for size in (10, 290, 300):
        head = checkpoints.Checkpoint(SIGNER.name, size, log.root(size)).sign(SIGNER)
        log.publish(head)
        assert log.published() == head
    assert (tmp_path / "tile/0/001.p/34").exists()  # size 290 was published, so it is served
    for wrong in (
        checkpoints.Checkpoint(SIGNER.name, 300, bytes(32)),
        checkpoints.Checkpoint(SIGNER.name, 299, log.root(299)),
        checkpoints.Checkpoint("other.example", 300, log.root(300)),
        checkpoints.Checkpoint(SIGNER.name, 300, log.root(300), ("another line",)),
        checkpoints.Checkpoint(SIGNER.name, 301, log.root(300)),
    ):
        with pytest.raises(LogError):
            log.publish(wrong.sign(SIGNER))
    assert log.published() == head
    witness = notes.Signer("witness.example", b"w" * 32, notes.COSIGNATURE)
    signature = witness.sign(notes.parse(head).text, at=1_700_000_000)
    log.publish(head + signature.line().encode())
    assert log.published() == head + signature.line().encode()


@given(old=st.integers(0, 600), more=st.integers(1, 600))
def test_the_root_to_come_is_known_before_anything_is_written(tmp_path_factory, old, more):
    """``root_with`` over any size and any batch is the root that the log then has."""
    log = TileLog(tmp_path_factory.mktemp("log"))
    every = entries(old + more)
    log.append(every[:old])
    foretold = log.root_with([hashing.leaf_hash(one) for one in every[old:]])
    log.append(every[old:], sync=False)
    assert log.root() == foretold
