"""The problem under a city's schools: groups are seated in schools that have states.

A school is in one state each year (closed, winding up, open with so many seats); going from state
to state costs. A group is seated each year in a school whose state takes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Network:
    """N groups, S schools with up to K states, T years, P pairs of a group and a school.

    Parameters
    ----------
    group, school
        (P,) which group could be seated in which school; ascending by school.
    cost
        (P, T) of seating the whole group there in that year.
    load
        (N, T) seats that the group needs; 0: it need not be seated that year.
    seats, least
        (S, K) seats of a school in a state, and the load it must have at least in it.
    keep
        (S, K) cost of a year in that state.
    change
        (S, K, K) cost of going from a state to another between two years; infinite: forbidden.
    takes, takes_new
        (S, K) whether the state seats groups that may stay in a school that winds up, and others.
    stays
        (P,) whether the pair's group may stay in that school while it winds up.
    ready
        (S, K) the first year (from 0) in which a school can be in a state.
    start
        (S,) the state before the first year.
    home
        (N,) the pair in which a group is seated before the first year; -1 for none.
    move
        (N, T) cost of a group's change of school from the year before to that year.
    """

    group: Ints
    school: Ints
    cost: Floats
    load: Floats
    seats: Floats
    least: Floats
    keep: Floats
    change: Floats
    takes: Bools
    takes_new: Bools
    stays: Bools
    start: Ints
    home: Ints
    move: Floats
    ready: Ints

    @property
    def years(self) -> int:
        return self.load.shape[1]

    @property
    def groups(self) -> int:
        return len(self.load)

    @property
    def schools(self) -> int:
        return len(self.seats)

    @property
    def states(self) -> int:
        return self.seats.shape[1]

    @cached_property
    def pairs_of_group(self) -> list[Ints]:
        """Return each group's pairs, ascending."""
        order = np.argsort(self.group, kind="stable")
        ends = np.searchsorted(self.group[order], np.arange(1, self.groups))
        return np.split(order, ends)

    @cached_property
    def first_pair(self) -> Ints:
        """Return (S + 1,) where each school's pairs begin."""
        return np.searchsorted(self.school, np.arange(self.schools + 1))

    @cached_property
    def reach(self) -> Bools:
        """Return (S, T, K) which states can be reached by that year from the start.

        A state whose seats are fewer than the load it must have is none.
        """
        found = np.zeros((self.schools, self.years, self.states), np.bool_)
        before = np.zeros((self.schools, self.states), np.bool_)
        before[np.arange(self.schools), self.start] = True
        allowed = np.isfinite(self.change)
        can_be = self.seats >= self.least
        for year in range(self.years):
            ready = can_be & (self.ready <= year)
            before = np.asarray((before[:, :, None] & allowed).any(axis=1)) & ready
            found[:, year] = before
        return found

    @cached_property
    def seatable(self) -> Bools:
        """Return (N, T) whether some state that can be reached has seats for the group, if any."""
        found = self.load <= 0
        for year in range(self.years):
            fits = self.seats[self.school] >= self.load[self.group, year][:, None]
            can = (fits & self.pair_takes & self.reach[self.school, year]).any(axis=1)
            found[self.group[can], year] = True
        return found

    @cached_property
    def pair_takes(self) -> Bools:
        """Return (P, K) which states of its school seat the pair's group."""
        return np.where(self.stays[:, None], self.takes[self.school], self.takes_new[self.school])


@dataclass(frozen=True, slots=True)
class Seating:
    """A solution: ``share`` (P, T) of each group seated by each pair, ``state`` (S, T)."""

    share: Floats
    state: Ints

    def used(self, net: Network) -> Floats:
        """Return (S, T) the load of each school in each year."""
        load = self.share * net.load[net.group]
        return np.stack(
            [np.bincount(net.school, load[:, year], net.schools) for year in range(net.years)], 1
        )


def schools_cost(net: Network, state: Ints) -> float:
    """Return what keeping and changing states costs over all years."""
    rows = np.arange(net.schools)
    total, before = 0.0, net.start
    for year in range(net.years):
        now = state[:, year]
        total += float(net.keep[rows, now].sum() + net.change[rows, before, now].sum())
        before = now
    return total


def moved(net: Network, share: Floats) -> Floats:
    """Return (N, T) the share of each group that is seated elsewhere than the year before."""
    found = np.zeros((net.groups, net.years))
    home = np.zeros(len(net.group))
    home[net.home[net.home >= 0]] = 1.0
    for year in range(net.years):
        before = home if year == 0 else share[:, year - 1]
        gone = np.maximum(before - share[:, year], 0.0)
        found[:, year] = np.bincount(net.group, gone, net.groups)
    return found


def total_cost(net: Network, seating: Seating) -> float:
    """Return the whole objective."""
    serving = float((net.cost * seating.share).sum())
    moving = float((net.move * moved(net, seating.share)).sum())
    return schools_cost(net, seating.state) + serving + moving


def shortfall(net: Network, seating: Seating) -> tuple[Floats, Floats, Floats]:
    """Return what is broken: (N, T) shares unseated, (S, T) seats too few, (S, T) load too little."""
    seated = np.stack(
        [np.bincount(net.group, seating.share[:, t], net.groups) for t in range(net.years)], 1
    )
    used = seating.used(net)
    rows = np.arange(net.schools)[:, None]
    over = used - net.seats[rows, seating.state]
    under = net.least[rows, seating.state] - used
    return (
        np.where(net.load > 0, np.maximum(1.0 - seated, 0.0), 0.0),
        np.maximum(over, 0.0),
        np.maximum(under, 0.0),
    )


def infinite_penalty(net: Network) -> float:
    """Return more than any sound solution can cost for one group: what leaving it out costs."""
    worst = float(np.max(net.cost, initial=0.0)) + float(np.max(net.move, initial=0.0))
    change = net.change[np.isfinite(net.change)]
    schools = float(np.max(np.abs(net.keep), initial=0.0)) + float(np.max(change, initial=0.0))
    penalty = 2.0 * (worst + schools) + 1.0
    return penalty if math.isfinite(penalty) else 1e12
