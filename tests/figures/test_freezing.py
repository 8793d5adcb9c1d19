"""A frozen period stays what it was; later corrections are shown beside it, with why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from dingzi import figures, matters
from dingzi.city.viewer import PUBLIC, SYSTEM
from dingzi.core import reasons
from dingzi.core.errors import Forbidden, Invalid, Refusal
from dingzi.figures import Period, corrections, definitions, freezing, members, proving
from dingzi.figures.models import Definition, Frozen
from dingzi.ledger import keys
from dingzi.ledger.sealing import Sealer
from dingzi.matters import book
from dingzi.matters.models import Event
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.project import roles
from tests.databases import acting_as
from tests.figures.rows import closed
from tests.world import OTHER_COUNTY, TOWN, World, build

SHARE = "disputes.resolved_share"
AUGUST = Period.month(2025, 8)
COUNTY = "360902"


@pytest.fixture
def world(db: None, at: Callable[..., Any]) -> Iterator[World]:
    at("2025-09-23T10:00+08:00")
    yield build()
    shutil.rmtree(settings.LOG, ignore_errors=True)
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink(missing_ok=True)


def begin() -> list[Dispute]:
    """Three disputes of August, two of them resolved, and a sealed log."""
    rows = [closed(date(2025, 8, 5), outcome) for outcome in ("agreed", "settled", "failed")]
    definitions.settle()
    with acting_as(roles.STEWARD):
        Sealer().seal()
    return rows


def frozen_events() -> list[Event]:
    return list(Event.objects.filter(action=freezing.ACTION).order_by("id"))


def test_a_frozen_period_says_for_ever_what_it_was(world: World) -> None:
    """The event holds value, counts, definition, size and root; the public log shows it."""
    begin()
    done = freezing.freeze(AUGUST, by=SYSTEM)
    one = Frozen.objects.get(figure=SHARE)
    assert done == Frozen.objects.count() > 10
    assert freezing.number_of(one) == Fraction(2, 3) and one.behind[1][1] == 3
    assert one.size > 0 and len(one.root) == 64
    event = frozen_events()[0]
    assert event.header["facts"]["root"] == one.root
    (found,) = corrections.corrections(SHARE)
    assert found.difference == 0 and found.why == ()


def test_a_later_correction_is_shown_with_why(world: World) -> None:
    """One of the three leaves the month: frozen value, value now, difference, counts that moved."""
    rows = begin()
    freezing.freeze(AUGUST, by=SYSTEM)
    Dispute.objects.filter(pk=rows[2].pk).update(closed_on=None, outcome="")
    closed(date(2025, 8, 9), "agreed")
    (found,) = corrections.corrections(SHARE)
    assert (found.then, found.now.number, found.difference) == (Fraction(2, 3), 1, Fraction(1, 3))
    codes = [(code, params.get("n")) for code, params in found.why]
    assert codes == [("frozen_came", 1), ("frozen_came", 1), ("frozen_left", 1)]
    for reason in found.why:
        assert "{" not in reasons.say(reason, "zh-hans") + reasons.say(reason, "en")


def test_what_was_done_since_is_named(world: World, at: Callable[..., Any]) -> None:
    """A matter that came in by an act after the freeze is told with that act's name."""
    begin()
    freezing.freeze(AUGUST, by=SYSTEM)
    at("2025-09-24T10:00+08:00")
    data = {"text": "楼上水管漏水，天花板受损。", "place": TOWN, "phone": "13800006620"}
    done = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web")
    row = Dispute.objects.get(matter__number=done.number)
    Dispute.objects.filter(pk=row.pk).update(
        registered_on=date(2025, 8, 2), accepted_on=date(2025, 8, 2), closed_on=date(2025, 8, 9),
        outcome="agreed",
    )  # fmt: skip
    (found,) = corrections.corrections(SHARE)
    acts = [params for code, params in found.why if code == "frozen_acts"]
    assert [(one["act"].en, one["n"]) for one in acts] == [("Register", 1)]


def test_counties_are_frozen_where_their_numbers_are_public(world: World) -> None:
    """Seven in each of two counties: both are noted; of one with two nothing is, nor of its neighbour."""
    rows = [
        closed(date(2025, 8, day), "agreed", county=place)
        for day in range(1, 8)
        for place in (COUNTY, OTHER_COUNTY)
    ]
    begin()
    freezing.freeze(AUGUST, by=SYSTEM)
    told = dict(Frozen.objects.filter(figure="disputes.closed").values_list("place", "number"))
    assert told[""] == "17" and told[OTHER_COUNTY] == "7"
    closed(date(2025, 8, 20), county=OTHER_COUNTY)
    (found,) = corrections.corrections("disputes.closed", OTHER_COUNTY)
    assert (found.then, found.now.number, found.difference) == (7, 8, 1)
    assert [code for code, _ in found.why][:1] == ["frozen_came"]
    Dispute.objects.filter(pk=rows[1].pk).update(county=COUNTY)
    Dispute.objects.filter(pk=rows[3].pk).update(county=COUNTY)
    (found,) = corrections.corrections("disputes.closed", OTHER_COUNTY)
    assert found.difference == -1


def test_a_small_county_is_not_frozen(world: World) -> None:
    """Two cases of one county are not in the public log, nor what would give them by subtracting."""
    for day in (1, 2):
        closed(date(2025, 8, day), county=OTHER_COUNTY)
    begin()
    freezing.freeze(AUGUST, by=SYSTEM)
    told = Frozen.objects.filter(figure="disputes.closed")
    assert list(told.values_list("place", "number").exclude(number="0")) == [("", "5")]
    public = [row for one in frozen_events() for row in one.header["facts"]["rows"]]
    assert public and not [
        row for row in public if row["place"] == OTHER_COUNTY and row["number"] == "2"
    ]


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (Period.month(2025, 9), "freeze_not_over"),
        (Period.day(date(2025, 8, 5)), "freeze_not_whole"),
    ],
)
def test_only_whole_periods_that_are_over_are_frozen(
    world: World, period: Period, code: str
) -> None:
    """What may still change by itself is not frozen, and nothing is written."""
    begin()
    with pytest.raises(Refusal) as refused:
        freezing.freeze(period, by=SYSTEM)
    assert refused.value.codes == (code,) and not Frozen.objects.exists()


def test_a_period_is_frozen_once_by_a_steward(world: World) -> None:
    """Another post is refused; a second freeze is too; before any head there is nothing to go by."""
    with pytest.raises(Refusal) as refused:
        freezing.freeze(AUGUST, by=SYSTEM)
    assert refused.value.codes == ("freeze_no_head",)
    begin()
    with pytest.raises(Forbidden):
        freezing.freeze(AUGUST, by=world.window)
    assert not Frozen.objects.exists()
    freezing.freeze(AUGUST, by=SYSTEM)
    with pytest.raises(Refusal) as refused:
        freezing.freeze(AUGUST, by=SYSTEM)
    assert refused.value.codes == ("freeze_again",)
    events = frozen_events()
    facts = events[0].facts
    for bad in (facts, {"rows": []}, facts | {"root": "00"}, facts | {"first": "x"}):
        with pytest.raises(Invalid):
            book.record(freezing.ACTION, bad, by=SYSTEM)
    assert frozen_events() == events


def test_a_rebuild_keeps_what_was_frozen(world: World) -> None:
    """Folding the book again gives the same rows."""
    begin()
    freezing.freeze(AUGUST, by=SYSTEM)
    before = list(Frozen.objects.order_by("id").values())
    rebuild()
    assert list(Frozen.objects.order_by("id").values()) == before


def test_a_value_has_its_proof(world: World) -> None:
    """Definition, period, tree size and root stand beside the value; what waits for its seal is said."""
    assert proving.proof(figures.value(SHARE, AUGUST)) is None
    begin()
    found = proving.proof(figures.value(SHARE, AUGUST))
    assert found is not None
    told = proving.document(found)
    assert told["tree_size"] == found.size > 0 and told["waiting"] == 0
    assert (told["number"], told["period"]["code"]) == ("2/3", "2025-08")
    assert (
        told["definition"] == figures.get(SHARE).definition and told["counted"]["kind"] == "share"
    )
    Definition.objects.all().delete()
    definitions.settle()
    later = proving.proof(figures.value(SHARE, AUGUST))
    assert later is not None and later.waiting == 1


@given(st.sets(st.integers(1, 2**40)))
def test_packed_ids_come_back(ids: set[int]) -> None:
    """What was packed is unpacked the same."""
    assert members.unpack(members.pack(sorted(ids))) == sorted(ids)
