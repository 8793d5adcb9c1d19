"""A witness cosigns what follows from what it saw, and refuses all else with a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.tlog import checkpoints, hashing, notes, witness
from dingzi.tlog.errors import Malformed
from tests.tlog import naive

LOG = notes.Signer("log.example", b"l" * 32)
WITNESS = notes.Signer("witness.example", b"w" * 32, notes.COSIGNATURE)
ENTRIES = [b"%d" % n for n in range(40)]
FORKED = [*ENTRIES[:9], b"another", *ENTRIES[10:]]


def head(size: int, entries: list[bytes] = ENTRIES, signer: notes.Signer = LOG) -> bytes:
    return checkpoints.Checkpoint(LOG.name, size, naive.root(entries[:size])).sign(signer)


def ask(old: int, new: int, seen: bytes | None, shown: bytes | None = None, proof=None):
    proof = naive.consistency(old, ENTRIES[:new]) if proof is None else proof
    request = witness.Request(old, tuple(proof), shown or head(new))
    assert witness.Request.parse(request.encode()) == request
    return witness.consider(request, seen, LOG.verifier, WITNESS, 1_700_000_000)


def code(answer: witness.Cosigned | witness.Refused) -> str:
    assert isinstance(answer, witness.Refused)
    return answer.reason[0].removeprefix("tlog.witness_")


@given(st.lists(st.integers(0, 40), min_size=1).map(sorted))
def test_a_growing_log_is_cosigned(sizes):
    """From the first head on, and the same head again."""
    seen, last = None, 0
    for size in sizes:
        answer = ask(last, size, seen)
        assert isinstance(answer, witness.Cosigned)
        opened = notes.open_note(answer.note, [LOG.verifier, WITNESS.verifier])
        assert len(opened.verified) == 2
        assert witness.encode_signatures([answer.signature]).decode() in answer.note.decode()
        seen, last = answer.note, size


def test_strangers_signatures_are_not_kept():
    """However many somebody added to a good head, what is stored can be read the next time."""
    note = notes.parse(head(20))
    crowd = tuple(notes.Signature(f"x{n}", n, bytes(64)) for n in range(99))
    answer = ask(0, 20, None, notes.Note(note.text, (*crowd, *note.signatures)).encode())
    assert isinstance(answer, witness.Cosigned)
    assert [s.name for s in notes.parse(answer.note).signatures] == [LOG.name, WITNESS.name]
    assert isinstance(ask(20, 30, answer.note), witness.Cosigned)
    long = checkpoints.Checkpoint(LOG.name, 20, naive.root(ENTRIES[:20]), ("x" * 600_000,))
    assert code(ask(0, 20, None, long.sign(LOG))) == "malformed"


def test_a_fork_is_evidence_that_anybody_can_check():
    """Two roots of one size under the log's signature."""
    answer = ask(20, 20, head(20), head(20, FORKED), [])
    assert code(answer) == "fork"
    kept = witness.Evidence.parse(answer.evidence.encode())
    assert kept == answer.evidence
    assert kept.convicts(LOG.verifier)
    assert not kept.convicts(notes.Signer(LOG.name, b"x" * 32).verifier)


def test_a_rollback_is_refused_and_kept():
    """A head smaller than the one seen; no proof of guilt by itself."""
    answer = ask(0, 10, head(20))
    assert (code(answer), answer.status) == ("rollback", 400)
    assert (answer.evidence.seen, answer.evidence.shown) == (head(20), head(10))
    assert not answer.evidence.convicts(LOG.verifier)


def test_a_proof_that_does_not_hold():
    """A forked log that grew, and proofs cut, changed or of another size."""
    answer = ask(20, 30, head(20), head(30, FORKED))
    assert (code(answer), answer.status) == ("bad_proof", 422)
    assert answer.evidence.code == "bad_proof"
    good = naive.consistency(20, ENTRIES[:30])
    for proof in ([], good[:-1], [*good, bytes(32)], [bytes(32), *good[1:]]):
        assert code(ask(20, 30, head(20), proof=proof)) == "bad_proof"
    assert code(ask(19, 30, head(20))) == "other_size"
    assert code(ask(0, 30, None, proof=good)) == "bad_proof"
    empty = checkpoints.Checkpoint(LOG.name, 0, hashing.leaf_hash(b"")).sign(LOG)
    assert code(ask(0, 0, None, empty)) == "bad_proof"


def test_strangers_are_no_evidence():
    """Other signatures, other logs, no checkpoint at all."""
    stranger = notes.Signer(LOG.name, b"s" * 32)
    other = checkpoints.Checkpoint("other.example", 9, bytes(32)).sign(LOG)
    spoiled = head(20).replace(b"\n20\n", b"\n21\n")
    for shown, expected, status in (
        (head(30, signer=stranger), "bad_signature", 403),
        (spoiled, "bad_signature", 403),
        (other, "unknown_log", 404),
        (b"\xff", "malformed", 400),
        (notes.sign("a text\n", LOG), "malformed", 400),
    ):
        answer = ask(20, 30, head(20), shown)
        assert (code(answer), answer.status, answer.evidence) == (expected, status, None)


@given(st.binary(max_size=100) | st.text(alphabet="old 0123\nA=", max_size=60).map(str.encode))
def test_bad_requests(data):
    """They are malformed, and nothing else."""
    for parse in (witness.Request.parse, witness.Evidence.parse):
        with pytest.raises(Malformed):
            parse(data)


@pytest.mark.parametrize(
    "body",
    [
        b"old 1\n",
        b"old -1\n\nx",
        b"old 01\n\nx",
        b"new 1\n\nx",
        b"old 1\nAAAA\n\nx",
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\nx",
        b"old 1\n" + (b"A" * 43 + b"=\n") * 64 + b"\nx",
    ],
)
def test_requests_of_another_form(body):
    """Signs, zeroes, short hashes, more hashes than any tree is high."""
    with pytest.raises(Malformed):
        witness.Request.parse(body)
