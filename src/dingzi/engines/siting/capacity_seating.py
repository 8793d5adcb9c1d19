"""A plan at once for given sites: whole customers seated one by one, then shifted and swapped."""

from __future__ import annotations

import math

import numpy as np

from .facility import FacilityProblem, Floats, Ints, Plan


def seated(problem: FacilityProblem, sites: Ints) -> Plan | None:
    """Seat whole customers, those first who would lose most; None where some find no room."""
    cost = problem.cost[:, sites]
    room = problem.capacity[sites].copy()
    order = np.argsort(cost, axis=1)
    two = np.take_along_axis(cost, order[:, : min(2, len(sites))], 1)
    with np.errstate(invalid="ignore"):
        regret = np.nan_to_num(two[:, -1] - two[:, 0], posinf=1e300)
    assigned = np.full(len(cost), -1)
    for customer in np.argsort(-regret * np.maximum(problem.demand, 1), kind="stable"):
        load = problem.demand[customer]
        for place in order[customer]:
            if not math.isfinite(cost[customer, place]):
                return None
            if room[place] >= load:
                assigned[customer] = place
                room[place] -= load
                break
        else:
            return None
    _shift(cost, problem.demand, room, assigned)
    return Plan.whole(sites, sites[assigned])


def _shift(cost: Floats, demand: Floats, room: Floats, assigned: Ints) -> None:
    """Move customers to cheaper places with room, and swap two, as long as that pays."""
    everyone = np.arange(len(cost))
    for _ in range(20):
        before = cost[everyone, assigned].sum()
        for customer in everyone:
            here = assigned[customer]
            fits = room >= demand[customer]
            fits[here] = True
            there = int(np.where(fits, cost[customer], math.inf).argmin())
            if cost[customer, there] < cost[customer, here]:
                room[here] += demand[customer]
                room[there] -= demand[customer]
                assigned[customer] = there
            _swap(cost, demand, room, assigned, int(customer))
        if cost[everyone, assigned].sum() >= before - 1e-9 * abs(before):
            return


def _swap(cost: Floats, demand: Floats, room: Floats, assigned: Ints, one: int) -> None:
    """Swap a customer with the one whose swap saves most, where both then fit."""
    here = assigned[one]
    save = cost[one, here] - cost[one, assigned]
    everyone = np.arange(len(cost))
    save = save + cost[everyone, assigned] - cost[:, here]
    more = demand[one] - demand
    fits = (room[assigned] >= more) & (room[here] >= -more) & (assigned != here)
    other = int(np.where(fits, save, -math.inf).argmax())
    if fits[other] and save[other] > 1e-9:
        there = assigned[other]
        room[here] += more[other]
        room[there] -= more[other]
        assigned[one], assigned[other] = there, here
