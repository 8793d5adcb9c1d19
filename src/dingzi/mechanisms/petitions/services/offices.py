"""Which petition office takes something in hand: the nearest around a place that may."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from dingzi.city import directory
from dingzi.matters.acts import State


def office(
    state: State, place: str, *, without: Container[int | None], first: int | None = None
) -> dict[str, Any] | None:
    """Return the facts that put the petition on the desk of an office; None where none may have it.

    Looked for are the unit ``first``, then the offices around ``place``, the smallest division
    first, and last the city's; never one that is in ``without``.
    """
    desk = state.process.desk
    assert desk is not None
    units = [] if first is None else [first]
    for size in (9, 6, 4):
        units += [unit.id for unit in directory.units_of(desk.kind, place[:size])]
    for unit in units:
        post = directory.desk(unit, desk.role)
        if post is not None and unit not in without:
            return {"holder": post.id, "holder_unit": unit}
    return None
