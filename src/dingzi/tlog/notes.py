"""Signed notes, after C2SP signed-note, with Ed25519 and cosignature/v1 keys (C2SP tlog-cosignature).

A key is written as one line: ``NAME+HASH+BASE64`` to verify with, ``PRIVATE+KEY+NAME+HASH+BASE64``
to sign with. Keys of kind 1 sign the text itself; keys of kind 4, a witness's, sign it with a time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .encoding import decode, encode, shown
from .errors import Malformed, NotVerified

#: kinds of keys: plain Ed25519, and Ed25519 with a time (cosignature/v1)
ED25519, COSIGNATURE = 1, 4
#: more signatures than any log has witnesses; a longer note is refused unread
MOST_SIGNATURES = 100
MOST_BYTES = 1_000_000

_KEY = re.compile(r"([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_PRIVATE = "PRIVATE+KEY+"
_CONTROL = re.compile("[\0-\x09\x0b-\x1f]")
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says it is by, the key's hash (4 bytes as int), the bytes after it."""

    name: str
    key_id: int
    signed: bytes

    def line(self) -> str:
        return f"{_DASH}{self.name} {encode(self.key_id.to_bytes(4, 'big') + self.signed)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a newline) and signatures that nobody has verified yet."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def encode(self) -> bytes:
        """Return the note as it is stored and sent."""
        return (self.text + "\n" + "".join(s.line() for s in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A note whose ``verified`` signatures hold, each once; the rest are by keys not asked for."""

    note: Note
    verified: tuple[Signature, ...]

    @property
    def text(self) -> str:
        return self.note.text

    def by(self, verifier: Verifier) -> Signature | None:
        """Return the signature by this key, if it is there."""
        return next((s for s in self.verified if verifier.made(s)), None)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key: ``kind`` is ED25519 or COSIGNATURE, ``public`` 32 bytes."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey; raises Malformed, which never shows a private key."""
        if vkey.startswith(_PRIVATE):
            raise Malformed("private_given")
        name, kind, public = _parse_key(vkey, vkey)
        return cls(name, public, kind)

    @property
    def key_id(self) -> int:
        return _key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id:08x}+{encode(bytes([self.kind]) + self.public)}"

    def made(self, signature: Signature) -> bool:
        """Tell whether the signature claims to be by this key."""
        return signature.name == self.name and signature.key_id == self.key_id

    def holds(self, text: str, signature: Signature) -> bool:
        """Tell whether the signature is one over this text by this key."""
        if not self.made(signature):
            return False
        try:
            message, signed = text.encode(), signature.signed
            if self.kind == COSIGNATURE:
                message, signed = _timed(text, self.time(signature)), signed[8:]
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, Malformed, ValueError):
            return False
        return True

    def time(self, signature: Signature) -> int:
        """Return when a cosignature was made, in seconds since 1970; raises Malformed."""
        if len(signature.signed) != 72 or signature.signed[0] & 0x80:
            raise Malformed("bad_cosignature", name=shown(self.name))
        return int.from_bytes(signature.signed[:8], "big")


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key; ``seed`` (32 bytes) is never shown."""

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> Signer:
        """Make a new key; raises Malformed for a name with spaces or a plus sign."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, skey: str) -> Signer:
        """Read a skey; raises Malformed, which never shows the key."""
        if not skey.startswith(_PRIVATE):
            raise Malformed("bad_skey")
        name, kind, seed = _parse_key(skey.removeprefix(_PRIVATE), None)
        return cls(name, seed, kind)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, _key(self.seed)[1], self.kind)

    @property
    def skey(self) -> str:
        key_id = f"{self.verifier.key_id:08x}"
        return f"{_PRIVATE}{self.name}+{key_id}+{encode(bytes([self.kind]) + self.seed)}"

    def sign(self, text: str, at: int | None = None) -> Signature:
        """Sign a text; ``at`` (seconds since 1970) is for keys of kind COSIGNATURE and only they."""
        check_text(text)
        if (self.kind == COSIGNATURE) != (at is not None):
            raise ValueError("a time goes with a cosignature and only with it")
        key, public = _key(self.seed)
        if at is None:
            signed = key.sign(text.encode())
        else:
            signed = at.to_bytes(8, "big") + key.sign(_timed(text, at))
        return Signature(self.name, _key_id(self.name, self.kind, public), signed)


def sign(text: str, *signers: Signer) -> bytes:
    """Return a note with a text signed by each (of kind ED25519); raises Malformed."""
    return Note(text, tuple(signer.sign(text) for signer in signers)).encode()


def parse(data: bytes) -> Note:
    """Read a note without verifying anything; raises Malformed."""
    if len(data) > MOST_BYTES:
        raise Malformed("note_too_long", bytes=len(data))
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("not_utf8") from error
    if "\r\n" in whole:
        raise Malformed("line_ends")
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise Malformed("no_signatures")
    text += "\n"
    check_text(text)
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed("too_many_signatures", number=len(lines), most=MOST_SIGNATURES)
    return Note(text, tuple(_parse_line(line) for line in lines))


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Opened:
    """Read a note and verify it.

    Signatures by other keys are passed over. Raises Malformed, and NotVerified where one by a known
    key does not hold or none is by a known key.
    """
    note = parse(data)
    known = tuple(verifiers)
    verified: list[Signature] = []
    for signature in note.signatures:
        verifier = next((v for v in known if v.made(signature)), None)
        if verifier is None or any(verifier.made(s) for s in verified):
            continue
        if not verifier.holds(note.text, signature):
            raise NotVerified("bad_signature", name=shown(signature.name))
        verified.append(signature)
    if not verified:
        raise NotVerified("no_known_signature")
    return Opened(note, tuple(verified))


def check_name(name: str) -> None:
    """Raise Malformed for a name that a key cannot have."""
    bad = any(c.isspace() or c < " " or "\ud800" <= c <= "\udfff" for c in name)
    if not name or "+" in name or bad:
        raise Malformed("bad_name", name=shown(name))


def check_text(text: str) -> None:
    """Raise Malformed for a text that a note cannot have."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Malformed("bad_text")


@lru_cache(16)
def _key(seed: bytes) -> tuple[Ed25519PrivateKey, bytes]:
    """Return a private key and its public one: making them takes longer than signing."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, key.public_key().public_bytes_raw()


def _parse_line(line: str) -> Signature:
    name, gap, code = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap:
        raise Malformed("bad_signature_line", line=shown(line))
    check_name(name)
    data = decode(code)
    if len(data) < 5:
        raise Malformed("bad_signature_line", line=shown(line))
    return Signature(name, int.from_bytes(data[:4], "big"), data[4:])


def _parse_key(text: str, told: str | None) -> tuple[str, int, bytes]:
    """Return name, kind and 32 bytes; ``told`` is what a message may repeat."""
    wrong = Malformed("bad_skey") if told is None else Malformed("bad_vkey", text=shown(told))
    match = _KEY.fullmatch(text)
    if match is None:
        raise wrong
    name, key_id, code = match.groups()
    try:
        check_name(name)
        data = decode(code)
    except Malformed:
        raise wrong from None
    if len(data) != 33 or data[0] not in (ED25519, COSIGNATURE):
        raise wrong
    kind, key = data[0], data[1:]
    public = key
    if told is None:
        public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    if _key_id(name, kind, public) != int(key_id, 16):
        raise wrong
    return name, kind, key


def _key_id(name: str, kind: int, public: bytes) -> int:
    whole = name.encode() + b"\n" + bytes([kind]) + public
    return int.from_bytes(hashlib.sha256(whole).digest()[:4], "big")


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
