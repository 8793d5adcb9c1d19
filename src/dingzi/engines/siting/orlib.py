"""Readers of the public formats: OR-Library p-median and capacitated, single-source (SSCFLP).

J. E. Beasley, OR-Library: distributing test problems by electronic mail, JORS 41 (1990).
"""

from __future__ import annotations

import math
from argparse import Namespace
from pathlib import Path

import numpy as np

from dingzi.engines.errors import BadProblem
from dingzi.engines.tokens import Tokens

from .facility import FacilityProblem, Floats

#: sites or customers; their product is bounded by memory
_LARGEST = 50_000
_MOST_COSTS = 100_000_000


def pmed(path: Path, options: Namespace) -> FacilityProblem:
    """Read ``n edges p`` and the edges ``i j length`` of a graph; distances are shortest paths.

    An edge that stands twice has its last length, as OR-Library says.
    """
    tokens = Tokens(path)
    n = tokens.integer("number of nodes", 1, 5_000)
    edges = tokens.integer("number of edges", 0)
    p = tokens.integer("p", 1, n)
    length = np.full((n, n), math.inf)
    np.fill_diagonal(length, 0.0)
    for _ in range(edges):
        i = tokens.integer("end of an edge", 1, n) - 1
        j = tokens.integer("end of an edge", 1, n) - 1
        found = tokens.number("length of an edge", 0, 1e12)
        if i != j:
            length[i, j] = length[j, i] = found
    tokens.end()
    return FacilityProblem(
        cost=shortest_paths(length),
        opening=np.zeros(n),
        capacity=np.full(n, math.inf),
        demand=np.ones(n),
        p=p,
    )


def shortest_paths(length: Floats) -> Floats:
    """Return all shortest distances of an (N, N) matrix of lengths (Floyd and Warshall)."""
    far = length.copy()
    through = np.empty_like(far)
    for k in range(len(far)):
        np.add(far[:, k, None], far[k], out=through)
        np.minimum(far, through, out=far)
    return far


def cap(path: Path, options: Namespace) -> FacilityProblem:
    """Read ``m n``, ``capacity cost`` per warehouse, then per customer its demand and m costs.

    The costs are for the whole demand of a customer, who may be split. Files that leave the
    capacity open say ``capacity``: then ``--capacity`` must give it (``none``: without limit).
    """
    tokens = Tokens(path)
    m = tokens.integer("number of warehouses", 1, _LARGEST)
    n = tokens.integer("number of customers", 1, _LARGEST)
    _affordable(tokens, n, m)
    given = getattr(options, "capacity", None)
    capacity, opening = np.empty(m), np.empty(m)
    for site in range(m):
        capacity[site] = _capacity(tokens, given)
        opening[site] = tokens.number("opening cost", 0, 1e15)
    cost, demand = np.empty((n, m)), np.empty(n)
    for customer in range(n):
        demand[customer] = tokens.number("demand", 0, 1e15)
        for site in range(m):
            cost[customer, site] = tokens.number("cost", 0, 1e15)
    tokens.end()
    return FacilityProblem(cost=cost, opening=opening, capacity=capacity, demand=demand, split=True)


def _capacity(tokens: Tokens, given: float | None) -> float:
    word = tokens.word("capacity")
    if word.isalpha() and word.lower() not in ("nan", "inf", "infinity"):
        if given is None:
            tokens.refuse("siting.capacity_open")
        return given
    found = tokens.as_number("capacity", word, 0, 1e15)
    return found if given is None else given


def sscflp(path: Path, options: Namespace) -> FacilityProblem:
    """Read counts, capacities, opening costs, demands, then one row of m costs per customer."""
    tokens = Tokens(path)
    m = tokens.integer("number of facilities", 1, _LARGEST)
    n = tokens.integer("number of customers", 1, _LARGEST)
    _affordable(tokens, n, m)
    capacity = np.array([tokens.number("capacity", 0, 1e15) for _ in range(m)])
    opening = np.array([tokens.number("opening cost", 0, 1e15) for _ in range(m)])
    demand = np.array([tokens.number("demand", 0, 1e15) for _ in range(n)])
    cost = np.array([tokens.number("assignment cost", 0, 1e15) for _ in range(n * m)])
    tokens.end()
    return FacilityProblem(
        cost=cost.reshape(n, m), opening=opening, capacity=capacity, demand=demand
    )


def _affordable(tokens: Tokens, n: int, m: int) -> None:
    if n * m > _MOST_COSTS:
        raise BadProblem(tokens.path, tokens.line, "siting.too_large", {"most": _MOST_COSTS})
