"""The capacitated problems of the literature as a network of one year and two states."""

from __future__ import annotations

import math

import numpy as np

from .facility import FacilityProblem
from .network import Network

_CLOSED, _OPEN = 0, 1


def network_of(problem: FacilityProblem) -> Network:
    """Return the network: each site is closed or open, each customer a group."""
    site, customer = np.nonzero(np.isfinite(problem.cost.T))
    n, m = problem.cost.shape
    total = float(problem.demand.sum())
    change = np.full((m, 2, 2), math.inf)
    change[:, _CLOSED, _CLOSED] = 0.0
    change[:, _CLOSED, _OPEN] = problem.opening
    takes = np.tile([False, True], (m, 1))
    return Network(
        group=customer,
        school=site,
        cost=problem.cost[customer, site][:, None],
        load=problem.demand[:, None].astype(float),
        seats=np.column_stack([np.zeros(m), np.minimum(problem.capacity, total)]),
        least=np.zeros((m, 2)),
        keep=np.zeros((m, 2)),
        change=change,
        takes=takes,
        takes_new=takes,
        stays=np.zeros(len(site), np.bool_),
        start=np.zeros(m, np.int64),
        home=np.full(n, -1),
        move=np.zeros((n, 1)),
        ready=np.zeros((m, 2), np.int64),
        split=problem.split,
        count=problem.p,
    )
