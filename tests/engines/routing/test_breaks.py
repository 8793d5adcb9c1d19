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
from dingzi.engines.routing.breaks import Leg, chosen, steps
from dingzi.engines.routing.mending import mended
from dingzi.engines.routing.problem import FOREVER, Rules
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
    assert _shortest(legs, Rules(most_drive, rest)) == min(
        (
            length
            for begin in range(61)
            for asked in product(range(4), repeat=len(legs))
            if (length := _length(legs, begin, asked, Rules(most_drive, rest))) is not None
        ),
        default=None,
    )


@given(
    st.lists(_LEG, min_size=1, max_size=3), st.integers(4, 12), st.integers(0, 4),
    st.integers(1, 5), st.integers(0, 30), st.integers(0, 9),
)  # fmt: skip
def test_the_day_is_as_short_as_any_lunch_makes_it(legs, drive, rest, lunch, early, wide) -> None:
    """Against every beginning, every choice of breaks, and lunch before, after or within the day."""
    rules = Rules(drive if rest else FOREVER, rest, lunch, early, early + lunch + wide)
    each = (0, 2) if rest else (0,)  # before leaving is never better, see above
    best = min(
        (
            length
            for begin in range(61)
            for asked in product(each, repeat=len(legs))
            for at in range(-1, 2 * len(legs))
            if (length := _length(legs, begin, asked, rules, at)) is not None
        ),
        default=None,
    )
    assert _shortest(legs, rules) == best


def _length(legs, begin, asked, rules, lunch_at=-1) -> int | None:
    """Drive minute by minute; rest where asked (1: before leaving, 2: on arrival) and must.

    Lunch is had at the place ``lunch_at``: 2n before leaving on leg n, 2n + 1 on arrival; at -1
    the day must begin after it or end before it.
    """
    now, driven = begin, 0
    last = rules.lunch_late - rules.lunch

    def stop(rests: bool, eats: bool) -> bool:
        nonlocal now, driven
        came = now
        now += rules.rest if rests else 0
        if eats:
            if came > last:
                return False
            now = max(now, max(came, rules.lunch_early) + rules.lunch)
        if (rests or eats) and now - came >= rules.rest:
            driven = 0
        return True

    for number, (leg, ask) in enumerate(zip(legs, asked, strict=True)):
        now += leg.service
        if not stop(bool(ask & 1), lunch_at == 2 * number):
            return None
        for _ in range(leg.drive):
            if driven == rules.most_drive:
                now, driven = now + rules.rest, 0
            now, driven = now + 1, driven + 1
        if not stop(bool(ask & 2), lunch_at == 2 * number + 1):
            return None
        if leg.early - now >= rules.rest:
            driven = 0
        now = max(now, leg.early)
        if now > leg.late:
            return None
    if rules.lunch and lunch_at < 0 and begin < rules.lunch_early + rules.lunch and now > last:
        return None
    return now - begin


def _shortest(legs, rules) -> int | None:
    """Follow the course that is chosen from every beginning."""
    course = chosen(legs, 0, 60, rules)
    found = [_with(legs, begin, course, rules) for begin in range(course.begin, 61)]
    return min((one for one in found if one is not None), default=None)


def _with(legs, begin, course, rules) -> int | None:
    now = begin
    for leg, pause in zip(legs, course.pauses, strict=True):
        for step in steps(leg, pause, rules):
            now = max(now + step.length, step.early)
            if now > step.late:
                return None
    return now - begin if now <= course.end else None


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


@given(
    st.integers(2, 14), st.integers(0, 10_000), st.integers(250, 500), st.integers(20, 60),
    st.integers(0, 60), st.sampled_from([None, 60]),
)  # fmt: skip
def test_a_plan_with_lunch_holds(schools, seed, early, lunch, wide, most_drive) -> None:
    """Each driver stops so long between the two times, or begins after it or is home before it."""
    hours = (lunch, early, early + lunch + wide)
    problem = meals(schools, seed=seed, most_drive=most_drive, lunch=hours)
    result = held(problem, settings(stop=Stop(work=60)))
    if result is None:
        return
    for route in result.solution.routes:
        day = timetable(problem, route)
        if day.lunch is None:
            assert day.begin >= early + lunch or day.end <= early + wide
            continue
        stands, began = _stands(problem, route, day), day.lunch[1]
        assert early <= began <= early + wide
        assert any(one <= began and began + lunch <= then for one, then in stands)


def _stands(problem, route, day) -> list[tuple[int, int]]:
    """When the van neither drives nor is unloaded, by the times that are told, driving at once.

    On a leg with lunch before leaving it drives as late as it can; with breaks on the road the van
    may stand longer, never shorter.
    """
    stops, depot = problem.stops, int(problem.vans.depot[route.van])
    free, now, here = [], day.begin, depot
    arrivals = iter(day.arrivals)
    for number, trip in enumerate(route.trips, 1):
        for stop in trip:
            place, begins = int(stops.place[stop]), next(arrivals)
            free.append((now, begins - int(problem.time[here, place])))
            free.append((now + int(problem.time[here, place]), begins))
            now, here = begins + int(stops.service[stop]), place
        back = int(problem.time[here, depot])
        if number == len(route.trips):
            free += [(now, day.end - back), (now + back, day.end)]
        else:  # until it must leave for the first of the next trip
            first = int(stops.place[route.trips[number][0]])
            until = day.arrivals[sum(map(len, route.trips[:number]))]
            free += [(now, until - back - int(problem.time[depot, first]))]
            free += [(now + back, until - int(problem.time[depot, first])), (now + back, until)]
            here = depot
            now += back
    return free


def test_lunch_is_planned_for() -> None:
    """A plan that leaves no time for it is found out; the plan with it holds; so does one mended."""
    free, bound = (meals(20, seed=0, lunch=lunch) for lunch in (None, (60, 330, 400)))
    plan = decide(free, settings()).solution
    broken = {code for code, _ in check(bound, settings(), plan).broken}
    assert broken
    assert broken <= {"routing_hours", "routing_late"}
    result = decide(bound, settings(stop=Stop(work=600)))
    assert result.solution is not None
    assert any(timetable(bound, route).lunch for route in result.solution.routes)
    assert check(bound, settings(), mended(bound, plan, lambda: False)).feasible


def test_lunch_as_long_as_a_break_is_one() -> None:
    """Fifty minutes each way at sixty a drive: forty of lunch at the school are the rest of twenty."""
    legs = [Leg(0, 50, 50, 50), Leg(10, 50, 150, 160)]
    rules = Rules(60, 20, 40, 40, 120)
    assert _shortest(legs, rules) == 50 + 10 + 40 + 50
    assert [pause.breaks for pause in chosen(legs, 0, 300, rules).pauses] == [0, 0]


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
    course = chosen(legs, 0, 300, Rules(60, 20))
    assert [pause.breaks for pause in course.pauses] == [0, 1, 0]
    assert _with(legs, 30, course, Rules(60, 20)) == 105
    assert chosen(legs, 0, 300, Rules(80, 20)).pauses == ((0, 0, 0),) * 3


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"rest": 0}, {"most_drive": FOREVER}, {"most_drive": 0}, {"lunch": 30}, {"lunch_early": 9},
        {"lunch": 30, "lunch_early": 700, "lunch_late": 720}, {"lunch_late": 700},
    ],
)  # fmt: skip
def test_half_of_a_rule_for_breaks_is_refused(wrong) -> None:
    """A longest drive without a break's length, lunch without its hours, or the other way round."""
    vans = meals(1, seed=1, most_drive=60).vans
    with pytest.raises(BadProblem) as told:
        replace(vans, **{name: np.full(3, value) for name, value in wrong.items()})
    assert "{" not in told.value.say("zh") + told.value.say("en")
