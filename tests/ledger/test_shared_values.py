"""Erasure where others share the value: theirs stays whole, and what is left is told."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from dingzi import matters
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core import blobs, search
from dingzi.ledger import erasing
from dingzi.ledger.auditing import whole
from dingzi.ledger.remaining import remains
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Matter, Paper, Private
from dingzi.matters.rebuild import rebuild
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import TOWN, World

pytestmark = pytest.mark.django_db(transaction=True)
NAME, PHONE, WORDS = "欧阳鹦鹉", "13955550456", "鹦鹉整夜背诵圆周率"


def _filed(text: str) -> Matter:
    """A dispute of the same person, with the same photograph."""
    stored = blobs.store(SimpleUploadedFile("parrot.txt", WORDS.encode()))
    data = {
        "text": text, "place": TOWN, "name": NAME, "phone": PHONE, "category": "neighbours",
        "papers": [{"digest": stored.digest, "name": "parrot.txt"}],
    }  # fmt: skip
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    return Matter.objects.get(number=number)


@pytest.fixture
def two(world: World) -> tuple[Matter, Matter]:
    found = _filed(WORDS), _filed(f"又来了：{WORDS}")
    with acting_as(roles.STEWARD):
        Sealer().seal()
    return found


def _erase(matter: Matter, by: Viewer) -> None:
    matters.act(matter.number, "erase", {"ground": "asked"}, by=by)
    with acting_as(roles.STEWARD):
        erasing.carry_out()


def test_what_another_matter_shares_stays_there_whole(
    two: tuple[Matter, Matter], steward: Viewer
) -> None:
    """Words, name, file and search entry of the second dispute are untouched; the audit is silent."""
    first, second = two
    kept = list(Private.objects.filter(event__stream=second.id).values_list("data", "salt"))
    _erase(first, steward)
    assert not Private.objects.filter(event__stream=first.id, event__seq=1).exists()
    assert list(Private.objects.filter(event__stream=second.id).values_list("data", "salt")) == kept
    assert search.match("圆周率", None, limit=9).ids == [second.id]
    (paper,) = Paper.objects.exclude(blob=None)
    assert paper.matter_id == second.id
    with blobs.open_blob(paper.blob_id) as file:
        assert file.read() == WORDS.encode()
    assert rebuild(write=False).differences == []
    with acting_as(roles.STEWARD):
        Sealer().seal()
        assert whole()[1] == []


def test_what_is_left_is_told_and_goes_with_the_last(
    two: tuple[Matter, Matter], steward: Viewer
) -> None:
    """Each column and matter in which the telephone still stands; after the second erasure none."""
    first, second = two

    def named() -> set[str]:
        return {number for one in remains(PHONE) for number in one.matters}

    assert named() == {first.number, second.number}
    _erase(first, steward)
    assert named() == {second.number}
    told = StringIO()
    call_command("erase", find=PHONE, stdout=told)
    assert f"matters.Private.data: 1 {second.number}" in told.getvalue()
    _erase(second, steward)
    for value in (PHONE, NAME, WORDS):
        assert list(remains(value)) == []
    assert not Paper.objects.exclude(blob=None).exists()
    told = StringIO()
    call_command("erase", find=WORDS, stdout=told)
    assert "in no column" in told.getvalue()
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        for path in (name, name + "-wal"):
            assert WORDS.encode() not in Path(path).read_bytes()
    assert not [
        f for f in settings.BLOBS.rglob("*") if f.is_file() and WORDS.encode() in f.read_bytes()
    ]


def test_nothing_to_find_is_said() -> None:
    """An empty text stands everywhere."""
    with pytest.raises(CommandError, match="what is to be found"):
        call_command("erase", find=" ")
