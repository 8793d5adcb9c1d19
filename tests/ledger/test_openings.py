"""Openings: fields that the leaves hide, given to an auditor, verified, and recounted by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dingzi import matters
from dingzi.figures import asking, recounting
from dingzi.figures.period import Period, today
from dingzi.ledger import keys, openings
from dingzi.ledger.reading import entries
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import BOOK, Event, Private
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import OTHER_COUNTY, TOWN, World

from .conftest import file

pytestmark = pytest.mark.django_db
FIELDS = "town,category,@occurred_at"


@pytest.fixture
def key(world: World) -> str:
    """The public key of a log of a few disputes in two towns, of several fine categories."""
    file("外县的一件", OTHER_COUNTY)
    for category in ("land", "housing", "medical"):
        number = file(f"{category}的一件")
        matters.act(number, "accept", {"category": category}, by=world.window)
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    return named.log


def given(path: Path, fields: str = FIELDS, to: str = "审计局") -> str:
    out = StringIO()
    with acting_as(roles.STEWARD):
        call_command("openings", str(path), fields=fields, to=to, stdout=out)
    return out.getvalue()


def test_the_rest_is_recounted_with_openings_and_equals_the_site(key: str, tmp_path: Path) -> None:
    """By town, by fine category and by single days, which no leaf shows."""
    assert "opened: " in given(tmp_path / "openings")
    every = entries(str(settings.LOG), key)
    opened = openings.read(tmp_path / "openings", every)
    blind, made = recounting.fold(every), recounting.fold(every, opened)
    day = Period.day(today())
    compared = 0
    for figure, lacking in recounting.figures(made):
        if lacking or not figure.name.startswith("disputes."):
            continue
        for dims in ({}, {"town": TOWN}, {"subject": "land"}, {"subject": "housing"}):
            site = asking.value(figure, day, dims, public=False).number
            assert recounting.value(made, figure, day, dims) == site, (figure.name, dims)
            compared += bool(site)
    assert compared > 8
    filed = next(f for f, _ in recounting.figures() if f.name == "disputes.registered")
    assert recounting.value(made, filed, day, {"subject": "land"}) == 1
    assert recounting.value(blind, filed, day, {"subject": "land"}) == 0


def test_the_command_takes_the_file(key: str, tmp_path: Path) -> None:
    """With it any dimension may be asked for, and days; without it days are refused."""
    given(tmp_path / "openings")
    asked: dict[str, Any] = {"key": key, "period": f"{today():%Y-%m-%d}", "stderr": StringIO()}
    with pytest.raises(CommandError, match="whole ones"):
        call_command("recount", str(settings.LOG), **asked, stdout=StringIO())
    out = StringIO()
    more = {"openings": tmp_path / "openings", "by": "subject", "stdout": out}
    call_command("recount", str(settings.LOG), **asked, **more)
    lines = {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}
    wanted = {"housing": 1, "land": 1, "medical": 1, "property": 0}
    assert lines["disputes.accepted"]["values"] == wanted


def test_what_was_given_stands_in_the_book_and_in_the_log(key: str, tmp_path: Path) -> None:
    """For whom, which fields, how many entries, the file's digest: in the clear, sealed."""
    given(tmp_path / "openings")
    event = Event.objects.of(BOOK).get(action=openings.ACTION)
    raw = (tmp_path / "openings").read_bytes()
    assert event.facts["sha256"] == hashlib.sha256(raw).hexdigest()
    assert event.facts["to"] == "审计局" and event.facts["fields"] == sorted(FIELDS.split(","))
    assert event.facts["entries"] == raw.count(b"\n") - 2
    assert event.header["facts"] == event.facts
    assert (tmp_path / "openings").stat().st_mode & 0o077 == 0


def test_nothing_personal_is_opened(key: str, tmp_path: Path) -> None:
    """Neither what somebody wrote nor a field that a process marks as personal; no file is left."""
    for fields in ("@private", "text", "phone", "nonsense", ""):
        with pytest.raises(CommandError, match="no field that can be opened"):
            given(tmp_path / "openings", fields)
    with pytest.raises(CommandError, match="给谁"):
        given(tmp_path / "openings", to=" ")
    assert list(tmp_path.iterdir()) == []
    given(tmp_path / "openings")
    raw = (tmp_path / "openings").read_text()
    assert Private.objects.count() > 3
    for private in Private.objects.all():
        for value in private.data.values():
            assert not (isinstance(value, str) and value) or value not in raw
    with pytest.raises(CommandError, match="the file is there"):
        given(tmp_path / "openings")
    assert Event.objects.of(BOOK).filter(action=openings.ACTION).count() == 1


def _bent(change: Callable[[dict[str, Any]], Any]) -> Callable[[list[bytes]], list[bytes]]:
    def bend(lines: list[bytes]) -> list[bytes]:
        line = json.loads(lines[1])
        change(line)
        return [lines[0], json.dumps(line).encode(), *lines[2:]]

    return bend


def _other(digit: str) -> str:
    return "1" if digit == "0" else "0"


@pytest.mark.parametrize(
    "bend",
    [
        _bent(lambda line: line["o"]["town"].__setitem__(2, '"360902999"')),
        _bent(lambda line: line["o"]["town"].__setitem__(1, "00" * 16)),
        _bent(lambda line: line["o"]["town"].__setitem__(0, -1)),
        _bent(lambda line: line["o"].update(category=line["o"]["town"])),
        _bent(lambda line: line.update(c=line["c"][:-1] + _other(line["c"][-1]))),
        _bent(lambda line: line.update(i=line["i"] + 1)),
        _bent(lambda line: line.update(i=-1)),
        _bent(lambda line: line.update(i=10**9)),
        _bent(lambda line: line.update(o=[])),
        lambda lines: [b"{}", *lines[1:]],
        lambda lines: [lines[0], b"\xff", *lines[1:]],
        lambda lines: [],
    ],
)  # fmt: skip
def test_what_does_not_open_its_entry_is_named(
    key: str, tmp_path: Path, bend: Callable[[list[bytes]], list[bytes]]
) -> None:
    """A value, salt, place, index or line that was changed: refused with its line, nothing counted."""
    path = tmp_path / "openings"
    given(path)
    path.write_bytes(b"\n".join(bend(path.read_bytes().splitlines())))
    with pytest.raises(openings.OpeningTrouble, match=r"line [012] does not open"):
        openings.read(path, entries(str(settings.LOG), key))


@pytest.mark.parametrize(
    "cut",
    [lambda lines: lines[:-1], lambda lines: lines[:1], lambda lines: lines[:-2] + lines[-1:]],
)
def test_a_cut_file_is_not_taken_for_whole(
    key: str, tmp_path: Path, cut: Callable[[list[bytes]], list[bytes]]
) -> None:
    """Cut between two lines each line still opens its entry: the last one says how many there were."""
    path = tmp_path / "openings"
    given(path)
    path.write_bytes(b"\n".join(cut(path.read_bytes().splitlines())))
    with pytest.raises(openings.OpeningTrouble, match="cut"):
        openings.read(path, entries(str(settings.LOG), key))


def test_what_is_no_file_of_openings_is_named(key: str, tmp_path: Path) -> None:
    """A folder, a device without an end, a line without an end, lines after the last."""
    every = entries(str(settings.LOG), key)
    for odd in (tmp_path, Path("/dev/zero"), tmp_path / "none"):
        with pytest.raises(openings.OpeningTrouble, match="no such file"):
            openings.read(odd, every)
    path = tmp_path / "openings"
    path.write_bytes(b"[" * (openings.LONGEST + 10))
    with pytest.raises(openings.OpeningTrouble, match="line 1 does"):
        openings.read(path, every)
    given(tmp_path / "good")
    good = (tmp_path / "good").read_bytes()
    path.write_bytes(good + good.splitlines()[1] + b"\n")
    with pytest.raises(openings.OpeningTrouble, match="does not open its entry: form"):
        openings.read(path, every)
