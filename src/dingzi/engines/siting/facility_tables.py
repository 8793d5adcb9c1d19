"""Facility plans as tables, and facility problems from a table of pairs."""

from __future__ import annotations

import math
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from dingzi.engines import tables
from dingzi.engines.errors import BadProblem
from dingzi.engines.tables import Column, line_of
from dingzi.engines.tokens import number_of

from .facility import FacilityProblem, Plan

_PLAN = {
    "customer": Column(kind="text", default=""),
    "site": Column(kind="text"),
    "share": Column(kind="float", low=0, high=1),
}
_PAIRS = {
    "customer": Column(kind="text"),
    "site": Column(kind="text"),
    "cost": Column(kind="float", low=0),
    "demand": Column(kind="float", default=1.0, low=0),
    "opening": Column(kind="float", default=0.0, low=0),
    "capacity": Column(kind="text", default=""),
}


def write(problem: FacilityProblem, plan: Plan, path: Path) -> None:
    """Write a row for each customer and site; an open site without customers has one too."""
    idle = [int(site) for site in np.setdiff1d(plan.open, plan.site)]
    tables.write(
        path,
        {
            "customer": [problem.customer(int(c)) for c in plan.customer] + [""] * len(idle),
            "site": [problem.site(int(s)) for s in plan.site] + [problem.site(s) for s in idle],
            "share": [float(share) for share in plan.share] + [0.0] * len(idle),
        },
    )


def read(problem: FacilityProblem, path: Path) -> Plan:
    """Read a plan; names that the problem does not know are refused with their line."""
    rows = tables.read(path, _PLAN)
    n, m = problem.cost.shape
    customers = {problem.customer(number): number for number in range(n)}
    sites = {problem.site(number): number for number in range(m)}
    customer, site = np.empty(len(rows["site"]), np.int64), np.empty(len(rows["site"]), np.int64)
    for row, (who, where) in enumerate(zip(rows["customer"], rows["site"], strict=True)):
        if where not in sites or (who and who not in customers):
            name = where if where not in sites else who
            raise BadProblem(path, line_of(path, row), "siting.unknown_name", {"found": name})
        customer[row], site[row] = customers.get(who, -1), sites[where]
    served = (customer >= 0) & (rows["share"] > 0)
    return Plan(
        open=np.unique(site),
        customer=customer[served],
        site=site[served],
        share=rows["share"][served],
    )


def as_data(problem: FacilityProblem, plan: Plan) -> dict[str, Any]:
    """Return a plan as plain values; numbers from 1 where the problem gives no names."""
    site = problem.site if problem.sites else lambda number: number + 1
    customer = problem.customer if problem.customers else lambda number: number + 1
    rows = zip(plan.customer.tolist(), plan.site.tolist(), plan.share.tolist(), strict=True)
    return {
        "open": [site(number) for number in plan.open.tolist()],
        "assigned": [[customer(c), site(s), share] for c, s, share in rows],
    }


def read_pairs(path: Path, options: Namespace) -> FacilityProblem:
    """Read a table with a row for each customer and site that may serve him.

    ``demand`` belongs to the customer, ``opening`` and ``capacity`` to the site; each must be the
    same in all its rows. A pair without a row is not allowed.
    """
    rows = tables.read(path, _PAIRS)
    if not len(rows["cost"]):
        raise BadProblem(path, None, "siting.no_rows", {})
    customers, who = np.unique(rows["customer"].astype(str), return_inverse=True)
    sites, where = np.unique(rows["site"].astype(str), return_inverse=True)
    cost = np.full((len(customers), len(sites)), math.inf)
    cell = who * len(sites) + where
    _, first = np.unique(cell, return_index=True)
    if len(first) < len(cell):
        row = int(np.setdiff1d(np.arange(len(cell)), first)[0])
        name = f"{rows['customer'][row]}, {rows['site'][row]}"
        raise BadProblem(path, line_of(path, row), "siting.pair_twice", {"found": name})
    cost[who, where] = rows["cost"]
    capacity = np.empty(len(who))
    for row, text in enumerate(rows["capacity"]):
        capacity[row] = _capacity(path, row, str(text))
    p = getattr(options, "open", None)
    if p is not None and p > len(sites):
        raise BadProblem(path, None, "siting.p_range", {"found": p, "sites": len(sites)})
    return FacilityProblem(
        cost=cost,
        demand=_one_each(path, "demand", rows["demand"], who, len(customers)),
        opening=_one_each(path, "opening", rows["opening"], where, len(sites)),
        capacity=_one_each(path, "capacity", capacity, where, len(sites)),
        p=p,
        customers=tuple(customers.tolist()),
        sites=tuple(sites.tolist()),
    )


def _capacity(path: Path, row: int, text: str) -> float:
    if not text:
        return math.inf
    value = number_of(text)
    if not value >= 0:
        params = {"name": "capacity", "found": text, "low": "0", "high": "∞"}
        raise BadProblem(path, line_of(path, row), "table_range", params)
    return value


def _one_each(
    path: Path, name: str, values: np.ndarray, owner: np.ndarray, count: int
) -> np.ndarray:
    found = np.empty(count)
    found[owner[::-1]] = values[::-1]  # the first row of each stands
    wrong = np.flatnonzero(found[owner] != values)
    if len(wrong):
        params = {"name": name, "found": f"{values[wrong[0]]:g}"}
        raise BadProblem(path, line_of(path, int(wrong[0])), "siting.not_the_same", params)
    return found
