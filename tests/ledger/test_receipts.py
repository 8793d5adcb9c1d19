"""What a citizen holds: a promise at once, a proof when sealed, checked without our word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dingzi import matters
from dingzi.city.viewer import receipt
from dingzi.core.errors import NotFound
from dingzi.ledger import keys, receipts, references
from dingzi.ledger.checking import Checked, check
from dingzi.ledger.leaves import leaf
from dingzi.ledger.sealing import Sealer
from dingzi.matters import receipts as slips
from dingzi.matters.models import BOOK, Event, Matter
from dingzi.project import roles
from dingzi.tlog.hashing import leaf_hash
from dingzi.tlog.notes import Verifier
from tests.databases import acting_as
from tests.world import World

from .conftest import file

pytestmark = pytest.mark.django_db


def seal() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def proof() -> dict[str, Any]:
    matter = Matter.objects.get()
    found = json.loads(receipts.full(matter, Event.objects.of(matter.id).order_by("id")))
    assert isinstance(found, dict)
    return found


def checked(given: object, now: datetime | None = None) -> Checked:
    named = keys.named()
    assert named
    text = given if isinstance(given, bytes) else json.dumps(given).encode()
    return check(text, [named.log], [named.promise], now or timezone.now())


def test_a_promise_comes_at_once_and_becomes_a_proof(world: World) -> None:
    """Before sealing the receipt is promised, after it proven; after a minute it would be late."""
    file()
    early = proof()
    assert checked(early).verdict == "promised"
    late = checked(early, timezone.now() + timedelta(seconds=61))
    assert late.verdict == "late"
    assert late.findings[0][0] == "proof_late"
    seal()
    found = checked(proof())
    assert found.verdict == "sealed"
    event = Event.objects.exclude(stream=BOOK).get()
    done = receipts.seals([event.id])[event.id]
    expected = {"act": 1, "index": done.index, "head": done.head}
    assert found.findings == (("proof_sealed", expected),)


def test_a_promise_is_the_same_whenever_it_is_asked(world: World) -> None:
    """It is computed from the event: nothing is stored, and two promises never contradict."""
    file()
    event = Event.objects.exclude(stream=BOOK).get()
    first = receipts.promise(event)
    assert receipts.promise(event) == first
    until = datetime.fromisoformat(first.split("\n")[3])
    assert timedelta(0) <= until - event.recorded_at.astimezone(UTC) <= receipts.WITHIN


def test_the_holder_can_show_what_he_said_and_only_what_he_sees(world: World) -> None:
    """His own act opens whole; of the city's acts what his page shows."""
    number = file("楼上水管漏水")
    matter = Matter.objects.get()
    matters.act(number, "accept", {"category": "property", "subcategory": "leak"}, by=world.window)
    matters.act(number, "add_paper", {"papers": []}, by=receipt(matter.id), door="web")
    seal()
    filed, accepted, _ = checked(proof()).entries
    assert filed["opened"]["@private"]["text"] == "楼上水管漏水"
    assert filed["opened"]["number"] == number
    assert set(accepted["opened"]) == {"@occurred_at"}


def _bent(text: str) -> str:
    at = len(text) // 2
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda p: p["acts"][0].update(entry=p["acts"][0]["entry"].replace("360902", "360921")), "proof_path"),
        (lambda p: p["acts"][0].update(index=0), "proof_path"),
        (lambda p: p["acts"][0].update(index=-1), "proof_path"),
        (lambda p: p["acts"][0].update(index=10**30), "proof_path"),
        (lambda p: p["acts"][0].update(index="1"), "proof_unreadable"),
        (lambda p: p["acts"][0].update(path=[]), "proof_path"),
        (lambda p: p["acts"][0].update(path=p["acts"][0]["path"] * 9), "proof_path"),
        (lambda p: p.update(checkpoint=_bent(p["checkpoint"])), "proof_head"),
        (lambda p: p.update(checkpoint=""), "proof_head"),
        (lambda p: p["acts"][0].update(index=None, promise=_bent(p["acts"][0]["promise"])), "proof_promise"),
        (lambda p: p["acts"][0]["opened"][0].update(value='"x"'), "proof_opening"),
        (lambda p: p["acts"][0]["commitments"].pop(), "proof_opening"),
        (lambda p: p.update(acts=[]), "proof_unreadable"),
        (lambda p: p.update(form="other"), "proof_unreadable"),
        (lambda p: p["acts"][0].update(path="x"), "proof_path"),
        (lambda p: p["acts"][0].update(entry="{"), "proof_unreadable"),
        (lambda p: p["acts"][0]["opened"][0].update(place=10**9), "proof_opening"),
        (lambda p: p["acts"][0]["opened"][0].update(place=-1), "proof_opening"),
    ],
)  # fmt: skip
def test_whatever_is_bent_in_a_proof_is_found(world: World, bend: Any, code: str) -> None:
    """Entry, place, path, head, promise, opening: each change is named, none raises."""
    file()
    seal()
    file2 = proof()
    bend(file2)
    found = checked(file2)
    assert found.verdict in ("differs", "unreadable")
    assert code in [one for one, _ in found.findings]


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"\xff", b"{}", b"x" * 5_000_000])
def test_what_is_no_proof_is_said_to_be_none(world: World, text: bytes) -> None:
    """Any text at all gets an answer."""
    file()
    seal()
    assert checked(text).verdict == "unreadable"


def test_the_qr_holds_a_signed_reference_of_at_most_200_bytes(world: World) -> None:
    """It opens the matter, verifies by the city's key alone, and names act, entry and promise."""
    number = file()
    matter = Matter.objects.get()
    matters.act(number, "accept", {"category": "property"}, by=world.window)
    assert references.url_of_filing(matter) == slips.url(matter)  # no key is named yet
    keys.begin()
    for event in Event.objects.of(matter.id):
        made = references.url(matter, event)
        assert len(made.encode()) <= 200
        assert slips.open_by_reference(made.rpartition("#")[2])[0] == matter
        named = keys.named()
        assert named
        said = references.verify(made, [Verifier.parse(named.promise)])
        assert said is not None and said.act == event.seq
        assert said.entry == leaf_hash(leaf(event))[:16]
        assert said.until == receipts.until(event)
        assert checked(made.encode()).verdict == "signed"


def test_a_bent_reference_opens_or_proves_nothing(world: World) -> None:
    """Each part is signed; the secret alone opens, and it alone is not part of the evidence."""
    file()
    keys.begin()
    matter = Matter.objects.get()
    made = references.url(matter, Event.objects.of(matter.id).get())
    parts = made.rpartition("#")[2].split(".")
    for at in (1, 3, 4, 5, 6):
        bent = list(parts)
        bent[at] = ("2" if bent[at][0] != "2" else "3") + bent[at][1:]
        found = checked(".".join(bent).encode())
        assert (found.verdict, found.findings[0][0]) == ("differs", "reference_differs"), at
    whole = ".".join(parts)
    for text in (
        "1" + whole[1:],
        "3" + whole[1:],
        whole.replace(parts[2], "0" * 12),
        "2",
        "2..",
        ".",
    ):
        with pytest.raises(NotFound):
            slips.open_by_reference(text)


def test_a_long_address_of_the_site_leaves_the_reference_unsigned(
    world: World, settings: Any
) -> None:
    """What does not fit into 200 bytes is not cut: the QR then only opens the matter."""
    file()
    keys.begin()
    matter = Matter.objects.get()
    settings.SITE_URL = "https://" + "x" * 60 + ".example"
    made = references.url_of_filing(matter)
    assert made == slips.url(matter)
    assert references.parse(made) is None
