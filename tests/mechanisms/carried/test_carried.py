"""A leader carries a matter: each act on its day, and others say whether it is resolved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dingzi import matters
from dingzi.city.models import Account, Tenure
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal
from dingzi.matters import timers
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.carried.models import Carry

from .conftest import Leaders


def own(number: str) -> Carry:
    return Carry.objects.select_related("matter").get(matter__number=number)


def test_it_runs_from_the_assignment_to_the_petitioners_word(
    city: Leaders, at: Callable[..., Any]
) -> None:
    """Read, received, decided, settled; the petitioner's own word on the petition resolves it."""
    clock = at("2026-03-02T09:00+08:00")
    petition = city.petition()
    carry = city.given(petition)
    stands = own(carry)
    assert (stands.level, stands.of, stands.assigned_on) == ("county", "petition", date(2026, 3, 2))
    assert stands.matter.clocks["reading"]["due"] == "2026-03-09"
    assert Matter.objects.get(number=petition).holder_id == city.office.post
    clock.shift(3 * 86_400)
    city.worked(carry)
    stands = own(carry)
    assert (stands.matter.state, stands.days, stands.on_time) == ("settled", 3, True)
    assert stands.resolved_on is None
    city.answered(petition)
    matters.act(petition, "confirm", {}, by=city.citizen(petition))
    stands = own(carry)
    assert (stands.matter.state, stands.word) == ("resolved", "confirmed")
    assert (stands.resolved_on, stands.matter.outcome) == (date(2026, 3, 5), "resolved")
    matters.act(carry, "finish", {}, by=city.leader)
    assert not own(carry).matter.active
    assert rebuild(write=False).differences == []


def test_a_petitioner_who_disagrees_sends_it_back(city: Leaders, at: Callable[..., Any]) -> None:
    """Also after it was found resolved: the clock runs anew and the figure gives it back."""
    at("2026-03-02T09:00+08:00")
    petition = city.petition()
    carry = city.given(petition)
    city.worked(carry)
    city.answered(petition)
    seen = {"result": "resolved", "text": "看了"}
    matters.act(carry, "look_back", seen, by=city.inspector)
    assert own(carry).resolved_on == date(2026, 3, 2)
    matters.act(petition, "disagree", {}, by=city.citizen(petition))
    stands = own(carry)
    assert (stands.matter.state, stands.matter.reopened) == ("carrying", 1)
    assert (stands.resolved_on, stands.closed_on, stands.word) == (None, None, "disagreed")
    assert stands.matter.clocks["resolving"]["state"] == "running"
    assert rebuild(write=False).differences == []


def test_who_carries_never_calls_it_resolved(city: Leaders) -> None:
    """Neither by a look-back nor by taking down a word: not the post, its unit, nor the person."""
    petition = city.petition()
    carry = city.given(petition)
    city.worked(carry)
    before = Event.objects.count()
    seen = {"result": "resolved", "text": "看了"}
    with pytest.raises(Forbidden):
        matters.act(carry, "look_back", seen, by=city.leader)
    colleague = replace(city.other, roles=city.other.roles | {"inspector"})
    with pytest.raises(Refusal, match="carry_by_who_carries"):
        matters.act(carry, "look_back", seen, by=colleague)
    person = Account.objects.create_user("leader-himself", "a-long-password")
    Tenure.objects.create(post_id=city.leader.post, account=person, since=date(2020, 1, 1))
    with pytest.raises(Refusal, match="carry_by_who_carries"):
        matters.act(carry, "look_back", seen, by=replace(city.inspector, account=person.id))
    deputy = replace(city.inspector, stands_for=frozenset({city.leader.post or 0}))
    with pytest.raises(Refusal, match="carry_by_who_carries"):
        matters.act(carry, "look_back", seen, by=deputy)
    handles = replace(city.inspector, unit=city.office.unit)
    with pytest.raises(Refusal, match="carry_handled_it"):
        matters.act(carry, "look_back", seen, by=handles)
    assert Event.objects.count() == before
    city.answered(petition)
    matters.act(
        petition, "confirm", {}, by=replace(city.other, unit=city.leader.unit, scope="3609")
    )
    assert (own(carry).word, own(carry).resolved_on) == ("", None)
    assert Matter.objects.get(number=petition).petition.word == "confirmed"  # type: ignore[attr-defined]
    assert rebuild(write=False).differences == []


def test_silence_is_no_consent_and_a_look_back_decides(
    city: Leaders, at: Callable[..., Any]
) -> None:
    """The time for the word passes: it stays settled; found unresolved, it is carried on."""
    clock = at("2026-03-02T09:00+08:00")
    carry = city.given(city.petition())
    city.worked(carry)
    clock.shift(40 * 86_400)
    timers.run()
    stands = own(carry)
    assert (stands.matter.state, stands.word, stands.resolved_on) == ("settled", "silent", None)
    matters.act(carry, "look_back", {"result": "partly", "text": "看了"}, by=city.inspector)
    stands = own(carry)
    assert (stands.matter.state, stands.looked_back) == ("carrying", "partly")
    matters.act(carry, "settle", {"text": "补办了"}, by=city.leader)
    matters.act(carry, "look_back", {"result": "resolved", "text": "看了"}, by=city.inspector)
    assert own(carry).resolved_on == date(2026, 4, 11)
    assert rebuild(write=False).differences == []


def test_nothing_is_settled_on_paper(city: Leaders) -> None:
    """Unread, unmet, undecided: the refusal names all that lacks; a day outside is refused."""
    carry = city.given(city.petition())
    matters.act(carry, "read_file", {"text": "看了"}, by=city.leader)
    before = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        matters.act(carry, "settle", {"text": "办了"}, by=city.leader)
    assert refusal.value.codes == ("carry_nobody_met", "carry_not_decided")
    for on in ("2020-01-01", "2099-01-01"):
        with pytest.raises(Invalid, match="carry_day_outside"):
            matters.act(carry, "visit", {"day": on, "heard": ["甲"], "text": "x"}, by=city.leader)
    with pytest.raises(Invalid, match="required"):
        matters.act(carry, "receive", {"heard": [], "text": "x"}, by=city.leader)
    with pytest.raises(Invalid):
        matters.act(carry, "read_file", {"text": "x", "day": 20_260_101}, by=city.leader)
    assert Event.objects.count() == before


def test_only_a_leader_carries_and_one_at_a_time(city: Leaders) -> None:
    """No other post, no second leader, no part of a matter, nothing that is over."""
    petition = city.petition()
    what = {"what": "办"}
    with pytest.raises(Invalid, match="carry_not_a_leader"):
        matters.act(petition, "carry", {"leader": city.housing.post} | what, by=city.office)
    with pytest.raises(Invalid, match="unknown_post"):
        matters.act(petition, "carry", {"leader": 10**9} | what, by=city.office)
    with pytest.raises(Forbidden):
        matters.act(
            petition,
            "carry",
            {"leader": city.leader.post} | what,
            by=replace(city.office, roles=frozenset({"handler"})),
        )
    carry = city.given(petition)
    with pytest.raises(Refusal, match="carry_already"):
        matters.act(petition, "carry", {"leader": city.other.post} | what, by=city.office)
    with pytest.raises(Forbidden, match="is_a_child"):
        matters.act(carry, "carry", {"leader": city.other.post} | what, by=city.office)
    with pytest.raises(NotFound):
        matters.open_matter("carry", "assign", {"leader": 1, "what": "x"}, by=city.office)
    matters.act(carry, "stop", {"why": "另有安排"}, by=city.office)
    again = city.given(petition, city.city_leader)
    assert (again != carry, own(again).level) == (True, "city")
    other = city.petition()
    matters.act(other, "withdraw", {}, by=city.citizen(other))
    with pytest.raises(Forbidden, match="carry_ended"):
        matters.act(other, "carry", {"leader": city.leader.post} | what, by=city.office)


def test_it_goes_beside_the_matter_and_survives_its_end(city: Leaders) -> None:
    """An open carried case keeps nobody from deciding, and the matter's end does not drop it."""
    petition = city.petition()
    carry = city.given(petition)
    city.answered(petition)
    matters.act(petition, "confirm", {}, by=city.citizen(petition))
    assert own(carry).matter.state == "resolved"
    matters.act(petition, "archive", {}, by=city.office)
    assert own(carry).matter.active
    dispute = matters.open_matter(
        "dispute", "file", {"text": "漏水", "place": "360902001"}, by=city.world.window
    ).number
    matters.act(
        dispute, "carry", {"leader": city.leader.post, "what": "办"}, by=city.world.supervisor
    )
    child = Matter.objects.get(parent__number=dispute)
    matters.act(dispute, "withdraw", {}, by=city.world.window)
    child.refresh_from_db()
    assert (child.state, child.active) == ("assigned", True)


def test_another_leader_goes_on_where_the_first_stood(city: Leaders) -> None:
    """He sees what is carried from then on; the first keeps his part and still has no say."""
    petition = city.petition()
    carry = city.given(petition)
    with pytest.raises(Invalid, match="carry_not_a_leader"):
        matters.act(carry, "transfer", {"post": city.housing.post, "why": "x"}, by=city.office)
    matters.act(carry, "transfer", {"post": city.city_leader.post, "why": "升级"}, by=city.office)
    stands = own(carry)
    assert (stands.level, stands.matter.holder_id) == ("city", city.city_leader.post)
    assert stands.carriers == [city.leader.post, city.city_leader.post]
    assert city.city_leader.unit in Matter.objects.get(number=petition).units
    assert rebuild(write=False).differences == []


def test_a_leader_does_not_act_on_what_another_carries(city: Leaders) -> None:
    """Neither from the same unit nor from above: not read, nor passed on, nor closed."""
    carry = city.given(city.petition())
    colleague = replace(city.other, roles=frozenset({"leader"}))
    before = Event.objects.count()
    for by in (colleague, city.city_leader):
        with pytest.raises(Forbidden, match="not_in_your_hands"):
            matters.act(carry, "read_file", {"text": "看了"}, by=by)
        with pytest.raises(Forbidden, match="carry_of_another"):
            matters.act(carry, "transfer", {"post": by.post, "why": "x"}, by=by)
    assert Event.objects.count() == before
    matters.act(carry, "transfer", {"post": city.other.post, "why": "分工"}, by=city.leader)
    assert own(carry).matter.holder_id == city.other.post
