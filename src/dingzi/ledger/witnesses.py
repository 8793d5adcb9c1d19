"""The witnesses that the city's book names, and what they have cosigned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid
from dingzi.matters import book
from dingzi.matters.models import BOOK, Event
from dingzi.tlog import checkpoints, notes
from dingzi.tlog.errors import TlogError

from .models import Cosignature, Head

NAMED, ENDED = "witness_named", "witness_ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """A named witness: its key, and the newest head that it cosigned, if any."""

    name: str
    vkey: str
    size: int | None = None
    at: datetime | None = None


def check_named(facts: dict[str, Any]) -> None:
    """Refuse what is no witness's key."""
    try:
        verifier = notes.Verifier.parse(str(facts.get("vkey", "")))
    except TlogError:
        raise Invalid.of("bad_witness_key", field="vkey") from None
    if verifier.kind != notes.COSIGNATURE:
        raise Invalid.of("bad_witness_key", field="vkey")


def check_ended(facts: dict[str, Any]) -> None:
    if facts.get("name") not in {one.name for one in standing()}:
        raise Invalid.of("no_such_witness", field="name")


def apply_nothing(facts: dict[str, Any], at: object) -> None:
    """Nothing to project: who is named is read from the book itself."""


def name(vkey: str) -> None:
    book.record(NAMED, {"vkey": vkey}, by=SYSTEM)


def end(witness: str) -> None:
    book.record(ENDED, {"name": witness}, by=SYSTEM)


def standing() -> list[Standing]:
    """Return the witnesses named now, in the order of their names, with what they cosigned."""
    found: dict[str, str] = {}
    events = Event.objects.of(BOOK).filter(action__in=(NAMED, ENDED)).order_by("id")
    for event in events:
        if event.action == ENDED:
            found.pop(event.facts["name"], None)
        else:
            vkey = event.facts["vkey"]
            found[notes.Verifier.parse(vkey).name] = vkey
    done = Cosignature.objects.in_bulk(list(found))
    return [
        Standing(one, found[one], *((done[one].size, done[one].at) if one in done else ()))
        for one in sorted(found)
    ]


def take(data: bytes, now: datetime) -> Standing:
    """Keep a cosigned head that a witness sent.

    Raises Invalid ``bad_cosignature`` unless a named witness signed a head that we had signed, not
    in the future; an older one than is kept changes nothing.
    """
    try:
        note = notes.parse(data)
        head = checkpoints.parse(note.text)
        for one in standing():
            verifier = notes.Verifier.parse(one.vkey)
            made = checkpoints.cosigned(note, [verifier]).get(verifier.name)
            if made is None:
                continue
            at = datetime.fromtimestamp(made, UTC)
            ours = Head.objects.filter(size=head.size).first()
            if ours is None or bytes(ours.root) != head.root or at > now + timedelta(minutes=5):
                break
            return _keep(one, head.size, at, data)
    except (TlogError, OverflowError, ValueError, OSError):
        pass
    raise Invalid.of("bad_cosignature")


def _keep(one: Standing, size: int, at: datetime, data: bytes) -> Standing:
    with transaction.atomic():
        kept = Cosignature.objects.select_for_update().filter(name=one.name).first()
        if kept is None or (size, at) > (kept.size, kept.at):
            Cosignature.objects.update_or_create(
                name=one.name, defaults={"size": size, "at": at, "note": data.decode()}
            )
    return Standing(one.name, one.vkey, size, at)
