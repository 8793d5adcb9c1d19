"""The little calendar beside a deadline: whole weeks of marked days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

KINDS = ("start", "counted", "paused", "rest", "nominal", "due")


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: its date, CSS classes, whether a rest mark stands in it, its kinds."""

    date: date
    classes: str
    rest: bool
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[Day, ...]
    month: date | None  # a day of the month to be named at the edge, where one begins


def weeks(marks: Mapping[date, Collection[str]], today: date | None = None) -> list[Week]:
    """Return Monday-to-Sunday weeks that hold every marked day.

    Parameters
    ----------
    marks : kinds (of KINDS) by date; days between without a mark are drawn plain.
    today : underlined if it lies in the weeks shown.

    Raises ValueError for an unknown kind.
    """
    if not marks:
        return []
    for kinds in marks.values():
        if unknown := set(kinds) - set(KINDS):
            raise ValueError(f"unknown kind of day: {', '.join(sorted(unknown))}")
    first, last = min(marks), max(marks)
    cursor = first - timedelta(days=first.weekday())
    shown: list[Week] = []
    named: int | None = None
    while cursor <= last:
        cells = tuple(
            _cell(at, frozenset(marks.get(at, ())), first <= at <= last, today)
            for at in (cursor + timedelta(days=i) for i in range(7))
        )
        # a month is named beside the first week that it has to itself, or that starts the whole
        at = max(cells[0].date, first) if named is None else cells[0].date
        shown.append(Week(cells, at if at.month != named else None))
        named = at.month
        cursor += timedelta(days=7)
    return shown


def _cell(at: date, kinds: frozenset[str], inside: bool, today: date | None) -> Day:
    classes = ["due-day" if kind == "due" else kind for kind in KINDS if kind in kinds]
    if inside and not kinds & {"counted", "paused", "due", "start"}:
        classes.append("on")
    if at == today:
        classes.append("today")
    return Day(at, " ".join(c for c in classes if c != "rest"), "rest" in kinds, kinds)
