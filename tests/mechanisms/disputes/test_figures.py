"""What acts do to the numbers: from filing to the citizen's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dingzi import figures, matters
from dingzi.city.viewer import PUBLIC, receipt
from dingzi.figures import Period
from dingzi.matters.models import Matter
from tests.world import TOWN, World, build

FILED = {"text": "楼上水管漏水，我家天花板受损。希望修好。", "place": TOWN, "phone": "13800006620"}
SEPTEMBER = Period.month(2025, 9)


@pytest.fixture
def world(db: None, at: Callable[..., Any]) -> World:
    at("2025-09-02T10:00+08:00")
    return build()


def number(name: str, **dims: str) -> Any:
    """Return a figure's number of September after a refresh, as staff see it."""
    figures.refresh()
    return figures.value(f"disputes.{name}", SEPTEMBER, dims, public=False).number


def filed(world: World) -> tuple[str, Any]:
    opened = matters.open_matter("dispute", "file", FILED, by=PUBLIC, door="web")
    matters.act(
        opened.number,
        "accept_dispatch",
        {"category": "neighbours", "lead": world.mediation},
        by=world.window,
    )
    return opened.number, receipt(Matter.objects.get(number=opened.number).id)


def agreed(world: World) -> tuple[str, Any]:
    case, citizen = filed(world)
    session = {"mediators": ["甲"], "how": "hall", "text": "谈"}
    matters.act(case, "session", session, by=world.mediator)
    matters.act(case, "agree", {"form": "oral", "text": "修好"}, by=world.mediator)
    return case, citizen


def test_a_filed_case_counts_as_registered_and_open(world: World) -> None:
    """One registered, one accepted, one open, none closed; by its town, category and door."""
    filed(world)
    assert number("registered", town=TOWN, door="web") == 1
    assert number("accepted", category="neighbours") == 1
    assert (number("open"), number("closed")) == (1, 0)
    assert number("resolved_share") is None


def test_an_agreement_counts_as_resolved_and_in_time(world: World, at: Callable[..., Any]) -> None:
    """Closed after eleven days, within the time of mediation."""
    case, _ = filed(world)
    at("2025-09-13T10:00+08:00")
    session = {"mediators": ["甲"], "how": "hall", "text": "谈"}
    matters.act(case, "session", session, by=world.mediator)
    matters.act(case, "agree", {"form": "oral", "text": "修好"}, by=world.mediator)
    assert (number("resolved_share"), number("on_time_share")) == (1, 1)
    assert (number("days_median"), number("open")) == (11, 0)


def test_a_declined_case_is_neither_closed_nor_open(world: World) -> None:
    """What was not accepted never enters the share of success."""
    case = matters.open_matter("dispute", "file", FILED, by=PUBLIC, door="web").number
    declined = {"ground": "not_dispute", "remedy": "请到街道咨询窗口。"}
    matters.act(case, "decline", declined, by=world.window)
    assert (number("refused"), number("closed"), number("open")) == (1, 0, 0)


def test_a_broken_agreement_is_no_success(world: World) -> None:
    """Resolved until one side does not perform."""
    case, _ = agreed(world)
    assert number("resolved_share") == 1
    matters.act(case, "breach", {"remedy": "可以起诉。"}, by=world.mediator)
    assert (number("resolved_share"), number("failed")) == (0, 1)


def test_the_citizens_word_counts_soon_and_apart(world: World) -> None:
    """Confirmed by one, disagreed with by another: half, and each by itself."""
    for act in ("confirm", "disagree"):
        case, citizen = agreed(world)
        matters.act(case, "perform", {"text": "修好了"}, by=world.mediator)
        matters.act(case, "visit", {"how": "home"}, by=world.mediator)
        matters.act(case, act, {"rating": 4}, by=citizen)
    share = figures.value("disputes.confirmed_share", SEPTEMBER, public=False)
    assert share.text.zh == "50.0%"
    assert (number("confirmed"), number("disagreed"), number("silent")) == (1, 1, 0)
    assert number("rating_mean") == 4


def test_a_reopened_case_is_open_again(world: World) -> None:
    """It leaves what is closed, and is counted as taken up again."""
    case, citizen = agreed(world)
    matters.act(case, "reopen", {"why": "又漏了"}, by=citizen)
    assert (number("closed"), number("open"), number("reopened")) == (0, 1, 1)


def test_acts_that_count_nothing_leave_nothing_to_add(world: World) -> None:
    """An internal note is no change to any number."""
    case, _ = agreed(world)
    figures.refresh()
    matters.act(case, "note", {"text": "电话问过"}, by=world.mediator)
    assert figures.refresh() == 0
