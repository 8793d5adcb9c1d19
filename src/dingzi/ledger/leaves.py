"""The leaf of an event: what the public log holds of it, byte for byte.

RFC 8785 canonical JSON. Of an act that may be shown: a pseudonym of the matter (keyed, never its
number), its place in the matter's stream, process, action, and ``public`` as the event's header has
it. Of every event: ``commitments``, the SHA-256 over its salted commitments, which hides how many
there are; and ``mac``, by which whoever holds the event's key can check the whole row. Of an act of
a confidential process or matter there is nothing else.

A leaf depends on the event's row and the pseudonyms' key alone, so it can be made again at any time.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from django.conf import settings

from dingzi.core.canonical import canonical
from dingzi.matters import envelope, registry
from dingzi.matters.acts import Act
from dingzi.matters.book import PROCESS as BOOK_PROCESS
from dingzi.matters.models import Event

#: Version of the leaf's form; an entry once written is never changed.
FORM = 1
#: Bytes of a pseudonym.
PSEUDONYM = 16
#: An entry's length is told in two bytes (C2SP tlog-tiles).
LONGEST = 0xFFFF


class LeafTooLong(Exception):
    """What an event shows in public does not fit into an entry of the log."""


def pseudonym(stream: int) -> str:
    """Return the name of a matter in the public log: 32 hexadecimal digits."""
    text = b"matter:" + str(stream).encode()
    return hmac.digest(settings.PSEUDONYM_KEY, text, "sha256")[:PSEUDONYM].hex()


def leaf(event: Event) -> bytes:
    """Return the entry that the log holds of an event.

    Raises
    ------
    LeafTooLong
    """
    made: dict[str, Any] = {
        "v": FORM,
        "commitments": sha256(bytes(event.commitments)).hexdigest(),
        "mac": bytes(event.mac).hex(),
    }
    if event.header:
        made |= {
            "process": event.process,
            "seq": event.seq,
            "action": event.action,
            "public": event.header,
        }
        if event.process != BOOK_PROCESS:
            made["matter"] = pseudonym(event.stream)
    entry = canonical(made)
    if len(entry) > LONGEST:
        raise LeafTooLong(str(event))
    return entry


def shown_facts(event: Event) -> frozenset[str]:
    """Return the names of the facts that an event's leaf shows: none of an act that was confidential.

    Raises what a process that is not there raises.
    """
    if envelope.hides_all(event):
        return frozenset()
    return registry.process(event.process, event.version).public


def hidden_of(event: Event) -> dict[str, Any]:
    """Return the fields that an event's leaf hides but commits to, by name."""
    act = Act(
        stream=event.stream, seq=event.seq, process=event.process, version=event.version,
        action=event.action, from_state=event.from_state, to_state=event.to_state,
        unit=event.unit_id, post=event.post_id, door=event.door, occurred_at=event.occurred_at,
        recorded_at=event.recorded_at, facts=event.facts, private={}, public=shown_facts(event),
    )  # fmt: skip
    return envelope.hidden(act)
