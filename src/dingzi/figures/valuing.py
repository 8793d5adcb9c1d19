"""From tallies to values: of many periods, or of every part of a dimension, with few queries.

Of figures that are made of another's values see ``deriving``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from dingzi.core.errors import Invalid

from .answers import Behind, Dims, Value
from .coverage import counted_since
from .declare import Figure, Part
from .fetching import Key, Query, elsewhere, fetch
from .period import Period, today
from .populations import Dimension
from .suppression import Withheld, withheld
from .tally import Tally

Filters = Mapping[Dimension, str]
Tallies = dict[Part, Tally]


def of_periods(
    figure: Figure, periods: Sequence[Period], filters: Filters, public: bool
) -> list[Value]:
    """Return the value of each period, all from one query for what happened in them and one for
    what stands at their ends."""
    if not periods:
        return []
    demand_grain(figure, periods, filters, public)
    tallies, at = _tallies(figure, periods, filters)
    dims, begin = dims_of(filters), counted_since(figure.model)
    made = [
        _value(figure, period, dims, tallied, at, begin)
        for period, tallied in zip(periods, tallies, strict=True)
    ]
    if public and filters:
        ((one, key),) = filters.items()
        hides = withheld(figure, one, periods)
        made = [_unless(hides, key, value) for value in made]
    return made


def of_parts(
    figure: Figure, period: Period, one: Dimension, filters: Filters, public: bool
) -> tuple[dict[str, Value], Value]:
    """Return the values by key of a dimension, and the value of a part without rows."""
    demand_grain(figure, [period], {one: "", **filters}, public)
    keyed: dict[str, Tallies] = {}
    at: datetime | None = None
    for until in (False, True):
        if not (parts := tuple(p for p in figure.parts if p.until is until)):
            continue
        first = None if until else period.first
        found = fetch(Query(parts, first, period.last, (one,), "", filters))
        at = found.at
        for part in parts:
            for (first_key, *_), tally in found.tallies[part].items():
                keyed.setdefault(str(first_key), {})[part] = tally
    none = dict.fromkeys(figure.parts, Tally())
    dims, at, begin = dims_of(filters), at or timezone.now(), counted_since(figure.model)
    made = {
        key: _value(figure, period, (*dims, (one.name, key)), none | tallies, at, begin)
        for key, tallies in keyed.items()
    }
    empty = _value(figure, period, dims, none, at, begin)
    if public:
        hides = withheld(figure, one, [period])
        made = {key: _unless(hides, key, value) for key, value in made.items()}
        for key in hides.keys(period) - made.keys():
            made[key] = _unless(hides, key, replace(empty, dims=(*dims, (one.name, key))))
    return made, empty


def demand_grain(figure: Figure, periods: Sequence[Period], filters: Filters, public: bool) -> None:
    """Raise Invalid for a period that the figure, or its public dimensions, are too coarse for."""
    now = today()
    for period in periods:
        whole = period.first.day == 1 and (period.is_whole_months or period.last == now)
        if figure.grain != "day" and not whole:
            raise Invalid.of("finer_than_grain", field="period", title=figure.title)
        if public and filters and not whole:
            raise Invalid.of("finer_than_month", field="period")


def dims_of(filters: Filters) -> Dims:
    return tuple((one.name, value) for one, value in filters.items())


# -- one value ----------------------------------------------------------------------------------


def _tallies(
    figure: Figure, periods: Sequence[Period], filters: Filters
) -> tuple[list[Tallies], datetime]:
    if len(periods) == 2 and elsewhere():
        # columns are read in blocks: those of two periods are fewer than all that lie between
        (one, at), (other, then) = (_tallies(figure, [p], filters) for p in periods)
        return [*one, *other], min(at, then)
    time = "month" if all(p.is_whole_months for p in periods) else "day"
    if len(periods) == 1:
        time = ""
    at = timezone.now()
    result: list[Tallies] = [{} for _ in periods]
    for until in (False, True):
        parts = tuple(part for part in figure.parts if part.until is until)
        if not parts:
            continue
        first = None if until else min(p.first for p in periods)
        found = fetch(Query(parts, first, max(p.last for p in periods), (), time, filters))
        at = min(at, found.at)
        for part in parts:
            keyed = found.tallies[part]
            for period, into in zip(periods, result, strict=True):
                into[part] = Tally.sum(
                    tally for key, tally in keyed.items() if _within(key, period, until, time)
                )
    return result, at


def _within(key: Key, period: Period, until: bool, time: str) -> bool:
    if not time:
        return True
    day = key[-1]
    assert isinstance(day, date)
    return day <= period.last and (until or day >= period.first)


def _value(
    figure: Figure,
    period: Period,
    dims: Dims,
    tallies: Mapping[Part, Tally],
    at: datetime,
    begin: date | None,
) -> Value:
    now = today()
    number, why = figure.number(tallies), ""
    if period.first > now:
        why = "future"
    elif begin is None or period.last < begin:
        why = "uncounted"
    elif number is None:
        why = "empty"
    told = why in ("", "empty")
    behind = [
        Behind(p.population.name, p.population.label, tallies[p].n if told else None)
        for p in figure.behind
    ]
    return Value(
        figure=figure.name,
        kind=figure.kind,
        title=figure.title,
        period=period,
        dims=dims,
        number=number if told else None,
        why_none=why,
        behind=tuple(behind),
        unit=figure.unit,
        scale=figure.scale,
        places=figure.places,
        is_stock=figure.is_stock,
        so_far=period.first <= now < period.last,
        recounted=period.first < figure.since,
        definition=figure.definition,
        version=figure.version,
        computed_at=at,
    )


def _unless(hides: Withheld, key: str, value: Value) -> Value:
    """Return the value without its number and counts where they are withheld."""
    if value.why_none in ("future", "uncounted") or not hides(key, value.period):
        return value
    behind = tuple(replace(one, n=None) for one in value.behind)
    return replace(value, number=None, why_none="small", behind=behind)
