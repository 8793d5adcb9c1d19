"""What was frozen beside what the figure says now: the difference, and why there is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dingzi.core.errors import Reason
from dingzi.core.text import Text
from dingzi.matters import registry as processes
from dingzi.matters.models import Event

from . import asking, freezing, members, registry
from .answers import Value
from .declare import Figure, Number
from .models import Frozen
from .period import Period

#: Matters whose later acts are looked at, and kinds of acts that are named.
LOOKED, NAMED = 2_000, 4


@dataclass(frozen=True, slots=True)
class Correction:
    """A frozen number and the one of today.

    Attributes
    ----------
    then : the frozen number. now : the value of today. difference : exact; None where there is no
        number now. why : codes with parameters, empty where nothing changed.
    """

    frozen: Frozen
    period: Period
    then: Number
    now: Value
    difference: Number | None
    why: tuple[Reason, ...]


def corrections(name: str, place: str = "", most: int = 12) -> list[Correction]:
    """Return what was frozen of a figure for the city or a county, the latest period first, with
    what became of it.

    Raises what `asking.value` raises for a place that the figure is not divided by.
    """
    figure = registry.get(name)
    rows = Frozen.objects.filter(figure=figure.name, place=place).order_by("-last", "first")[:most]
    periods = [Period(row.first, row.last) for row in rows]
    values = asking.values(figure, periods, _dims(place))
    return [_one(figure, *three) for three in zip(rows, periods, values, strict=True)]


def of(frozen: Frozen, period: Period) -> Correction:
    """Return what became of one frozen number."""
    figure = registry.get(frozen.figure)
    return _one(figure, frozen, period, asking.value(figure, period, _dims(frozen.place)))


def _dims(place: str) -> dict[str, str]:
    return {freezing.BY: place} if place else {}


def _one(figure: Figure, frozen: Frozen, period: Period, now: Value) -> Correction:
    then = freezing.number_of(frozen)
    difference = None if now.number is None else now.number - then
    why = tuple(_why(figure, frozen, period, now)) if difference != 0 else ()
    return Correction(frozen, period, then, now, difference, why)


def _why(figure: Figure, frozen: Frozen, period: Period, now: Value) -> list[Reason]:
    found: list[Reason] = []
    if frozen.definition != now.definition:
        found.append(("frozen_definition", {"then": frozen.version, "now": now.version}))
    before = dict(frozen.behind)
    for one in now.behind:
        if one.name == "residents" and one.n != before.get(one.name):
            found.append(("frozen_residents", {"then": before.get(one.name), "now": one.n}))
    touched: set[int] = set()
    for moved in members.moved(figure, period, _dims(frozen.place)):
        label = moved.part.population.label
        if moved.came:
            found.append(("frozen_came", {"label": label, "n": len(moved.came)}))
        if moved.left:
            found.append(("frozen_left", {"label": label, "n": len(moved.left)}))
        touched |= moved.came | moved.left
    found += _acts(touched, frozen)
    if found:
        return found
    if frozen.place:
        return [("frozen_place", {})]
    return [("frozen_state" if figure.is_stock else "frozen_values", {})]


def _acts(matters: set[int], frozen: Frozen) -> list[Reason]:
    """Say what was done since upon the matters that came or went, the commonest first."""
    some = sorted(matters)[:LOOKED]
    rows = Event.objects.filter(stream__in=some, recorded_at__gt=frozen.at)
    done = Counter(
        (process, action)
        for _, process, action in {*rows.values_list("stream", "process", "action")}
    )
    return [
        ("frozen_acts", {"act": _title(process, action), "n": n})
        for (process, action), n in done.most_common(NAMED)
    ]


def _title(process: str, action: str) -> Text:
    found = processes.action(processes.handle(process).latest, action)
    return found.label if found else Text(action, action)
