"""An estate: its obstacles, what may come later, the promise and its pursuit, the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dingzi import law, matters
from dingzi.city.parameters import overrides
from dingzi.city.viewer import SYSTEM
from dingzi.core import reasons
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal
from dingzi.matters import letters, timers
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.estates.process import estate

from .conftest import Estates, promise

START = "2026-03-02T09:00+08:00"
ON = date(2026, 3, 2)
DAY = 86_400


def stands(number: str) -> Matter:
    return Matter.objects.get(number=number)


def refused(code: str, number: str, action: str, data: dict[str, Any], by: Any) -> Refusal:
    """Try an act; check that it was refused with ``code`` and nothing was written."""
    before = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        matters.act(number, action, data, by=by)
    assert refusal.value.codes == (code,)
    assert Event.objects.count() == before
    return refusal.value


def test_an_estate_goes_from_the_list_to_its_clearing(
    city: Estates, at: Callable[..., Any]
) -> None:
    """Obstacles cleared and promised, households served, what was promised supplied, cleared."""
    clock = at(START)
    number = city.filed()
    assert stands(number).clocks["sorting"]["state"] == "running"
    first, second = city.obstacle(number, "planning"), city.obstacle(number, "survey")
    assert (stands(first).state, stands(first).holder_unit_id) == ("listed", city.land.unit)
    refused("estates_not_consulted", number, "open_issuing", {}, city.lead)
    city.consulted(number)
    refused("estates_obstacles_left", number, "open_issuing", {}, city.lead)
    matters.act(first, "clear", {"text": "核实通过"}, by=city.land)
    matters.act(second, "tolerate", promise("2026-06-01"), by=city.lead)
    assert stands(second).clocks["commitment"]["due"] == "2026-06-01"
    matters.act(number, "open_issuing", {}, by=city.lead)
    clear = {"text": "逐户核对"}
    refused("estates_obstacles_left", number, "clear", clear, city.lead)
    clock.shift(10 * DAY)
    matters.act(second, "keep", {"text": "补齐了"}, by=city.land)
    refused("estates_households_unlisted", number, "clear", clear, city.lead)
    one, other = city.household(number, "101"), city.household(number, "102")
    refused("estates_households_left", number, "clear", clear, city.lead)
    matters.act(one, "apply", {}, by=city.registry)
    matters.act(one, "issue", {"certificate": "赣(2026)001"}, by=city.registry)
    aside = {"ground": "disputed", "text": "两家都说是自己的，请走诉讼。"}
    matters.act(other, "set_aside", aside, by=city.registry)
    clock.shift(10 * DAY)
    matters.act(number, "clear", clear, by=city.lead)
    own = stands(number).estate
    assert (own.outcome, own.days, own.promised, own.broken) == ("cleared", 20, 1, 0)
    assert (own.obstacles, own.consultations, own.households) == (2, 1, 2)
    matters.act(number, "archive", {}, by=city.lead)
    assert rebuild(write=False).differences == []


def test_what_law_forbids_never_comes_later(city: Estates) -> None:
    """A disputed title is refused with its article; what nobody has allowed, as a local setting."""
    number = city.filed()
    disputed, fire = city.obstacle(number, "title_dispute"), city.obstacle(number, "fire")
    city.consulted(number)
    found = refused(
        "estates_forbidden_by_law", disputed, "tolerate", promise("2099-01-01"), city.lead
    )
    assert "第二十二条" in reasons.say(found.reasons[0], "zh-hans")
    assert "22" in reasons.say(found.reasons[0], "en")
    found = refused(
        "estates_not_on_tolerance_list", fire, "tolerate", promise("2099-01-01"), city.lead
    )
    assert "not by law" in reasons.say(found.reasons[0], "en")


def test_every_kind_of_obstacle_is_on_the_dated_list() -> None:
    """Each kind has a dated entry; what is not from a law says that it is local."""
    field = next(f for f in estate.latest.actions["list_obstacle"].fields if f.name == "obstacle")
    for kind in field.choices:
        found = law.parameter(f"estates.may_come_later_{kind}", ON, {})
        assert isinstance(found.value, bool)
        assert found.local or (found.source and found.article)
        assert not (found.value and not found.local), "no law was found that allows it"


def test_a_promise_names_a_day_within_the_citys_range(
    city: Estates, at: Callable[..., Any]
) -> None:
    """Today, yesterday and beyond the longest promise are refused; nothing is written."""
    at(START)
    number = city.filed()
    part = city.obstacle(number)
    city.consulted(number)
    for day in ("2026-03-02", "2026-03-01", "2027-03-03"):
        refused("estates_promise_out_of_range", part, "tolerate", promise(day), city.lead)
    matters.act(part, "tolerate", promise("2027-03-02"), by=city.lead)
    assert stands(part).obstacle.promised_for.isoformat() == "2027-03-02"
    assert int(law.parameter("estates.commitment_longest", ON, overrides()).value) == 365


def test_a_broken_promise_is_pursued(city: Estates, at: Callable[..., Any]) -> None:
    """On the day after, the timer sends it into pursuit; what comes later is kept, not in time."""
    clock = at(START)
    number, part = city.issuing()
    refused("estates_promise_runs", part, "break", {}, SYSTEM)
    clock.shift(92 * DAY)
    assert timers.run() > 0
    matter = stands(part)
    assert (matter.state, matter.clocks["pursuit"]["state"]) == ("pursued", "running")
    assert stands(number).estate.broken == 1
    matters.act(part, "pursue", {"measure": "demand", "text": "催告"}, by=city.lead)
    matters.act(part, "keep", {"text": "补齐了"}, by=city.land)
    own = stands(part).obstacle
    assert own.broken_on is not None
    assert own.kept_on is not None
    assert rebuild(write=False).differences == []


def test_the_developers_liability_holds_nobody_up(city: Estates, at: Callable[..., Any]) -> None:
    """The estate is cleared while the developer still owes; it is archived only when that ended."""
    clock = at(START)
    number, part = city.issuing()
    told = {"owed": "land_fee", "amount": 3_860_000_00, "unit": city.land.unit, "what": "追缴"}
    matters.act(number, "separate", told, by=city.lead)
    owed = Matter.objects.get(process="liability").number
    for room in ("101", "102"):
        one = city.household(number, room)
        matters.act(one, "apply", {}, by=city.registry)
        matters.act(one, "issue", {}, by=city.registry)
    matters.act(part, "keep", {"text": "补齐了"}, by=city.land)
    clock.shift(DAY)
    matters.act(number, "clear", {"text": "核对"}, by=city.lead)
    assert (stands(number).state, stands(owed).state) == ("cleared", "owed")
    refused("children_open", number, "archive", {}, city.lead)
    refused("estates_nothing_came_in", owed, "collect", {"amount": 0}, city.land)
    matters.act(owed, "collect", {"amount": 3_860_000_00}, by=city.land)
    matters.act(owed, "settle", {"result": "paid", "text": "缴清"}, by=city.land)
    matters.act(number, "archive", {}, by=city.lead)
    assert stands(number).state == "archived"
    assert rebuild(write=False).differences == []


def test_not_ours_is_settled_by_a_consultation(city: Estates, at: Callable[..., Any]) -> None:
    """An objection starts the estate's consultation clock; nobody is given it before one was held."""
    clock = at(START)
    number = city.filed()
    city.obstacle(number, "archive")
    city.consulted(number)
    part = city.obstacle(number, "fire")
    clock.shift(DAY)
    matters.act(part, "object", {"why": "不归本局"}, by=city.land)
    assert stands(part).clocks["clearing"]["state"] == "paused"
    assert stands(number).clocks["consultation"]["state"] == "running"
    to = {"unit": city.lead.unit, "why": "归住建"}
    refused("estates_not_consulted", part, "assign", to, city.lead)
    city.consulted(number)
    matters.act(part, "assign", to, by=city.lead)
    assert stands(part).holder_unit_id == city.lead.unit
    assert stands(number).clocks["consultation"]["state"] == "done"


def test_a_consultation_leaves_its_record(city: Estates) -> None:
    """Two units at least, a record in Word and PDF's form; a day past is refused."""
    number = city.filed()
    city.obstacle(number)
    alone = {"units": [city.lead.unit], "chair": "岗", "text": "x"}
    refused("estates_consult_alone", number, "consult", alone, city.lead)
    both = alone | {"units": [city.lead.unit, city.land.unit], "by_when": "2020-01-01"}
    refused("estates_day_past", number, "consult", both, city.lead)
    city.consulted(number)
    matter = stands(number)
    made = letters.letter(matter, matter.seq, city.lead, "zh-hans")
    assert made.title == "问题楼盘会商纪要"
    assert letters.docx(made, "zh-hans").startswith(b"PK")


def test_who_has_no_part_sees_no_estate(city: Estates) -> None:
    """A stranger finds nothing, a bureau does only its part, a mistake is taken off the list."""
    number = city.filed()
    with pytest.raises(NotFound):
        matters.act(number, "note", {"text": "x"}, by=city.world.stranger)
    with pytest.raises((Forbidden, NotFound)):
        matters.act(number, "add_building", {"building": "2栋", "households": 1}, by=city.land)
    with pytest.raises(Invalid, match="estates_no_households"):
        matters.act(number, "add_building", {"building": "2栋", "households": 0}, by=city.lead)
    matters.act(number, "take_off", {"why": "已经有证"}, by=city.lead)
    assert (stands(number).active, stands(number).estate.outcome) == (False, "not_stuck")
