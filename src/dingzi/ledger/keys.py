"""The keys that sign the log's heads and the receipts' promises.

They lie in two files outside the database, one key a line (C2SP signed-note), the one in use first.
Which key is in use is said by the city's book (action ``log_keys``): a key that is not named there
signs nothing, so a key lost and made anew, or one slipped in, is noticed before it has signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from dingzi.city.viewer import SYSTEM
from dingzi.core import keyfiles
from dingzi.core.errors import Invalid, Refusal
from dingzi.matters import book
from dingzi.matters.models import BOOK, Event, Outbox
from dingzi.matters.rebuild import SENSELESS
from dingzi.tlog.errors import TlogError
from dingzi.tlog.notes import Signer, Verifier

ACTION = "log_keys"
#: file of the keys that sign heads, and of those that sign promises
HEADS, PROMISES = "log.keys", "promise.keys"
_SPOILED: tuple[type[Exception], ...] = (*SENSELESS, TlogError)


class KeyTrouble(Refusal):
    """The keys are not those that the city's book names; the message says what to do.

    Pages say no more than that it cannot be done now.
    """

    status = 503

    def __init__(self, message: str) -> None:
        super().__init__(("log_keys_trouble", {}))
        self.args = (message,)


@dataclass(frozen=True, slots=True)
class Named:
    """What the book says: the log's name and the verifiers in use."""

    origin: str
    log: str
    promise: str


def origin() -> str:
    """Return the name that a fresh log takes: the site's address without its scheme."""
    return urlsplit(settings.SITE_URL).netloc + "/log"


def path(name: str) -> Path:
    return Path(settings.KEYS) / name


def named() -> Named | None:
    """Return the keys that the book names last; None while it names none."""
    return _last(Event.objects.of(BOOK).filter(action=ACTION))


def published_under() -> Named | None:
    """Return the keys named by the last such event that does not wait any more for its sealing."""
    events = Event.objects.of(BOOK).filter(action=ACTION)
    return _last(events.exclude(id__in=Outbox.objects.values("event_id")))


def _last(events: QuerySet[Event]) -> Named | None:
    event = events.order_by("-id").first()
    return None if event is None else _named(event)


def every() -> list[Named]:
    """Return all that the book has named, oldest first."""
    events = Event.objects.of(BOOK).filter(action=ACTION).order_by("id")
    return [_named(event) for event in events]


def accepted() -> list[Named]:
    """Return those whose signatures count, the one in use first: all since the last that were dropped.

    A receipt keeps the signature of its day, so earlier keys count on; lost or stolen ones do not.
    """
    events = list(Event.objects.of(BOOK).filter(action=ACTION).order_by("id"))
    found = [_named(event) for event in events]
    first = max((at for at, event in enumerate(events) if event.facts.get("drop")), default=0)
    return found[first:][::-1]


def _named(event: Event) -> Named:
    """Return what an event of the book names; raises KeyTrouble for one that was tampered with."""
    try:
        found = Named(*(event.facts[name] for name in ("origin", "log", "promise")))
        Verifier.parse(found.log), Verifier.parse(found.promise)
    except _SPOILED:
        raise KeyTrouble(
            f"市级簿册第 {event.seq} 条登记的密钥被改过：dingzi audit | entry {event.seq} of the "
            f"city's book, which names the keys, was changed: dingzi audit"
        ) from None
    return found


def begin() -> Named:
    """Return the keys in use; on the first run make them and name them in the book."""
    if (found := named()) is not None:
        return found
    name = origin()
    logs = _made(HEADS, name)
    promises = _made(PROMISES, name + "/promise")
    return _name(name, logs[0], promises[0])


def _made(file: str, name: str) -> list[Signer]:
    raw = keyfiles.keep(path(file), lambda: (Signer.generate(name).skey + "\n").encode())
    return _parse(file, raw)


def _parse(file: str, raw: bytes) -> list[Signer]:
    try:
        found = [Signer.parse(line) for line in raw.decode().split("\n") if line]
    except (TlogError, UnicodeDecodeError):
        raise KeyTrouble(
            f"{file}: 不是密钥文件，从备份放回 | {file} holds no keys: put it back from the backup"
        ) from None
    if not found:
        raise KeyTrouble(f"{file}: 是空的，从备份放回 | {file} is empty: put it back")
    return found


def _name(name: str, log: Signer, promise: Signer, *, drop: bool = False) -> Named:
    facts = {"origin": name, "log": log.verifier.vkey, "promise": promise.verifier.vkey}
    book.record(ACTION, facts | ({"drop": True} if drop else {}), by=SYSTEM, door="timer")
    return Named(name, facts["log"], facts["promise"])


def signers(file: str, first: str, known: Sequence[str]) -> list[Signer]:
    """Return the keys of a file that the book knows: the one in use, then earlier ones.

    Raises KeyTrouble where the one in use is not there.
    """
    try:
        raw = path(file).read_bytes()
    except OSError:
        raise KeyTrouble(_gone(file)) from None
    have = {signer.verifier.vkey: signer for signer in _parse(file, raw)}
    if first not in have:
        raise KeyTrouble(_gone(file))
    return [have[first], *(have[v] for v in have if v != first and v in known)]


def _gone(file: str) -> str:
    return (
        f"{file}: 市级簿册记的那把密钥不在。从备份放回；确实丢了，用 dingzi keys --rotate --drop\n"
        f"{file}: the key that the city's book names is not there. Put it back from the backup; "
        f"if it is lost, dingzi keys --rotate --drop"
    )


def rotate(*, drop: bool = False) -> Named:
    """Make new keys, name them in the book, and use them from that event's sealing on.

    The old ones sign beside the new ones, so that outsiders have time to learn of these; with
    ``drop`` (lost or stolen) they sign nothing more. Safe to repeat after a kill.
    """
    now = begin()
    fresh = {}
    for file, current, name in (
        (HEADS, now.log, now.origin),
        (PROMISES, now.promise, now.origin + "/promise"),
    ):
        have = _parse(file, raw) if (raw := _read(file)) else []
        unnamed = have[0] if have and have[0].verifier.vkey != current else None
        signer = unnamed or Signer.generate(name)
        rest = [] if drop else [one for one in have if one is not signer]
        lines = "".join(f"{one.skey}\n" for one in (signer, *rest))
        keyfiles.replace(path(file), lines.encode())
        fresh[file] = signer
    return _name(now.origin, fresh[HEADS], fresh[PROMISES], drop=drop)


def _read(file: str) -> bytes:
    try:
        return path(file).read_bytes()
    except FileNotFoundError:
        return b""


# -- the book's part ---------------------------------------------------------------------------


def check_named(facts: dict[str, Any]) -> None:
    """Refuse what is no key, or a key of another name; raises Invalid ``bad_log_key``."""
    for field in ("log", "promise"):
        try:
            verifier = Verifier.parse(facts.get(field, ""))
        except TlogError:
            raise Invalid.of("bad_log_key", field=field) from None
        if not verifier.name.startswith(facts.get("origin", "\0")):
            raise Invalid.of("bad_log_key", field=field)


def apply_named(facts: dict[str, Any], at: object) -> None:
    """Nothing to project: the keys in use are read from the book itself."""
