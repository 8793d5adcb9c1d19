"""What an opening act needs that nobody should have to say: on whose desk it lands, its title."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from dingzi.city import directory
from dingzi.core.errors import Invalid

from .acts import Asked
from .process import Process

#: A title made from a text is at most so long.
TITLE = 30
_STOPS = "。！？!?\n；;"


def title_of(text: str) -> str:
    """Make a title of the first sentence."""
    first = text.strip()
    for stop in _STOPS:
        first = first.split(stop, 1)[0] or first
    first = first.strip().rstrip("，,、 ")
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def desk(process: Process, asked: Asked) -> dict[str, Any]:
    """Return the facts that say who has a newly opened matter.

    Staff at a desk keep it in their unit; else it lands at the nearest unit of the process's desk
    kind around the place. Refuses Invalid ``no_desk_for_place`` where there is none: nothing is
    ever without a holder.
    """
    wanted = process.desk
    at_desk = asked.by.kind == "staff" and asked.by.unit is not None
    if at_desk or wanted is None:
        post = directory.post(asked.by.post)
        if post is None:
            raise Invalid.of("no_desk_for_place", field="place")
        if wanted is not None and asked.by.unit is not None:
            post = directory.desk(asked.by.unit, wanted.role) or post
        return {"holder": post.id, "holder_unit": post.unit}
    place = str(getattr(asked.data, "place", "") or "")
    for unit in directory.units_of(wanted.kind, place):
        post = directory.desk(unit.id, wanted.role)
        if post is not None:
            return {"holder": post.id, "holder_unit": unit.id}
    raise Invalid.of("no_desk_for_place", field="place")


def desk_around(
    process: Process, place: str, *, without: Container[int | None], first: int | None = None
) -> dict[str, Any] | None:
    """Return the facts that put a matter on a desk of its process; None where none may have it.

    Looked for are the unit ``first``, then the process's desks around ``place``, the smallest
    division first, and last the city's; never one of a unit that is in ``without``.
    """
    desk = process.desk
    assert desk is not None
    units = [] if first is None else [first]
    for size in (9, 6, 4):
        units += [unit.id for unit in directory.units_of(desk.kind, place[:size])]
    for unit in units:
        post = directory.desk(unit, desk.role)
        if post is not None and unit not in without:
            return {"holder": post.id, "holder_unit": unit}
    return None
