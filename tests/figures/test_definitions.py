"""Versions of definitions in the city's book: a change without a new version stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import checks
from django.db.models import Q

from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid, LoadError
from dingzi.figures import definitions, registry
from dingzi.figures.declare import Count
from dingzi.figures.models import Definition
from dingzi.matters import book
from dingzi.matters.models import Event
from dingzi.matters.rebuild import rebuild
from tests.world import build

NAME = "disputes.closed"


@pytest.fixture(autouse=True)
def settled(db: None) -> Iterator[None]:
    build()
    definitions.settle()
    kept = dict(registry.load())
    yield
    registry._figures.clear()
    registry._figures.update(kept)


def changed(**settings: Any) -> Count:
    """Declare the figure otherwise, as a changed file would."""
    one = registry.get(NAME)
    assert isinstance(one, Count)
    other = replace(one, of=replace(one.of, where=Q(outcome="agreed")), **settings)
    registry._figures[NAME] = other
    return other


def test_every_definition_stands_in_the_book_once() -> None:
    """The first start records version 1 of all; the public log shows them; a second adds nothing."""
    assert Definition.objects.count() == len(registry.load())
    event = Event.objects.get(action=definitions.ACTION)
    assert event.header["facts"]["rows"][0]["version"] == 1
    assert definitions.settle() == 0 and Event.objects.count() == 1


def test_a_changed_definition_without_a_new_version_stops_the_start() -> None:
    """The error names file, line and figure, and what to declare; nothing is recorded."""
    one = changed()
    with pytest.raises(LoadError) as refused:
        definitions.settle()
    text = str(refused.value)
    assert text.startswith(f"{one.place}: figure {NAME}: what it counts has changed")
    assert "declare version=2" in text
    found = checks.run_checks(tags=["dingzi"], databases=["default"])
    assert [error.id for error in found] == ["figures.E002"]
    assert Definition.objects.filter(figure=NAME).count() == 1


def test_a_new_version_is_recorded_with_its_day() -> None:
    """Version 2 follows by one event; the first stays."""
    since = registry.get(NAME).since + timedelta(days=400)
    one = changed(version=2, since=since)
    assert definitions.settle() == 1
    rows = [(d.version, d.definition, d.since) for d in definitions.history(NAME)]
    assert rows[0] == (2, one.definition, since) and rows[1][0] == 1
    assert checks.run_checks(tags=["dingzi"], databases=["default"]) == []


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"version": 3, "since": date(2026, 1, 1)}, "version 3 cannot follow 1"),
        ({"version": 2}, "must be later than"),
    ],
)
def test_a_version_must_follow(settings: dict[str, Any], fault: str) -> None:
    """A version is the next one, from a later day."""
    changed(**settings)
    (found,) = definitions.faults()
    assert fault in found


def test_a_new_version_of_the_same_is_refused() -> None:
    """A version that counts as the one before changes nothing and is not made."""
    registry._figures[NAME] = replace(registry.get(NAME), version=2, since=date(2026, 1, 1))
    (found,) = definitions.faults()
    assert "counts as 1 does" in found


def test_the_book_takes_only_what_follows() -> None:
    """Facts that skip a version, or are none, are refused."""
    row = {"figure": NAME, "version": 5, "definition": "0" * 16, "since": "2026-01-01"}
    for facts in ({"rows": [row]}, {"rows": []}, {"rows": [{"figure": NAME}]}, {"rows": ["x"]}):
        with pytest.raises(Invalid) as refused:
            book.record(definitions.ACTION, facts, by=SYSTEM)
        assert refused.value.codes == ("figure_version",)
    assert Definition.objects.filter(figure=NAME).count() == 1


def test_a_rebuild_gives_the_same_versions() -> None:
    """The book alone says which versions there were."""
    before = list(Definition.objects.order_by("id").values())
    rebuild()
    assert list(Definition.objects.order_by("id").values()) == before
