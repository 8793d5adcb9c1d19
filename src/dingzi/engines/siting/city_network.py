"""A city's schools as a network: states are closed, winding up (by years), open with modules."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from .city import CLOSED, OPEN, WINDING, CityPlan, CityProblem, CitySettings, Ints, unit_fen
from .network import Bools, Floats, Network, Seating


class CityNetwork:
    """The network of a city, and the way back from a seating to a plan.

    State 0 is closed, 1 to W winding up in its first to last year, W + 1 + m open with m modules.
    """

    def __init__(self, city: CityProblem, settings: CitySettings) -> None:
        self.city, self.settings = city, settings
        self.winding = settings.transition_years
        self.first_open = self.winding + 1
        #: group -> (village, band), of those that ever have pupils
        self.groups = np.argwhere(city.pupils.any(axis=2))
        self.net = self._network()

    def _network(self) -> Network:
        city, settings = self.city, self.settings
        group, school, metres = self._pairs()
        village, band = self.groups.T
        load = city.pupils[village, band].astype(float)
        at_home = city.home[village, band][group] == school
        home = np.full(len(self.groups), -1)
        home[group[at_home]] = np.flatnonzero(at_home)
        takes = np.zeros((len(city.schools), self.first_open + 1 + self._most), np.bool_)
        takes_new = takes.copy()
        takes[:, 1:] = True
        takes_new[:, self.first_open :] = True
        seats, least, keep, ready = self._states()
        return Network(
            group=group,
            school=school,
            cost=unit_fen(metres, settings.fen_per_km)[:, None] * load[group],
            load=load,
            seats=seats,
            least=least,
            keep=keep,
            change=self._changes(),
            takes=takes,
            takes_new=takes_new,
            stays=at_home & city.stays[band[group]],
            start=np.where(city.exists, self.first_open, 0),
            home=home,
            move=settings.move_fen * load,
            ready=ready,
        )

    @property
    def _most(self) -> int:
        return int(self.city.modules.max())

    def _pairs(self) -> tuple[Ints, Ints, Ints]:
        """Return (P,) group, school and metres of each pair within its band's limit."""
        city = self.city
        village, band = self.groups.T
        of_village = np.argsort(city.village, kind="stable")
        first = np.searchsorted(city.village[of_village], np.arange(len(city.villages) + 1))
        count = np.diff(first)[village]
        group = np.repeat(np.arange(len(self.groups)), count)
        place = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count)
        way = of_village[first[village[group]] + place]
        limit = city.limit_m
        if self.settings.farthest_m is not None:
            limit = np.minimum(limit, self.settings.farthest_m)
        near = city.metres[way] <= limit[band[group]]
        group, way = group[near], way[near]
        order = np.lexsort((group, city.school[way]))
        return group[order], city.school[way][order], city.metres[way][order]

    def _states(self) -> tuple[Floats, Floats, Floats, Ints]:
        """Return (S, K) seats, least load, cost of a year, and first year of each state."""
        city = self.city
        s, k = len(city.schools), self.first_open + 1 + self._most
        added = np.r_[np.zeros(self.first_open), np.arange(self._most + 1)]
        seats = city.seats[:, None] + added * self.settings.module_seats
        seats[:, 0] = 0.0
        least = np.zeros((s, k))
        exempt = city.protected[:, None]
        least[:, self.first_open :] = np.where(exempt, 0, city.least[:, None])
        keep = np.repeat(city.keep_fen[:, None].astype(float), k, axis=1)
        keep[:, 0] = 0.0
        ready = np.zeros((s, k), np.int64)
        ready[:, self.first_open + 1 :] = self.settings.build_years
        ready[~city.exists, self.first_open] = self.settings.build_years
        return seats, least, keep, ready

    def _changes(self) -> Floats:
        """Return (S, K, K) what a change of state costs; infinite where it may not be."""
        city, first, most = self.city, self.first_open, self._most
        change = np.full((len(city.schools), first + 1 + most, first + 1 + most), math.inf)
        change[:, 0, 0] = 0.0
        for modules in range(most + 1):
            can = modules <= city.modules
            built = city.open_fen + modules * city.module_fen
            change[can, 0, first + modules] = built[can]
            for before in range(modules + 1):
                added = (modules - before) * city.module_fen
                change[can, first + before, first + modules] = added[can]
            # without transition a school closes at once, else it winds up year by year
            change[can, first + modules, 1 if self.winding else 0] = 0.0
        for year in range(1, self.winding + 1):
            change[:, year, year + 1 if year < self.winding else 0] = 0.0
        change[city.protected, first:, : max(first, 1)] = math.inf
        return change

    def plan(self, seating: Seating) -> CityPlan:
        """Return the plan that a whole seating is."""
        city, state = self.city, seating.state
        status = np.where(state == 0, CLOSED, np.where(state < self.first_open, WINDING, OPEN))
        school = np.full(city.pupils.shape, -1)
        pair, year = np.nonzero(seating.share > 0.5)
        village, band = self.groups[self.net.group[pair]].T
        school[village, band, year] = self.net.school[pair]
        school[city.pupils == 0] = -1
        return CityPlan(
            status=status, modules=np.maximum(state - self.first_open, 0), school=school
        )

    def unreachable(self) -> Ints:
        """Return the groups that have no school within their limit."""
        has = np.zeros(len(self.groups), np.bool_)
        has[self.net.group] = True
        return np.flatnonzero(~has)


def dropped(net: Network, *, seats: Bools, least: Bools) -> Network:
    """Return the network at no cost, without these schools' limits of seats and least sizes."""
    total = float(net.load.sum()) + 1.0
    return replace(
        net,
        cost=np.zeros_like(net.cost),
        move=np.zeros_like(net.move),
        keep=np.zeros_like(net.keep),
        change=np.where(np.isfinite(net.change), 0.0, math.inf),
        seats=np.where(seats[:, None] & net.takes, total, net.seats),
        least=np.where(least[:, None], 0.0, net.least),
    )
