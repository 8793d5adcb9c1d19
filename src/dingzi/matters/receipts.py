"""What a citizen holds: a number and a secret; nothing of it is stored.

The secret is an HMAC of the matter's id and the receipt's version under the key outside the
database: 60 bits in twelve characters without look-alikes. A lost receipt is replaced by raising
the version (an act), after which the old one opens nothing. The QR holds ``SITE_URL/r#REFERENCE``;
what follows ``#`` reaches no server by itself. REFERENCE begins with the form's version: 1 is form,
matter, secret; 2 adds what makes it evidence by itself (``dingzi.ledger.references``).
"""

from __future__ import annotations

import hmac

from django.conf import settings

from dingzi.city.viewer import Viewer, receipt
from dingzi.core.errors import NotFound

from .models import Matter

#: Crockford's base 32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
FORM, SIGNED = "1", "2"


def secret(matter_id: int, version: int) -> str:
    """Return the receipt's secret, ``XXXX-XXXX-XXXX``."""
    made = hmac.digest(settings.EVENT_KEY, f"receipt:{matter_id}:{version}".encode(), "sha256")
    value = int.from_bytes(made[:8], "big")
    text = "".join(ALPHABET[(value >> (5 * i)) & 31] for i in range(12))
    return "-".join(text[i : i + 4] for i in (0, 4, 8))


def secret_of(matter: Matter) -> str:
    return secret(matter.id, matter.receipt)


def reference(matter: Matter) -> str:
    """Return what the QR holds after ``#``: form, matter, secret."""
    return f"{FORM}.{_encode(matter.id)}.{secret_of(matter).replace('-', '')}"


def url(matter: Matter) -> str:
    return f"{settings.SITE_URL}/r#{reference(matter)}"


def open_by_number(number: str, given: str) -> tuple[Matter, Viewer]:
    """Return the matter and its viewer; NotFound, without saying which part was wrong."""
    number = number.replace("\0", "").strip()
    matter = Matter.objects.filter(number=number, parent=None).first()
    return _opened(matter, given)


def open_by_reference(text: str) -> tuple[Matter, Viewer]:
    form, encoded, given, *signed = (*text.strip().split(".", 3), "", "")
    matter = None
    known = form == SIGNED or (form == FORM and not any(signed))
    if known and encoded and len(encoded) <= 10:
        try:
            matter = Matter.objects.filter(id=_decode(encoded), parent=None).first()
        except ValueError:
            matter = None
    return _opened(matter, given)


def _opened(matter: Matter | None, given: str) -> tuple[Matter, Viewer]:
    cleaned = given.upper().replace("-", "").replace(" ", "").translate(_LIKE)
    expected = secret_of(matter) if matter else secret(0, 0)
    same = hmac.compare_digest(cleaned.encode(), expected.replace("-", "").encode())
    if matter is None or not same:
        raise NotFound.of("no_such_receipt")
    return matter, receipt(matter.id)


def _encode(value: int) -> str:
    text = ""
    while True:
        value, rest = divmod(value, 32)
        text = ALPHABET[rest] + text
        if not value:
            return text


def _decode(text: str) -> int:
    value = 0
    for c in text.upper().translate(_LIKE):
        value = value * 32 + ALPHABET.index(c)
    return value
