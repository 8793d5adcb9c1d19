"""Keys, signed notes, cosignatures, checkpoints: what is written, what is refused."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from dingzi.tlog import checkpoints, notes
from dingzi.tlog.encoding import encode
from dingzi.tlog.errors import Malformed, NotVerified

LOG = notes.Signer("log.example/钉", b"l" * 32)
OTHER = notes.Signer("other.example", b"o" * 32)
WITNESS = notes.Signer("witness.example", b"w" * 32, notes.COSIGNATURE)
HEAD = checkpoints.Checkpoint(LOG.name, 3, hashlib.sha256(b"root").digest())


def test_a_note_byte_by_byte():
    """Text, empty line, dash, name, base64 of key hash and Ed25519 signature over the text."""
    text = "an example\n\nwith an empty line\n"
    seed, name = bytes(range(32)), "log.example/a"
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    key_hash = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    line = f"— {name} {encode(key_hash + private.sign(text.encode()))}\n"
    signer = notes.Signer(name, seed)
    assert notes.sign(text, signer) == f"{text}\n{line}".encode()
    assert signer.verifier.vkey == f"{name}+{key_hash.hex()}+{encode(bytes([1]) + public)}"
    assert signer.skey == f"PRIVATE+KEY+{name}+{key_hash.hex()}+{encode(bytes([1]) + seed)}"


def test_a_cosignature_byte_by_byte():
    """Time in 8 bytes, then the signature over header, time and checkpoint; a key hash of its own."""
    text, at = HEAD.text(), 1_679_315_147
    private = Ed25519PrivateKey.from_private_bytes(WITNESS.seed)
    public = private.public_key().public_bytes_raw()
    made = WITNESS.sign(text, at)
    assert made.signed[:8] == at.to_bytes(8, "big")
    private.public_key().verify(made.signed[8:], f"cosignature/v1\ntime {at}\n{text}".encode())
    key_hash = hashlib.sha256(b"witness.example\n\x04" + public).digest()[:4]
    assert made.key_id == int.from_bytes(key_hash, "big")
    assert WITNESS.verifier.time(made) == at


def test_keys_are_read_as_written():
    """Of both kinds, private and public."""
    for signer in (LOG, WITNESS, notes.Signer.generate("new.example/x")):
        assert notes.Signer.parse(signer.skey) == signer
        assert notes.Verifier.parse(signer.verifier.vkey) == signer.verifier
        assert signer.skey not in repr(signer) and repr(signer.seed) not in repr(signer)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "name",
        "name+12345678",
        "name+12345678+AQ==",
        LOG.verifier.vkey.replace("+", "-"),
        LOG.verifier.vkey + "\n",
        LOG.verifier.vkey + "=",
        LOG.verifier.vkey.replace("log.", "lug."),
        "+" + LOG.verifier.vkey.partition("+")[2],
        f"a b+00000000+{encode(bytes(33))}",
        f"x+00000000+{encode(bytes([5] * 33))}",
        "名" * 5000,
        "\udcff+00000000+AAAA",
        LOG.skey,
    ],
)
def test_what_is_no_verifier_key(bad):
    """Cut, other name or hash, unknown kind, a private key: refused, and never shown if private."""
    with pytest.raises(Malformed) as refused:
        notes.Verifier.parse(bad)
    assert LOG.skey[-20:] not in str(refused.value)
    with pytest.raises(Malformed) as refused:
        notes.Signer.parse(bad[:-2] if bad == LOG.skey else bad)
    assert refused.value.reason == ("tlog.bad_skey", {})


def test_several_signers():
    """Each known key that signed is verified, strangers are passed over, at least one is needed."""
    note = notes.sign(HEAD.text(), LOG, OTHER)
    both = notes.open_note(note, [LOG.verifier, OTHER.verifier])
    assert [s.name for s in both.verified] == [LOG.name, OTHER.name]
    one = notes.open_note(note, [OTHER.verifier, WITNESS.verifier])
    assert [s.name for s in one.verified] == [OTHER.name]
    with pytest.raises(NotVerified, match="no signature is by the key"):
        notes.open_note(note, [WITNESS.verifier])
    with pytest.raises(NotVerified):
        notes.open_note(note, [])


def test_a_known_key_whose_signature_fails_spoils_the_note():
    """Even where another one holds; a signature by the same key twice counts once."""
    good = notes.parse(notes.sign(HEAD.text(), LOG))
    forged = notes.Signature(OTHER.name, OTHER.verifier.key_id, bytes(64))
    mixed = notes.Note(good.text, (*good.signatures, forged)).encode()
    with pytest.raises(NotVerified, match=r"other\.example"):
        notes.open_note(mixed, [LOG.verifier, OTHER.verifier])
    assert notes.open_note(mixed, [LOG.verifier]).verified == good.signatures
    twice = notes.Note(good.text, good.signatures * 2).encode()
    assert len(notes.open_note(twice, [LOG.verifier]).verified) == 1


@given(st.data())
def test_any_changed_byte_is_refused(data):
    """Whatever byte of a signed checkpoint is changed, dropped or added, it no longer opens."""
    note = HEAD.sign(LOG)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != note[at]))
    for changed in (
        note[:at] + bytes([other]) + note[at + 1 :],
        note[:at] + note[at + 1 :],
        note[:at],
    ):
        with pytest.raises((Malformed, NotVerified)):
            checkpoints.open_checkpoint(changed, LOG.verifier)


@given(st.binary(max_size=200) | st.text(alphabet="— \nabA+/=01", max_size=80).map(str.encode))
@example("a\n\n— n AAAAAAA\n".encode())
@example(b"a\n\n\n")
def test_bad_notes_are_malformed_and_nothing_else(data):
    """No bytes make the reader fail in another way."""
    try:
        note = notes.parse(data)
    except Malformed as error:
        assert error.code.startswith("tlog.")
    else:
        assert note.encode() == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n3\n",
        "log\n3\nAAAA\n",
        f"log\n03\n{encode(bytes(32))}\n",
        f"log\n+3\n{encode(bytes(32))}\n",
        f"log\n٣\n{encode(bytes(32))}\n",
        f"log\n{2**64}\n{encode(bytes(32))}\n",
        f"log\n{'9' * 5000}\n{encode(bytes(32))}\n",
        f"\n3\n{encode(bytes(32))}\n",
        f"log\n3\n{encode(bytes(32))}\n\n",
        f"log\n3\n{encode(bytes(32))}\n\nmore\n",
        f"log\n3\n{encode(bytes(32))}",
        f"log\n3\n{encode(bytes(31))}\n",
        f"log\n3\n{encode(bytes(32))[:-2]}B=\n",
        f"log\n3 \n{encode(bytes(32))}\n",
    ],
)
def test_what_is_no_checkpoint(text):
    """Signs, zeroes, other digits, cut or loose base64, empty lines."""
    with pytest.raises(Malformed):
        checkpoints.parse(text)


def test_a_checkpoint_with_more_lines():
    """Further lines are kept and are part of what is signed; the origin must be the expected one."""
    head = checkpoints.Checkpoint("an origin with spaces", 2**64 - 1, bytes(32), ("more", "lines"))
    read, _ = checkpoints.open_checkpoint(head.sign(LOG), LOG.verifier, "an origin with spaces")
    assert read == head
    with pytest.raises(NotVerified, match="not of"):
        checkpoints.open_checkpoint(head.sign(LOG), LOG.verifier)
    for wrong in ({"origin": ""}, {"origin": "a\nb"}, {"size": -1}, {"root": b""}):
        with pytest.raises(Malformed):
            checkpoints.Checkpoint(**{"origin": "a", "size": 0, "root": bytes(32), **wrong})


def test_cosigned():
    """Only witnesses' keys count, and only signatures that hold."""
    head = HEAD.sign(LOG)
    note = notes.parse(head + WITNESS.sign(HEAD.text(), 7).line().encode())
    assert checkpoints.cosigned(note, [LOG.verifier, WITNESS.verifier]) == {WITNESS.name: 7}
    late = WITNESS.sign(note.text, 8)
    changed = notes.Signature(late.name, late.key_id, bytes(8) + late.signed[8:])
    bent = notes.parse(head + changed.line().encode())
    assert not checkpoints.cosigned(bent, [WITNESS.verifier])


def test_line_ends_that_were_changed_are_named():
    """A mail program or an editor made CR LF of them: what was signed had LF."""
    head = HEAD.sign(LOG)
    with pytest.raises(Malformed, match="CR LF"):
        notes.parse(head.replace(b"\n", b"\r\n"))
