"""Leaves are public, people are not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import rfc8785
from django.conf import settings
from django.test import Client

from dingzi import matters
from dingzi.city.viewer import PUBLIC, SYSTEM
from dingzi.core.errors import LoadError
from dingzi.ledger.leaves import LeafTooLong, leaf
from dingzi.ledger.sealing import Sealer
from dingzi.matters import book, envelope, registry
from dingzi.matters.models import BOOK, Event, Matter
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import TOWN, World

from .conftest import file

pytestmark = pytest.mark.django_db
SECRET = """
process: secret
version: 1
title: {zh: 保密, en: Secret}
prefix: 密
start: told
confidential: true
desk: {kind: centre, role: window}
states:
  told: {zh: 说了, en: Told}
  done: {zh: 完, en: Done, end: true}
actions:
  tell:
    zh: 说
    en: Tell
    from: []
    to: told
    by: [anyone]
    fields:
      place: {kind: place, zh: 在哪里, en: Where}
      text: {kind: text, zh: 什么事, en: What, personal: true}
  end: {zh: 结束, en: End, from: told, to: done, by: [window]}
"""


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[None]:
    """A confidential process, for this test alone."""
    (tmp_path / "secret.1.yaml").write_text(SECRET)
    registry.register("secret", tmp_path)
    yield
    registry._handles.pop("secret")
    registry._prefixes.pop("密")


def told(event: Event) -> dict[str, object]:
    found = json.loads(leaf(event))
    assert isinstance(found, dict)
    return found


def test_a_leaf_shows_county_category_month_and_nothing_nearer(world: World) -> None:
    """Not the number, the town, the day, the post, nor a word that was said."""
    number = file("张家湾水管漏水")
    matter = Matter.objects.get()
    event = Event.objects.get(stream=matter.id)
    entry = leaf(event)
    assert entry == rfc8785.dumps(json.loads(entry))
    made = told(event)
    assert set(made) == {"v", "matter", "seq", "process", "action", "public", "commitments", "mac"}
    month = envelope.month(event.occurred_at)
    assert made["public"] == {
        "county": "360902",
        "category": "property",
        "month": month,
        "changed": {"registered_on": month},
    }
    text = entry.decode()
    day = event.occurred_at.date().isoformat()
    for hidden in (number, TOWN, "漏水", "13800006620", day, str(matter.id)):
        assert hidden not in text


def test_a_pseudonym_is_one_for_a_matter_and_keyed(world: World, settings: object) -> None:
    """All acts of a matter carry it; under another key it is another."""
    number = file()
    matters.act(number, "accept", {"category": "property"}, by=world.window)
    other = file("楼道堆放杂物。")
    names = [told(e)["matter"] for e in Event.objects.exclude(stream=BOOK).order_by("id")]
    assert names[0] == names[1] != names[2]
    assert other != number
    settings.PSEUDONYM_KEY = b"another" * 5  # type: ignore[attr-defined]
    assert told(Event.objects.exclude(stream=BOOK).order_by("id")[0])["matter"] != names[0]


def test_what_a_township_did_shows_its_county(world: World) -> None:
    """A unit of county rank is named; a township's act shows the county alone."""
    number = file()
    matters.act(
        number,
        "accept_dispatch",
        {"category": "property", "lead": world.mediation},
        by=world.window,
    )
    matters.act(number, "transfer", {"post": world.bureau.post, "why": "归口"}, by=world.mediator)
    matters.act(number, "note", {"text": "看过了"}, by=world.bureau)
    acts = {e.action: told(e)["public"] for e in Event.objects.exclude(stream=BOOK)}
    assert acts["accept_dispatch"]["unit"] == "360902"  # type: ignore[index]
    assert acts["note"]["unit"] == "zj-360902"  # type: ignore[index]
    assert "unit" not in acts["file"]  # type: ignore[operator]


def test_a_confidential_act_shows_that_it_happened_and_nothing_else(
    world: World, secret: None
) -> None:
    """No process, no county, no pseudonym, not even how many fields it has."""
    data = {"text": "不能说的事", "place": TOWN}
    number = matters.open_matter("secret", "tell", data, by=PUBLIC).number
    matters.act(number, "end", {}, by=world.window)
    for event in Event.objects.exclude(stream=BOOK):
        assert set(told(event)) == {"v", "commitments", "mac"}
        assert len(leaf(event)) == len(leaf(Event.objects.exclude(stream=BOOK)[0]))


def test_a_confidential_process_may_not_declare_what_is_public(tmp_path: Path) -> None:
    """What it would show is an error of the file, named with its place."""
    path = tmp_path / "secret.1.yaml"
    path.write_text(SECRET.replace("confidential: true", "confidential: true\npublic: [place]"))
    with pytest.raises(LoadError, match="shows nothing"):
        registry.register("secret", tmp_path)


@pytest.mark.parametrize(
    ("column", "why"),
    [("mediators", "may hold"), ("nonsense", "no column"), ("matter", "may hold")],
)
def test_a_column_that_may_hold_words_cannot_be_shown(column: str, why: str) -> None:
    """Only dates, numbers, yes or no and short codes may be declared."""
    from dingzi.matters.publishing import columns
    from dingzi.mechanisms.disputes.models import Dispute

    with pytest.raises(LoadError, match=why):
        columns(Dispute, (column,))


def test_the_books_acts_are_in_the_log_and_its_settings_in_the_clear(world: World) -> None:
    """What the city set is needed to count the past; who got an account is nobody's business."""
    facts = {
        "name": "matters.task_days",
        "since": date(2026, 1, 1).isoformat(),
        "value": 7,
        "reason": "试行",
    }
    event = book.record("parameter_set", facts, by=SYSTEM)
    made = told(Event.objects.get(id=event.id))
    assert made["process"] == "book" and "matter" not in made
    assert made["public"]["facts"] == facts  # type: ignore[index]
    opened = book.record("account_opened", {"username": "zhangsan"}, by=SYSTEM)
    assert b"zhangsan" not in leaf(Event.objects.get(id=opened.id))


def test_an_entry_too_long_for_the_log_is_refused(world: World) -> None:
    """64 KB are the most that an entry may have; the event is reported, not cut."""
    file()
    event = Event.objects.exclude(stream=BOOK).get()
    event.header["changed"] = {"x": "长" * 30_000}
    with pytest.raises(LeafTooLong):
        leaf(event)


def test_the_log_is_served_as_files_with_the_right_caching(world: World, client: Client) -> None:
    """The head is asked for anew each time, tiles are kept for ever, nothing else is there."""
    assert client.get("/log/checkpoint").status_code == 404
    file()
    with acting_as(roles.STEWARD):
        Sealer().seal()
    head = client.get("/log/checkpoint")
    assert head["Content-Type"] == "text/plain; charset=utf-8"
    assert head["Cache-Control"] == "no-cache"
    size = int(head.content.decode().split("\n")[1])
    for level in ("0", "entries"):
        tile = client.get(f"/log/tile/{level}/000.p/{size}")
        assert tile.status_code == 200
        assert "immutable" in tile["Cache-Control"]
        assert tile["Access-Control-Allow-Origin"] == "*"
        path = settings.LOG / "tile" / level / "000.p" / str(size)
        assert b"".join(tile) == path.read_bytes()  # type: ignore[arg-type]
    for path in (
        "/log/.state/journal",
        "/log/tile/0/../../.state/size",
        "/log/tile/0/000",
        "/log/tile/0/000.p/0",
        "/log/tile/9/000",
        "/log/tile/0",
    ):
        assert client.get(path).status_code == 404, path
