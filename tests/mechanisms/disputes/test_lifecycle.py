"""A dispute from filing to archive, and what each step leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dingzi import matters
from dingzi.city.viewer import PUBLIC, receipt
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from dingzi.matters.models import Event, Matter, Outbox, Private
from dingzi.matters.rebuild import rebuild
from tests.world import TOWN, World, build

FILED = {"text": "楼上水管漏水，我家天花板受损。希望修好。", "place": TOWN, "phone": "13800006620"}


@pytest.fixture
def world(db: None) -> World:
    return build()


def dispatched(world: World) -> str:
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC, door="web").number
    matters.act(
        number,
        "accept_dispatch",
        {"category": "neighbours", "lead": world.mediation},
        by=world.window,
    )
    return number


def test_nine_acts_take_a_dispute_from_filing_to_archive(world: World) -> None:
    """The nine acts of a whole life leave nine events and the figures' columns filled."""
    number = matters.open_matter("dispute", "file", FILED, by=PUBLIC, door="web").number
    assert number.startswith("袁纠〔")
    me = receipt(Matter.objects.get(number=number).id)
    matters.act(number, "accept", {"category": "neighbours"}, by=world.window)
    matters.act(number, "dispatch", {"lead": world.mediation}, by=world.window)
    matters.act(
        number, "session", {"mediators": ["甲"], "how": "hall", "text": "谈"}, by=world.mediator
    )
    matters.act(number, "agree", {"form": "oral", "text": "修好"}, by=world.mediator)
    matters.act(number, "perform", {"text": "修好了"}, by=world.mediator)
    matters.act(number, "visit", {"how": "home"}, by=world.mediator)
    matters.act(number, "confirm", {"rating": 5}, by=me)
    matters.act(number, "archive", {}, by=world.mediator)
    matter = Matter.objects.select_related("dispute").get(number=number)
    assert (matter.state, matter.seq, matter.outcome) == ("archived", 9, "agreed")
    assert matter.title == "楼上水管漏水，我家天花板受损"
    own = matter.dispute
    assert (own.word, own.rating, own.sessions, own.agreement) == ("confirmed", 5, 1, "oral")
    assert own.on_time is True and own.days == 0 and own.noted_after == 0
    due = date.fromisoformat(matter.clocks["mediation"]["due"])
    assert own.closed_on + timedelta(days=own.days_left) == due
    assert Event.objects.filter(stream=matter.id).count() == 9
    assert Outbox.objects.count() == 9
    assert not any("13800006620" in str(e.facts) for e in Event.objects.all())
    assert Private.objects.filter(data__phone="13800006620").exists()


def test_a_stranger_finds_nothing_and_the_wrong_role_is_refused(world: World) -> None:
    """404 for who may not see, 403 for who sees but may not, 409 for the wrong state."""
    number = dispatched(world)
    events = Event.objects.count()
    with pytest.raises(NotFound):
        matters.act(number, "note", {"text": "x"}, by=world.stranger)
    with pytest.raises(Forbidden):
        matters.act(number, "agree", {"form": "oral", "text": "x"}, by=world.window)
    with pytest.raises(WrongState):
        matters.act(number, "accept", {"category": "other"}, by=world.window)
    with pytest.raises(Refusal) as refusal:
        matters.act(number, "agree", {"form": "oral", "text": "x"}, by=world.mediator)
    assert refusal.value.codes == ("no_session",)
    assert Event.objects.count() == events


def test_an_old_case_is_taken_over_with_its_own_dates(world: World) -> None:
    """A case finished elsewhere keeps its dates, counts as imported, and is never on time."""
    registered = datetime(2024, 3, 1, 9, tzinfo=UTC)
    data = {
        "text": "旧件", "place": TOWN, "result": "agreed",
        "accepted_on": "2024-03-04", "closed_on": "2024-03-20",
    }  # fmt: skip
    number = matters.open_matter(
        "dispute", "take_over", data, by=world.window, occurred_at=registered, reason="旧系统"
    ).number
    matter = Matter.objects.select_related("dispute").get(number=number)
    assert (matter.state, matter.active, matter.outcome) == ("archived", False, "agreed")
    own = matter.dispute
    assert (own.registered_on, own.closed_on, own.days) == (
        date(2024, 3, 1), date(2024, 3, 20), 16,
    )  # fmt: skip
    assert own.imported and own.on_time is own.days_left is own.noted_after is None
    assert rebuild(write=False).differences == []
    with pytest.raises(Invalid, match="closed_out_of_order"):
        matters.open_matter(
            "dispute", "take_over", data | {"closed_on": "2024-02-01"},
            by=world.window, occurred_at=registered, reason="旧系统",
        )  # fmt: skip
    assert Matter.objects.count() == 1


def test_a_court_takes_an_application_once(world: World) -> None:
    """Applied, taken, answered, each once; a second click on the same step is told what comes next."""
    number = dispatched(world)
    talk = {"mediators": ["甲"], "how": "hall", "text": "谈"}
    matters.act(number, "session", talk, by=world.mediator)
    matters.act(number, "agree", {"form": "oral", "text": "修好"}, by=world.mediator)

    def refused(action: str, data: dict[str, str]) -> tuple[str, ...]:
        with pytest.raises(Refusal) as refusal:
            matters.act(number, action, data, by=world.mediator)
        return refusal.value.codes

    assert refused("court_take", {}) == ("court_not_asked",)
    matters.act(number, "apply_court", {"court": "区人民法院"}, by=world.mediator)
    matters.act(number, "court_take", {}, by=world.mediator)
    assert refused("court_take", {}) == ("court_taken_already",)
    assert refused("apply_court", {"court": "区人民法院"}) == ("court_already_asked",)
    matters.act(number, "court_result", {"result": "confirmed"}, by=world.mediator)
    assert refused("court_result", {"result": "refused"}) == ("court_not_asked",)
    own = Matter.objects.select_related("dispute").get(number=number).dispute
    assert own.court == "confirmed"
    assert rebuild(write=False).differences == []
