"""Petitions recounted from the public log: equal to the site's, but for what is confidential."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from dingzi import matters
from dingzi.figures import asking, recounting
from dingzi.figures.period import Period, today
from dingzi.ledger import keys, receipts
from dingzi.ledger.auditing import whole
from dingzi.ledger.checking import check
from dingzi.ledger.reading import entries
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Event, Matter
from dingzi.project import roles
from tests.databases import acting_as
from tests.mechanisms.petitions.conftest import Petitions, city

assert city  # a fixture
pytestmark = pytest.mark.django_db
COUNTIES = ({"county": "360902"}, {"county": "360921"})


def _recounted() -> tuple[recounting.Recount, Period]:
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    now = today()
    return recounting.fold(entries(str(settings.LOG), named.log)), Period.month(now.year, now.month)


def _petitions() -> list[Any]:
    return [f for f, needs in recounting.figures() if f.name.startswith("petitions.") and not needs]


def test_every_public_figure_of_petitions_equals_the_sites(city: Petitions) -> None:
    """Whole city and each county: counts, shares and times of petitions that went several ways."""
    city.brought()
    city.routed("suggestion")
    number = city.opined()
    matters.act(number, "confirm", {}, by=city.citizen(number))
    made, month = _recounted()
    compared = told = 0
    for figure in _petitions():
        for dims in ({}, *COUNTIES):
            site = asking.value(figure, month, dims, public=False).number
            assert recounting.value(made, figure, month, dims) == site, (figure.name, dims)
            compared += 1
            told += bool(site)
    assert compared > 20 and told > 8


def test_an_accusation_is_missing_from_the_log_and_nowhere_else(city: Petitions) -> None:
    """It counts in the site's city total alone: no leaf shows it, no county has it."""
    city.brought()
    city.brought("accusation")
    made, month = _recounted()
    (received,) = [f for f in _petitions() if f.name == "petitions.received"]
    assert asking.value(received, month, {}, public=False).number == 2
    assert recounting.value(made, received, month, {}) == 1
    assert made.hidden >= 1
    for dims in COUNTIES:
        site = asking.value(received, month, dims, public=False).number
        assert recounting.value(made, received, month, dims) == site


def test_no_leaf_of_a_petition_tells_its_field(city: Petitions) -> None:
    """Divided by field, few would be alike; nor do the public's figures divide by it."""
    city.opined()
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    text = b"".join(entries(str(settings.LOG), named.log)).decode()
    assert '"process":"petition"' in text and "titles" not in text
    assert all(not one.public for f in _petitions() for one in f.by if one.name == "category")


def test_an_accusation_has_its_proof_and_the_audit_is_silent(city: Petitions) -> None:
    """Its leaf hides every fact, so each is opened, by its holder and by the audit, at its place."""
    number = city.brought("accusation")
    with acting_as(roles.STEWARD):
        Sealer().seal()
        assert whole()[1] == []
    matter = Matter.objects.get(number=number)
    text = receipts.full(matter, Event.objects.of(matter.id).order_by("seq"))
    named = keys.named()
    assert named
    found = check(text, [named.log], [named.promise], timezone.now())
    assert found.verdict == "sealed", found
    assert number in text.decode()
