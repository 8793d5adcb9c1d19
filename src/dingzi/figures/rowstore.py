"""Tallies counted from the projections themselves: exact, and as slow as there are rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from .declare import Part
from .fetching import Found, Key, Query
from .tally import Tally


def fetch(query: Query) -> Found:
    """Count what the query asks for, one statement a part."""
    at = timezone.now()
    return Found({part: _count(part, query) for part in query.parts}, at)


def rows_of(part: Part, first: date | None, last: date) -> QuerySet[Any]:
    """Return the rows of a part whose day lies in the span."""
    of = part.population
    span = Q(**{f"{of.on}__lte": last})
    if first is not None:
        span &= Q(**{f"{of.on}__gte": first})
    rows = of.model._default_manager.filter(span & of.condition)
    return rows.exclude(**{f"{part.column}__isnull": True}) if part.column else rows


def first_day(part: Part) -> date | None:
    """Return the first day on which the part has a row."""
    on = part.population.on
    found = part.population.model._default_manager.aggregate(first=Min(on))["first"]
    return found if isinstance(found, date) else None


def _count(part: Part, query: Query) -> dict[Key, Tally]:
    rows = rows_of(part, query.first, query.last)
    for one, value in query.filters.items():
        rows = rows.filter(**{one.column: value})
    columns = [one.column for one in query.by]
    if query.time:
        columns.append(part.population.on)
    if part.keep == "spread":
        grouped = [*columns, part.column]
        counted = rows.order_by().values_list(*grouped).annotate(n=Count("*"))
    elif part.keep == "sum":
        counted = rows.order_by().values_list(*columns).annotate(s=Sum(part.column), n=Count("*"))
        if not columns:
            counted = [tuple(rows.aggregate(s=Sum(part.column), n=Count("*")).values())]
    elif columns:
        counted = rows.order_by().values_list(*columns).annotate(n=Count("*"))
    else:
        counted = [(rows.count(),)]
    found: dict[Key, Tally] = {}
    for row in counted:
        key = _key(row[: len(columns)], query.time)
        found.setdefault(key, Tally()).add(_tally(part, row[len(columns) :]))
    return found


def _tally(part: Part, row: tuple[Any, ...]) -> Tally:
    if part.keep == "spread":
        value, n = row
        return Tally.of({value: n})
    if part.keep == "sum":
        total, n = row
        return Tally(n, total or 0)
    return Tally(row[0])


def _key(values: tuple[Any, ...], time: str) -> Key:
    if time != "month":
        return tuple(values)
    return (*values[:-1], values[-1].replace(day=1))
