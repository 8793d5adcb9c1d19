"""From the states of a relaxed solution to ones that seat everybody: raise what lacks seats, close
what stays too small, each by the cheapest path through the school's states at the groups' prices.
"""

from __future__ import annotations

import math

import numpy as np

from dingzi.engines.contract import Watch

from .network import Bools, Floats, Ints, Network, Seating, shortfall
from .prices import Relaxed
from .seating import seat

_ROUNDS = 40
#: schools that a group left out may look to
_NEAR = 6


def repaired(net: Network, relaxed: Relaxed, watch: Watch) -> Seating:
    """Return the seating with the fewest faults that some rounds of repair came by."""
    state = relaxed.state.copy()
    needed = np.zeros((net.schools, net.years))
    shut = np.zeros((net.schools, net.years), np.bool_)
    best, fewest = seat(net, state), math.inf
    seating = best
    for _ in range(_ROUNDS):
        unseated, _, under = shortfall(net, seating)
        faults = float((unseated * net.load).sum() + under.sum())
        if faults < fewest:
            best, fewest = seating, faults
        if faults < 1e-6 or watch.over:
            break
        raised = _raise(net, relaxed, seating, unseated, needed, shut)
        if not raised:
            # the worst half is shut, so that the other half can fill from it
            small = under.max(axis=1)
            worst = np.argsort(-small, kind="stable")[: max(1, int((small > 0).sum()) // 2)]
            shut[worst] |= under[worst] > 0
            needed[worst] = 0.0
            paths = {int(w): _path(net, relaxed, int(w), needed[w], shut[w]) for w in worst}
            raised = {school: path for school, path in paths.items() if path is not None}
        for school, path in raised.items():
            state[school] = path
        seating = seat(net, state)
    return best


def _raise(
    net: Network, relaxed: Relaxed, seating: Seating, unseated: Floats, needed: Floats,
    shut: Bools,
) -> dict[int, Ints]:  # fmt: skip
    """Raise schools so that groups left out find seats, those first that pay most for each seat.

    Each group left out counts once; ``needed`` keeps what is asked of a school from now on.
    """
    used = seating.used(net)
    lost = {(int(g), int(t)): unseated[g, t] * net.load[g, t] for g, t in np.argwhere(unseated > 0)}
    offers: list[tuple[float, int, Ints, Floats, list[tuple[int, int]]]] = []
    near: dict[int, list[tuple[int, int]]] = {}
    for group, year in lost:
        pairs = net.pairs_of_group[group]
        for pair in pairs[np.argsort(net.cost[pairs, year], kind="stable")[:_NEAR]]:
            near.setdefault(int(net.school[pair]), []).append((group, year))
    for school, groups in near.items():
        most = np.where(net.reach[school], net.seats[school], 0.0).max(axis=1)
        asked, taken = used[school].copy(), []
        for group, year in groups:
            if asked[year] + lost[group, year] <= most[year]:
                asked[year] += lost[group, year]
                taken.append((group, year))
        asked = np.maximum(np.where(asked > used[school], asked, 0.0), needed[school])
        path = _path(net, relaxed, school, asked, shut[school])
        if taken and path is not None:
            before = _worth(net, relaxed, school, seating.state[school])
            extra = _worth(net, relaxed, school, path) - before
            gained = sum(lost[one] for one in taken)
            offers.append((max(extra, 0.0) / gained, school, path, asked, taken))
    raised: dict[int, Ints] = {}
    served: set[tuple[int, int]] = set()
    for _, school, path, asked, taken in sorted(offers, key=lambda offer: offer[:2]):
        if len(served.intersection(taken)) * 4 > len(taken):
            continue
        served.update(taken)
        # the rivals of a raised school wait for the next round
        served.update(one for one in lost if one in near[school])
        raised[school], needed[school] = path, asked
    return raised


def _worth(net: Network, relaxed: Relaxed, school: int, path: Ints) -> float:
    """Return what a path through a school's states costs at the groups' prices."""
    total, before = 0.0, int(net.start[school])
    for year, now in enumerate(path):
        total += net.keep[school, now] + net.change[school, before, now]
        total -= relaxed.value[school, year, now]
        before = int(now)
    return float(total)


def _path(
    net: Network, relaxed: Relaxed, school: int, needed: Floats, shut: np.ndarray
) -> Ints | None:
    """Return the cheapest states of a school that have the seats needed and are not shut."""
    reached = np.where(np.arange(net.states) == net.start[school], 0.0, math.inf)
    came = np.zeros((net.years, net.states), np.int64)
    newcomers = net.takes_new[school]
    for year in range(net.years):
        ways = reached[:, None] + net.change[school]
        came[year] = ways.argmin(axis=0)
        reached = ways.min(axis=0) + net.keep[school] - relaxed.value[school, year]
        fits = net.reach[school, year] & (net.seats[school] >= needed[year])
        if needed[year] > 0:
            fits = fits & newcomers
        if shut[year]:
            fits = fits & ~newcomers
        reached = np.where(fits, reached, math.inf)
    if not np.isfinite(reached).any():
        return None
    path = np.empty(net.years, np.int64)
    path[-1] = reached.argmin()
    for year in range(net.years - 1, 0, -1):
        path[year - 1] = came[year, path[year]]
    return path
