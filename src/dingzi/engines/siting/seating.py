"""A first seating for given states: the groups that would lose most choose first."""

from __future__ import annotations

import numpy as np

from .network import Floats, Ints, Network, Seating


def seat(net: Network, state: Ints) -> Seating:
    """Seat each group in the cheapest school that still has room; who finds none stays unseated."""
    share = np.zeros((len(net.group), net.years))
    before = np.full(net.groups, -1)
    before[:] = net.home
    for year in range(net.years):
        takes = net.pair_takes[np.arange(len(net.group)), state[net.school, year]]
        cost = net.cost[:, year] + np.where(
            before[net.group] == np.arange(len(net.group)), 0.0, net.move[net.group, year]
        )
        room = net.seats[np.arange(net.schools), state[:, year]].copy()
        choices = [pairs[takes[pairs]] for pairs in net.pairs_of_group]
        choices = [pairs[np.argsort(cost[pairs], kind="stable")] for pairs in choices]
        for group in np.argsort(-_regret(cost, choices), kind="stable"):
            _seat_one(net, share[:, year], room, choices[group], float(net.load[group, year]))
            placed = choices[group][share[choices[group], year] > 0]
            before[group] = placed[0] if len(placed) else -1
    return Seating(share, state)


def _regret(cost: Floats, choices: list[Ints]) -> Floats:
    """Return what not getting the first choice costs; the more, the earlier a group chooses."""
    regret = np.empty(len(choices))
    for group, pairs in enumerate(choices):
        regret[group] = cost[pairs[1]] - cost[pairs[0]] if len(pairs) > 1 else np.inf
    return regret


def _seat_one(net: Network, share: Floats, room: Floats, pairs: Ints, load: float) -> None:
    for pair in pairs:
        school = net.school[pair]
        if room[school] >= load - 1e-9:
            share[pair] = 1.0
            room[school] -= load
            return
