"""Figures at the desk: the matters behind a number, what needs attention, freezing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from dingzi import figures
from dingzi.figures import Period, attention, definitions
from dingzi.figures.models import Frozen, GuardReading
from dingzi.ledger import keys
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Event
from dingzi.project import roles
from tests.databases import acting_as
from tests.figures.rows import closed, dispute
from tests.workbench.conftest import Office
from tests.world import OTHER_COUNTY, TOWN

NOW = "2026-11-20T10:00+08:00"
PAGE = "/work/figures/disputes.closed/"


@pytest.fixture(autouse=True)
def now(at: Callable[..., Any]) -> Iterator[None]:
    cache.clear()
    at(NOW)
    yield
    cache.clear()
    shutil.rmtree(settings.LOG, ignore_errors=True)
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink(missing_ok=True)


def test_a_list_shows_only_what_one_may_see(office: Office) -> None:
    """The county's supervisor sees his county's matters; nothing says that there are others."""
    here = closed(date(2026, 10, 5), town=TOWN)
    there = closed(date(2026, 10, 6), county=OTHER_COUNTY)
    body = office.client(office.world.supervisor).get(PAGE).content.decode()
    assert here.matter.number in body and there.matter.number not in body
    assert "<b>2</b>" in body
    body = office.client(office.world.other_window).get(PAGE).content.decode()
    assert here.matter.number not in body and "没有您能看的事项" in body


def test_a_small_number_is_told_only_of_ones_own_place(office: Office) -> None:
    """A county's two cases: its supervisor reads the number, a town's window does not."""
    for day in (5, 6):
        closed(date(2026, 10, day), town=TOWN)
    for day in range(1, 9):
        closed(date(2026, 10, day), county=OTHER_COUNTY)
    asked = f"{PAGE}?county=360902&period=2026-10"
    assert "<b>2</b>" in office.client(office.world.supervisor).get(asked).content.decode()
    told = office.client(office.world.window).get(asked).content.decode()
    assert "<b>2</b>" not in told and "不告诉" in told
    inner = f"{PAGE}?door=web&period=2026-10"
    assert (
        "公开的数字不按来路分开" in office.client(office.world.window).get(inner).content.decode()
    )


def test_the_rest_of_a_share_can_be_listed(office: Office) -> None:
    """Of a share one lists what counts, what does not, or all."""
    good, bad = closed(date(2026, 10, 5), "agreed"), closed(date(2026, 10, 6), "failed")
    client = office.client(office.world.supervisor)
    page = "/work/figures/disputes.resolved_share/"
    for which, wanted in (("of", [good]), ("rest", [bad]), ("over", [good, bad])):
        body = client.get(f"{page}?which={which}").content.decode()
        assert [one for one in (good, bad) if one.matter.number in body] == wanted
    odd = client.get(f"{page}?which=x&period=%00&county=nowhere&after=zzz")
    assert odd.status_code in (200, 400, 422)


def test_only_a_steward_freezes(office: Office, steward: Client) -> None:
    """The window has no form and is refused; a steward's act is one event, and a second is refused."""
    closed(date(2026, 10, 5))
    definitions.settle()
    with acting_as(roles.STEWARD):
        Sealer().seal()
    window = office.client(office.world.window)
    assert 'name="period"' not in window.get("/work/figures/").content.decode()
    assert window.post("/work/figures/", {"period": "2026-10"}).status_code == 403
    assert not Frozen.objects.exists()
    done = steward.post("/work/figures/", {"period": "2026-10"})
    assert done.status_code == 302 and Frozen.objects.exists()
    event = Event.objects.get(action="figures_frozen")
    assert event.post is not None and event.post.code == "pt"
    again = steward.post("/work/figures/", {"period": "2026-10"})
    assert again.status_code == 422 and "已经封定过" in again.content.decode()
    assert steward.post("/work/figures/", {"period": "bad"}).status_code == 422


def test_today_shows_figures_that_changed_by_more_than_chance(office: Office) -> None:
    """Sixty this October beside thirty the year before is told; thirty beside thirty-two is not."""
    for year, n in ((2025, 30), (2026, 60)):
        for i in range(n):
            dispute(date(year, 10, 1) + timedelta(days=i % 28))
    dispute(date(2024, 1, 1))
    (one,) = attention.changed({"county": "360902"})
    assert one.now.figure == "disputes.registered" and one.now.period == Period.month(2026, 10)
    body = office.client(office.world.supervisor).get("/work/today/").content.decode()
    assert "袁州区有变化的数字" in body and "比去年同期多30件" in body
    for i in range(28):
        dispute(date(2025, 10, 1) + timedelta(days=i))
    assert attention.changed({"county": "360902"}) == []


def test_today_shows_guards_that_speak_up_without_a_verdict(office: Office) -> None:
    """A guard worth looking at stands there with what makes it so with nothing wrong."""
    GuardReading.objects.create(
        name="disputes.guard_reopened", month=date(2026, 10, 1), says="look", edition="",
        data={"n": 9, "of": 50, "alarms": 5, "value": "9/50", "low": "0", "high": "1/10"},
        at="2026-11-20T02:00Z",
    )  # fmt: skip
    (reading,) = attention.looks()
    body = office.client(office.world.window).get("/work/today/").content.decode()
    assert "18.0%" in body and reading.guard.harmless.zh in body
    assert "不说明有人做了什么" in body


def test_today_shows_late_matters_first(office: Office, file: Callable[..., str], at: Any) -> None:
    """What is overdue on this post stands on top; an empty desk says so."""
    client = office.client(office.world.window)
    assert "今天没有到期的事" in client.get("/work/today/").content.decode()
    number = file()
    at("2027-01-20T10:00+08:00")
    body = office.client(office.world.window).get("/work/today/").content.decode()
    assert number in body and "已逾期" in body


def test_a_place_is_ones_own_by_its_code(office: Office) -> None:
    """A county's post answers for its county and towns, the city's for all, a window for none."""
    from dingzi.workbench.figures import own

    county = replace(office.world.supervisor, scope="360902")
    assert own(county, {"county": "360902"}) and own(county, {"town": TOWN})
    assert not own(county, {"county": OTHER_COUNTY}) and not own(county, {})
    assert own(replace(county, scope="3609"), {}) and not own(replace(county, scope=""), {})
    assert figures.get("disputes.closed").dimensions["county"].place
