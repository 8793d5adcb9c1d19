"""What of an event is public, committed and authenticated.

The leaf of the public log (another floor) takes ``header`` as it stands and ``commitments`` for all
that it hides. A commitment is ``SHA-256(salt, field, canonical value)``; salts are 16 random bytes
each and stand in ``Opening``, in the order of field names. The MAC covers the whole row, under a
key outside the database: who can write rows but lacks the key cannot make one.
"""

from __future__ import annotations

import hmac
import os
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from dingzi.core.canonical import canonical, digest

from .acts import Act
from .models import Event, Opening, Private, event_id

SALT = 16
SIZE = 32
_LOCAL = ZoneInfo("Asia/Shanghai")


def month(moment: datetime) -> str:
    return moment.astimezone(_LOCAL).strftime("%Y-%m")


def hidden(act: Act) -> dict[str, Any]:
    """Return the fields that the leaf hides but commits to, by name, without the private part."""
    fields = {k: v for k, v in act.facts.items() if k not in act.public}
    fields["@unit"] = act.unit
    fields["@post"] = act.post
    fields["@occurred_at"] = act.occurred_at
    fields["@stream"] = act.stream
    return fields


def rows(act: Act) -> tuple[Event, Opening, Private | None]:
    """Make the rows of one act: event, salts, and the private part where there is one."""
    fields = hidden(act)
    names = sorted(fields)
    count = len(names) + 1
    salts = os.urandom(SALT * count)
    commitments = b"".join(
        digest(salts[i * SALT : (i + 1) * SALT], name, fields[name]) for i, name in enumerate(names)
    )
    last = salts[-SALT:]
    commitments += digest(last, "@private", act.private)
    header = {k: act.facts[k] for k in act.public if k in act.facts}
    header.update(act.header)
    event = Event(
        id=event_id(act.stream, act.seq),
        stream=act.stream,
        seq=act.seq,
        process=act.process,
        version=act.version,
        action=act.action,
        from_state=act.from_state,
        to_state=act.to_state,
        unit_id=act.unit,
        post_id=act.post,
        door=act.door,
        occurred_at=act.occurred_at,
        recorded_at=act.recorded_at,
        header=header,
        facts=act.facts,
        commitments=commitments,
        key=act.key,
        body=act.body,
    )
    event.mac = mac(event)
    opening = Opening(event_id=event.id, salts=salts[:-SALT])
    private = Private(event_id=event.id, data=act.private, salt=last) if act.private else None
    return event, opening, private


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


def verify(
    event: Event,
    salts: bytes,
    private: dict[str, Any],
    salt: bytes,
    public: frozenset[str] = frozenset(),
) -> list[str]:
    """Return the names of the fields whose commitment does not open with what is given.

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
    given = bytes(event.commitments)
    wrong = []
    for i, name in enumerate([*sorted(fields), "@private"]):
        own = salt if name == "@private" else salts[i * SALT : (i + 1) * SALT]
        value = private if name == "@private" else fields[name]
        if digest(own, name, value) != given[i * SIZE : (i + 1) * SIZE]:
            wrong.append(name)
    return wrong


def body_digest(*parts: Any) -> bytes:
    """Digest of what was asked, to tell a retry from another request under the same key."""
    return sha256(canonical(list(parts))).digest()
