"""Files of Solomon and of Gehring and Homberger: deliveries with time windows.

Rounding as in the DIMACS challenge and in PyVRP: distances and times to one decimal, cut off, so
everything is held in tenths and ``scale`` is 10. The objective is the distance alone, as there;
tables that first count vehicles compare something else.
"""

from __future__ import annotations

import math
import re
from argparse import Namespace
from pathlib import Path

import numpy as np

from ..tokens import Tokens
from .problem import (
    FOREVER,
    LARGEST,
    MOST_PLACES,
    MOST_VANS,
    RoutingProblem,
    Stops,
    Vans,
    without_breaks,
)

_TENTHS = 10
_HEADS = (
    "VEHICLE", "NUMBER", "CAPACITY", "CUSTOMER", "CUST", "NO.", "XCOORD.", "YCOORD.", "DEMAND",
    "READY", "TIME", "DUE", "DATE", "SERVICE", "TIME",
)  # fmt: skip


def read(path: Path, options: Namespace) -> RoutingProblem:
    """Read one instance; BadProblem with the line where it is cut off or wrong."""
    tokens = Tokens(path)
    name = tokens.word("name")
    vans = capacity = 0
    for head in _HEADS:
        _expect(tokens, head)
        if head == "CAPACITY":
            vans = tokens.integer("number of vehicles", 1, MOST_VANS)
            capacity = tokens.integer("capacity", 0)
    rows: list[tuple[float, ...]] = []
    while (word := tokens.next_word()) is not None:
        if tokens.as_number("customer number", word, 0, math.inf) != len(rows):
            tokens.refuse("routing_number_order", wanted=len(rows), found=word)
        if len(rows) >= MOST_PLACES:
            tokens.refuse("routing_too_large", most=MOST_PLACES)
        rows.append(_row(tokens))
    if not rows or len(rows) - 1 not in _sizes(name, len(rows) - 1):
        tokens.refuse("file_cut_off", what=f"customer {len(rows)}")
    table = np.array(rows)
    spots = table[:, :2]
    way = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))
    tenths = (_TENTHS * way).astype(np.int64)
    demand, early, late, service = (_TENTHS * table[:, 2:6]).T.astype(np.int64)
    count = len(rows) - 1
    return RoutingProblem(
        stops=Stops(
            place=np.arange(1, count + 1),
            demand=demand[1:, None],
            early=early[1:],
            late=late[1:],
            service=service[1:],
            skip_cost=np.full(count, -1),
            usual_van=np.full(count, -1),
        ),
        vans=Vans(
            depot=np.zeros(1, dtype=int),
            count=np.array([vans]),
            capacity=np.array([[_TENTHS * capacity]]),
            early=early[:1],
            late=late[:1],
            most_time=np.array([FOREVER]),
            **without_breaks(1),
            trips=np.ones(1, dtype=int),
            fixed_cost=np.zeros(1, dtype=int),
        ),
        cost=tenths,
        time=tenths,
        spots=spots,
        scale=_TENTHS,
    )


def _sizes(name: str, found: int) -> tuple[int, ...]:
    """Customers that a file of this name has: the published ones tell by it, others do not."""
    if re.fullmatch(r"(C|R|RC)[12]\d\d", name.upper()):
        return 25, 50, 100
    large = re.fullmatch(r"(C|R|RC)[12]_(2|4|6|8|10)_(10|[1-9])", name.upper())
    return (100 * int(large[2]),) if large else (found,)


def _expect(tokens: Tokens, head: str) -> None:
    found = tokens.word(head)
    if found.upper() != head:
        tokens.refuse("routing_head", wanted=head, found=found)


def _row(tokens: Tokens) -> tuple[float, ...]:
    spot = (tokens.number("x", -LARGEST, LARGEST), tokens.number("y", -LARGEST, LARGEST))
    demand = tokens.number("demand", 0, LARGEST)
    early = tokens.number("ready time", 0, LARGEST)
    late = tokens.number("due date", 0, LARGEST)
    if late < early:
        tokens.refuse("routing_due_before_ready", early=early, late=late)
    return (*spot, demand, early, late, tokens.number("service time", 0, LARGEST))
