"""The network, or a part of it, as a mixed-integer model for HiGHS.

Schools' states over the years are a path, so only states need to be whole; groups choose pairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dingzi.engines.contract import Watch
from dingzi.engines.highs import Answer, Model

from .network import Bools, Floats, Ints, Network, Seating

_NEVER = -1


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a network is in question; the rest stays as it is.

    Parameters
    ----------
    schools, groups
        Numbers of those in question, ascending.
    pairs
        (P, T) whether a pair may be used in a year; only pairs of ``groups`` and ``schools`` count.
    states
        (S, T, K) whether a school may be in a state in a year.
    used
        (S, T) load of groups that are not in question.
    barred
        (S, T) whether a group that is not in question forbids states that do not seat newcomers.
    free
        (N,) whether a group may stay unseated at no cost; None: none may.
    unseated, lacking
        What a group left out for a year costs, and each unit of load that a school lacks; None:
        neither is allowed.
    """

    schools: Ints
    groups: Ints
    pairs: Bools
    states: Bools
    used: Floats
    barred: Bools
    free: Bools | None = None
    unseated: float | None = None
    lacking: float | None = None


def all_of(net: Network, pairs: Bools | None = None, states: Bools | None = None) -> Part:
    """Return the part that is the whole network."""
    shape = (net.schools, net.years)
    return Part(
        schools=np.arange(net.schools),
        groups=np.arange(net.groups),
        pairs=np.ones((len(net.group), net.years), np.bool_) if pairs is None else pairs,
        states=net.reach if states is None else states,
        used=np.zeros(shape),
        barred=np.zeros(shape, np.bool_),
    )


class PartModel:
    """The model of a part; ``solve`` gives the seating with the part replaced."""

    def __init__(self, net: Network, part: Part) -> None:
        self.net, self.part = net, part
        self.model = Model()
        self._add_states()
        self._add_seats()
        self._add_moves()

    # ---- columns and rows ----------------------------------------------------------------------

    def _add_states(self) -> None:
        """A path through the states of each school: columns ``z`` (states) and ``way`` (changes)."""
        net, part, model = self.net, self.part, self.model
        self.z = np.full((net.schools, net.years, net.states), _NEVER)
        allowed = part.states[part.schools] & net.reach[part.schools]
        places = np.argwhere(allowed)
        school, year, state = part.schools[places[:, 0]], places[:, 1], places[:, 2]
        cost = net.keep[school, state].copy()
        first = year == 0
        cost[first] += net.change[school[first], net.start[school[first]], state[first]]
        self.z[school, year, state] = model.add_columns(cost, whole=True) + np.arange(len(places))
        row_of = self._block(part.schools, net.schools, 1.0, 1.0)
        model.add_entries(row_of[school, year], self.z[school, year, state], 1.0)
        self._add_ways(allowed)

    def _add_ways(self, allowed: Bools) -> None:
        net, part, model = self.net, self.part, self.model
        for year in range(1, net.years):
            ways = (
                np.isfinite(net.change[part.schools])
                & allowed[:, year - 1, :, None]
                & allowed[:, year, None, :]
            )
            place, before, after = np.nonzero(ways)
            school = part.schools[place]
            way = model.add_columns(net.change[school, before, after]) + np.arange(len(place))
            for end, state in ((year - 1, before), (year, after)):
                z = self.z[school, end, state]
                row_of = np.full(model.columns, _NEVER)
                used = np.unique(self.z[part.schools, end][allowed[:, end]])
                row_of[used] = model.add_rows(len(used), 0.0, 0.0) + np.arange(len(used))
                model.add_entries(row_of[used], used, -1.0)
                model.add_entries(row_of[z], way, 1.0)

    def _add_seats(self) -> None:
        """Each group is seated, each school's load fits its state: columns ``x``."""
        net, part, model = self.net, self.part, self.model
        in_school = np.zeros(net.schools, np.bool_)
        in_school[part.schools] = True
        in_group = np.zeros(net.groups, np.bool_)
        in_group[part.groups] = True
        mine = in_school[net.school] & in_group[net.group]
        z = self.z[net.school] >= 0
        can = (z & net.pair_takes[:, None, :]).any(axis=2)
        places = np.argwhere(part.pairs & mine[:, None] & can)
        pair, year = places[:, 0], places[:, 1]
        group, school = net.group[pair], net.school[pair]
        cost = net.cost[pair, year].copy()
        cost += np.where(
            (year == 0) & (net.home[group] >= 0) & (net.home[group] != pair), net.move[group, 0], 0
        )
        self.x = np.full((len(net.group), net.years), _NEVER)
        x = model.add_columns(cost, whole=True) + np.arange(len(places))
        self.x[pair, year] = x
        must = net.load > 0 if part.free is None else (net.load > 0) & ~part.free[:, None]
        seated = self._block(part.groups, net.groups, must[part.groups], 1.0)
        model.add_entries(seated[group, year], x, 1.0)
        # a gap in a soft model is filled at a price
        if part.unseated is not None:
            out = model.add_columns(np.full(len(part.groups) * net.years, part.unseated))
            self.out = out + np.arange(len(part.groups) * net.years).reshape(-1, net.years)
            model.add_entries(seated[part.groups], self.out, 1.0)
        self._add_loads(school, year, x, net.load[group, year])
        self._add_links(pair, year, x)

    def _block(self, members: Ints, size: int, low: object, high: object) -> Ints:
        """Add a row for each member and year; return (size, T) their numbers."""
        years = self.net.years
        rows = np.full((size, years), _NEVER)
        count = len(members) * years
        low = np.asarray(low, np.float64)
        high = np.asarray(high, np.float64)
        first = self.model.add_rows(
            count, low.ravel() if low.ndim else low, high.ravel() if high.ndim else high
        )
        rows[members] = first + np.arange(count).reshape(-1, years)
        return rows

    def _add_loads(self, school: Ints, year: Ints, x: Ints, load: Floats) -> None:
        net, part, model = self.net, self.part, self.model
        used = part.used[part.schools]
        fits = self._block(part.schools, net.schools, -math.inf, -used)
        model.add_entries(fits[school, year], x, load)
        where = np.argwhere(self.z >= 0)
        s, t, k = where.T
        model.add_entries(fits[s, t], self.z[s, t, k], -net.seats[s, k])
        if not (net.least > 0).any():
            return
        enough = self._block(part.schools, net.schools, -used, math.inf)
        model.add_entries(enough[school, year], x, load)
        model.add_entries(enough[s, t], self.z[s, t, k], -net.least[s, k])
        if part.lacking is not None:
            most = float(net.least.max())
            cost = np.full(used.size, part.lacking)
            self.lack = model.add_columns(cost, 0.0, most) + np.arange(used.size)
            model.add_entries(enough[part.schools].ravel(), self.lack, 1.0)

    def _add_links(self, pair: Ints, year: Ints, x: Ints) -> None:
        """A pair is used only in states that take it."""
        net, part, model = self.net, self.part, self.model
        rows = model.add_rows(len(pair), -math.inf, 0.0) + np.arange(len(pair))
        model.add_entries(rows, x, 1.0)
        for state in range(net.states):
            z = self.z[net.school[pair], year, state]
            takes = net.pair_takes[pair, state] & (z >= 0)
            model.add_entries(rows[takes], z[takes], -1.0)
        for school, t in np.argwhere(part.barred):
            states = self.z[school, t]
            takes = states[(states >= 0) & net.takes_new[school]]
            if school in part.schools:
                row = model.add_rows(1, 1.0)
                model.add_entries(row, takes, 1.0)

    def _add_moves(self) -> None:
        """From the second year on a group pays where a pair of the year before is left."""
        net, part, model = self.net, self.part, self.model
        if net.years == 1 or not net.move[part.groups, 1:].any():
            self.moves = np.empty((0, 0), np.int64)
            return
        count = len(part.groups)
        moves = model.add_columns(net.move[part.groups, 1:].ravel())
        self.moves = moves + np.arange(count * (net.years - 1)).reshape(count, -1)
        place = np.full(net.groups, _NEVER)
        place[part.groups] = np.arange(count)
        for year in range(1, net.years):
            before, now = self.x[:, year - 1], self.x[:, year]
            pairs = np.flatnonzero(before >= 0)
            rows = model.add_rows(len(pairs), -math.inf, 0.0) + np.arange(len(pairs))
            model.add_entries(rows, before[pairs], 1.0)
            stays = now[pairs] >= 0
            model.add_entries(rows[stays], now[pairs][stays], -1.0)
            model.add_entries(rows, self.moves[place[net.group[pairs]], year - 1], -1.0)

    # ---- solving -------------------------------------------------------------------------------

    def start(self, seating: Seating) -> Floats:
        """Return the columns of a seating, to begin from; ways and moves HiGHS finds itself."""
        values = np.full(self.model.columns, math.nan)
        x = self.x >= 0
        values[self.x[x]] = seating.share[x]
        for school in self.part.schools:
            for year in range(self.net.years):
                states = self.z[school, year]
                values[states[states >= 0]] = 0.0
                now = states[seating.state[school, year]]
                if now >= 0:
                    values[now] = 1.0
        return values

    def solve(
        self, watch: Watch, *, seconds: float, nodes: float, cores: int, seed: int, gap: float,
        begin: Seating | None, **options: Any,
    ) -> Answer:  # fmt: skip
        return self.model.solve(
            seconds=min(seconds, watch.seconds_left), nodes=nodes, cores=cores, seed=seed, gap=gap,
            start=None if begin is None else self.start(begin), **options,
        )  # fmt: skip

    def seating(self, x: Floats, rest: Seating) -> Seating:
        """Return ``rest`` with the part replaced by what the columns ``x`` say."""
        share, state = rest.share.copy(), rest.state.copy()
        in_group = np.zeros(self.net.groups, np.bool_)
        in_group[self.part.groups] = True
        share[in_group[self.net.group]] = 0.0
        used = self.x >= 0
        share[used] = x[self.x[used]]
        share = np.rint(share)
        chosen = np.where(self.z >= 0, x[self.z], -1.0)
        state[self.part.schools] = chosen[self.part.schools].argmax(axis=2)
        return Seating(share, state)
