"""What of an event is public, committed and authenticated.

The leaf of the public log (another floor) takes ``header`` as it stands and ``commitments`` for all
that it hides. A commitment is ``SHA-256(salt, field, canonical value)``; salts are 16 random bytes
each and stand in ``Opening``, in the order of field names. Last comes the commitment to the private
part: its salt stands with it in ``Private``, or in ``Opening`` where there was none, so that nobody
can take a private part away and say that there never was one. The MAC covers the whole row, under a
key outside the database: who can write rows but lacks the key cannot make one.
"""

from __future__ import annotations

import hmac
import os
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.conf import settings

from dingzi.core.canonical import canonical, commit, commit_all, digest, moment

from .acts import Act
from .models import Event, Opening, Private, event_id
from .writer import Batch

EventRow = tuple[Any, ...]
OpeningRow = tuple[int, bytes]
PrivateRow = tuple[int, bytes, bytes]
#: Name of the commitment to the private part; it is the last.
PRIVATE = "@private"
SALT = 16
SIZE = 32
_LOCAL = ZoneInfo("Asia/Shanghai")


def month(when: datetime) -> str:
    local = when.astimezone(_LOCAL)
    return f"{local.year}-{local.month:02}"


def hidden(act: Act) -> dict[str, Any]:
    """Return the fields that the leaf hides but commits to, by name, without the private part."""
    fields = {k: v for k, v in act.facts.items() if k not in act.public}
    fields["@unit"] = act.unit
    fields["@post"] = act.post
    fields["@occurred_at"] = act.occurred_at
    fields["@stream"] = act.stream
    return fields


def hides_all(event: Event) -> bool:
    """Tell whether all facts of an event were hidden, as those of a confidential act are.

    There is a commitment for each, for the four that ``hidden`` adds, and for the private part.
    """
    return not event.header and len(bytes(event.commitments)) // SIZE == len(event.facts) + 5


def sealed(act: Act) -> tuple[EventRow, OpeningRow, PrivateRow | None]:
    """Make the rows of one act: event, salts, and the private part where there is one.

    Each is a tuple in the order of its table's columns, JSON as canonical bytes.
    """
    facts, fields = act.facts, hidden(act)
    at = fields["@occurred_at"] = moment(act.occurred_at)
    recorded = at if act.recorded_at is act.occurred_at else moment(act.recorded_at)
    names = sorted(fields)
    salts = os.urandom(SALT * (len(names) + 1))
    last = salts[-SALT:]
    private_json = canonical(act.private)
    commitments = commit_all(fields, names, salts) + commit(last, PRIVATE, private_json)
    header = canonical({k: facts[k] for k in act.public if k in facts} | act.header)
    facts_json = canonical(facts)
    # Spliced from its parts, the text of the MAC is the canonical JSON of the whole list.
    text = b"".join((
        canonical([
            act.stream, act.seq, act.process, act.version, act.action, act.from_state,
            act.to_state, act.unit, act.post, act.door, at, recorded,
        ])[:-1],
        b",", header, b",", facts_json, b',"', commitments.hex().encode(), b'",',
        canonical(str(act.key)) if act.key else b"null", b",",
        canonical(act.body.hex()) if act.body else b"null", b"]",
    ))  # fmt: skip
    number = event_id(act.stream, act.seq)
    event = (
        number, act.stream, act.seq, act.process, act.version, act.action, act.from_state,
        act.to_state, act.unit, act.post, act.door, act.occurred_at, act.recorded_at,
        header, facts_json, commitments, act.key, act.body,
        hmac.digest(settings.EVENT_KEY, text, "sha256"),
    )  # fmt: skip
    if not act.private:
        return event, (number, salts), None
    return event, (number, salts[:-SALT]), (number, private_json, last)


def add(batch: Batch, act: Act) -> EventRow:
    """Put the rows of one act into a batch; return that of the event."""
    event, opening, private = sealed(act)
    batch.add(Event, event)
    batch.add(Opening, opening)
    if private is not None:
        batch.add(Private, private)
    return event


def event_of(row: EventRow) -> Event:
    """Return a sealed row as the database will give it back."""
    names = [f.attname for f in Event._meta.concrete_fields]
    values = dict(zip(names, row, strict=True))
    return Event(**values | {n: orjson.loads(values[n]) for n in ("header", "facts")})


def mac(event: Event) -> bytes:
    """Authenticate every column of the row but the MAC itself."""
    text = canonical(
        [
            event.stream, event.seq, event.process, event.version, event.action,
            event.from_state, event.to_state, event.unit_id, event.post_id, event.door,
            event.occurred_at, event.recorded_at, event.header, event.facts,
            bytes(event.commitments).hex(), str(event.key) if event.key else None,
            bytes(event.body).hex() if event.body else None,
        ]
    )  # fmt: skip
    return hmac.digest(settings.EVENT_KEY, text, "sha256")


def genuine(event: Event) -> bool:
    return hmac.compare_digest(mac(event), bytes(event.mac))


def foreign() -> list[Event]:
    """Return which of the first and the last event this key did not write: a lost key is made anew."""
    events = Event.objects.order_by("id")
    return [event for event in (events.first(), events.last()) if event and not genuine(event)]


def verify(
    event: Event,
    salts: bytes,
    private: dict[str, Any],
    salt: bytes = b"",
    public: frozenset[str] = frozenset(),
) -> list[str]:
    """Return the names of the fields whose commitment does not open with what is given.

    ``salt`` is that of the private part; of an event without one it stands last in ``salts``.
    ``public`` names the facts that the event's process shows in the clear.
    """
    act = Act(
        stream=event.stream, seq=event.seq, process=event.process, version=event.version,
        action=event.action, from_state=event.from_state, to_state=event.to_state,
        unit=event.unit_id, post=event.post_id, door=event.door, occurred_at=event.occurred_at,
        recorded_at=event.recorded_at, facts=event.facts, private=private,
        public=public,
    )  # fmt: skip
    fields = hidden(act)
    names = sorted(fields)
    given = bytes(event.commitments)
    alone = salts[len(names) * SALT :]
    if private or salt:
        own = salt if not alone else b""
    else:
        own = alone
    wrong = []
    for i, name in enumerate(names):
        if not _opens(given, i, salts[i * SALT : (i + 1) * SALT], name, fields[name]):
            wrong.append(name)
    if not _opens(given, len(names), own, PRIVATE, private):
        wrong.append(PRIVATE)
    return wrong


def _opens(given: bytes, place: int, salt: bytes, name: str, value: Any) -> bool:
    if len(salt) != SALT:
        return False
    return digest(salt, name, value) == given[place * SIZE : (place + 1) * SIZE]


def had_private(event: Event, salts: bytes) -> bool:
    """Tell whether an event was written with a private part: then its salt stands beside that."""
    return len(bytes(event.commitments)) // SIZE > len(salts) // SALT


def body_digest(*parts: Any) -> bytes:
    """Digest of what was asked, to tell a retry from another request under the same key."""
    return sha256(canonical(list(parts))).digest()
