"""Which column of an event's row was changed, told from what the log holds of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from dingzi.matters import envelope, registry
from dingzi.matters.book import PROCESS as BOOK
from dingzi.matters.models import Event, Opening, Private

from .leaves import LeafTooLong, leaf, shown_facts

DOORS = ("web", "desk", "api", "import", "timer", "sample")


def changed(event: Event, logged: bytes, opening: Opening | None) -> list[str]:
    """Return the columns and facts in which a row differs from its entry; nothing where none does.

    What the leaf shows is compared, what it hides is tried against its commitment, and the rest
    against the MAC that stands in the log: with the right value in its column the row is genuine
    again. ``row`` where none of that tells.
    """
    was = _read(logged)
    try:
        entry = leaf(event)
    except LeafTooLong:
        entry = b""
    right = _bytes(was.get("mac"))
    if entry == logged and envelope.mac(event) == right:
        return []
    names = list(dict.fromkeys([*_shown(was, _read(entry)), *_hidden(event, opening)]))
    if names:
        return names
    if envelope.mac(event) == right:
        return ["mac"]
    for name, value in _candidates(event):
        kept = getattr(event, name)
        setattr(event, name, value)
        found = envelope.mac(event) == right
        setattr(event, name, kept)
        if found:
            return [name]
    return ["row"]


def _read(entry: bytes) -> dict[str, Any]:
    """Read an entry, which may have been tampered with to be anything at all."""
    try:
        found = orjson.loads(entry)
    except ValueError:
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("public", {}), dict):
        return {}
    return found


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""


def _shown(was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Yield what differs in the clear part; its MAC and commitments only cover other columns."""
    for name in sorted(was.keys() | now.keys()):
        if name == "public":
            old, new = was.get(name) or {}, now.get(name) or {}
            yield from (k for k in sorted(old.keys() | new.keys()) if old.get(k) != new.get(k))
        elif name == "matter":
            if was.get(name) != now.get(name):
                yield "stream"
        elif name != "mac" and was.get(name) != now.get(name):
            yield name


def _hidden(event: Event, opening: Opening | None) -> list[str]:
    if opening is None:
        return []
    names = envelope.verify(event, bytes(opening.salts), {}, b"", public_of(event))
    return [name.removeprefix("@") for name in names if name != envelope.PRIVATE]


def public_of(event: Event) -> frozenset[str]:
    """Return the facts that an event's process shows in the clear."""
    if event.process == BOOK:
        return frozenset()
    try:
        return shown_facts(event)
    except KeyError:
        return frozenset()


def _candidates(event: Event) -> Iterator[tuple[str, Any]]:
    """Yield the values that the columns outside leaf and commitments can have had."""
    yield from (("door", door) for door in DOORS)
    yield "recorded_at", event.occurred_at
    yield "key", None
    yield "body", None
    for handle in registry.handles():
        for process in handle.versions.values():
            for state in ("", *process.states):
                yield "to_state", state
                yield "from_state", state
    yield from (("version", version) for version in range(1, 21))


def private_faults(
    event: Event, opening: Opening | None, private: Private | None, erased: bool
) -> list[tuple[str, str]]:
    """Return ``(kind, field)`` of what is wrong with an event's salts and private part.

    A gap is right only where an erasure says so.
    """
    if opening is None:
        faults = [] if erased else [("opening", "row")]
        if private is not None:
            faults.append(("private", "erased" if erased else "unproven"))
        return faults
    salts = bytes(opening.salts)
    if private is None and envelope.had_private(event, salts):
        faults = [] if erased else [("private", "row")]
        found = envelope.verify(event, salts, {}, b"", public_of(event))
    else:
        faults = []
        data, salt = (private.data, bytes(private.salt)) if private else ({}, b"")
        found = envelope.verify(event, salts, data, salt, public_of(event))
        if envelope.PRIVATE in found:
            faults.append(("private", "data") if private else ("opening", "salts"))
    # the row itself is compared with the log: what does not open here has a changed salt
    faults += [("opening", name.removeprefix("@")) for name in found if name != envelope.PRIVATE]
    return faults
