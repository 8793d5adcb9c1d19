"""Proofs that stand alone: written, read, and refused when anything in them is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.tlog import checkpoints, hashing, notes, standalone
from dingzi.tlog.encoding import encode
from dingzi.tlog.errors import Malformed, NotVerified
from tests.tlog import naive

LOG = notes.Signer("log.example", b"l" * 32)
WITNESS = notes.Signer("witness.example", b"w" * 32, notes.COSIGNATURE)
ENTRIES = [b"%d" % n for n in range(21)]
NOTE = notes.parse(checkpoints.Checkpoint(LOG.name, 21, naive.root(ENTRIES)).sign(LOG))


def proof(index: int = 5, extra: bytes | None = None) -> standalone.StandaloneProof:
    note = NOTE.encode() + WITNESS.sign(NOTE.text, 1_700_000_000).line().encode()
    return standalone.StandaloneProof(index, tuple(naive.inclusion(index, ENTRIES)), note, extra)


@pytest.mark.parametrize("extra", [None, b"", b"out of band"])
def test_the_text(extra):
    """Header, extra, index, hashes, an empty line, the checkpoint as it was signed."""
    made = proof(extra=extra)
    lines = made.encode().decode().split("\n")
    assert lines.pop(0) == "c2sp.org/tlog-proof@v1"
    if extra is not None:
        assert lines.pop(0) == f"extra {encode(extra)}"
    assert lines[:6] == ["index 5", *map(encode, made.path)]
    assert lines[6] == ""
    assert "\n".join(lines[7:]).encode() == made.checkpoint
    assert standalone.parse(made.encode()) == made


def test_it_verifies_without_the_log():
    """With entry, key and text alone; witnesses are counted where asked for."""
    leaf = hashing.leaf_hash(ENTRIES[5])
    found = proof().verify(leaf, LOG.verifier, witnesses=[WITNESS.verifier], quorum=1)
    assert (found.checkpoint.size, found.cosigned) == (21, {WITNESS.name: 1_700_000_000})
    with pytest.raises(NotVerified, match="1 witnesses cosigned, 2 are needed"):
        proof().verify(leaf, LOG.verifier, witnesses=[WITNESS.verifier], quorum=2)
    with pytest.raises(NotVerified, match="root"):
        proof().verify(hashing.leaf_hash(b"6"), LOG.verifier)
    with pytest.raises(NotVerified):
        proof().verify(leaf, LOG.verifier, origin="other.example")


@given(st.data())
def test_any_changed_byte_is_refused(data):
    """A byte changed, lost or the end cut off: malformed or not verified."""
    text = proof(data.draw(st.integers(0, 20))).encode()
    text = text[: text.rindex("— ".encode())]  # the log's own signature, no witness's
    index = standalone.parse(text).index
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[at]))
    for changed in (
        text[:at] + bytes([other]) + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[:at],
    ):
        with pytest.raises((Malformed, NotVerified)):
            standalone.parse(changed).verify(hashing.leaf_hash(ENTRIES[index]), LOG.verifier)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_proof(data):
    """They are malformed, and nothing else."""
    for body in (data, b"c2sp.org/tlog-proof@v1\n" + data):
        with pytest.raises(Malformed):
            standalone.parse(body)
