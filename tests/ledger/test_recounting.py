"""Anybody recounts the public figures from the public log; they equal the site's."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dingzi import matters
from dingzi.city.viewer import receipt
from dingzi.figures import asking, recounting
from dingzi.figures.period import Period, today
from dingzi.ledger import keys
from dingzi.ledger.reading import entries
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Matter
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import OTHER_COUNTY, World

from .conftest import file

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(world: World) -> str:
    """The public key of a log of disputes that went each its own way."""
    lead = {"category": "property", "lead": world.mediation}
    session = {"mediators": ["甲"], "how": "hall", "text": "谈了"}
    for way in range(6):
        number = file(f"第{way}件")
        if way == 1:
            decline = {"ground": "elsewhere", "remedy": "别处"}
            matters.act(number, "decline", decline, by=world.window)
        if way < 2:
            continue
        matters.act(number, "accept_dispatch", lead, by=world.window)
        matters.act(number, "session", session, by=world.mediator)
        if way == 3:
            matters.act(number, "settle", {"text": "说和了"}, by=world.mediator)
        if way > 3:
            matters.act(number, "settle", {"text": "说和了"}, by=world.mediator)
            visit = {"text": "去看过了", "how": "phone"}
            matters.act(number, "visit", visit, by=world.mediator)
            holder = receipt(Matter.objects.get(number=number).id)
            matters.act(number, "confirm", {"rating": way}, by=holder)
    file("外县的一件", OTHER_COUNTY)
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    return named.log


def test_every_public_figure_equals_the_sites(key: str) -> None:
    """Whole city, each county, each category; counts, shares, means and medians."""
    made = recounting.fold(entries(str(settings.LOG), key))
    now = today()
    month = Period.month(now.year, now.month)
    compared = told = 0
    for figure, lacking in recounting.figures():
        if lacking or not figure.name.startswith("disputes."):
            continue
        for dims in ({}, {"county": "360902"}, {"county": OTHER_COUNTY}, {"category": "property"}):
            if not set(dims) <= set(figure.dimensions):
                continue
            site = asking.value(figure, month, dims, public=False).number
            assert recounting.value(made, figure, month, dims) == site, (figure.name, dims)
            compared += 1
            told += bool(site)
    assert compared > 60 and told > 20


def test_each_public_figure_of_disputes_can_be_recounted() -> None:
    """None counts by a column that the leaves hide."""
    hidden = {f.name: needs for f, needs in recounting.figures() if needs}
    assert not [name for name in hidden if name.startswith("disputes.")]


def test_the_command_prints_what_it_recounts(key: str) -> None:
    """One JSON line a figure; a wrong key or an unknown period is said in words."""
    out = StringIO()
    now = today()
    asked: dict[str, Any] = {
        "key": key,
        "period": f"{now:%Y-%m}",
        "stdout": out,
        "stderr": StringIO(),
    }
    call_command("recount", str(settings.LOG), **asked)
    lines = {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}
    assert lines["disputes.registered"]["value"] == 7
    out.truncate(0)
    call_command("recount", str(settings.LOG), **asked | {"by": "county"})
    assert '"360921": 1' in out.getvalue()
    with pytest.raises(CommandError):
        call_command("recount", str(settings.LOG), **asked | {"period": "nonsense"})
    with pytest.raises(CommandError, match=r"cannot be read.*key"):  # before any site is asked
        call_command("recount", "http://127.0.0.1:9", **asked | {"key": "nonsense"})
    other = key[:-6] + ("AAAAA=" if not key.endswith("AAAAA=") else "BBBBB=")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("recount", str(settings.LOG), **asked | {"key": other})
