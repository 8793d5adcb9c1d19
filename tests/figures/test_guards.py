"""Guards from the rows to what everybody reads: declared, read by the steward, kept, told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from dingzi.core.errors import LoadError
from dingzi.core.text import Text
from dingzi.figures import guards, refreshing, registry
from dingzi.figures.guards import declare, registered
from dingzi.figures.guards.monthly import last_month
from dingzi.figures.models import GuardReading
from dingzi.matters.clocks import left
from dingzi.mechanisms.disputes.figures import guards as disputes
from dingzi.mechanisms.disputes.figures import populations
from dingzi.mechanisms.disputes.models import Dispute
from tests.figures.rows import closed
from tests.world import build

NOW = "2026-11-20T10:00+08:00"
SHARE = "disputes.on_time_share"
TEXT = Text("看", "look")


@pytest.fixture
def past(db: None, at: Any) -> None:
    """A year and a half of months with 20 closings; in the last one most fall on the last day."""
    at(NOW)
    build()
    for number in range(18):
        year, month = divmod(2025 * 12 + 4 + number, 12)
        for n in range(20):
            on = date(year, month + 1, 1 + n)
            left = 0 if n < (14 if number == 17 else 3) else 4 + n % 5
            closed(on, days=30 - left, on_time=True, days_left=left, noted_after=0)


def reading(name: str) -> guards.Reading:
    found = {one.guard.name: one for one in guards.readings(registry.get(SHARE))}
    return found[name]


@pytest.mark.usefixtures("past")
def test_the_steward_reads_what_pages_tell(client: Client) -> None:
    """Read from the cells, kept, shown with its usual range and false alarms, never as a finding."""
    refreshing.refresh()
    assert guards.refresh() == len(guards.every())
    found = reading("disputes.guard_last_day")
    assert (found.says, found.n, found.of) == ("look", 14, 20)
    assert found.value == Fraction(14, 20) and found.high is not None and found.high < found.value
    assert found.period == last_month()
    body = client.get(f"/figures/{SHARE}/").content.decode()
    assert "值得看一看" in body and "没有问题的1000个月里" in body.replace(",", "")
    assert "70.0%" in body and "舞弊" not in body and "造假" not in body
    told = client.get(f"/api/v1/figures/{SHARE}/guards").json()
    said = {one["name"]: one for one in told}["disputes.guard_last_day"]
    assert said["says"] == "look" and said["value"] == "7/10" and said["false_alarms"] == 5


@pytest.mark.usefixtures("past")
def test_nothing_is_read_twice_of_the_same_numbers(at: Any) -> None:
    """A second reading happens when numbers changed or a month ended, not before."""
    assert guards.refresh() == 0, "no cells yet"
    refreshing.refresh()
    assert guards.refresh() and not guards.refresh()
    closed(date(2026, 10, 3), on_time=True, days_left=1)
    refreshing.refresh()
    assert guards.refresh()
    assert reading("disputes.guard_last_day").of == 21
    at("2026-12-01T08:00+08:00")
    assert guards.refresh()
    assert reading("disputes.guard_last_day").says == "few"
    GuardReading.objects.create(
        name="gone", month=date(2026, 10, 1), says="few", edition="", at=NOW
    )
    assert guards.refresh()
    assert not GuardReading.objects.filter(name="gone").exists()


@pytest.mark.usefixtures("past")
def test_cells_and_rows_say_the_same() -> None:
    """A guard read before there are cells is the one read from them."""
    from_rows = [guards.read(guard) for guard in guards.every()]
    refreshing.refresh()
    assert [guards.read(guard) for guard in guards.every()] == from_rows


def test_the_denominator_is_read_by_working_days(db: None, at: Any) -> None:
    """A month with fewer working days and as many fewer closings has not changed."""
    at(NOW)
    build()
    for number in range(31):
        year, month = divmod(2024 * 12 + 3 + number, 12)
        first = date(year, month + 1, 1)
        for n in range(6 if number == 30 else 26):
            closed(first + timedelta(days=n))
    found = guards.read(disputes.ALL[-1])
    assert found.guard.kind == "change" and found.says == "few"
    assert found.n == 6 and found.of == 26


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("elsewhere.guard", {}, "its name must be disputes."),
        ("disputes.guard_a", {"means": Text("", "")}, "words in both languages"),
        ("disputes.guard_b", {"beside": ()}, "stands beside no figure"),
        ("disputes.guard_c", {"some": populations.registered}, "must be one of its populations"),
    ],
)
def test_a_guard_that_cannot_work_is_refused(name: str, changes: Any, said: str) -> None:
    """Its name, file and line, and its fault; nothing is registered."""
    before = list(registered.every())
    given = {"means": TEXT, "harmless": TEXT, "beside": (registry.get(SHARE),)}
    some = {"some": populations.resolved, "over": (populations.closed,)}
    guard = declare.Rate(name, zh="看", en="look", **(given | some | changes))
    with pytest.raises(LoadError, match=said) as caught:
        registered.watch("disputes", guard)
    assert "test_guards.py:" in str(caught.value)
    assert registered.every() == before


def test_a_spread_counts_what_it_says() -> None:
    """Counted and all are ranges of the same whole numbers."""
    from dingzi.figures.tally import Tally

    last_day = next(g for g in disputes.ALL if g.name == "disputes.guard_last_day")
    spread = Tally.of({-2: 5, 0: 3, 1: 4, 30: 1})
    assert last_day.month({last_day.parts[0]: spread}) == (3, 8)
    bunching = next(g for g in disputes.ALL if g.name == "disputes.guard_bunching")
    assert bunching.month({bunching.parts[0]: spread}) == (7, 12)


@pytest.mark.django_db
def test_a_figure_without_readings_has_no_guards_on_its_page(client: Client) -> None:
    """Before the first reading nothing is said."""
    build()
    assert Dispute.objects.count() == 0
    assert 'id="guards"' not in client.get(f"/figures/{SHARE}/").content.decode()
    assert client.get(f"/api/v1/figures/{SHARE}/guards").json() == []
    assert client.get("/api/v1/figures/no.such/guards").status_code == 404


def test_days_left_are_those_of_a_clock_that_ran_to_its_end() -> None:
    """Negative when late; none of a clock that never ran, stood still, or was not stopped."""
    done = {"due": "2026-03-10", "pauses": [], "late": False}
    assert left(done, date(2026, 3, 8)) == 2
    assert left(done | {"late": True}, date(2026, 3, 13)) == -3
    assert left(done | {"pauses": [["2026-03-01", "2026-03-03", ""]]}, date(2026, 3, 10)) == 0
    assert left(done | {"pauses": [["2026-03-01", None, ""]]}, date(2026, 3, 10)) is None
    assert left({"due": "2026-03-10", "pauses": []}, date(2026, 3, 8)) is None
    assert left(None, date(2026, 3, 8)) is None
