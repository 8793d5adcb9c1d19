"""What a citizen can hold in his hand of each act: a promise at once, a proof when it is sealed.

A *promise* is a note, signed by a key of its own, that an entry will be in the log within a minute;
if it is not, the promise is the evidence. The *full proof* is one JSON text: entries, their places
and paths up to a signed head, and openings of what its holder may see anyway. It needs nothing from
us to be checked (``checking``, and the same in the browser).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.db.models import OuterRef, Subquery

from dingzi.city.viewer import Viewer
from dingzi.core.canonical import canonical, moment
from dingzi.core.text import Text
from dingzi.matters import envelope, registry
from dingzi.matters.models import Event, Matter, Opening, Private
from dingzi.matters.timeline import timeline
from dingzi.tlog import notes
from dingzi.tlog.checkpoints import Checkpoint, parse_note
from dingzi.tlog.encoding import encode
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.log import TileLog

from . import keys
from .leaves import hidden_of, leaf
from .models import Head, Leaf

FORM = "dingzi receipt 1"
PROMISE = "dingzi promise 1"
_LABELS = {
    "@occurred_at": Text("时间（世界时）", "Time (UTC)"),
    envelope.PRIVATE: Text("您写的", "What you wrote"),
    "number": Text("编号", "Number"),
}
#: How long the city may take to seal what it has promised.
WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Seal:
    """An act in the log: its place, the head that first covered it, when that was signed."""

    index: int
    head: int
    at: datetime


def head() -> Checkpoint | None:
    """Return the head that is published now, None before the first."""
    return TileLog(settings.LOG).head()


def seals(events: Iterable[int]) -> dict[int, Seal]:
    """Return the seals of those of the events that stand under a published head, by event."""
    now = head()
    if now is None:
        return {}
    over = Head.objects.filter(size__gt=OuterRef("index")).order_by("size")
    found = Leaf.objects.filter(event_id__in=list(events), index__lt=now.size).annotate(
        head=Subquery(over.values("size")[:1]), at=Subquery(over.values("at")[:1])
    )
    rows = found.values_list("event_id", "index", "head", "at")
    return {event: Seal(*rest) for event, *rest in rows if rest[1] is not None}


def promise(event: Event) -> str:
    """Return the signed promise that an event will be in the log within a minute.

    The text names the log, the entry's hash and the moment; asked again, it is the same.
    """
    now = keys.named() or keys.begin()
    by = moment(until(event))
    text = f"{PROMISE}\n{now.origin}\n{encode(leaf_hash(leaf(event)))}\n{by}\n"
    return notes.sign(text, promiser(now.promise)).decode()


def promised(event: Event) -> str:
    """Return the promise, "" where this process cannot give one: no key is named yet, or it is not there."""
    try:
        return promise(event) if keys.named() else ""
    except keys.KeyTrouble:
        return ""


def until(event: Event) -> datetime:
    """Return the second by which an event is promised to be sealed, in UTC."""
    return (event.recorded_at + WITHIN).astimezone(UTC).replace(microsecond=0)


@lru_cache(2)
def promiser(vkey: str) -> notes.Signer:
    """Return the key that signs promises, by its verifier; raises KeyTrouble where it is gone."""
    return keys.signers(keys.PROMISES, vkey, [])[0]


def seen(matter: Matter, viewer: Viewer) -> bytes:
    """Return the full proof of all acts that a viewer sees of the matter, in the order of the acts."""
    # which acts they are does not depend on the language in which they are told
    entries = timeline(matter, viewer, "zh-hans")
    return full(matter, [one.event for one in reversed(entries)])


def full(matter: Matter, events: Iterable[Event]) -> bytes:
    """Return the full proof of acts that the holder of the matter's receipt may see, as JSON."""
    acts = list(events)
    named = keys.named() or keys.begin()
    log = TileLog(settings.LOG)
    signed = log.published()
    size = parse_note(signed).size if signed else 0
    places = dict(
        Leaf.objects.filter(event__in=acts, index__lt=size).values_list("event_id", "index")
    )
    openings = Opening.objects.in_bulk([e.id for e in acts])
    private = Private.objects.in_bulk([e.id for e in acts])
    found: dict[str, Any] = {
        "form": FORM,
        "site": settings.SITE_URL,
        "number": matter.number,
        "log": named.log,
        "promise": named.promise,
        "checkpoint": signed.decode() if signed else "",
        "acts": [
            _act(e, places.get(e.id), log, size, openings.get(e.id), private.get(e.id))
            for e in acts
        ],
    }
    return orjson.dumps(found, option=orjson.OPT_INDENT_2)


def _act(
    event: Event,
    index: int | None,
    log: TileLog,
    size: int,
    opening: Opening | None,
    private: Private | None,
) -> dict[str, Any]:
    path = [encode(one) for one in log.inclusion(index, size)] if index is not None else []
    every = bytes(event.commitments)
    return {
        "entry": leaf(event).decode(),
        "promise": promise(event),
        "index": index,
        "path": path,
        "commitments": [every[i : i + 32].hex() for i in range(0, len(every), 32)],
        "opened": _opened(event, opening, private) if opening else [],
    }


def _opened(event: Event, opening: Opening, private: Private | None) -> list[dict[str, Any]]:
    """Open what the holder sees on his page; all of it where he did the act himself.

    A value is given as the canonical JSON that the commitment is over.
    """
    process = registry.process(event.process, event.version)
    action = registry.action(process, event.action)
    hidden = hidden_of(event)
    own = event.post_id is None and event.door in ("web", "api")
    asked = {one.name for one in action.fields if own or one.shown} if action else set()
    labels = _LABELS | ({one.name: one.label for one in action.fields} if action else {})
    salts = bytes(opening.salts)
    found = [
        _field(place, salts[place * 16 : place * 16 + 16], name, hidden[name], labels)
        for place, name in enumerate(sorted(hidden))
        if name in asked or name in ("@occurred_at", "number")
    ]
    if own and private is not None:
        found.append(
            _field(len(hidden), bytes(private.salt), envelope.PRIVATE, private.data, labels)
        )
    return found


def _field(
    place: int, salt: bytes, name: str, value: Any, labels: dict[str, Text]
) -> dict[str, Any]:
    label = labels.get(name, Text(name, name))
    return {
        "place": place,
        "field": name,
        "zh": label.zh,
        "en": label.en,
        "salt": salt.hex(),
        "value": canonical(value).decode(),
    }
