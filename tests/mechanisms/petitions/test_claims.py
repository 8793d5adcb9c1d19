"""Claims: from the door to the opinion letter, its review and the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dingzi import matters
from dingzi.core.errors import Forbidden, Invalid, Refusal, WrongState
from dingzi.matters import timers
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild

from .conftest import Petitions

LETTER = {"result": "supported", "found": "事实", "basis": "条例第十条", "text": "办证"}


def stands(number: str) -> Matter:
    return Matter.objects.select_related("petition").get(number=number)


def test_a_claim_runs_from_the_door_to_the_petitioners_word(
    city: Petitions, at: Callable[..., Any]
) -> None:
    """Registered, routed, accepted, looked into, decided, served, carried out, confirmed, archived."""
    clock = at("2026-03-02T09:00+08:00")
    number = city.opined()
    own = stands(number).petition
    assert (own.kind, own.channel, own.routed_late, own.told_late) == (
        "claim", "web", False, False,
    )  # fmt: skip
    assert (own.outcome, own.on_time, own.days) == ("supported", True, 0)
    assert own.noted_after == 0 and own.days_left > 0
    matters.act(number, "serve", {"how": "direct"}, by=city.housing)
    assert stands(number).clocks["review_request"]["due"] == "2026-04-01"
    matters.act(number, "fulfil", {"text": "办好了"}, by=city.housing)
    matters.act(number, "confirm", {}, by=city.citizen(number))
    with pytest.raises(Refusal, match="still_awaited"):
        matters.act(number, "archive", {}, by=city.housing)
    clock.shift(31 * 86_400)
    assert timers.run() > 0
    matters.act(number, "archive", {}, by=city.housing)
    matter = stands(number)
    assert (matter.state, matter.active) == ("archived", False)
    assert matter.petition.resolved_on is not None
    assert rebuild(write=False).differences == []


def test_only_a_claim_carries_the_sixty_days(city: Petitions, at: Callable[..., Any]) -> None:
    """The 60 days of article 34 run for a claim and can be prolonged once by at most 30."""
    at("2026-03-02T09:00+08:00")
    number = city.routed()
    with pytest.raises(Forbidden, match="petition_of_other_kind"):
        matters.act(number, "take_suggestion", {}, by=city.housing)
    matters.act(number, "accept_claim", {}, by=city.housing)
    assert stands(number).clocks["handling"]["due"] == "2026-05-06"  # 1 May is in the holidays
    more = {"days": 31, "approved_by": "局长岗", "text": "取证要时间"}
    before = Event.objects.count()
    with pytest.raises(Invalid, match="extension_out_of_range"):
        matters.act(number, "prolong", more, by=city.housing)
    assert Event.objects.count() == before
    matters.act(number, "prolong", more | {"days": 30}, by=city.housing)
    assert stands(number).clocks["handling"]["due"] == "2026-06-01"  # 31 May is a Sunday
    with pytest.raises(Refusal, match="already_prolonged"):
        matters.act(number, "prolong", more | {"days": 1}, by=city.housing)
    assert rebuild(write=False).differences == []


def test_no_opinion_without_an_inquiry_and_nobody_recused_takes_part(city: Petitions) -> None:
    """Facts are looked into first, and not by whoever is recused."""
    number = city.routed()
    matters.act(number, "accept_claim", {}, by=city.housing)
    with pytest.raises(Refusal, match="not_inquired"):
        matters.act(number, "opine", LETTER, by=city.housing)
    wrong = {"inquirers": ["甲", "乙"], "recused": ["乙"], "text": "x"}
    with pytest.raises(Invalid, match="recused_takes_part"):
        matters.act(number, "inquire", wrong, by=city.housing)
    unanswered = {"inquirers": ["甲"], "recusal_asked": True, "text": "x"}
    with pytest.raises(Invalid, match="recusal_unanswered"):
        matters.act(number, "inquire", unanswered, by=city.housing)
    assert stands(number).petition.inquiries == 0


def test_not_ours_within_five_working_days(city: Petitions, at: Callable[..., Any]) -> None:
    """An objection stops the acceptance clock, goes to the office, and comes back or moves on."""
    clock = at("2026-03-02T09:00+08:00")
    number = city.routed()
    assert stands(number).clocks["objection"]["due"] == "2026-03-09"
    clock.shift(2 * 86_400)
    matters.act(number, "object", {"why": "不归住建"}, by=city.housing)
    matter = stands(number)
    assert (matter.state, matter.holder_unit_id) == ("objected", city.office.unit)
    assert matter.clocks["acceptance"]["state"] == "paused"
    matters.act(number, "rule_theirs", {"why": "归住建"}, by=city.office)
    matter = stands(number)
    assert (matter.state, matter.holder_unit_id) == ("routed", city.housing.unit)
    with pytest.raises(Refusal, match="objection_over"):
        matters.act(number, "object", {"why": "还是不归"}, by=city.housing)
    other = city.routed()
    clock.shift(8 * 86_400)
    with pytest.raises(Refusal, match="objection_too_late"):
        matters.act(other, "object", {"why": "太晚"}, by=city.housing)
    timers.run()
    assert stands(other).clocks["objection"]["state"] == "done"


def test_an_upheld_objection_is_routed_anew(city: Petitions) -> None:
    """Not theirs: the office sends it to another unit, within its own time."""
    number = city.routed()
    matters.act(number, "object", {"why": "不归住建"}, by=city.housing)
    matters.act(number, "rule_not_theirs", {"why": "归自然资源"}, by=city.office)
    assert stands(number).clocks["rerouting"]["state"] == "running"
    matters.act(number, "route", {"lead": city.land.unit}, by=city.office)
    matter = stands(number)
    assert (matter.holder_unit_id, matter.petition.objections) == (city.land.unit, 1)


def test_a_review_and_a_second_review_end_it(city: Petitions, at: Callable[..., Any]) -> None:
    """The county's office reviews, the city's reviews once more; a hearing stops the clock."""
    clock = at("2026-03-02T09:00+08:00")
    number = city.opined()
    me = city.citizen(number)
    matters.act(number, "serve", {"how": "direct"}, by=city.housing)
    matters.act(number, "ask_review", {"why": "不服"}, by=me)
    child = Matter.objects.get(parent__number=number)
    assert (child.process, child.holder_unit_id) == ("review", city.office.unit)
    clock.shift(5 * 86_400)
    matters.act(child.number, "hear", {}, by=city.office)
    clock.shift(10 * 86_400)
    matters.act(child.number, "heard", {"text": "听了"}, by=city.office)
    child.refresh_from_db()
    assert child.clocks["review"]["due"] == "2026-04-13"  # 30 days and 10; 11 April: a Saturday
    matters.act(child.number, "decide", {"result": "upheld", "text": "维持"}, by=city.office)
    assert stands(number).state == "reviewed"
    matters.act(number, "serve", {"how": "direct"}, by=city.housing)
    matters.act(number, "ask_second_review", {"why": "还是不服"}, by=me)
    second = Matter.objects.get(parent__number=number, active=True)
    assert second.holder_unit_id == city.city_office.unit
    matters.act(second.number, "decide", {"result": "changed", "text": "变更"}, by=city.city_office)
    matter = stands(number)
    assert (matter.state, matter.petition.reviews) == ("final", 2)
    with pytest.raises(WrongState):
        matters.act(number, "ask_second_review", {"why": "再来"}, by=me)
    assert rebuild(write=False).differences == []


def test_a_review_must_be_asked_for_in_time(city: Petitions, at: Callable[..., Any]) -> None:
    """30 days from the day on which the letter is served; a revoked opinion is handled anew."""
    clock = at("2026-03-02T09:00+08:00")
    late, early = city.opined(), city.opined()
    for number in (late, early):
        matters.act(number, "serve", {"how": "post"}, by=city.housing)
    matters.act(early, "ask_review", {"why": "不服"}, by=city.citizen(early))
    child = Matter.objects.get(parent__number=early)
    matters.act(child.number, "decide", {"result": "revoked", "text": "撤销"}, by=city.office)
    matter = stands(early)
    assert (matter.state, matter.closed_at, matter.petition.closed_on) == ("handling", None, None)
    clock.shift(31 * 86_400)
    before = Event.objects.count()
    with pytest.raises(Refusal, match="review_too_late"):
        matters.act(late, "ask_review", {"why": "不服"}, by=city.citizen(late))
    assert Event.objects.count() == before


def test_a_second_petition_about_the_same_names_the_first(city: Petitions) -> None:
    """No duplicate acceptance: it is declined with the number of the one in handling (19)."""
    first, second = city.routed(), city.routed()
    decline = {"ground": "pending", "text": "那件正在办"}
    with pytest.raises(Invalid, match="earlier_needed"):
        matters.act(second, "decline", decline, by=city.housing)
    with pytest.raises(Invalid, match="earlier_is_itself"):
        matters.act(second, "decline", decline | {"earlier": second}, by=city.housing)
    matters.act(second, "decline", decline | {"earlier": first}, by=city.housing)
    assert stands(second).state == "declined"


def test_a_group_sends_at_most_five(city: Petitions) -> None:
    """Six representatives are refused with the article, and nothing is written."""
    with pytest.raises(Invalid, match="too_many_representatives"):
        city.brought(representatives=["甲", "乙", "丙", "丁", "戊", "己"], people=40)
    assert not Event.objects.exists()
    number = city.brought(representatives=["甲", "乙", "丙", "丁", "戊"], people=40)
    assert stands(number).petition.people == 40


def test_the_look_back_is_independent(city: Petitions) -> None:
    """Who handled it does not confirm that it is resolved; the office may, and its word counts."""
    number = city.opined()
    matters.act(number, "disagree", {}, by=city.citizen(number))
    seen = {"result": "resolved", "text": "去看了，证发了"}
    with pytest.raises(Refusal):
        matters.act(number, "look_back", seen, by=city.housing)
    matters.act(number, "look_back", seen, by=city.office)
    own = stands(number).petition
    assert (own.word, own.looked_back) == ("disagreed", "resolved")
    assert own.resolved_on is not None
