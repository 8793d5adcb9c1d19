"""The signed reference that the QR of a receipt holds: it opens the matter and is evidence by itself.

``SITE_URL/r#2.MATTER.SECRET.ACT.UNTIL.ENTRY.SIGNATURE``, at most 200 bytes: the number of the act among
the matter's, the second by which it is promised to be sealed, 16 bytes of its entry's hash, and the
signature (with its key's id) of the key of promises over all but the secret. Who holds a printed
receipt can show that the city signed it, whatever became of the site. Where the site's address is so
long that it would not fit, the reference is left unsigned (form 1).
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from dingzi.matters import receipts as slips
from dingzi.matters.models import Event, Matter, event_id
from dingzi.tlog.errors import TlogError
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.notes import Signature, Verifier

from . import keys
from .leaves import leaf
from .receipts import promiser, until

#: Bytes of the longest address that a QR holds.
LONGEST = 200
#: Bytes of the entry's hash that are signed.
HASH = 16
_FORM = re.compile(
    r"2\.(?P<matter>[0-9A-Z]{1,10})\.(?P<secret>[0-9A-Z]{12})\.(?P<act>[1-9][0-9]{0,8})"
    r"\.(?P<until>[1-9][0-9]{0,10})\.(?P<entry>[A-Za-z0-9_-]{22})\.(?P<signed>[A-Za-z0-9_-]{91})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference says, its signature verified: act, entry (16 bytes of its hash), until when."""

    act: int
    entry: bytes
    until: datetime


def url(matter: Matter, event: Event) -> str:
    """Return the address that the QR of an act's receipt holds.

    Unsigned before keys are named, which the steward does with its first sealing (a page that is
    read writes nothing), and while they are not there.
    """
    try:
        now = keys.named()
        signer = promiser(now.promise) if now else None
    except keys.KeyTrouble:
        now = signer = None
    if now is None or signer is None:
        return slips.url(matter)
    opens = slips.reference(matter).partition(".")[2]
    at = int(until(event).timestamp())
    entry = _text(leaf_hash(leaf(event))[:HASH])
    signed = signer.sign(_said(now.origin, opens.partition(".")[0], event.seq, at, entry))
    code = _text(signed.key_id.to_bytes(4, "big") + signed.signed)
    made = f"{settings.SITE_URL}/r#2.{opens}.{event.seq}.{at}.{entry}.{code}"
    return made if len(made.encode()) <= LONGEST else slips.url(matter)


def url_of_filing(matter: Matter) -> str:
    """Return the address for the receipt of the act that opened a matter."""
    return url(matter, Event.objects.get(id=event_id(matter.id, 1)))


def parse(text: str) -> re.Match[str] | None:
    """Find a signed reference in what somebody scanned or typed; None where there is none."""
    return _FORM.fullmatch(text.strip().rpartition("#")[2])


def verify(text: str, promises: Iterable[Verifier]) -> Reference | None:
    """Verify a signed reference against the city's keys of promises; None for what does not hold."""
    found = parse(text)
    if found is None:
        return None
    code = _bytes(found["signed"])
    for one in promises:
        signature = Signature(one.name, int.from_bytes(code[:4], "big"), code[4:])
        origin = one.name.removesuffix("/promise")
        said = _said(
            origin, found["matter"], int(found["act"]), int(found["until"]), found["entry"]
        )
        try:
            if one.holds(said, signature):
                at = datetime.fromtimestamp(int(found["until"]), UTC)
                return Reference(int(found["act"]), _bytes(found["entry"]), at)
        except (TlogError, ValueError, OverflowError, OSError):
            return None
    return None


def _said(origin: str, matter: str, act: int, at: int, entry: str) -> str:
    return f"dingzi reference 1\n{origin}\n{matter}.{act}\n{entry}\n{at}\n"


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
