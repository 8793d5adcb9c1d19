"""Drivers' breaks: where they lie, that they are long and many enough, and plans that hold for them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.errors import BadProblem
from dingzi.engines.routing import Plan, Route, check, decide
from dingzi.engines.routing.breaks import Leg, chosen
from dingzi.engines.routing.mending import mended
from dingzi.engines.routing.problem import FOREVER
from dingzi.engines.routing.schedule import timetable
from tests.engines.routing.deliveries import meals, settings
from tests.engines.routing.holding import held

_LEG = st.builds(
    lambda service, drive, early, wide: Leg(service, drive, early, early + wide),
    st.integers(0, 3), st.integers(0, 9), st.integers(0, 30), st.integers(0, 12),
)  # fmt: skip


@given(st.lists(_LEG, min_size=1, max_size=4), st.integers(1, 9), st.integers(1, 4))
def test_the_day_is_as_short_as_any_choice_of_breaks_makes_it(legs, most_drive, rest) -> None:
    """Against every beginning and every choice of breaks before leaving and on arrival."""
    pauses = chosen(legs, 0, 60, most_drive, rest)
    best = min(
        (
            length
            for begin in range(61)
            for asked in product(range(4), repeat=len(legs))
            if (length := _length(legs, begin, asked, most_drive, rest)) is not None
        ),
        default=None,
    )
    found = [
        length
        for begin in range(61)
        if (length := _with(legs, begin, pauses, rest)) is not None
    ]  # fmt: skip
    assert min(found, default=None) == best


def _length(legs, begin, asked, most_drive, rest) -> int | None:
    """Drive minute by minute; rest where asked (1: before leaving, 2: on arrival) and must."""
    now, driven = begin, 0
    for leg, ask in zip(legs, asked, strict=True):
        now += leg.service
        if ask & 1:
            now, driven = now + rest, 0
        for _ in range(leg.drive):
            if driven == most_drive:
                now, driven = now + rest, 0
            now, driven = now + 1, driven + 1
        if ask & 2:
            now, driven = now + rest, 0
        if leg.early - now >= rest:
            driven = 0
        now = max(now, leg.early)
        if now > leg.late:
            return None
    return now - begin


def _with(legs, begin, pauses, rest) -> int | None:
    now = begin
    for leg, pause in zip(legs, pauses, strict=True):
        now = max(now + leg.service + leg.drive + pause * rest, leg.early)
        if now > leg.late:
            return None
    return now - begin


def _longest_drive(problem, route) -> int:
    """Walk through the timetable as it is told; each break must last before driving goes on."""
    stops, vans, times = problem.stops, problem.vans, timetable(problem, route)
    depot = int(vans.depot[route.van])
    most, rest = int(vans.most_drive[route.van]), int(vans.rest[route.van])
    arrivals = iter(times.arrivals)
    visits = [(depot, times.begin, 0)]
    for number, trip in enumerate(route.trips, 1):
        visits += [(int(stops.place[s]), next(arrivals), int(stops.service[s])) for s in trip]
        visits.append((depot, times.end if number == len(route.trips) else None, 0))
    longest = driven = 0
    now = times.begin
    for leg, ((place, begin, service), (to, then, _)) in enumerate(pairwise(visits)):
        now = (now if begin is None else begin) + service
        left = int(problem.time[place, to])
        for at in (one for number, one in times.rests if number == leg):
            assert now <= at <= now + left
            longest = max(longest, driven + at - now)
            left, now, driven = left - (at - now), at + rest, 0
        driven, now = driven + left, now + left
        longest = max(longest, driven)
        assert then is None or now <= then
    assert longest <= most
    return longest


@given(st.integers(2, 18), st.integers(0, 10_000), st.integers(40, 120))
def test_a_plan_with_breaks_holds(schools, seed, most_drive) -> None:
    """By the checker, and by a walk through each driver's day; the bound stays below."""
    problem = meals(schools, seed=seed, most_drive=most_drive)
    asked = settings(stop=Stop(work=60))
    result = held(problem, asked)
    if result is None:
        return
    for route in result.solution.routes:
        _longest_drive(problem, route)
    assert decide(problem, asked).solution == result.solution


def test_breaks_make_a_day_longer_and_are_planned_for() -> None:
    """What holds without breaks does not with them; the plan with them leaves time for each."""
    free, bound = (meals(20, seed=0, most_drive=drive) for drive in (None, 60))
    plan = decide(free, settings()).solution
    broken = {code for code, _ in check(bound, settings(), plan).broken}
    assert broken <= {"routing_hours", "routing_late"}
    assert broken
    result = decide(bound, settings(stop=Stop(work=600)))
    rests = [rest for route in result.solution.routes for rest in timetable(bound, route).rests]
    assert rests
    assert result.objective >= decide(free, settings(stop=Stop(work=600))).objective


def test_a_break_while_a_driver_must_wait_costs_nothing() -> None:
    """Served at 50, the next not before 90, ten minutes away: rest enough for the way home."""
    legs = [Leg(0, 20, 50, 50), Leg(5, 10, 90, 99), Leg(5, 40, 0, 300)]
    assert chosen(legs, 0, 300, 60, 20) == [0, 1, 0]
    assert _with(legs, 30, [0, 1, 0], 20) == 105
    assert chosen(legs, 0, 300, 80, 20) == [0, 0, 0]


@pytest.mark.parametrize("drive", [60, 45])
def test_a_plan_that_does_not_hold_is_mended(drive) -> None:
    """Every school that must be served still is; nothing holds where time is over at once."""
    problem = meals(20, seed=0, most_drive=drive)
    plan = decide(meals(20, seed=0), settings()).solution
    made = mended(problem, plan, lambda: False)
    assert check(problem, settings(), made).feasible
    assert not check(problem, settings(), plan).feasible
    assert mended(problem, plan, lambda: True) is None
    gone = Plan(routes=plan.routes[1:])
    assert check(problem, settings(), mended(problem, gone, lambda: False)).feasible


def test_a_long_way_is_driven_with_breaks_on_the_road() -> None:
    """Two hours there and back at forty minutes a drive: two on the way out, three on the way back."""
    problem = meals(1, seed=1, most_drive=40)
    time = np.where(problem.time > 0, 120, 0)
    van = replace(problem.vans, rest=np.full(3, 10))
    stops = replace(problem.stops, early=np.array([300]), late=np.array([600]))
    long = replace(problem, time=time, vans=van, stops=stops)
    day = timetable(long, Route(van=1, trips=((0,),)))
    assert [leg for leg, _ in day.rests] == [0, 0, 0, 1, 1]
    assert day.end - day.begin == 240 + 50 + int(stops.service[0])


@pytest.mark.parametrize("wrong", [{"rest": 0}, {"most_drive": FOREVER}, {"most_drive": 0}])
def test_half_of_a_rule_for_breaks_is_refused(wrong) -> None:
    """A longest drive without a break's length, or the other way round, is a slip."""
    vans = meals(1, seed=1, most_drive=60).vans
    with pytest.raises(BadProblem) as told:
        replace(vans, **{name: np.full(3, value) for name, value in wrong.items()})
    assert "{" not in told.value.say("zh") + told.value.say("en")
