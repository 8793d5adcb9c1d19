"""Proofs for every index and size, against RFC 6962 read literally."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.tlog import hashing, proofs
from dingzi.tlog.errors import NotVerified
from dingzi.tlog.log import TileLog
from tests.tlog import naive

MOST = 300
ENTRIES = [f"entry {n}".encode() for n in range(MOST)]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    log = TileLog(tmp_path_factory.mktemp("log"))
    log.append(ENTRIES)
    return log


def test_known_roots():
    """RFC 6962's empty tree, and a tree of one empty leaf."""
    assert hashing.root([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert hashing.root([hashing.leaf_hash(b"")]).hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )


@pytest.mark.parametrize("size", [*range(1, 36), 63, 64, 65, 127, 128, 255, 256, 257, 299, 300])
def test_every_proof_of_a_size(log, size):
    """Every inclusion and consistency proof is the RFC's and verifies."""
    root = naive.root(ENTRIES[:size])
    assert log.root(size) == root
    for at in range(size):
        proof = log.inclusion(at, size)
        assert proof == naive.inclusion(at, ENTRIES[:size])
        proofs.verify_inclusion(hashing.leaf_hash(ENTRIES[at]), at, size, proof, root)
        proof = log.consistency(at, size)
        assert proof == naive.consistency(at, ENTRIES[:size])
        proofs.verify_consistency(at, size, log.root(at), root, proof)


@given(st.data())
def test_a_changed_proof_is_refused(log, data):
    """A flipped bit, a lost, doubled or strange hash, another index or size: never accepted."""
    size = data.draw(st.integers(2, MOST))
    at = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    root, leaf = log.root(size), hashing.leaf_hash(ENTRIES[at])
    for proof, holds in (
        (
            log.inclusion(at, size),
            lambda proof: proofs.verify_inclusion(leaf, at, size, proof, root),
        ),
        (
            log.consistency(old, size),
            lambda proof: proofs.verify_consistency(old, size, log.root(old), root, proof),
        ),
    ):
        spot = data.draw(st.integers(0, len(proof) - 1))
        bit = 1 << data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[spot], "big") ^ bit).to_bytes(32, "big")
        for bad in (
            [*proof[:spot], flipped, *proof[spot + 1 :]],
            proof[:spot] + proof[spot + 1 :],
            [*proof[:spot], *proof[spot:][:1], *proof[spot:]],
            [*proof, root],
            [*proof[:spot], proof[spot][:31], *proof[spot + 1 :]],
        ):
            with pytest.raises(NotVerified):
                holds(bad)
    for wrong in ((at + size, size), (-1, size), (at, at)):
        with pytest.raises(NotVerified):
            proofs.verify_inclusion(leaf, *wrong, log.inclusion(at, size), root)
    with pytest.raises(NotVerified):
        proofs.verify_consistency(size, old, root, log.root(old), log.consistency(old, size))
